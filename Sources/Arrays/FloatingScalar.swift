import CKernels

/// A floating-point element type, `Float` or `Double`: the scalars of gradients, matrix products and random numbers.
public protocol FloatingScalar: NumericScalar, BinaryFloatingPoint
where SumScalar == Self, RealScalar == Self {
    /// The kernels of the type; only this package can create them, so that no other type conforms.
    static var _floatingKernels: _FloatingKernels<Self> { get }
}

/// The kernels of one floating-point type: its matrix products and its random numbers.
///
/// A class rather than a struct: passing a table by value would copy it.
public final class _FloatingKernels<Scalar>: Sendable {
    /// C = op(A) op(B), row-major: transpose A, transpose B, M, N, K, A, its leading dimension, B, its leading dimension, C.
    /// A leading dimension is the distance between a matrix's rows as stored.
    ///
    /// The caller guarantees the bounds: op(A) is M x K, op(B) K x N, C M x N.
    typealias Product =
        @Sendable (
            Bool, Bool, Int, Int, Int, UnsafePointer<Scalar>, Int, UnsafePointer<Scalar>, Int,
            UnsafeMutablePointer<Scalar>
        ) -> Void
    /// Draws of a generator whose words are given, `low + range * u` with u uniform in [0, 1): words, low, range, count,
    /// target.
    typealias Uniform =
        @Sendable (UnsafeMutablePointer<UInt32>?, Double, Double, Int, UnsafeMutablePointer<Scalar>?) -> Void
    /// The same, `location + scale * z` with z standard normal: words, cache, location, scale, count, target.
    typealias Normal =
        @Sendable (
            UnsafeMutablePointer<UInt32>?, UnsafeMutablePointer<ck_gauss_cache>?, Double, Double, Int,
            UnsafeMutablePointer<Scalar>?
        ) -> Void

    let multiplyMatrices: Product
    let fillUniform: Uniform
    let fillNormal: Normal

    init(
        multiplyMatrices: @escaping Product, fillUniform: @escaping Uniform, fillNormal: @escaping Normal
    ) {
        self.multiplyMatrices = multiplyMatrices
        self.fillUniform = fillUniform
        self.fillNormal = fillNormal
    }
}

// Random numbers are drawn in double precision and rounded once to `Float`, as `astype(float32)` does; normal ones by the
// polar method.

private let singleKernels = _FloatingKernels<Float>(
    multiplyMatrices: Float.multiplyMatrices, fillUniform: ck_mt_uniform_f32, fillNormal: ck_mt_normal_f32)

private let doubleKernels = _FloatingKernels<Double>(
    multiplyMatrices: Double.multiplyMatrices, fillUniform: ck_mt_uniform_f64, fillNormal: ck_mt_normal_f64)

extension Float: FloatingScalar {
    /// The kernels of single precision.
    public static var _floatingKernels: _FloatingKernels<Float> { singleKernels }
}

extension Double: FloatingScalar {
    /// The kernels of double precision.
    public static var _floatingKernels: _FloatingKernels<Double> { doubleKernels }
}
