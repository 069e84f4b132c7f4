import CKernels

/// The C kernels that treat each channel of images alike, for one scalar: see `ck_nn.h` for their formulas.
public struct ChannelKernels<Scalar>: Sendable {
    /// images, channels, pixels, layout, x, mean, rest, variance.
    let moments:
        @Sendable (
            Int, Int, Int, Int32, UnsafePointer<Scalar>?, UnsafeMutablePointer<Scalar>?,
            UnsafeMutablePointer<Scalar>?, UnsafeMutablePointer<Scalar>?
        ) -> ck_status
    /// images, channels, pixels, layout, x, centre, scale, shift, y.
    let affine:
        @Sendable (
            Int, Int, Int, Int32, UnsafePointer<Scalar>?, UnsafePointer<Scalar>?,
            UnsafePointer<Scalar>?, UnsafePointer<Scalar>?, UnsafeMutablePointer<Scalar>?
        ) -> ck_status
    /// images, channels, pixels, layout, x, g, mean, rest, sum, product.
    let gradientSums:
        @Sendable (
            Int, Int, Int, Int32, UnsafePointer<Scalar>?, UnsafePointer<Scalar>?,
            UnsafePointer<Scalar>?, UnsafePointer<Scalar>?, UnsafeMutablePointer<Scalar>?,
            UnsafeMutablePointer<Scalar>?
        ) -> ck_status
    /// images, channels, pixels, layout, x, g, centre, a, b, d, out.
    let combine:
        @Sendable (
            Int, Int, Int, Int32, UnsafePointer<Scalar>?, UnsafePointer<Scalar>?,
            UnsafePointer<Scalar>?, UnsafePointer<Scalar>?, UnsafePointer<Scalar>?,
            UnsafePointer<Scalar>?, UnsafeMutablePointer<Scalar>?
        ) -> ck_status
}
