import CKernels

/// An element type of ``NDArray``: `Float`, `Double`, `Int32`, `Int`, `UInt8` and `Bool`.
public protocol ArrayScalar: BitwiseCopyable, Sendable, Equatable {
    /// The type of sums and products over axes, as in NumPy: floating point its own type, the others `Int`.
    associatedtype SumScalar: NumericScalar = Int
    /// The type of quotients and means: floating point its own type, the others `Double`.
    associatedtype RealScalar: FloatingScalar = Double
    /// The result type of arithmetic with `UInt8` (with `Bool` it is the type itself, with `Double` a `Double`).
    associatedtype WithUInt8: ArrayScalar = Self
    /// The result type of arithmetic with `Int32`.
    associatedtype WithInt32: ArrayScalar = Self
    /// The result type of arithmetic with `Int`.
    associatedtype WithInt: ArrayScalar = Self
    /// The result type of arithmetic with `Float`.
    associatedtype WithFloat: ArrayScalar = Self

    /// The zero of the type; `false` for `Bool`.
    static var zeroScalar: Self { get }
    /// The one of the type; `true` for `Bool`.
    static var oneScalar: Self { get }
    /// The kernels' code of the type; only this package can create one, so that no other type conforms.
    static var _kernelType: _KernelType { get }
    /// The text of one scalar, as NumPy prints it outside an array.
    var scalarText: String { get }
    /// The texts of an array's elements, of one width, as NumPy prints them inside an array.
    static func arrayTexts(_ values: [Self], _ format: ArrayFormat) -> [String]
}

/// The code of a scalar type in the C kernels (ck_array.h).
public struct _KernelType: Sendable {
    let code: Int32

    init(_ code: some BinaryInteger) { self.code = Int32(code) }
}

extension ArrayScalar {
    /// The code of the type in the C kernels.
    package static var kernelType: Int32 { _kernelType.code }
}

/// An `ArrayScalar` with arithmetic: all but `Bool`.
public protocol NumericScalar: ArrayScalar, Numeric, Comparable {}

extension NumericScalar {
    /// 0.
    @inlinable public static var zeroScalar: Self { 0 }
    /// 1.
    @inlinable public static var oneScalar: Self { 1 }
}

/// `Int`, `Int32` and `UInt8`.
public protocol IntegerScalar: NumericScalar, FixedWidthInteger where SumScalar == Int, RealScalar == Double {
}

extension Float: NumericScalar {
    /// Sums stay in single precision.
    public typealias SumScalar = Float
    /// Quotients stay in single precision.
    public typealias RealScalar = Float
    /// float32.
    public static var _kernelType: _KernelType { _KernelType(CK_F32) }
}

extension Double: NumericScalar {
    /// Sums stay in double precision.
    public typealias SumScalar = Double
    /// float64.
    public static var _kernelType: _KernelType { _KernelType(CK_F64) }
}

extension Int32: IntegerScalar {
    /// int32.
    public static var _kernelType: _KernelType { _KernelType(CK_I32) }
}

extension Int: IntegerScalar {
    /// int64.
    public static var _kernelType: _KernelType { _KernelType(CK_I64) }
}

extension UInt8: IntegerScalar {
    /// uint8.
    public static var _kernelType: _KernelType { _KernelType(CK_U8) }
}

extension Bool: ArrayScalar {
    /// `false`.
    @inlinable public static var zeroScalar: Bool { false }
    /// `true`.
    @inlinable public static var oneScalar: Bool { true }
    /// bool.
    public static var _kernelType: _KernelType { _KernelType(CK_BOOL) }
}
