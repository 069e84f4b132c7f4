import Support

/// Puts the nodes of a model's own functions in the place of the nodes that name them.
struct FunctionInliner {
    /// The most nodes that functions may make: one may hold two of another, and so on.
    private static let mostNodes = 100_000
    private static let deepest = 32
    private let functions: [String: FunctionDescription]
    private var serial = 0
    private var made = 0

    init(_ model: ModelDescription) {
        functions = Dictionary(model.functions.map { ("\($0.domain).\($0.name)", $0) }) { first, _ in first }
    }

    /// Returns the graph without nodes of functions.
    ///
    /// - Throws: `badData` where functions hold one another too deep, as in a circle.
    func inlined(_ graph: GraphDescription, path: String) throws -> GraphDescription {
        guard !functions.isEmpty else { return graph }
        var inliner = self
        var result = graph
        result.nodes = try graph.nodes.flatMap { try inliner.expanded($0, depth: 0, path: path) }
        return result
    }

    private mutating func expanded(_ node: NodeDescription, depth: Int, path: String) throws
        -> [NodeDescription]
    {
        guard let function = functions["\(node.domain).\(node.type)"] else { return [node] }
        made += function.nodes.count
        guard depth < Self.deepest, made <= Self.mostNodes else {
            throw DescentError(.badData, "functions that hold one another", at: "\(path), \(node.label)")
        }
        serial += 1
        let prefix = "\(node.name)/\(serial)/"
        var names: [String: String] = ["": ""]
        for (index, input) in function.inputs.enumerated() {
            names[input] = index < node.inputs.count ? node.inputs[index] : ""
        }
        for (index, output) in function.outputs.enumerated() {
            let outer = index < node.outputs.count ? node.outputs[index] : ""
            names[output] = outer.isEmpty ? prefix + output : outer
        }
        func renamed(_ name: String) -> String { names[name] ?? prefix + name }
        return try function.nodes.flatMap { inner in
            var copy = inner
            copy.name = prefix + inner.name
            copy.inputs = inner.inputs.map(renamed)
            copy.outputs = inner.outputs.map(renamed)
            copy.attributes = inner.attributes.compactMapValues { value in
                guard case .reference(let name) = value else { return value }
                return node.attributes[name] ?? function.defaults[name]
            }
            return try expanded(copy, depth: depth + 1, path: path)
        }
    }
}
