import Support

/// Makes a program of a graph: names checked, nodes in order, constants computed.
struct GraphCompiler {
    /// The opsets whose operators are known. Of newer ones only what they did not change would be right.
    static let opsets = 1...28

    let opsets: [String: Int]
    let registry: OperatorRegistry
    let budget: MemoryBudget
    var loader: TensorLoader
    let path: String

    /// What the compiling of one graph collects.
    private struct State {
        var slots: [String: Int] = [:]
        var program = Program()
        var captures: [String] = []

        mutating func slot(_ name: String) -> Int {
            if let known = slots[name] { return known }
            slots[name] = program.slotCount
            program.slotCount += 1
            return program.slotCount - 1
        }
    }

    /// Compiles the model's own graph.
    ///
    /// - Parameter outputs: the names of the tensors to compute; nil for the graph's outputs.
    mutating func compile(_ graph: GraphDescription, outputs: [String]?) throws -> Program {
        try compile(graph, outputs: outputs, around: nil).program
    }

    /// `around`: the names of the graphs around; nil for the model's own graph.
    private mutating func compile(
        _ graph: GraphDescription, outputs: [String]?, around: Set<String>?
    ) throws -> State {
        guard !graph.hasSparseInitializers else {
            throw DescentError(.badData, "sparse initializers are not supported", at: path)
        }
        var state = State()
        let known = try names(of: graph)
        let wanted = outputs ?? graph.outputs.map(\.name)
        for name in wanted
        where !known.producers.keys.contains(name) && !known.given.contains(name)
            && around?.contains(name) != true
        {
            throw DescentError(.badData, "an output that no node gives", at: path, got: "'\(name)'")
        }
        let order = try order(graph.nodes, known, around ?? [], wanted)
        var used: Set<String> = Set(wanted)
        for index in order { used.formUnion(graph.nodes[index].inputs) }
        // An initializer that a graph inside alone uses counts too.
        let inside = Set(order.flatMap { Self.freeNames(graph.nodes[$0]) })
        for tensor in graph.initializers where used.contains(tensor.name) || inside.contains(tensor.name) {
            state.program.constants[state.slot(tensor.name)] = try loader.tensor(tensor)
        }
        let initialized = Set(graph.initializers.map(\.name))
        for input in graph.inputs where !initialized.contains(input.name) {
            state.program.inputSlots.append((input.name, state.slot(input.name)))
        }
        for index in order {
            try add(graph.nodes[index], known, around ?? [], to: &state)
        }
        for name in wanted {
            if state.slots[name] == nil, around?.contains(name) == true {
                state.captures.append(name)
                state.program.inputSlots.append((name, state.slot(name)))
            }
            state.program.outputSlots.append((name, state.slot(name)))
        }
        return state
    }

    private struct Names {
        /// The node that gives a tensor, by the tensor's name.
        var producers: [String: Int] = [:]
        /// Inputs and initializers.
        var given: Set<String> = []
        var all: Set<String> { given.union(producers.keys) }
    }

    private func names(of graph: GraphDescription) throws -> Names {
        func twice(_ name: String) -> DescentError {
            DescentError(.badData, "a name of two tensors", at: path, got: "'\(name)'")
        }
        var names = Names()
        for input in graph.inputs {
            guard names.given.insert(input.name).inserted else { throw twice(input.name) }
        }
        var initialized: Set<String> = []
        for tensor in graph.initializers {
            guard initialized.insert(tensor.name).inserted else { throw twice(tensor.name) }
            names.given.insert(tensor.name)
        }
        for (index, node) in graph.nodes.enumerated() {
            for output in node.outputs where !output.isEmpty {
                guard !names.given.contains(output),
                    names.producers.updateValue(index, forKey: output) == nil
                else { throw twice(output) }
            }
        }
        return names
    }

    /// Returns the nodes that the outputs need, each after those that it needs.
    private func order(
        _ nodes: [NodeDescription], _ names: Names, _ around: Set<String>, _ wanted: [String]
    ) throws -> [Int] {
        // 0: not seen, 1: on the path, 2: done. Without recursion: a chain of nodes may be as long as the file.
        var states = [UInt8](repeating: 0, count: nodes.count)
        var order: [Int] = []
        var stack: [(node: Int, inputs: [String], next: Int)] = []
        func visit(_ name: String, for node: NodeDescription?) throws {
            guard let producer = names.producers[name] else {
                guard names.given.contains(name) || around.contains(name) else {
                    throw DescentError(
                        .badData, "a tensor that no node gives",
                        at: node.map { "\(path), \($0.label)" } ?? path,
                        got: "'\(name)'")
                }
                return
            }
            switch states[producer] {
            case 0:
                states[producer] = 1
                let node = nodes[producer]
                stack.append((producer, node.inputs + Self.freeNames(node), 0))
            case 1:
                throw DescentError(
                    .badData, "a cycle: a node that needs its own output",
                    at: "\(path), \(nodes[producer].label)")
            default: break
            }
        }
        for name in wanted {
            try visit(name, for: nil)
            while let top = stack.last {
                if top.next == top.inputs.count {
                    states[top.node] = 2
                    order.append(top.node)
                    stack.removeLast()
                } else {
                    stack[stack.count - 1].next += 1
                    let input = top.inputs[top.next]
                    if !input.isEmpty { try visit(input, for: nodes[top.node]) }
                }
            }
        }
        return order
    }

