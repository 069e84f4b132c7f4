import CKernels
import Support

// Arithmetic between arrays of two types, by NumPy's promotion (Promotion.swift). An operator for one type is always
// preferred: these are found only where no other fits, and cost the compiler nothing in expressions of one type.

extension NDArray {
    /// The sum, element by element, with broadcasting, in the type that holds both.
    @_disfavoredOverload
    public static func + <Other: BoolOperand>(a: NDArray, b: NDArray<Other>) -> NDArray<Scalar> {
        promoted(CK_ADD, a, b)
    }
    /// The sum, element by element, with broadcasting, in the type that holds both.
    @_disfavoredOverload
    public static func + <Other: UInt8Operand>(a: NDArray, b: NDArray<Other>) -> NDArray<Scalar.WithUInt8> {
        promoted(CK_ADD, a, b)
    }
    /// The sum, element by element, with broadcasting, in the type that holds both.
    @_disfavoredOverload
    public static func + <Other: Int32Operand>(a: NDArray, b: NDArray<Other>) -> NDArray<Scalar.WithInt32> {
        promoted(CK_ADD, a, b)
    }
    /// The sum, element by element, with broadcasting, in the type that holds both.
    @_disfavoredOverload
    public static func + <Other: IntOperand>(a: NDArray, b: NDArray<Other>) -> NDArray<Scalar.WithInt> {
        promoted(CK_ADD, a, b)
    }
    /// The sum, element by element, with broadcasting, in the type that holds both.
    @_disfavoredOverload
    public static func + <Other: FloatOperand>(a: NDArray, b: NDArray<Other>) -> NDArray<Scalar.WithFloat> {
        promoted(CK_ADD, a, b)
    }
    /// The sum, element by element, with broadcasting, in the type that holds both.
    @_disfavoredOverload
    public static func + <Other: DoubleOperand>(a: NDArray, b: NDArray<Other>) -> NDArray<Double> {
        promoted(CK_ADD, a, b)
    }
}

extension NDArray {
    /// The difference, element by element, with broadcasting, in the type that holds both.
    @_disfavoredOverload
    public static func - <Other: BoolOperand>(a: NDArray, b: NDArray<Other>) -> NDArray<Scalar> {
        promoted(CK_SUB, a, b)
    }
    /// The difference, element by element, with broadcasting, in the type that holds both.
    @_disfavoredOverload
    public static func - <Other: UInt8Operand>(a: NDArray, b: NDArray<Other>) -> NDArray<Scalar.WithUInt8> {
        promoted(CK_SUB, a, b)
    }
    /// The difference, element by element, with broadcasting, in the type that holds both.
    @_disfavoredOverload
    public static func - <Other: Int32Operand>(a: NDArray, b: NDArray<Other>) -> NDArray<Scalar.WithInt32> {
        promoted(CK_SUB, a, b)
    }
    /// The difference, element by element, with broadcasting, in the type that holds both.
    @_disfavoredOverload
    public static func - <Other: IntOperand>(a: NDArray, b: NDArray<Other>) -> NDArray<Scalar.WithInt> {
        promoted(CK_SUB, a, b)
    }
    /// The difference, element by element, with broadcasting, in the type that holds both.
    @_disfavoredOverload
    public static func - <Other: FloatOperand>(a: NDArray, b: NDArray<Other>) -> NDArray<Scalar.WithFloat> {
        promoted(CK_SUB, a, b)
    }
    /// The difference, element by element, with broadcasting, in the type that holds both.
    @_disfavoredOverload
    public static func - <Other: DoubleOperand>(a: NDArray, b: NDArray<Other>) -> NDArray<Double> {
        promoted(CK_SUB, a, b)
    }
}

extension NDArray {
    /// The product, element by element, with broadcasting, in the type that holds both.
    @_disfavoredOverload
    public static func * <Other: BoolOperand>(a: NDArray, b: NDArray<Other>) -> NDArray<Scalar> {
        promoted(CK_MUL, a, b)
    }
    /// The product, element by element, with broadcasting, in the type that holds both.
    @_disfavoredOverload
    public static func * <Other: UInt8Operand>(a: NDArray, b: NDArray<Other>) -> NDArray<Scalar.WithUInt8> {
        promoted(CK_MUL, a, b)
    }
    /// The product, element by element, with broadcasting, in the type that holds both.
    @_disfavoredOverload
    public static func * <Other: Int32Operand>(a: NDArray, b: NDArray<Other>) -> NDArray<Scalar.WithInt32> {
        promoted(CK_MUL, a, b)
    }
    /// The product, element by element, with broadcasting, in the type that holds both.
    @_disfavoredOverload
    public static func * <Other: IntOperand>(a: NDArray, b: NDArray<Other>) -> NDArray<Scalar.WithInt> {
        promoted(CK_MUL, a, b)
    }
    /// The product, element by element, with broadcasting, in the type that holds both.
    @_disfavoredOverload
    public static func * <Other: FloatOperand>(a: NDArray, b: NDArray<Other>) -> NDArray<Scalar.WithFloat> {
        promoted(CK_MUL, a, b)
    }
    /// The product, element by element, with broadcasting, in the type that holds both.
    @_disfavoredOverload
    public static func * <Other: DoubleOperand>(a: NDArray, b: NDArray<Other>) -> NDArray<Double> {
        promoted(CK_MUL, a, b)
    }
}

