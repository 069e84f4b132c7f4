import CKernels

// Comparison element by element is written with a dot, as Swift's SIMD types write it; `==` without a dot compares
// whole arrays.

extension NDArray: Equatable {
    /// Whether shape and all elements are equal (`np.array_equal`).
    public static func == (a: NDArray, b: NDArray) -> Bool {
        guard a.shape == b.shape else { return false }
        let same: NDArray<Bool> = binary(CK_EQ, a, b)
        return same.withUnsafeElements { elements in elements.allSatisfy { $0 } }
    }
}

extension NDArray {
    /// Where the elements are equal, with broadcasting.
    public static func .== (a: NDArray, b: NDArray) -> NDArray<Bool> { binary(CK_EQ, a, b) }
    /// Where the elements are equal.
    public static func .== (a: NDArray, b: Scalar) -> NDArray<Bool> { binary(CK_EQ, a, b) }

    /// Where the elements are different, with broadcasting.
    public static func .!= (a: NDArray, b: NDArray) -> NDArray<Bool> { binary(CK_NE, a, b) }
    /// Where the elements are different.
    public static func .!= (a: NDArray, b: Scalar) -> NDArray<Bool> { binary(CK_NE, a, b) }
}

extension NDArray {
    /// Where a's elements are less, with broadcasting.
    public static func .< (a: NDArray, b: NDArray) -> NDArray<Bool> { binary(CK_LT, a, b) }
    /// Where a's elements are less.
    public static func .< (a: NDArray, b: Scalar) -> NDArray<Bool> { binary(CK_LT, a, b) }

    /// Where a's elements are less or equal, with broadcasting.
    public static func .<= (a: NDArray, b: NDArray) -> NDArray<Bool> { binary(CK_LE, a, b) }
    /// Where a's elements are less or equal.
    public static func .<= (a: NDArray, b: Scalar) -> NDArray<Bool> { binary(CK_LE, a, b) }

    /// Where a's elements are greater, with broadcasting.
    public static func .> (a: NDArray, b: NDArray) -> NDArray<Bool> { binary(CK_GT, a, b) }
    /// Where a's elements are greater.
    public static func .> (a: NDArray, b: Scalar) -> NDArray<Bool> { binary(CK_GT, a, b) }

    /// Where a's elements are greater or equal, with broadcasting.
    public static func .>= (a: NDArray, b: NDArray) -> NDArray<Bool> { binary(CK_GE, a, b) }
    /// Where a's elements are greater or equal.
    public static func .>= (a: NDArray, b: Scalar) -> NDArray<Bool> { binary(CK_GE, a, b) }
}

extension NDArray<Bool> {
    /// Where both are true (`np.logical_and`).
    public static func .& (a: NDArray, b: NDArray) -> NDArray { binary(CK_AND, a, b) }
    /// Where one or both are true (`np.logical_or`).
    public static func .| (a: NDArray, b: NDArray) -> NDArray { binary(CK_OR, a, b) }
    /// Where exactly one is true (`np.logical_xor`).
    public static func .^ (a: NDArray, b: NDArray) -> NDArray { binary(CK_XOR, a, b) }
    /// Where it is false (`np.logical_not`).
    public static prefix func .! (a: NDArray) -> NDArray { a.unary(CK_NOT) }
}

extension NDArray where Scalar: IntegerScalar {
    /// The bits that both have.
    public static func .& (a: NDArray, b: NDArray) -> NDArray { binary(CK_AND, a, b) }
    /// The bits that one or both have.
    public static func .| (a: NDArray, b: NDArray) -> NDArray { binary(CK_OR, a, b) }
    /// The bits that exactly one has.
    public static func .^ (a: NDArray, b: NDArray) -> NDArray { binary(CK_XOR, a, b) }
    /// The bits that both have.
    public static func .& (a: NDArray, b: Scalar) -> NDArray { binary(CK_AND, a, b) }
    /// The bits that one or both have.
    public static func .| (a: NDArray, b: Scalar) -> NDArray { binary(CK_OR, a, b) }
    /// The bits that exactly one has.
    public static func .^ (a: NDArray, b: Scalar) -> NDArray { binary(CK_XOR, a, b) }
    /// Each bit turned round (`np.invert`).
    public static prefix func ~ (a: NDArray) -> NDArray { a.unary(CK_NOT) }
    /// The bits moved up by b places; by as many as there are, none are left.
    public static func << (a: NDArray, b: NDArray) -> NDArray { binary(CK_SHIFT_LEFT, a, b) }
    /// The bits moved up by b places; by as many as there are, none are left.
    public static func << (a: NDArray, b: Scalar) -> NDArray { binary(CK_SHIFT_LEFT, a, b) }
    /// The bits moved down by b places; by as many as there are, only the sign is left.
    public static func >> (a: NDArray, b: NDArray) -> NDArray { binary(CK_SHIFT_RIGHT, a, b) }
    /// The bits moved down by b places; by as many as there are, only the sign is left.
    public static func >> (a: NDArray, b: Scalar) -> NDArray { binary(CK_SHIFT_RIGHT, a, b) }
}
