import CGraph

/// The type of a tensor's elements, with ONNX's numbers.
public enum ONNXElementType: Int32, Sendable, CaseIterable, CustomStringConvertible {
    case float32 = 1
    case uint8 = 2
    case int8 = 3
    case uint16 = 4
    case int16 = 5
    case int32 = 6
    case int64 = 7
    case string = 8
    case bool = 9
    case float16 = 10
    case float64 = 11
    case uint32 = 12
    case uint64 = 13
    case bfloat16 = 16

    /// The bytes of one element in memory; 0 for strings, which are kept apart.
    var size: Int {
        switch self {
        case .string: 0
        case .uint8, .int8, .bool: 1
        case .uint16, .int16, .float16, .bfloat16: 2
        case .float32, .int32, .uint32: 4
        case .float64, .int64, .uint64: 8
        }
    }

    /// Whether it is a type of 16 bits that is computed in float32.
    var isHalf: Bool { self == .float16 || self == .bfloat16 }
    /// Whether it is float32 or float64.
    var isReal: Bool { self == .float32 || self == .float64 }
    var isFloating: Bool { isReal || isHalf }

    /// The type's name as NumPy has it.
    public var description: String {
        switch self {
        case .float32: "float32"
        case .uint8: "uint8"
        case .int8: "int8"
        case .uint16: "uint16"
        case .int16: "int16"
        case .int32: "int32"
        case .int64: "int64"
        case .string: "string"
        case .bool: "bool"
        case .float16: "float16"
        case .float64: "float64"
        case .uint32: "uint32"
        case .uint64: "uint64"
        case .bfloat16: "bfloat16"
        }
    }
}

/// A number that a tensor can hold.
public protocol ONNXScalar: Sendable {
    /// The type of a tensor of such numbers.
    static var elementType: ONNXElementType { get }
}

extension Float: ONNXScalar {
    /// The type `float32`.
    public static var elementType: ONNXElementType { .float32 }
}

extension Double: ONNXScalar {
    /// The type `float64`.
    public static var elementType: ONNXElementType { .float64 }
}

extension UInt8: ONNXScalar {
    /// The type `uint8`.
    public static var elementType: ONNXElementType { .uint8 }
}

extension Int8: ONNXScalar {
    /// The type `int8`.
    public static var elementType: ONNXElementType { .int8 }
}

extension UInt16: ONNXScalar {
    /// The type `uint16`.
    public static var elementType: ONNXElementType { .uint16 }
}

extension Int16: ONNXScalar {
    /// The type `int16`.
    public static var elementType: ONNXElementType { .int16 }
}

extension UInt32: ONNXScalar {
    /// The type `uint32`.
    public static var elementType: ONNXElementType { .uint32 }
}

extension Int32: ONNXScalar {
    /// The type `int32`.
    public static var elementType: ONNXElementType { .int32 }
}

extension UInt64: ONNXScalar {
    /// The type `uint64`.
    public static var elementType: ONNXElementType { .uint64 }
}

extension Int64: ONNXScalar {
    /// The type `int64`.
    public static var elementType: ONNXElementType { .int64 }
}
