import Support

/// Operators that run graphs: branches and loops.
enum ControlKernels {
    /// Returns the only element of a condition.
    static func truth(_ condition: ONNXTensor) throws -> Bool {
        try condition.expect(.bool)
        guard condition.count == 1 else {
            throw DescentError(.badData, "a condition of several elements", got: "shape \(condition.shape)")
        }
        return withExtendedLifetime(condition) { condition.view(as: UInt8.self)[0] != 0 }
    }

    static let branch: OperatorMaker = { node in
        let (yes, no) = (try node.graph("then_branch"), try node.graph("else_branch"))
        return { try (truth($0(0)) ? yes : no).run([], $0) }
    }

    /// Tensors of all passes along a new first axis; without a pass, none of what the graph says of its output.
    fileprivate static func stacked(
        _ parts: [ONNXTensor], axis: Int, _ form: ONNXModel.Value, _ budget: MemoryBudget
    ) throws -> ONNXTensor {
        guard !parts.isEmpty else {
            let shape = form.shape.map { [0] + $0.map { $0 ?? 0 } } ?? [0]
            if form.type == .string { return try ONNXTensor(texts: [], shape: shape, budget) }
            return try ONNXTensor(form.type ?? .float32, shape, budget)
        }
        return try JoiningKernels.concatenate(
            parts.map { try ShapeKernels.unsqueezed($0.asTensor(0), [axis]) }, axis: axis, budget)
    }

    /// A graph again and again: the number of passes (or none), whether to go on, and what one pass hands to the next.
    static let loop: OperatorMaker = { node in
        let body = try node.graph("body")
        let carried = node.inputCount - 2
        let scanned = body.program.outputSlots.count - 1 - carried
        guard carried >= 0, scanned >= 0, body.inputNames.count == carried + 2 else {
            throw DescentError(
                .badData, "a loop whose graph does not fit its inputs",
                expected: "\(carried + 2) inputs, at least \(carried + 1) outputs",
                got: "\(body.inputNames.count) and \(body.program.outputSlots.count)")
        }
        return { arguments in
            let budget = arguments.budget
            let most = try arguments.optional(0)?.scalarInt() ?? .max
            var goesOn = try arguments.optional(1).map(truth) ?? true
            var values = try (2..<2 + carried).map { try arguments.any($0) }
            var parts = [[ONNXTensor]](repeating: [], count: scanned)
            var pass = 0
            let mark = budget.mark
            while goesOn, pass < most {
                try budget.countPass()
                let number = try ONNXTensor([Int64(pass)], shape: [], budget)
                let condition = try arguments.tensor(.bool, [])
                condition.view(as: UInt8.self)[0] = 1
                let results = try body.run([number, condition] + values, arguments)
                goesOn = try truth(results[0].asTensor(0))
                values = Array(results[1..<1 + carried])
                for index in 0..<scanned { parts[index].append(results[1 + carried + index]) }
                pass += 1
                budget.endStep(since: mark)
            }
            return try values
                + parts.enumerated().map { index, list in
                    try stacked(list, axis: 0, body.outputForms[1 + carried + index], budget)
                }
        }
    }

    /// A graph for each slice of some tensors, with what one pass hands to the next.
    static let scan: OperatorMaker = { node in
        let scanner = try Scanner(node, states: node.inputCount)
        return { arguments in
            let inputs = try (0..<scanner.inputs).map { try arguments.any($0) }
            return try scanner(inputs, arguments)
        }
    }

