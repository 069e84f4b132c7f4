import CKernels
import Support

// Further functions of each element, named as NumPy names them.

/// 2^x, element by element.
public func exp2<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> { x.unary(CK_EXP2) }

/// The cube root, of negative numbers too, element by element.
public func cbrt<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> { x.unary(CK_CBRT) }

/// The inverse hyperbolic sine, element by element.
public func arcsinh<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> { x.unary(CK_ASINH) }

/// The inverse hyperbolic cosine, element by element.
public func arccosh<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> { x.unary(CK_ACOSH) }

/// The inverse hyperbolic tangent, element by element.
public func arctanh<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> { x.unary(CK_ATANH) }

/// Degrees as radians, element by element.
public func deg2rad<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> {
    x * Scalar(Double.pi / 180)
}

/// Radians as degrees, element by element.
public func rad2deg<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> {
    x * (Scalar(180) / Scalar(Double.pi))
}

/// sin(pi x) / (pi x), and 1 at 0, element by element.
public func sinc<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> {
    // As in NumPy: a number so near to 0 that the quotient is 1.
    let y = .where(x .== 0, Scalar(1e-20), x) * Scalar(Double.pi)
    return sin(y) / y
}

/// Rounds towards zero, element by element: `trunc` (NumPy has both names).
public func fix<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> { trunc(x) }

/// Tests whether the sign is minus, of -0 and NaN too, element by element.
public func signbit<Scalar: FloatingScalar>(_ x: NDArray<Scalar>) -> NDArray<Bool> { x.unary(CK_SIGN_BIT) }

/// x with the sign of y, element by element, with broadcasting.
public func copysign<Scalar: FloatingScalar>(_ x: NDArray<Scalar>, _ y: NDArray<Scalar>) -> NDArray<Scalar> {
    .binary(CK_COPY_SIGN, x, y)
}

/// The root of x^2 + y^2 without overflow, element by element, with broadcasting.
public func hypot<Scalar: FloatingScalar>(_ x: NDArray<Scalar>, _ y: NDArray<Scalar>) -> NDArray<Scalar> {
    .binary(CK_HYPOT, x, y)
}

/// The remainder with the dividend's sign (C's `fmod`; `%` has the divisor's), element by element, with broadcasting; 0
/// for an integer divided by 0.
public func fmod<Scalar: NumericScalar>(_ x: NDArray<Scalar>, _ y: NDArray<Scalar>) -> NDArray<Scalar> {
    .binary(CK_FMOD, x, y)
}

/// The larger of two, element by element, with broadcasting; a number wins over NaN. (Of two zeros the first is
/// returned. In NumPy that depends on their indices.)
public func fmax<Scalar: FloatingScalar>(_ a: NDArray<Scalar>, _ b: NDArray<Scalar>) -> NDArray<Scalar> {
    .binary(CK_FMAX, a, b)
}

/// The smaller of two, element by element, with broadcasting; a number wins over NaN.
public func fmin<Scalar: FloatingScalar>(_ a: NDArray<Scalar>, _ b: NDArray<Scalar>) -> NDArray<Scalar> {
    .binary(CK_FMIN, a, b)
}

/// ln(e^a + e^b) without overflow, element by element, with broadcasting.
public func logaddexp<Scalar: FloatingScalar>(_ a: NDArray<Scalar>, _ b: NDArray<Scalar>) -> NDArray<Scalar> {
    .binary(CK_LOG_ADD_EXP, a, b)
}

/// log2(2^a + 2^b) without overflow, element by element, with broadcasting.
public func logaddexp2<Scalar: FloatingScalar>(_ a: NDArray<Scalar>, _ b: NDArray<Scalar>) -> NDArray<Scalar>
{
    .binary(CK_LOG_ADD_EXP2, a, b)
}

extension NDArray where Scalar: FloatingScalar {
    /// Replaces NaN and the infinities by finite numbers (`np.nan_to_num`): by default 0 and the largest and smallest
    /// finite values.
    ///
    /// ```swift
    /// NDArray([.nan, .infinity]).replacingNaN(positiveInfinity: 9)   // [0. 9.]
    /// ```
    public func replacingNaN(
        with value: Scalar = 0, positiveInfinity: Scalar = .greatestFiniteMagnitude,
        negativeInfinity: Scalar = -.greatestFiniteMagnitude
    ) -> NDArray {
        let numbers = NDArray.where(isNaN(self), value, self)
        let below = NDArray.where(self .== .infinity, positiveInfinity, numbers)
        return .where(self .== -.infinity, negativeInfinity, below)
    }
}

extension NDArray {
    /// `np.select(conditions, choices, default)`: the choice of the first condition that holds, with broadcasting;
    /// `default` where none holds.
    ///
    /// - Precondition: as many choices as conditions, at least one.
    /// - Complexity: O(K count) for K conditions.
    public static func select(
        _ conditions: [NDArray<Bool>], _ choices: [NDArray], default value: Scalar = Scalar.zeroScalar
    ) -> NDArray {
        require(
            conditions.count == choices.count,
            "list of cases must be same length as list of conditions")
        require(!conditions.isEmpty, "select with an empty condition list is not possible")
        return zip(conditions, choices).reversed().reduce(NDArray(value)) { rest, item in
            .where(item.0, item.1, rest)
        }
    }
}