    /// The names that the graphs in a node's attributes take from outside.
    private static func freeNames(_ node: NodeDescription) -> [String] {
        node.attributes.sorted { $0.key < $1.key }.flatMap { _, attribute -> [String] in
            guard case .graph(let graph) = attribute else { return [] }
            var own = Set(graph.inputs.map(\.name) + graph.initializers.map(\.name))
            for node in graph.nodes { own.formUnion(node.outputs) }
            let asked = graph.nodes.flatMap { $0.inputs + freeNames($0) } + graph.outputs.map(\.name)
            return asked.filter { !$0.isEmpty && !own.contains($0) }
        }
    }

    private mutating func add(
        _ node: NodeDescription, _ names: Names, _ around: Set<String>, to state: inout State
    ) throws {
        let place = "\(path), \(node.label)"
        let version = try version(of: node, place)
        guard let make = registry.maker(node.domain, node.type, version: version) else {
            let isNewer = registry.maker(node.domain, node.type, version: .max) != nil
            throw DescentError(
                .badData,
                isNewer
                    ? "an operator that opset \(version) does not have yet"
                    : "an operator that is not supported",
                at: place, got: "\(node.domain.isEmpty ? "" : node.domain + ".")\(node.type)",
                advice: isNewer ? nil : "see the list of operators in Sources/ONNXImport/README.md")
        }
        var extra: [String] = []
        // The makers run before this function goes on, one after another.
        var compiler = self
        let outside = around.union(names.all)
        let explicit = node.inputs.count
        let isolated = Node(
            description: node, version: version, loadTensor: { try compiler.loader.tensor($0) },
            compileGraph: { graph in
                let inner = try compiler.compile(graph, outputs: nil, around: outside)
                let offset = explicit + extra.count
                extra += inner.captures
                return Subprogram(
                    program: inner.program.finished(), captures: inner.captures, offset: offset,
                    inputNames: graph.inputs.map(\.name), outputForms: graph.outputs.map(ONNXModel.Value.init)
                )
            })
        let run = try Program.naming(place) { try make(isolated) }
        var inputs: [Int] = []
        for name in node.inputs + extra {
            guard !name.isEmpty else {
                inputs.append(-1)
                continue
            }
            if state.slots[name] == nil, !names.all.contains(name) {
                state.captures.append(name)
                state.program.inputSlots.append((name, state.slot(name)))
            }
            inputs.append(state.slot(name))
        }
        let outputs = node.outputs.map { $0.isEmpty ? -1 : state.slot($0) }
        let step = Step(
            label: place, type: node.domain.isEmpty ? node.type : "\(node.domain).\(node.type)",
            run: withHalves(run, node.type), inputs: inputs, outputs: outputs, node: node)
        let constants = inputs.map { $0 < 0 ? nil : state.program.constants[$0] }
        let isConstant = zip(inputs, constants).allSatisfy { $0 < 0 || $1 != nil }
        guard isConstant, !Self.isRandom(node) else {
            state.program.steps.append(step)
            return
        }
        let results = try Program.naming(place) {
            try step.run(Arguments(inputs: constants, budget: budget))
        }
        for (index, slot) in outputs.enumerated() where slot >= 0 {
            guard index < results.count else {
                throw DescentError(.badData, "an output that the operator does not have", at: place)
            }
            state.program.constants[slot] = try results[index].inRows(budget)
        }
        if around.isEmpty { budget.endStep() }
    }

    private static func isRandom(_ node: NodeDescription) -> Bool {
        node.type.hasPrefix("Random") || node.type == "Bernoulli" || node.type == "Multinomial"
    }

    private func version(of node: NodeDescription, _ place: String) throws -> Int {
        guard let version = opsets[node.domain] else {
            throw DescentError(
                .badData, "a node of an operator set that the model does not name", at: place,
                got: "'\(node.domain)'")
        }
        if node.domain.isEmpty, !Self.opsets.contains(version) {
            throw DescentError(
                .badData, "an opset that is not known", at: place,
                expected: "\(Self.opsets.lowerBound) to \(Self.opsets.upperBound)", got: "\(version)")
        }
        return version
    }
}

extension Program {
    /// The program with each tensor given back after its last use, and without constants that nothing uses.
    func finished() -> Program {
        var result = self
        var seen = Set(outputSlots.map(\.slot))
        for index in steps.indices.reversed() {
            var releases: [Int] = []
            for slot in steps[index].inputs where slot >= 0 && seen.insert(slot).inserted {
                releases.append(slot)
            }
            result.steps[index].releases = releases
        }
        result.constants = constants.filter { seen.contains($0.key) }
        return result
    }
}
