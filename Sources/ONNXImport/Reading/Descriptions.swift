import Support

/// A model as its file describes it: nothing is checked but the format.
struct ModelDescription: Sendable {
    var irVersion: Int64 = 0
    var producer = ""
    var producerVersion = ""
    var opsets: [String: Int] = [:]
    var metadata: [String: String] = [:]
    var graph: GraphDescription?
    var functions: [FunctionDescription] = []
}

struct GraphDescription: Sendable {
    var name = ""
    var nodes: [NodeDescription] = []
    var initializers: [TensorDescription] = []
    var inputs: [ValueDescription] = []
    var outputs: [ValueDescription] = []
    var values: [ValueDescription] = []
    var hasSparseInitializers = false
}

/// A function of the model's own: nodes in the place of a node.
struct FunctionDescription: Sendable {
    var name = ""
    var domain = ""
    var inputs: [String] = []
    var outputs: [String] = []
    var nodes: [NodeDescription] = []
    var defaults: [String: AttributeDescription] = [:]
    var opsets: [String: Int] = [:]
}

struct NodeDescription: Sendable {
    var name = ""
    var type = ""
    var domain = ""
    var inputs: [String] = []
    var outputs: [String] = []
    var attributes: [String: AttributeDescription] = [:]

    /// The node, for people: its name, or its first output where it has none.
    var label: String {
        let title = name.isEmpty ? outputs.first { !$0.isEmpty } ?? "?" : name
        return "node '\(title)' (\(domain.isEmpty ? type : "\(domain).\(type)"))"
    }
}

indirect enum AttributeDescription: Sendable {
    case float(Float)
    case integer(Int64)
    case text(String)
    case tensor(TensorDescription)
    case graph(GraphDescription)
    case floats([Float])
    case integers([Int64])
    case texts([String])
    /// The name of an attribute of the function around the node.
    case reference(String)
    /// A type of attribute that no operator here has: sparse tensors, types, lists of tensors and graphs.
    case other
}

/// An input, an output or an inner tensor: its name and what is known of its form.
struct ValueDescription: Sendable {
    var name = ""
    /// ONNX's number of the type of the elements; nil for no tensor.
    var type: Int32?
    /// The axes; nil for any number of them.
    var axes: [AxisDescription]?
}

enum AxisDescription: Equatable, Sendable {
    case length(Int64)
    case name(String)
    case unknown
}

struct TensorDescription: Sendable {
    var name = ""
    var dimensions: [Int64] = []
    var type: Int32 = 0
    /// Where the elements lie in the file as they are in memory.
    var raw: Range<Int>?
    var floats: [Float] = []
    /// int32_data: also the smaller whole numbers, bool and the 16-bit numbers.
    var integers: [Int64] = []
    var longs: [Int64] = []
    var doubles: [Double] = []
    var texts: [String] = []
    /// Where another file has the elements: location, offset, length.
    var external: [String: String] = [:]
    var isExternal = false
    var isSegment = false
}

extension ModelDescription {
    /// Whether a tensor's elements are in another file.
    var hasExternalData: Bool {
        graph?.hasExternalData == true || functions.contains { $0.nodes.contains(where: \.hasExternalData) }
    }
}

extension GraphDescription {
    fileprivate var hasExternalData: Bool {
        initializers.contains(where: \.isExternal) || nodes.contains(where: \.hasExternalData)
    }
}

extension NodeDescription {
    fileprivate var hasExternalData: Bool {
        attributes.values.contains { value in
            switch value {
            case .tensor(let tensor): tensor.isExternal
            case .graph(let graph): graph.hasExternalData
            default: false
            }
        }
    }
}
