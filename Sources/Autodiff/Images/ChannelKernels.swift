/// The C kernels that treat each channel of images alike, for one scalar: see `ck_nn.h` for their formulas.
public struct ChannelKernels<Scalar>: Sendable {
    /// images, channels, pixels, layout, x, mean, rest, variance.
    let moments:
        @Sendable (
            Int64, Int64, Int64, Int32, UnsafePointer<Scalar>?, UnsafeMutablePointer<Scalar>?,
            UnsafeMutablePointer<Scalar>?, UnsafeMutablePointer<Scalar>?
        ) -> Void
    /// images, channels, pixels, layout, x, centre, scale, shift, y.
    let affine:
        @Sendable (
            Int64, Int64, Int64, Int32, UnsafePointer<Scalar>?, UnsafePointer<Scalar>?,
            UnsafePointer<Scalar>?, UnsafePointer<Scalar>?, UnsafeMutablePointer<Scalar>?
        ) -> Void
    /// images, channels, pixels, layout, x, g, mean, rest, sum, product.
    let gradientSums:
        @Sendable (
            Int64, Int64, Int64, Int32, UnsafePointer<Scalar>?, UnsafePointer<Scalar>?,
            UnsafePointer<Scalar>?, UnsafePointer<Scalar>?, UnsafeMutablePointer<Scalar>?,
            UnsafeMutablePointer<Scalar>?
        ) -> Void
    /// images, channels, pixels, layout, x, g, centre, a, b, d, out.
    let combine:
        @Sendable (
            Int64, Int64, Int64, Int32, UnsafePointer<Scalar>?, UnsafePointer<Scalar>?,
            UnsafePointer<Scalar>?, UnsafePointer<Scalar>?, UnsafePointer<Scalar>?,
            UnsafePointer<Scalar>?, UnsafeMutablePointer<Scalar>?
        ) -> Void
}
