import CKernels

// Comparisons and updates in place between arrays of two types: values are compared in the type that holds both.

extension NDArray {
    /// Where the elements are equal, with broadcasting.
    @_disfavoredOverload
    public static func .== <Other>(a: NDArray, b: NDArray<Other>) -> NDArray<Bool> { compared(CK_EQ, a, b) }
    /// Where the elements are different, with broadcasting.
    @_disfavoredOverload
    public static func .!= <Other>(a: NDArray, b: NDArray<Other>) -> NDArray<Bool> { compared(CK_NE, a, b) }
    /// Where a's elements are less, with broadcasting.
    @_disfavoredOverload
    public static func .< <Other>(a: NDArray, b: NDArray<Other>) -> NDArray<Bool> { compared(CK_LT, a, b) }
    /// Where a's elements are less or equal, with broadcasting.
    @_disfavoredOverload
    public static func .<= <Other>(a: NDArray, b: NDArray<Other>) -> NDArray<Bool> { compared(CK_LE, a, b) }
    /// Where a's elements are greater, with broadcasting.
    @_disfavoredOverload
    public static func .> <Other>(a: NDArray, b: NDArray<Other>) -> NDArray<Bool> { compared(CK_GT, a, b) }
    /// Where a's elements are greater or equal, with broadcasting.
    @_disfavoredOverload
    public static func .>= <Other>(a: NDArray, b: NDArray<Other>) -> NDArray<Bool> { compared(CK_GE, a, b) }

    private static func compared<Other>(
        _ operation: Int, _ a: NDArray, _ b: NDArray<Other>
    ) -> NDArray<Bool> {
        if needsDouble(Other.self) {
            return NDArray<Double>.binary(operation, a.asType(), b.asType())
        }
        if Scalar.self is Float.Type || Other.self is Float.Type {
            return NDArray<Float>.binary(operation, a.asType(), b.asType())
        }
        return NDArray<Int>.binary(operation, a.asType(), b.asType())
    }

    /// Whether only `Double` holds both types.
    private static func needsDouble<Other: ArrayScalar>(_ other: Other.Type) -> Bool {
        func isWide(_ type: any ArrayScalar.Type) -> Bool { type is Int.Type || type is Int32.Type }
        if Scalar.self is Double.Type || other is Double.Type { return true }
        return (Scalar.self is Float.Type && isWide(other)) || (isWide(Scalar.self) && other is Float.Type)
    }

    /// `a = operation(a, b)` in a's type, computed in the type that holds both.
    private static func updatePromoted<Other>(_ operation: Int, _ a: inout NDArray, _ b: NDArray<Other>) {
        guard needsDouble(Other.self), !(Scalar.self is Double.Type) else {
            update(operation, &a, b.asType())
            return
        }
        var wide = a.asType(Double.self)
        NDArray<Double>.update(operation, &wide, b.asType())
        a = wide.asType()
    }
}

// What NumPy's rule "same kind" allows: floating point takes anything, whole numbers take whole numbers (but bytes no
// signed ones), and all take truth values.

extension NDArray where Scalar: FloatingScalar {
    /// In place, in a's type; `b` must broadcast to a's shape.
    @_disfavoredOverload
    public static func += <Other>(a: inout NDArray, b: NDArray<Other>) { updatePromoted(CK_ADD, &a, b) }
    /// In place, in a's type; `b` must broadcast to a's shape.
    @_disfavoredOverload
    public static func -= <Other>(a: inout NDArray, b: NDArray<Other>) { updatePromoted(CK_SUB, &a, b) }
    /// In place, in a's type; `b` must broadcast to a's shape.
    @_disfavoredOverload
    public static func *= <Other>(a: inout NDArray, b: NDArray<Other>) { updatePromoted(CK_MUL, &a, b) }
    /// In place, in a's type; `b` must broadcast to a's shape.
    @_disfavoredOverload
    public static func /= <Other>(a: inout NDArray, b: NDArray<Other>) { updatePromoted(CK_DIV, &a, b) }
}

extension NDArray where Scalar: IntegerScalar & SignedInteger {
    /// In place, in a's type, where sums wrap around; `b` must broadcast to a's shape.
    @_disfavoredOverload
    public static func += <Other: IntegerScalar>(a: inout NDArray, b: NDArray<Other>) {
        updatePromoted(CK_ADD, &a, b)
    }
    /// In place, in a's type, where sums wrap around; `b` must broadcast to a's shape.
    @_disfavoredOverload
    public static func -= <Other: IntegerScalar>(a: inout NDArray, b: NDArray<Other>) {
        updatePromoted(CK_SUB, &a, b)
    }
    /// In place, in a's type, where sums wrap around; `b` must broadcast to a's shape.
    @_disfavoredOverload
    public static func *= <Other: IntegerScalar>(a: inout NDArray, b: NDArray<Other>) {
        updatePromoted(CK_MUL, &a, b)
    }
}

extension NDArray where Scalar: IntegerScalar {
    /// In place, `true` counting as 1; `b` must broadcast to a's shape.
    @_disfavoredOverload
    public static func += <Other: BoolOperand>(a: inout NDArray, b: NDArray<Other>) {
        updatePromoted(CK_ADD, &a, b)
    }
    /// In place, `true` counting as 1; `b` must broadcast to a's shape.
    @_disfavoredOverload
    public static func -= <Other: BoolOperand>(a: inout NDArray, b: NDArray<Other>) {
        updatePromoted(CK_SUB, &a, b)
    }
    /// In place, `true` counting as 1; `b` must broadcast to a's shape.
    @_disfavoredOverload
    public static func *= <Other: BoolOperand>(a: inout NDArray, b: NDArray<Other>) {
        updatePromoted(CK_MUL, &a, b)
    }
}
