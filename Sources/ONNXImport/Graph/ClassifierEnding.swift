/// How a classifier's graph ends: what its last layer of weights takes, and whether probabilities come out.
struct ClassifierEnding: Sendable {
    /// The tensor that the last layer of weights takes; nil where there is none on the way to the output.
    var lastLayerInput: String?
    /// Whether the output is that of a softmax, as it is or in another shape.
    var isSoftmax = false

    /// Operators that change the shape or the type and no value.
    private static let passing: Set = ["Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Cast"]
    /// Layers of weights.
    private static let layers: Set = [
        "Gemm", "MatMul", "Conv", "QLinearMatMul", "QLinearConv", "MatMulInteger", "ConvInteger",
    ]

    /// Walks back from `output` along the first inputs.
    init(_ graph: GraphDescription, output: String) {
        var producers: [String: NodeDescription] = [:]
        for node in graph.nodes {
            for name in node.outputs where !name.isEmpty { producers[name] = node }
        }
        var (name, isAtEnd) = (output, true)
        // A graph with a cycle has no end.
        for _ in 0...graph.nodes.count {
            guard let node = producers[name], let first = node.inputs.first, !first.isEmpty else { return }
            if Self.layers.contains(node.type) {
                lastLayerInput = first
                return
            }
            if isAtEnd, node.type == "Softmax" { isSoftmax = true }
            isAtEnd = isAtEnd && Self.passing.contains(node.type)
            // A bias may be written before what it is added to.
            name = node.inputs.first { producers[$0] != nil && producers[$0]?.type != "Constant" } ?? first
        }
    }
}
