import CKernels
import Support

/// An immutable tensor of any type that ONNX's operators compute with.
///
/// ```swift
/// let x = try ONNXTensor([1, 2, 3, 4] as [Float], shape: [2, 2])
/// let y = try model(["x": x])["y"]?.elements(as: Float.self)
/// ```
public struct ONNXTensor: Sendable {
    /// The type of the elements.
    public let type: ONNXElementType
    /// The lengths of the axes.
    public let shape: [Int]
    let memory: TensorMemory
    /// The elements of a tensor of strings, else empty.
    let texts: [String]
    /// How images lie in memory: CK_LAYOUT_ROWS, or CK_LAYOUT_BLOCKED (float32 of four axes).
    let layout: Int32
    /// Whether it is one tensor, or a value that only some operators take.
    let form: Form

    /// What a value is besides a tensor.
    enum Form: Sendable {
        case tensor
        /// Tensors of one type in order; `shape` is their number.
        case sequence([ONNXTensor])
        /// An optional value that is not there.
        case nothing
    }

    /// The number of elements.
    public var count: Int { shape.reduce(1, *) }
    /// The number of axes.
    var rank: Int { shape.count }
    var base: UnsafeMutableRawPointer { memory.base }

    init(
        _ type: ONNXElementType, _ shape: [Int], _ memory: TensorMemory, texts: [String] = [],
        layout: Int32 = CK_LAYOUT_ROWS, form: Form = .tensor
    ) {
        self.type = type
        self.shape = shape
        self.memory = memory
        self.texts = texts
        self.layout = layout
        self.form = form
    }

    /// Makes a tensor whose elements are not set yet.
    init(_ type: ONNXElementType, _ shape: [Int], _ budget: MemoryBudget) throws {
        let bytes = try Self.byteCount(type, shape)
        guard type != .string || bytes == 0 else {
            throw DescentError(.badData, "an operator of numbers on strings")
        }
        self.init(type, shape, try TensorMemory(bytes, budget))
    }

    /// Creates a tensor of numbers in row-major order.
    ///
    /// - Throws: `usage` unless there are as many elements as the shape has.
    public init<Scalar: ONNXScalar>(_ elements: [Scalar], shape: [Int]) throws {
        try self.init(elements, shape: shape, Self.callers)
    }

    /// Creates a tensor of bytes that are elements of `type` as they are in memory.
    ///
    /// - Throws: `usage` unless there are as many bytes as the shape needs, or for strings.
    public init(_ type: ONNXElementType, bytes: UnsafeRawBufferPointer, shape: [Int]) throws {
        guard type != .string, try Self.byteCount(type, shape) == bytes.count else {
            throw DescentError(
                .usage, "bytes that are no tensor of \(type) of shape \(shape)", got: "\(bytes.count) bytes")
        }
        try self.init(type, shape, Self.callers)
        UnsafeMutableRawBufferPointer(start: base, count: bytes.count).copyMemory(from: bytes)
    }

    init<Scalar: ONNXScalar>(_ elements: [Scalar], shape: [Int], _ budget: MemoryBudget) throws {
        let bytes = try Self.byteCount(Scalar.elementType, shape)
        guard bytes == elements.count * MemoryLayout<Scalar>.size else {
            throw DescentError(
                .usage, "elements that do not fill the shape \(shape)", got: "\(elements.count) elements")
        }
        try self.init(Scalar.elementType, shape, budget)
        elements.withUnsafeBytes {
            UnsafeMutableRawBufferPointer(start: base, count: bytes).copyMemory(from: $0)
        }
    }

    /// Creates a tensor of strings in row-major order.
    ///
    /// - Throws: `usage` unless there are as many as the shape has.
    public init(strings: [String], shape: [Int]) throws {
        guard try Self.byteCount(.string, shape) == strings.count else {
            throw DescentError(
                .usage, "strings that do not fill the shape \(shape)", got: "\(strings.count) strings")
        }
        try self.init(texts: strings, shape: shape, Self.callers)
    }

    /// Creates a tensor of strings.
    init(texts: [String], shape: [Int], _ budget: MemoryBudget) throws {
        self.init(.string, shape, try TensorMemory(0, budget), texts: texts)
    }

    /// What callers make is theirs: no limit but the machine's.
    private static let callers = MemoryBudget(limit: .max)

    /// Returns the elements of a tensor of this type.
    ///
    /// - Throws: `usage` for another type.
    public func elements<Scalar: ONNXScalar>(as scalar: Scalar.Type = Scalar.self) throws -> [Scalar] {
        guard type == Scalar.elementType || (type == .bool && Scalar.self == UInt8.self) else {
            throw DescentError(.usage, "elements of another type", expected: "\(type)", got: "\(Scalar.self)")
        }
        return withExtendedLifetime(self) { Array(view(as: Scalar.self)) }
    }

    /// The elements of a tensor of strings, else empty.
    public var strings: [String] { texts }

    /// Calls `body` with the elements as they are in memory.
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result
    {
        try withExtendedLifetime(memory) {
            try body(UnsafeRawBufferPointer(start: base, count: memory.count))
        }
    }

    /// The elements where they lie; the tensor must live as long.
    func view<Scalar>(as _: Scalar.Type) -> UnsafeMutableBufferPointer<Scalar> {
        UnsafeMutableBufferPointer(start: base.assumingMemoryBound(to: Scalar.self), count: count)
    }

    /// The same elements in another shape of as many.
    func reshaped(_ shape: [Int]) -> ONNXTensor { ONNXTensor(type, shape, memory, texts: texts) }

    /// Returns the bytes that elements of a shape take.
    ///
    /// - Throws: `badData` where the axes are negative or their product overflows, or there are too many axes.
    static func byteCount(_ type: ONNXElementType, _ shape: [Int]) throws -> Int {
        guard shape.count <= Shapes.mostAxes else {
            throw DescentError(
                .badData, "a tensor of too many axes", expected: "at most \(Shapes.mostAxes)",
                got: "\(shape.count)")
        }
        var bytes = max(type.size, 1)
        var isEmpty = false
        for length in shape {
            guard length >= 0 else {
                throw DescentError(.badData, "a tensor with an axis of negative length", got: "\(shape)")
            }
            if length == 0 {
                isEmpty = true
            } else {
                let (product, overflow) = bytes.multipliedReportingOverflow(by: length)
                guard !overflow, product < 1 << 60 else {
                    throw DescentError(.badData, "a tensor whose size overflows", got: "shape \(shape)")
                }
                bytes = product
            }
        }
        return isEmpty ? 0 : bytes
    }
}