    /// The form of opset 8: lengths of the sequences (or none), and each example of a batch by itself.
    static let scanOfBatch: OperatorMaker = { node in
        let scanner = try Scanner(node, states: node.inputCount - 1, directions: "directions")
        return { arguments in
            let budget = arguments.budget
            let inputs = try (0..<scanner.inputs).map { try arguments($0 + 1) }
            guard arguments.value(0) == nil, let batch = inputs[scanner.inputs - 1].shape.first, batch > 0,
                inputs.allSatisfy({ $0.shape.first == batch })
            else {
                throw DescentError(
                    .badData, "a scan of sequences of several lengths, or of no batch",
                    got: "\(inputs.map(\.shape))")
            }
            var results: [[ONNXTensor]] = []
            for example in 0..<batch {
                let own = try inputs.map {
                    try ShapeKernels.squeezed(
                        SlicingKernels.slice(
                            $0, starts: [example], ends: [example + 1], axes: [0], steps: nil, budget), [0])
                }
                results.append(try scanner(own, arguments))
            }
            return try results[0].indices.map { output in
                try JoiningKernels.concatenate(
                    results.map { try ShapeKernels.unsqueezed($0[output].asTensor(0), [0]) }, axis: 0, budget)
            }
        }
    }
}

/// A graph that is run for each slice of some tensors.
private struct Scanner: Sendable {
    let body: Subprogram
    /// The inputs: what passes hand on, then what is scanned.
    let inputs: Int
    private let states: Int
    private let axes: [Int]
    private let directions: [Int]
    private let resultAxes: [Int]
    private let resultDirections: [Int]

    init(_ node: Node, states inputs: Int, directions name: String = "scan_input_directions") throws {
        let body = try node.graph("body")
        let outputs = body.program.outputSlots.count
        let scanned = try node.int("num_scan_inputs", or: 0)
        guard scanned > 0, scanned <= inputs, body.inputNames.count == inputs,
            outputs >= inputs - scanned
        else {
            throw DescentError(
                .badData, "a scan whose graph does not fit its inputs", expected: "\(inputs) inputs",
                got: "\(body.inputNames.count), \(scanned) of them scanned")
        }
        (self.body, self.inputs, states) = (body, inputs, inputs - scanned)
        func list(_ name: String, _ count: Int) throws -> [Int] {
            let given = try node.ints(name) ?? [Int](repeating: 0, count: count)
            guard given.count == count else {
                throw DescentError(
                    .badData, "another number of \(name)", expected: "\(count)", got: "\(given.count)")
            }
            return given
        }
        axes = try list("scan_input_axes", scanned)
        directions = try list(name, scanned)
        resultAxes = try list("scan_output_axes", outputs - states)
        resultDirections = try list("scan_output_directions", outputs - states)
    }

    func callAsFunction(_ given: [ONNXTensor], _ arguments: Arguments) throws -> [ONNXTensor] {
        let budget = arguments.budget
        var values = Array(given[..<states])
        let sources = try given[states...].map { try $0.asTensor(0).inRows(budget) }
        let places = try sources.indices.map { try Shapes.axis(axes[$0], rank: sources[$0].rank) }
        let length = sources[0].shape[places[0]]
        guard sources.indices.allSatisfy({ sources[$0].shape[places[$0]] == length }) else {
            throw DescentError(.badData, "tensors of two lengths to scan", got: "\(sources.map(\.shape))")
        }
        var parts = [[ONNXTensor]](repeating: [], count: resultAxes.count)
        let mark = budget.mark
        for pass in 0..<length {
            try budget.countPass()
            let slices = try sources.indices.map { index -> ONNXTensor in
                let at = directions[index] == 0 ? pass : length - 1 - pass
                let slice = try SlicingKernels.slice(
                    sources[index], starts: [at], ends: [at + 1], axes: [places[index]], steps: nil, budget)
                return try ShapeKernels.squeezed(slice, [places[index]])
            }
            let results = try body.run(values + slices, arguments)
            values = Array(results[..<states])
            for index in parts.indices { parts[index].append(results[states + index]) }
            budget.endStep(since: mark)
        }
        return try values
            + parts.enumerated().map { index, list in
                try ControlKernels.stacked(
                    resultDirections[index] == 0 ? list : list.reversed(), axis: resultAxes[index],
                    body.outputForms[states + index], budget)
            }
    }
}

extension OperatorRegistry {
    static var controlOperators: Family {
        [
            ("If", 1, ControlKernels.branch), ("Loop", 1, ControlKernels.loop),
            ("Scan", 8, ControlKernels.scanOfBatch), ("Scan", 9, ControlKernels.scan),
        ]
    }
}
