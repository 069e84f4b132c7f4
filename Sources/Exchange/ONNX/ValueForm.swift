import ONNXMessages

/// The name, element type and shape of a graph's input or output.
struct ValueForm {
    /// The length of an axis.
    enum Length {
        case count(Int)
        /// As many as the caller gives: N.
        case any(String)
    }

    let name: String
    let type: Onnx_TensorProto.DataType
    let shape: [Length]
    let words: String

    init(_ name: String, _ type: Onnx_TensorProto.DataType, _ shape: [Length], _ words: String = "") {
        (self.name, self.type, self.shape, self.words) = (name, type, shape, words)
    }

    /// With N examples on the first axis.
    init(_ name: String, _ type: Onnx_TensorProto.DataType, examples shape: [Int], _ words: String = "") {
        self.init(name, type, [.any("N")] + shape.map { .count($0) }, words)
    }

    var message: Onnx_ValueInfoProto {
        var tensor = Onnx_TypeProto.Tensor()
        tensor.elemType = Int32(type.rawValue)
        tensor.shape.dim = shape.map { length in
            var dimension = Onnx_TensorShapeProto.Dimension()
            switch length {
            case .count(let count): dimension.dimValue = Int64(count)
            case .any(let name): dimension.dimParam = name
            }
            return dimension
        }
        if tensor.shape.dim.isEmpty { tensor.shape = Onnx_TensorShapeProto() }
        var message = Onnx_ValueInfoProto()
        message.name = name
        message.type.tensorType = tensor
        if !words.isEmpty { message.docString = words }
        return message
    }
}

extension GraphBuilder {
    /// Returns the whole as a graph.
    func graph(_ name: String, inputs: [ValueForm], outputs: [ValueForm]) -> Onnx_GraphProto {
        var graph = Onnx_GraphProto()
        graph.name = name
        graph.node = nodes
        graph.initializer = constants
        graph.input = inputs.map(\.message)
        graph.output = outputs.map(\.message)
        return graph
    }
}
