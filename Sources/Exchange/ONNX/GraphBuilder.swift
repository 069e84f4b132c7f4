import Arrays
import Foundation
import ONNXMessages

/// A graph under construction: nodes in the order of computation, and constants.
///
/// A value is known by its name; each method returns the name of what it computes.
struct GraphBuilder {
    /// The value of a node's attribute.
    enum Attribute {
        case int(Int)
        case ints([Int])
        case float(Float)
        case floats([Float])
        case text(String)
        case texts([String])
        case graph(Onnx_GraphProto)
    }

    /// The operators outside the core set.
    static let machineLearning = "ai.onnx.ml"

    private(set) var nodes: [Onnx_NodeProto] = []
    private(set) var constants: [Onnx_TensorProto] = []
    /// Whether an operator outside the core set is used.
    private(set) var usesMachineLearning = false
    /// The size of the constants.
    private(set) var byteCount = 0
    private var count = 0
    private let prefix: String

    /// Creates an empty graph, whose names begin with `prefix`.
    init(prefix: String = "") { self.prefix = prefix.isEmpty ? "" : prefix + "_" }

    /// Returns a name that no other value has.
    mutating func fresh(_ hint: String) -> String {
        count += 1
        return "\(prefix)\(hint)_\(count)"
    }

    /// Adds a node with one output, of that name or a fresh one.
    @discardableResult
    mutating func add(
        _ kind: String, _ inputs: String..., attributes: KeyValuePairs<String, Attribute> = [:],
        domain: String = "", named name: String? = nil
    ) -> String {
        let name = name ?? fresh(kind.lowercased())
        add(kind, inputs: inputs, outputs: [name], attributes: attributes, domain: domain)
        return name
    }

    /// Adds a node with any number of inputs and outputs.
    mutating func add(
        _ kind: String, inputs: [String], outputs: [String],
        attributes: KeyValuePairs<String, Attribute> = [:], domain: String = ""
    ) {
        var node = Onnx_NodeProto()
        node.opType = kind
        node.name = "\(prefix)\(kind)_\(nodes.count)"
        node.input = inputs
        node.output = outputs
        if !domain.isEmpty {
            node.domain = domain
            usesMachineLearning = usesMachineLearning || domain == Self.machineLearning
        }
        node.attribute = attributes.map { $0.value.message(named: $0.key) }
        nodes.append(node)
    }

    /// Adds a constant array.
    mutating func constant<Scalar: ONNXElement>(
        _ array: NDArray<Scalar>, _ hint: String = "constant"
    ) -> String {
        var tensor = Onnx_TensorProto()
        tensor.name = fresh(hint)
        tensor.dataType = Int32(Scalar.elementType.rawValue)
        tensor.dims = array.shape.map { Int64($0) }
        // x86-64 and 64-bit ARM are little-endian, as the format is.
        tensor.rawData = array.withUnsafeElements { Data(buffer: $0) }
        byteCount += tensor.rawData.count
        constants.append(tensor)
        return tensor.name
    }

    /// Adds a constant of one axis.
    mutating func constant<Scalar: ONNXElement>(
        _ values: [Scalar], _ hint: String = "constant"
    ) -> String {
        constant(NDArray(shape: [values.count], elements: values), hint)
    }

    /// Adds a constant of one number, without an axis.
    mutating func scalar<Scalar: ONNXElement>(_ value: Scalar, _ hint: String = "constant") -> String {
        constant(NDArray(shape: [], elements: [value]), hint)
    }

    /// Adds a constant list of texts.
    mutating func texts(_ values: [String], _ hint: String = "texts") -> String {
        var tensor = Onnx_TensorProto()
        tensor.name = fresh(hint)
        tensor.dataType = Int32(Onnx_TensorProto.DataType.string.rawValue)
        tensor.dims = [Int64(values.count)]
        tensor.stringData = values.map { Data($0.utf8) }
        constants.append(tensor)
        return tensor.name
    }
}

/// A type of numbers that a constant may have.
protocol ONNXElement: ArrayScalar {
    static var elementType: Onnx_TensorProto.DataType { get }
}

extension Float: ONNXElement {
    static var elementType: Onnx_TensorProto.DataType { .float }
}

extension Double: ONNXElement {
    static var elementType: Onnx_TensorProto.DataType { .double }
}

extension Int: ONNXElement {
    static var elementType: Onnx_TensorProto.DataType { .int64 }
}

extension UInt8: ONNXElement {
    static var elementType: Onnx_TensorProto.DataType { .uint8 }
}

extension Bool: ONNXElement {
    static var elementType: Onnx_TensorProto.DataType { .bool }
}

extension GraphBuilder.Attribute {
    fileprivate func message(named name: String) -> Onnx_AttributeProto {
        var attribute = Onnx_AttributeProto()
        attribute.name = name
        switch self {
        case .int(let value): (attribute.type, attribute.i) = (.int, Int64(value))
        case .ints(let values): (attribute.type, attribute.ints) = (.ints, values.map { Int64($0) })
        case .float(let value): (attribute.type, attribute.f) = (.float, value)
        case .floats(let values): (attribute.type, attribute.floats) = (.floats, values)
        case .text(let text): (attribute.type, attribute.s) = (.string, Data(text.utf8))
        case .texts(let texts): (attribute.type, attribute.strings) = (.strings, texts.map { Data($0.utf8) })
        case .graph(let graph): (attribute.type, attribute.g) = (.graph, graph)
        }
        return attribute
    }
}
