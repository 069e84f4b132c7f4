import CKernels

// Comparison element by element is written with a dot, as Swift's SIMD types write it; `==` without a dot compares
// whole arrays.

extension NDArray: Equatable {
    /// Returns whether shape and all elements are equal (`np.array_equal`).
    public static func == (a: NDArray, b: NDArray) -> Bool {
        guard a.shape == b.shape else { return false }
        let same: NDArray<Bool> = binary(CK_EQ, a, b)
        return same.withUnsafeElements { elements in elements.allSatisfy { $0 } }
    }
}

extension NDArray {
    /// Tests elements for equality, with broadcasting.
    public static func .== (a: NDArray, b: NDArray) -> NDArray<Bool> { binary(CK_EQ, a, b) }
    /// Tests elements for equality with a scalar.
    public static func .== (a: NDArray, b: Scalar) -> NDArray<Bool> { binary(CK_EQ, a, b) }

    /// Tests elements for inequality, with broadcasting.
    public static func .!= (a: NDArray, b: NDArray) -> NDArray<Bool> { binary(CK_NE, a, b) }
    /// Tests elements for inequality with a scalar.
    public static func .!= (a: NDArray, b: Scalar) -> NDArray<Bool> { binary(CK_NE, a, b) }
}

extension NDArray {
    /// Tests a < b element by element, with broadcasting.
    public static func .< (a: NDArray, b: NDArray) -> NDArray<Bool> { binary(CK_LT, a, b) }
    /// Tests a < b element by element.
    public static func .< (a: NDArray, b: Scalar) -> NDArray<Bool> { binary(CK_LT, a, b) }

    /// Tests a <= b element by element, with broadcasting.
    public static func .<= (a: NDArray, b: NDArray) -> NDArray<Bool> { binary(CK_LE, a, b) }
    /// Tests a <= b element by element.
    public static func .<= (a: NDArray, b: Scalar) -> NDArray<Bool> { binary(CK_LE, a, b) }

    /// Tests a > b element by element, with broadcasting.
    public static func .> (a: NDArray, b: NDArray) -> NDArray<Bool> { binary(CK_GT, a, b) }
    /// Tests a > b element by element.
    public static func .> (a: NDArray, b: Scalar) -> NDArray<Bool> { binary(CK_GT, a, b) }

    /// Tests a >= b element by element, with broadcasting.
    public static func .>= (a: NDArray, b: NDArray) -> NDArray<Bool> { binary(CK_GE, a, b) }
    /// Tests a >= b element by element.
    public static func .>= (a: NDArray, b: Scalar) -> NDArray<Bool> { binary(CK_GE, a, b) }
}

extension NDArray<Bool> {
    /// Logical and, element by element (`np.logical_and`).
    public static func .& (a: NDArray, b: NDArray) -> NDArray { binary(CK_AND, a, b) }
    /// Logical or, element by element (`np.logical_or`).
    public static func .| (a: NDArray, b: NDArray) -> NDArray { binary(CK_OR, a, b) }
    /// Exclusive or, element by element (`np.logical_xor`).
    public static func .^ (a: NDArray, b: NDArray) -> NDArray { binary(CK_XOR, a, b) }
    /// Logical negation, element by element (`np.logical_not`).
    public static prefix func .! (a: NDArray) -> NDArray { a.unary(CK_NOT) }
}

extension NDArray where Scalar: IntegerScalar {
    /// Bitwise and.
    public static func .& (a: NDArray, b: NDArray) -> NDArray { binary(CK_AND, a, b) }
    /// Bitwise or.
    public static func .| (a: NDArray, b: NDArray) -> NDArray { binary(CK_OR, a, b) }
    /// Bitwise exclusive or.
    public static func .^ (a: NDArray, b: NDArray) -> NDArray { binary(CK_XOR, a, b) }
    /// Bitwise negation (`np.invert`).
    public static prefix func ~ (a: NDArray) -> NDArray { a.unary(CK_NOT) }
    /// Shifts the bits left by b; by the type's width or more, the result is 0.
    public static func << (a: NDArray, b: NDArray) -> NDArray { binary(CK_SHIFT_LEFT, a, b) }
    /// Shifts the bits right by b; by the type's width or more, only the sign remains.
    public static func >> (a: NDArray, b: NDArray) -> NDArray { binary(CK_SHIFT_RIGHT, a, b) }
}
