import CKernels
import Support

// Functions of each element, named as NumPy names them.

/// e^x, element by element.
public func exp<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> { x.unary(CK_EXP) }

/// The natural logarithm, element by element.
public func log<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> { x.unary(CK_LOG) }

/// The square root, element by element.
public func sqrt<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> { x.unary(CK_SQRT) }

/// The hyperbolic tangent, element by element.
public func tanh<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> { x.unary(CK_TANH) }

/// The logistic function 1 / (1 + e^-x), element by element, in one pass.
///
/// ```swift
/// sigmoid(NDArray([-1.0, 0, 1]))   // [0.26894142 0.5        0.73105858]
/// ```
public func sigmoid<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> { x.unary(CK_SIGMOID) }

/// e^x - 1, precise near 0, element by element.
public func expm1<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> { x.unary(CK_EXPM1) }

/// ln(1 + x), precise near 0, element by element.
public func log1p<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> { x.unary(CK_LOG1P) }

/// The logarithm to base 2, element by element.
public func log2<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> { x.unary(CK_LOG2) }

/// The logarithm to base 10, element by element.
public func log10<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> { x.unary(CK_LOG10) }

/// The sine of radians, element by element.
public func sin<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> { x.unary(CK_SIN) }

/// The cosine of radians, element by element.
public func cos<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> { x.unary(CK_COS) }

/// The tangent of radians, element by element.
public func tan<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> { x.unary(CK_TAN) }

/// The inverse sine, in radians, element by element.
public func arcsin<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> { x.unary(CK_ASIN) }

/// The inverse cosine, in radians, element by element.
public func arccos<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> { x.unary(CK_ACOS) }

/// The inverse tangent, in radians, element by element.
public func arctan<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> { x.unary(CK_ATAN) }

/// The hyperbolic sine, element by element.
public func sinh<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> { x.unary(CK_SINH) }

/// The hyperbolic cosine, element by element.
public func cosh<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> { x.unary(CK_COSH) }

/// The largest integer not above x, element by element.
public func floor<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> { x.unary(CK_FLOOR) }

/// The smallest integer not below x, element by element.
public func ceil<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> { x.unary(CK_CEIL) }

/// The nearest integer, halves to even, element by element.
public func rint<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> { x.unary(CK_RINT) }

/// Rounds towards zero, element by element.
public func trunc<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> { x.unary(CK_TRUNC) }

/// 1 / x, element by element.
public func reciprocal<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> {
    x.unary(CK_RECIPROCAL)
}

/// The absolute value, element by element.
public func abs<Scalar: NumericScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> { x.unary(CK_ABS) }

/// x times x, element by element.
public func square<Scalar: NumericScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> { x.unary(CK_SQUARE) }

/// -1, 0 or 1; NaN for NaN, element by element.
public func sign<Scalar: NumericScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> { x.unary(CK_SIGN) }

/// Tests for NaN, element by element.
public func isNaN<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Bool> { x.unary(CK_IS_NAN) }

/// Tests for infinities, element by element.
public func isInfinite<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Bool> { x.unary(CK_IS_INF) }

/// Tests for finite elements, neither infinite nor NaN.
public func isFinite<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Bool> { x.unary(CK_IS_FINITE) }

/// base to the power `exponent`, element by element, with broadcasting.
///
/// - Precondition: an integer's exponent is not negative.
public func power<Scalar: NumericScalar>(
    _ base: NDArray<Scalar>, _ exponent: NDArray<Scalar>
) -> NDArray<Scalar> {
    let result = commonShape(base.shape, exponent.shape)
    if Scalar.self is any BinaryInteger.Type, !result.contains(0) { checkPower(exponent.min()) }
    return .binary(CK_POW, base, exponent)
}

/// base to the power `exponent`, element by element.
///
/// - Precondition: an integer's exponent is not negative.
public func power<Scalar: NumericScalar>(_ base: NDArray<Scalar>, _ exponent: Scalar) -> NDArray<Scalar> {
    if base.count > 0 { checkPower(exponent) }
    return .binary(CK_POW, base, exponent)
}

/// base to the power `exponent`, element by element.
///
/// - Precondition: an integer's exponent is not negative.
public func power<Scalar: NumericScalar>(_ base: Scalar, _ exponent: NDArray<Scalar>) -> NDArray<Scalar> {
    if Scalar.self is any BinaryInteger.Type, exponent.count > 0 { checkPower(exponent.min()) }
    return .binary(CK_POW, base, exponent)
}

private func checkPower<Scalar: NumericScalar>(_ exponent: Scalar) {
    require(
        !(exponent is any BinaryInteger) || exponent >= 0,
        "Integers to negative integer powers are not allowed.")
}

/// The angle of the point (x, y), in radians, from -pi to pi.
public func arctan2<Scalar: FloatingScalar>(_ y: NDArray<Scalar>, _ x: NDArray<Scalar>) -> NDArray<Scalar> {
    .binary(CK_ATAN2, y, x)
}

