import CKernels
import Support

// Arithmetic of Booleans, as in NumPy: + is or, * is and, and - is refused. With an array of numbers they count as 0
// and 1 (NDArray+Mixed.swift). There are no operators with a scalar: those would make the compiler take fifty times as
// long for `(f * 2 - 1) * 0.5 + g / 3`; write `mask.asType(Int.self) * 2`.

let booleanSubtract =
    "numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, the `^` operator, or the "
    + "logical_xor function instead."

extension NDArray<Bool> {
    /// Logical or, element by element.
    public static func + (a: NDArray, b: NDArray) -> NDArray { binary(CK_OR, a, b) }
    /// Updates in place; `b` must broadcast to a's shape.
    public static func += (a: inout NDArray, b: NDArray) { update(CK_OR, &a, b) }

    /// Logical and, element by element.
    public static func * (a: NDArray, b: NDArray) -> NDArray { binary(CK_AND, a, b) }
    /// Updates in place; `b` must broadcast to a's shape.
    public static func *= (a: inout NDArray, b: NDArray) { update(CK_AND, &a, b) }

    /// Ends the program, as NumPy refuses it: use `.^` for the elements at which two masks differ.
    public static func - (a: NDArray, b: NDArray) -> NDArray { mistake(booleanSubtract) }
    /// Ends the program, as NumPy refuses it: use `.!` to negate a mask.
    public static prefix func - (a: NDArray) -> NDArray {
        mistake(
            "The numpy boolean negative, the `-` operator, is not supported, use the `~` operator or the "
                + "logical_not function instead.")
    }

    /// The quotient of Booleans as 0 and 1, in double precision.
    public static func / (a: NDArray, b: NDArray) -> NDArray<Double> {
        .binary(CK_DIV, a.asType(Double.self), b.asType(Double.self))
    }
}

// Integers with a floating-point scalar: in double precision.

extension NDArray where Scalar: IntegerScalar {
    /// The sum, in double precision.
    @_disfavoredOverload
    public static func + (a: NDArray, b: Double) -> NDArray<Double> {
        .binary(CK_ADD, a.asType(Double.self), b)
    }
    /// The sum, in double precision.
    @_disfavoredOverload
    public static func + (a: Double, b: NDArray) -> NDArray<Double> {
        .binary(CK_ADD, a, b.asType(Double.self))
    }
    /// The difference, in double precision.
    @_disfavoredOverload
    public static func - (a: NDArray, b: Double) -> NDArray<Double> {
        .binary(CK_SUB, a.asType(Double.self), b)
    }
    /// The difference, in double precision.
    @_disfavoredOverload
    public static func - (a: Double, b: NDArray) -> NDArray<Double> {
        .binary(CK_SUB, a, b.asType(Double.self))
    }
    /// The product, in double precision.
    @_disfavoredOverload
    public static func * (a: NDArray, b: Double) -> NDArray<Double> {
        .binary(CK_MUL, a.asType(Double.self), b)
    }
    /// The product, in double precision.
    @_disfavoredOverload
    public static func * (a: Double, b: NDArray) -> NDArray<Double> {
        .binary(CK_MUL, a, b.asType(Double.self))
    }
    /// The quotient, in double precision.
    @_disfavoredOverload
    public static func / (a: NDArray, b: Double) -> NDArray<Double> {
        .binary(CK_DIV, a.asType(Double.self), b)
    }
    /// The quotient, in double precision.
    @_disfavoredOverload
    public static func / (a: Double, b: NDArray) -> NDArray<Double> {
        .binary(CK_DIV, a, b.asType(Double.self))
    }
}
