/// A datatype of the Open Inference Protocol, version 2.
///
/// Source: "Predict Protocol - Version 2", KServe, section "Tensor Data Types".
public enum TensorDatatype: String, Sendable, CaseIterable {
    case boolean = "BOOL"
    case uint8 = "UINT8", uint16 = "UINT16", uint32 = "UINT32", uint64 = "UINT64"
    case int8 = "INT8", int16 = "INT16", int32 = "INT32", int64 = "INT64"
    case float16 = "FP16", float32 = "FP32", float64 = "FP64"
    /// Texts: in the binary form each after its length, 4 bytes, little-endian.
    case bytes = "BYTES"

    /// The size of one element in the binary form; nil for texts, whose sizes differ.
    public var byteCount: Int? {
        switch self {
        case .boolean, .uint8, .int8: 1
        case .uint16, .int16, .float16: 2
        case .uint32, .int32, .float32: 4
        case .uint64, .int64, .float64: 8
        case .bytes: nil
        }
    }

    /// The smallest and the largest number that it holds; nil for texts.
    var range: ClosedRange<Double>? {
        switch self {
        case .boolean: 0...1
        case .uint8: 0...255
        case .uint16: 0...65_535
        case .uint32: 0...4_294_967_295
        case .uint64: 0...0x1p64
        case .int8: -128...127
        case .int16: -32_768...32_767
        case .int32: -2_147_483_648...2_147_483_647
        case .int64: -0x1p63...0x1p63
        case .float16: -65_504...65_504
        case .float32: -Double(Float.greatestFiniteMagnitude)...Double(Float.greatestFiniteMagnitude)
        case .float64: -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
        case .bytes: nil
        }
    }

    /// Whether its numbers may have fractions.
    var hasFractions: Bool { self == .float16 || self == .float32 || self == .float64 }
}
