import Arrays
import CKernels

// Bounds: the primitives make every buffer from shapes that they have checked.

extension Float {
    /// See the protocol.
    public static func columns(
        _ windows: inout ck_windows, dilation: Extent, channels: Int, image: UnsafePointer<Float>,
        into columns: UnsafeMutablePointer<Float>
    ) {
        ck_columns_f32(
            &windows, dilation.height, dilation.width, channels, image, columns)
    }

    /// See the protocol.
    public static func addColumns(
        _ windows: inout ck_windows, dilation: Extent, channels: Int, columns: UnsafePointer<Float>,
        to image: UnsafeMutablePointer<Float>
    ) {
        ck_add_columns_f32(
            &windows, dilation.height, dilation.width, channels, columns, image)
    }

    /// See the protocol.
    public static func windowMeans(
        _ windows: inout ck_windows, countsPadding: Bool, planes: Int, of x: UnsafeBufferPointer<Float>,
        into means: UnsafeMutableBufferPointer<Float>
    ) {
        ck_window_mean_f32(&windows, countsPadding ? 1 : 0, planes, x.baseAddress, means.baseAddress)
    }

    /// See the protocol.
    public static func windowMeanGradient(
        _ windows: inout ck_windows, countsPadding: Bool, planes: Int, upstream: UnsafeBufferPointer<Float>,
        into gradient: UnsafeMutableBufferPointer<Float>
    ) {
        ck_window_mean_gradient_f32(
            &windows, countsPadding ? 1 : 0, planes, upstream.baseAddress, gradient.baseAddress)
    }

    /// See the protocol.
    public static var channelKernels: ChannelKernels<Float> {
        ChannelKernels(
            moments: ck_channel_moments_f32, affine: ck_channel_affine_f32,
            gradientSums: ck_channel_gradient_sums_f32, combine: ck_channel_combine_f32)
    }
}
