// The result type of arithmetic between two scalar types, NumPy's promotion: the smallest type that holds both; for
// integers of 32 or 64 bits and Float that is Double.
//
//            Bool   UInt8  Int32  Int    Float  Double
//   Bool     Bool   UInt8  Int32  Int    Float  Double
//   UInt8           UInt8  Int32  Int    Float  Double
//   Int32                  Int32  Int    Double Double
//   Int                           Int    Double Double
//   Float                                Float  Double
//
// The operators for two types (NDArray+Mixed.swift) are six for each sign: the right operand's type is one, the left
// one's says the result. The right one is generic over a protocol that one type has, because the compiler tries
// operators whose parameter is a type of its own first, and for a literal (`a + [1, 2]`) would find five of them.

/// `Bool` alone, as the right operand of an operator between two types.
public protocol BoolOperand: ArrayScalar {}
/// `UInt8` alone, as the right operand of an operator between two types.
public protocol UInt8Operand: ArrayScalar {}
/// `Int32` alone, as the right operand of an operator between two types.
public protocol Int32Operand: ArrayScalar {}
/// `Int` alone, as the right operand of an operator between two types.
public protocol IntOperand: ArrayScalar {}
/// `Float` alone, as the right operand of an operator between two types.
public protocol FloatOperand: ArrayScalar {}
/// `Double` alone, as the right operand of an operator between two types.
public protocol DoubleOperand: ArrayScalar {}

extension Bool: BoolOperand {}
extension UInt8: UInt8Operand {}
extension Int32: Int32Operand {}
extension Int: IntOperand {}
extension Float: FloatOperand {}
extension Double: DoubleOperand {}

// What is not said here is the left operand's own type (ArrayScalar.swift).

extension Bool {
    /// `UInt8`.
    public typealias WithUInt8 = UInt8
    /// `Int32`.
    public typealias WithInt32 = Int32
    /// `Int`.
    public typealias WithInt = Int
    /// `Float`.
    public typealias WithFloat = Float
}

extension UInt8 {
    /// `Int32`.
    public typealias WithInt32 = Int32
    /// `Int`.
    public typealias WithInt = Int
    /// `Float`.
    public typealias WithFloat = Float
}

extension Int32 {
    /// `Int`.
    public typealias WithInt = Int
    /// `Double`.
    public typealias WithFloat = Double
}

extension Int {
    /// `Double`.
    public typealias WithFloat = Double
}

extension Float {
    /// `Double`.
    public typealias WithInt32 = Double
    /// `Double`.
    public typealias WithInt = Double
}
