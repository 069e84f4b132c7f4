import Support

/// A node while its operator is made: its attributes, and what is known besides.
struct Node {
    let description: NodeDescription
    /// The version of the operator's set.
    let version: Int
    let loadTensor: (TensorDescription) throws -> ONNXTensor
    /// Compiles a graph in an attribute.
    let compileGraph: (GraphDescription) throws -> Subprogram

    var type: String { description.type }
    var inputCount: Int { description.inputs.count }
    var outputCount: Int { description.outputs.count }

    /// Returns whether an output is asked for.
    func wants(_ output: Int) -> Bool {
        output < description.outputs.count && !description.outputs[output].isEmpty
    }

    func has(_ name: String) -> Bool { description.attributes[name] != nil }

    func int(_ name: String) throws -> Int? {
        guard let value = description.attributes[name] else { return nil }
        guard case .integer(let number) = value, let number = Int(exactly: number) else {
            throw wrong(name, "a whole number")
        }
        return number
    }

    func int(_ name: String, or standard: Int) throws -> Int { try int(name) ?? standard }

    func flag(_ name: String, or standard: Bool = false) throws -> Bool {
        try int(name, or: standard ? 1 : 0) != 0
    }

    func float(_ name: String) throws -> Float? {
        guard let value = description.attributes[name] else { return nil }
        guard case .float(let number) = value else { throw wrong(name, "a number") }
        return number
    }

    func float(_ name: String, or standard: Float) throws -> Float { try float(name) ?? standard }

    func text(_ name: String, or standard: String) throws -> String {
        guard let value = description.attributes[name] else { return standard }
        guard case .text(let text) = value else { throw wrong(name, "a text") }
        return text
    }

    func ints(_ name: String) throws -> [Int]? {
        guard let value = description.attributes[name] else { return nil }
        guard case .integers(let numbers) = value else { throw wrong(name, "whole numbers") }
        return numbers.map { Int($0) }
    }

    func floats(_ name: String) throws -> [Float]? {
        guard let value = description.attributes[name] else { return nil }
        guard case .floats(let numbers) = value else { throw wrong(name, "numbers") }
        return numbers
    }

    func texts(_ name: String) throws -> [String]? {
        guard let value = description.attributes[name] else { return nil }
        guard case .texts(let texts) = value else { throw wrong(name, "texts") }
        return texts
    }

    func tensor(_ name: String) throws -> ONNXTensor? {
        guard let value = description.attributes[name] else { return nil }
        guard case .tensor(let tensor) = value else { throw wrong(name, "a tensor") }
        return try loadTensor(tensor)
    }

    func graph(_ name: String) throws -> Subprogram {
        guard case .graph(let graph)? = description.attributes[name] else { throw wrong(name, "a graph") }
        return try compileGraph(graph)
    }

    /// Refuses attributes by which an old or foreign operator means something else.
    func refuse(_ names: String...) throws {
        for name in names where has(name) {
            throw DescentError(.badData, "an attribute that is not supported", got: "'\(name)'")
        }
    }

    private func wrong(_ name: String, _ expected: String) -> DescentError {
        DescentError(
            .badData, has(name) ? "an attribute of another type" : "a missing attribute",
            expected: "'\(name)', \(expected)")
    }
}

/// What an operator is given for one run.
final class Arguments {
    private(set) var inputs: [ONNXTensor?]
    let budget: MemoryBudget

    init(inputs: [ONNXTensor?], budget: MemoryBudget) {
        self.inputs = inputs
        self.budget = budget
    }

    /// Takes an input away, as it lies.
    ///
    /// - Returns: the tensor, and whether nothing else has its memory, so that it may be written to.
    func take(_ index: Int) -> (tensor: ONNXTensor?, isOwned: Bool) {
        guard index < inputs.count, let tensor = inputs[index], case .tensor = tensor.form else {
            return (nil, false)
        }
        let (type, shape, texts, layout) = (tensor.type, tensor.shape, tensor.texts, tensor.layout)
        var memory = tensor.memory
        inputs[index] = nil
        return Self.owned(&memory, type, shape, texts, layout)
    }

    private static func owned(
        _ memory: inout TensorMemory, _ type: ONNXElementType, _ shape: [Int], _ texts: [String],
        _ layout: Int32
    ) -> (ONNXTensor?, Bool) {
        let isOwned = memory.isWritable && isKnownUniquelyReferenced(&memory)
        return (ONNXTensor(type, shape, memory, texts: texts, layout: layout), isOwned)
    }

    func has(_ index: Int) -> Bool { index < inputs.count && inputs[index] != nil }

    /// Returns an input that may be left out, with images in rows.
    func optional(_ index: Int) throws -> ONNXTensor? {
        try value(index)?.asTensor(index).inRows(budget)
    }

    /// Returns an input of any form, which may be left out: a tensor as it lies, a sequence, an optional value.
    func value(_ index: Int) -> ONNXTensor? { index < inputs.count ? inputs[index] : nil }

    /// Returns the tensors of a sequence.
    ///
    /// - Throws: `badData` where the input is none.
    func sequence(_ index: Int) throws -> [ONNXTensor] {
        guard let value = value(index), case .sequence(let members) = value.form else {
            throw DescentError(.badData, "a missing input", expected: "input \(index), a sequence")
        }
        return members
    }

    /// Returns an input, with images in rows.
    ///
    /// - Throws: `badData` where there is none.
    func callAsFunction(_ index: Int) throws -> ONNXTensor {
        guard let tensor = try optional(index) else {
            throw DescentError(.badData, "a missing input", expected: "input \(index)")
        }
        return tensor
    }

    /// Returns an input as it lies.
    func asLaid(_ index: Int) throws -> ONNXTensor {
        guard let tensor = value(index) else {
            throw DescentError(.badData, "a missing input", expected: "input \(index)")
        }
        return try tensor.asTensor(index)
    }

    /// Makes a tensor whose elements are not set yet.
    func tensor(_ type: ONNXElementType, _ shape: [Int]) throws -> ONNXTensor {
        try ONNXTensor(type, shape, budget)
    }
}

/// An operator with its attributes: tensors to tensors.
typealias Operator = @Sendable (Arguments) throws -> [ONNXTensor]

/// Makes an operator of a node; errors name the node where they are caught.
typealias OperatorMaker = @Sendable (Node) throws -> Operator
