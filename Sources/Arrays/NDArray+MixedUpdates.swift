import CKernels

// Comparisons and updates in place between arrays of two types: values are compared in the type that holds both.

extension NDArray {
    /// Tests elements for equality, with broadcasting.
    @_disfavoredOverload
    public static func .== <Other>(a: NDArray, b: NDArray<Other>) -> NDArray<Bool> { compared(CK_EQ, a, b) }
    /// Tests elements for inequality, with broadcasting.
    @_disfavoredOverload
    public static func .!= <Other>(a: NDArray, b: NDArray<Other>) -> NDArray<Bool> { compared(CK_NE, a, b) }
    /// Tests a < b element by element, with broadcasting.
    @_disfavoredOverload
    public static func .< <Other>(a: NDArray, b: NDArray<Other>) -> NDArray<Bool> { compared(CK_LT, a, b) }
    /// Tests a <= b element by element, with broadcasting.
    @_disfavoredOverload
    public static func .<= <Other>(a: NDArray, b: NDArray<Other>) -> NDArray<Bool> { compared(CK_LE, a, b) }
    /// Tests a > b element by element, with broadcasting.
    @_disfavoredOverload
    public static func .> <Other>(a: NDArray, b: NDArray<Other>) -> NDArray<Bool> { compared(CK_GT, a, b) }
    /// Tests a >= b element by element, with broadcasting.
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

    /// Returns whether only `Double` holds both types.
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

// The updates that NumPy's rule "same kind" allows: floating point takes any type, integers take integers (but bytes no
// signed ones), and all take Booleans.

extension NDArray where Scalar: FloatingScalar {
    /// Updates in place, in a's type; `b` must broadcast to a's shape.
    @_disfavoredOverload
    public static func += <Other>(a: inout NDArray, b: NDArray<Other>) { updatePromoted(CK_ADD, &a, b) }
    /// Updates in place, in a's type; `b` must broadcast to a's shape.
    @_disfavoredOverload
    public static func -= <Other>(a: inout NDArray, b: NDArray<Other>) { updatePromoted(CK_SUB, &a, b) }
    /// Updates in place, in a's type; `b` must broadcast to a's shape.
    @_disfavoredOverload
    public static func *= <Other>(a: inout NDArray, b: NDArray<Other>) { updatePromoted(CK_MUL, &a, b) }
    /// Updates in place, in a's type; `b` must broadcast to a's shape.
    @_disfavoredOverload
    public static func /= <Other>(a: inout NDArray, b: NDArray<Other>) { updatePromoted(CK_DIV, &a, b) }
}

extension NDArray where Scalar: IntegerScalar & SignedInteger {
    /// Updates in place, in a's type, where sums wrap around; `b` must broadcast to a's shape.
    @_disfavoredOverload
    public static func += <Other: IntegerScalar>(a: inout NDArray, b: NDArray<Other>) {
        updatePromoted(CK_ADD, &a, b)
    }
    /// Updates in place, in a's type, where sums wrap around; `b` must broadcast to a's shape.
    @_disfavoredOverload
    public static func -= <Other: IntegerScalar>(a: inout NDArray, b: NDArray<Other>) {
        updatePromoted(CK_SUB, &a, b)
    }
    /// Updates in place, in a's type, where sums wrap around; `b` must broadcast to a's shape.
    @_disfavoredOverload
    public static func *= <Other: IntegerScalar>(a: inout NDArray, b: NDArray<Other>) {
        updatePromoted(CK_MUL, &a, b)
    }
}

extension NDArray where Scalar: IntegerScalar {
    /// Updates in place, `true` counting as 1; `b` must broadcast to a's shape.
    @_disfavoredOverload
    public static func += <Other: BoolOperand>(a: inout NDArray, b: NDArray<Other>) {
        updatePromoted(CK_ADD, &a, b)
    }
    /// Updates in place, `true` counting as 1; `b` must broadcast to a's shape.
    @_disfavoredOverload
    public static func -= <Other: BoolOperand>(a: inout NDArray, b: NDArray<Other>) {
        updatePromoted(CK_SUB, &a, b)
    }
    /// Updates in place, `true` counting as 1; `b` must broadcast to a's shape.
    @_disfavoredOverload
    public static func *= <Other: BoolOperand>(a: inout NDArray, b: NDArray<Other>) {
        updatePromoted(CK_MUL, &a, b)
    }
}
