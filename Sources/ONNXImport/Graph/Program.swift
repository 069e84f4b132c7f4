import Support

/// A step of a program: an operator on slots.
struct Step: Sendable {
    var label: String
    var type: String
    var run: Operator
    /// The slots of the inputs; -1 for one that is left out.
    var inputs: [Int]
    /// The slots of the outputs; -1 for one that nobody asks for.
    var outputs: [Int]
    /// The slots whose tensors nobody needs after this step.
    var releases: [Int] = []
    /// The node, by which fusions know the step.
    var node: NodeDescription
}

/// A graph that is checked, in an order in which it can be run.
struct Program: Sendable {
    var steps: [Step] = []
    /// The number of slots.
    var slotCount = 0
    var constants: [Int: ONNXTensor] = [:]
    /// The slots of the inputs, by name.
    var inputSlots: [(name: String, slot: Int)] = []
    var outputSlots: [(name: String, slot: Int)] = []

    /// Runs all steps.
    ///
    /// - Throws: the error of an operator, with the name of its node.
    func run(_ inputs: [String: ONNXTensor], _ budget: MemoryBudget) throws -> [ONNXTensor] {
        // What a program around this one has made in its present step, it keeps.
        let mark = budget.mark
        var slots = [ONNXTensor?](repeating: nil, count: slotCount)
        for (slot, tensor) in constants { slots[slot] = tensor }
        for (name, slot) in inputSlots {
            if let tensor = inputs[name] { slots[slot] = tensor }
        }
        for step in steps {
            let arguments = Arguments(
                inputs: step.inputs.map { $0 < 0 ? nil : slots[$0] }, budget: budget)
            for slot in step.releases { slots[slot] = nil }
            let results = try Self.naming(step.label) { try step.run(arguments) }
            for (index, slot) in step.outputs.enumerated() where slot >= 0 {
                guard index < results.count else {
                    throw DescentError(
                        .badData, "an output that the operator does not have", at: step.label,
                        expected: "at most \(results.count)", got: "\(step.outputs.count)")
                }
                slots[slot] = results[index]
            }
            budget.endStep(since: mark)
        }
        defer { budget.endStep(since: mark) }
        return try outputSlots.map { output in
            guard let tensor = slots[output.slot] else {
                throw DescentError(.badData, "an output that no node gives", got: "'\(output.name)'")
            }
            return try tensor.inRows(budget)
        }
    }

    /// Adds a node's name to the errors of `body`.
    static func naming<Result>(_ label: String, _ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as DescentError {
            throw error.place == nil ? error.at(label) : error
        }
    }
}

/// A graph in a node's attribute, which sees the tensors of the graph around it.
struct Subprogram: Sendable {
    var program: Program
    /// The names that come from the graph around; the node's inputs from `offset` on.
    var captures: [String]
    var offset: Int
    var inputNames: [String]
    /// What the graph says of its outputs.
    var outputForms: [ONNXModel.Value]

    func run(_ inputs: [ONNXTensor], _ arguments: Arguments) throws -> [ONNXTensor] {
        guard inputs.count == inputNames.count else {
            throw DescentError(
                .badData, "a graph with other inputs than its node gives", expected: "\(inputs.count)",
                got: "\(inputNames.count)")
        }
        var given = Dictionary(zip(inputNames, inputs)) { first, _ in first }
        for (index, name) in captures.enumerated() { given[name] = arguments.value(offset + index) }
        return try program.run(given, arguments.budget)
    }
}