/// The larger of two, element by element, with broadcasting; NaN wins, of two zeros the second.
public func maximum<Scalar>(_ a: NDArray<Scalar>, _ b: NDArray<Scalar>) -> NDArray<Scalar> {
    .binary(CK_MAX, a, b)
}

/// The larger of two, element by element; NaN wins.
public func maximum<Scalar>(_ a: NDArray<Scalar>, _ b: Scalar) -> NDArray<Scalar> {
    .binary(CK_MAX, a, b)
}

/// The smaller of two, element by element, with broadcasting; NaN wins, of two zeros the second.
public func minimum<Scalar>(_ a: NDArray<Scalar>, _ b: NDArray<Scalar>) -> NDArray<Scalar> {
    .binary(CK_MIN, a, b)
}

/// The smaller of two, element by element; NaN wins.
public func minimum<Scalar>(_ a: NDArray<Scalar>, _ b: Scalar) -> NDArray<Scalar> {
    .binary(CK_MIN, a, b)
}

extension NDArray where Scalar: NumericScalar {
    /// Each element clamped to `range` (`np.clip`); NaN stays, and a zero keeps its sign.
    public func clipped(to range: ClosedRange<Scalar>) -> NDArray {
        // Of two zeros the second operand stays.
        let raised: NDArray = .binary(CK_MAX, range.lowerBound, self)
        return .binary(CK_MIN, range.upperBound, raised)
    }

    /// Each element raised to the lower bound if it is less (`np.clip(a, lower, None)`); NaN stays.
    public func clipped(to range: PartialRangeFrom<Scalar>) -> NDArray { maximum(self, range.lowerBound) }

    /// Each element lowered to the upper bound if it is more (`np.clip(a, None, upper)`); NaN stays.
    public func clipped(to range: PartialRangeThrough<Scalar>) -> NDArray { minimum(self, range.upperBound) }

    /// Each element clamped to bounds of its own, which broadcast (`np.clip(a, lower, upper)`); NaN stays, and so does
    /// a bound that is NaN.
    public func clipped(from lower: NDArray, through upper: NDArray) -> NDArray {
        minimum(upper, maximum(lower, self))
    }
}

extension NDArray where Scalar: FloatingScalar {
    /// Rounded to `decimals` places, halves to even, by scaling (`np.round`); negative counts tens.
    public func rounded(decimals: Int = 0) -> NDArray {
        guard decimals != 0 else { return rint(self) }
        let factor = Scalar((0..<abs(decimals)).reduce(1.0) { power, _ in power * 10 })
        return decimals > 0 ? rint(self * factor) / factor : rint(self / factor) * factor
    }
}

extension NDArray {
    /// `np.where(condition, a, b)`: a's element where the condition holds, b's elsewhere, with broadcasting.
    public static func `where`(_ condition: NDArray<Bool>, _ a: NDArray, _ b: NDArray) -> NDArray {
        let shape = commonShape(condition.shape, commonShape(a.shape, b.shape))
        let conditionStrides = condition.strides(broadcastTo: shape) { "" }
        let aStrides = a.strides(broadcastTo: shape) { "" }
        let bStrides = b.strides(broadcastTo: shape) { "" }
        defer { withExtendedLifetime((condition.storage, a.storage, b.storage)) {} }
        return NDArray(shape: shape) { target in
            guard !target.isEmpty else { return }
            ck_select(
                Scalar.kernelType, shape.count, shape, condition.start, conditionStrides, a.start,
                aStrides, b.start, bStrides, target.baseAddress, rowMajorStrides(of: shape))
        }
    }

    /// `np.where(condition, a, b)` with scalars.
    public static func `where`(_ condition: NDArray<Bool>, _ a: Scalar, _ b: Scalar) -> NDArray {
        Self.where(condition, NDArray(a), NDArray(b))
    }

    /// `np.where(condition, a, b)` with a scalar.
    public static func `where`(_ condition: NDArray<Bool>, _ a: NDArray, _ b: Scalar) -> NDArray {
        Self.where(condition, a, NDArray(b))
    }

    /// `np.where(condition, a, b)` with a scalar.
    public static func `where`(_ condition: NDArray<Bool>, _ a: Scalar, _ b: NDArray) -> NDArray {
        Self.where(condition, NDArray(a), b)
    }

    /// The elements as another type (`astype`): fractions are cut off, anything but zero is true.
    ///
    /// - Complexity: O(count).
    public func asType<Other>(_ type: Other.Type = Other.self) -> NDArray<Other> {
        if let same = self as? NDArray<Other> { return same }
        return withUnsafeElements { elements in
            NDArray<Other>(shape: shape) { target in
                ck_convert(
                    Scalar.kernelType, Other.kernelType, target.count, elements.baseAddress,
                    target.baseAddress)
            }
        }
    }
}
