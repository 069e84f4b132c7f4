import CKernels

// Arithmetic. Each operator takes two arrays that broadcast, or an array and a scalar. Integers wrap around, as
// NumPy's do.

extension NDArray where Scalar: NumericScalar {
    /// The sum, element by element, with broadcasting.
    public static func + (a: NDArray, b: NDArray) -> NDArray { binary(CK_ADD, a, b) }
    /// The sum, element by element, with broadcasting.
    public static func + (a: NDArray, b: Scalar) -> NDArray { binary(CK_ADD, a, b) }
    /// The sum, element by element, with broadcasting.
    public static func + (a: Scalar, b: NDArray) -> NDArray { binary(CK_ADD, a, b) }
    /// Updates in place; `b` must broadcast to a's shape.
    public static func += (a: inout NDArray, b: NDArray) { update(CK_ADD, &a, b) }
    /// Updates in place.
    public static func += (a: inout NDArray, b: Scalar) { update(CK_ADD, &a, b) }

    /// The difference, element by element, with broadcasting.
    public static func - (a: NDArray, b: NDArray) -> NDArray { binary(CK_SUB, a, b) }
    /// The difference, element by element, with broadcasting.
    public static func - (a: NDArray, b: Scalar) -> NDArray { binary(CK_SUB, a, b) }
    /// The difference, element by element, with broadcasting.
    public static func - (a: Scalar, b: NDArray) -> NDArray { binary(CK_SUB, a, b) }
    /// Updates in place; `b` must broadcast to a's shape.
    public static func -= (a: inout NDArray, b: NDArray) { update(CK_SUB, &a, b) }
    /// Updates in place.
    public static func -= (a: inout NDArray, b: Scalar) { update(CK_SUB, &a, b) }

    /// The product, element by element, with broadcasting.
    public static func * (a: NDArray, b: NDArray) -> NDArray { binary(CK_MUL, a, b) }
    /// The product, element by element, with broadcasting.
    public static func * (a: NDArray, b: Scalar) -> NDArray { binary(CK_MUL, a, b) }
    /// The product, element by element, with broadcasting.
    public static func * (a: Scalar, b: NDArray) -> NDArray { binary(CK_MUL, a, b) }
    /// Updates in place; `b` must broadcast to a's shape.
    public static func *= (a: inout NDArray, b: NDArray) { update(CK_MUL, &a, b) }
    /// Updates in place.
    public static func *= (a: inout NDArray, b: Scalar) { update(CK_MUL, &a, b) }

    /// The remainder with the divisor's sign (`np.mod`, Python's `%`); 0 for an integer divided by 0.
    public static func % (a: NDArray, b: NDArray) -> NDArray { binary(CK_MOD, a, b) }
    /// The remainder with the divisor's sign (`np.mod`, Python's `%`); 0 for an integer divided by 0.
    public static func % (a: NDArray, b: Scalar) -> NDArray { binary(CK_MOD, a, b) }
    /// The remainder with the divisor's sign (`np.mod`, Python's `%`); 0 for an integer divided by 0.
    public static func % (a: Scalar, b: NDArray) -> NDArray { binary(CK_MOD, a, b) }
    /// Updates in place; `b` must broadcast to a's shape.
    public static func %= (a: inout NDArray, b: NDArray) { update(CK_MOD, &a, b) }
    /// Updates in place.
    public static func %= (a: inout NDArray, b: Scalar) { update(CK_MOD, &a, b) }

    /// The negation of each element.
    public static prefix func - (a: NDArray) -> NDArray { a.unary(CK_NEG) }
}

extension NDArray where Scalar: FloatingScalar {
    /// The quotient, element by element, with broadcasting.
    public static func / (a: NDArray, b: NDArray) -> NDArray { binary(CK_DIV, a, b) }
    /// The quotient, element by element, with broadcasting.
    public static func / (a: NDArray, b: Scalar) -> NDArray { binary(CK_DIV, a, b) }
    /// The quotient, element by element, with broadcasting.
    public static func / (a: Scalar, b: NDArray) -> NDArray { binary(CK_DIV, a, b) }
    /// Updates in place; `b` must broadcast to a's shape.
    public static func /= (a: inout NDArray, b: NDArray) { update(CK_DIV, &a, b) }
    /// Updates in place.
    public static func /= (a: inout NDArray, b: Scalar) { update(CK_DIV, &a, b) }
}

extension NDArray where Scalar: IntegerScalar {
    /// The true quotient, in double precision, as NumPy's `/` of integers.
    public static func / (a: NDArray, b: NDArray) -> NDArray<Double> {
        .binary(CK_DIV, a.asType(Double.self), b.asType(Double.self))
    }
    /// The true quotient, in double precision, as NumPy's `/` of integers.
    public static func / (a: NDArray, b: Scalar) -> NDArray<Double> {
        .binary(CK_DIV, a.asType(Double.self), Double(b))
    }
    /// The true quotient, in double precision, as NumPy's `/` of integers.
    public static func / (a: Scalar, b: NDArray) -> NDArray<Double> {
        .binary(CK_DIV, Double(a), b.asType(Double.self))
    }
}

extension NDArray where Scalar: NumericScalar {
    /// The quotient rounded down (Python's `//`); 0 for an integer divided by 0.
    public func floorDivided(by divisor: NDArray) -> NDArray { Self.binary(CK_FLOOR_DIV, self, divisor) }

    /// The quotient rounded down and the remainder with the divisor's sign (`np.divmod`).
    public func floorDividedAndRemainder(by divisor: NDArray) -> (quotient: NDArray, remainder: NDArray) {
        (floorDivided(by: divisor), self % divisor)
    }
}