extension NDArray {
    /// The true quotient, element by element, with broadcasting, in the type that holds both.
    @_disfavoredOverload
    public static func / <Other: BoolOperand>(a: NDArray, b: NDArray<Other>) -> NDArray<Scalar.RealScalar> {
        promoted(CK_DIV, a, b)
    }
    /// The true quotient, element by element, with broadcasting, in the type that holds both.
    @_disfavoredOverload
    public static func / <Other: UInt8Operand>(a: NDArray, b: NDArray<Other>) -> NDArray<
        Scalar.WithUInt8.RealScalar
    > {
        promoted(CK_DIV, a, b)
    }
    /// The true quotient, element by element, with broadcasting, in the type that holds both.
    @_disfavoredOverload
    public static func / <Other: Int32Operand>(a: NDArray, b: NDArray<Other>) -> NDArray<
        Scalar.WithInt32.RealScalar
    > {
        promoted(CK_DIV, a, b)
    }
    /// The true quotient, element by element, with broadcasting, in the type that holds both.
    @_disfavoredOverload
    public static func / <Other: IntOperand>(a: NDArray, b: NDArray<Other>) -> NDArray<
        Scalar.WithInt.RealScalar
    > {
        promoted(CK_DIV, a, b)
    }
    /// The true quotient, element by element, with broadcasting, in the type that holds both.
    @_disfavoredOverload
    public static func / <Other: FloatOperand>(a: NDArray, b: NDArray<Other>) -> NDArray<
        Scalar.WithFloat.RealScalar
    > {
        promoted(CK_DIV, a, b)
    }
    /// The true quotient, element by element, with broadcasting, in the type that holds both.
    @_disfavoredOverload
    public static func / <Other: DoubleOperand>(a: NDArray, b: NDArray<Other>) -> NDArray<Double> {
        promoted(CK_DIV, a, b)
    }
}

extension NDArray {
    /// The remainder with the divisor's sign, element by element, with broadcasting, in the type that holds both.
    @_disfavoredOverload
    public static func % <Other: BoolOperand>(a: NDArray, b: NDArray<Other>) -> NDArray<Scalar> {
        promoted(CK_MOD, a, b)
    }
    /// The remainder with the divisor's sign, element by element, with broadcasting, in the type that holds both.
    @_disfavoredOverload
    public static func % <Other: UInt8Operand>(a: NDArray, b: NDArray<Other>) -> NDArray<Scalar.WithUInt8> {
        promoted(CK_MOD, a, b)
    }
    /// The remainder with the divisor's sign, element by element, with broadcasting, in the type that holds both.
    @_disfavoredOverload
    public static func % <Other: Int32Operand>(a: NDArray, b: NDArray<Other>) -> NDArray<Scalar.WithInt32> {
        promoted(CK_MOD, a, b)
    }
    /// The remainder with the divisor's sign, element by element, with broadcasting, in the type that holds both.
    @_disfavoredOverload
    public static func % <Other: IntOperand>(a: NDArray, b: NDArray<Other>) -> NDArray<Scalar.WithInt> {
        promoted(CK_MOD, a, b)
    }
    /// The remainder with the divisor's sign, element by element, with broadcasting, in the type that holds both.
    @_disfavoredOverload
    public static func % <Other: FloatOperand>(a: NDArray, b: NDArray<Other>) -> NDArray<Scalar.WithFloat> {
        promoted(CK_MOD, a, b)
    }
    /// The remainder with the divisor's sign, element by element, with broadcasting, in the type that holds both.
    @_disfavoredOverload
    public static func % <Other: DoubleOperand>(a: NDArray, b: NDArray<Other>) -> NDArray<Double> {
        promoted(CK_MOD, a, b)
    }
}

extension NDArray {
    /// `operation(a, b)` in the type of the result.
    private static func promoted<Other, Result>(
        _ operation: Int, _ a: NDArray, _ b: NDArray<Other>
    ) -> NDArray<Result> {
        if operation == CK_SUB && Result.self is Bool.Type { mistake(booleanSubtract) }
        return .binary(operation, a.asType(Result.self), b.asType(Result.self))
    }
}
