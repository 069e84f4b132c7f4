import CKernels

/// `Float` and `Double`: the scalars that gradients, products of matrices and random numbers are written for.
public protocol FloatingScalar: NumericScalar, BinaryFloatingPoint
where SumScalar == Self, RealScalar == Self {
    /// C = op(A) op(B), row-major; a leading dimension is the distance between a matrix's rows as stored.
    ///
    /// The caller answers for the bounds: op(A) is M x K, op(B) K x N, C M x N.
    static func multiplyMatrices(
        _ transposeA: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Self>,
        _ lda: Int, _ b: UnsafePointer<Self>, _ ldb: Int, _ c: UnsafeMutablePointer<Self>)

    /// Writes `low + range * u` to every place, u uniform in [0, 1); `words` is a generator's state.
    static func fillUniform(
        _ words: UnsafeMutablePointer<UInt32>, low: Double, range: Double,
        into target: UnsafeMutableBufferPointer<Self>)

    /// Writes `location + scale * z` to every place, z standard normal; `words` is a generator's state.
    static func fillNormal(
        _ words: UnsafeMutablePointer<UInt32>, cache: inout ck_gauss_cache, location: Double, scale: Double,
        into target: UnsafeMutableBufferPointer<Self>)
}

extension Float: FloatingScalar {
    /// Draws in double precision, rounded once to `Float`, as `astype(float32)` does.
    public static func fillUniform(
        _ words: UnsafeMutablePointer<UInt32>, low: Double, range: Double,
        into target: UnsafeMutableBufferPointer<Float>
    ) {
        ck_mt_uniform_f32(words, low, range, target.count, target.baseAddress)
    }

    /// Draws in double precision, rounded once to `Float`, as `astype(float32)` does.
    public static func fillNormal(
        _ words: UnsafeMutablePointer<UInt32>, cache: inout ck_gauss_cache, location: Double, scale: Double,
        into target: UnsafeMutableBufferPointer<Float>
    ) {
        ck_mt_normal_f32(words, &cache, location, scale, target.count, target.baseAddress)
    }
}

extension Double: FloatingScalar {
    /// Draws with 53 bits.
    public static func fillUniform(
        _ words: UnsafeMutablePointer<UInt32>, low: Double, range: Double,
        into target: UnsafeMutableBufferPointer<Double>
    ) {
        ck_mt_uniform_f64(words, low, range, target.count, target.baseAddress)
    }

    /// Draws by the polar method.
    public static func fillNormal(
        _ words: UnsafeMutablePointer<UInt32>, cache: inout ck_gauss_cache, location: Double, scale: Double,
        into target: UnsafeMutableBufferPointer<Double>
    ) {
        ck_mt_normal_f64(words, &cache, location, scale, target.count, target.baseAddress)
    }
}
