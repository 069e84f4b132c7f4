import Arrays
import CKernels

// Bounds: the primitives make every buffer from shapes that they have checked.

extension Double {
    /// See the protocol.
    public static func columns(
        _ windows: inout ck_windows, dilation: Extent, channels: Int, image: UnsafePointer<Double>,
        into columns: UnsafeMutablePointer<Double>
    ) {
        ck_columns_f64(
            &windows, dilation.height, dilation.width, channels, image, columns)
    }

    /// See the protocol.
    public static func addColumns(
        _ windows: inout ck_windows, dilation: Extent, channels: Int, columns: UnsafePointer<Double>,
        to image: UnsafeMutablePointer<Double>
    ) {
        ck_add_columns_f64(
            &windows, dilation.height, dilation.width, channels, columns, image)
    }

    /// See the protocol.
    public static func windowMeans(
        _ windows: inout ck_windows, countsPadding: Bool, planes: Int, of x: UnsafeBufferPointer<Double>,
        into means: UnsafeMutableBufferPointer<Double>
    ) {
        ck_window_mean_f64(&windows, countsPadding ? 1 : 0, planes, x.baseAddress, means.baseAddress)
    }

    /// See the protocol.
    public static func windowMeanGradient(
        _ windows: inout ck_windows, countsPadding: Bool, planes: Int, upstream: UnsafeBufferPointer<Double>,
        into gradient: UnsafeMutableBufferPointer<Double>
    ) {
        ck_window_mean_gradient_f64(
            &windows, countsPadding ? 1 : 0, planes, upstream.baseAddress, gradient.baseAddress)
    }

    /// See the protocol.
    public static var channelKernels: ChannelKernels<Double> {
        ChannelKernels(
            moments: ck_channel_moments_f64, affine: ck_channel_affine_f64,
            gradientSums: ck_channel_gradient_sums_f64, combine: ck_channel_combine_f64)
    }
}
