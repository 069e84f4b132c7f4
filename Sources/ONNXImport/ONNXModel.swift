import Support

/// A neural network in ONNX's format, ready to run.
///
/// ```swift
/// let model = try ONNXModel(contentsOf: "resnet50.onnx")
/// let result = try model(["data": pictures])          // [N, 3, 224, 224] to class scores
/// ```
///
/// It is immutable and may be called from any number of tasks at once. Weights stay in the mapped file until they are packed;
/// what does not depend on an input is computed once, when the file is opened. Results have the same bits on any number of
/// threads.
public struct ONNXModel: Sendable {
    /// What one input or output is called and how it is formed.
    public struct Value: Sendable, Equatable {
        /// The name by which tensors are given and found.
        public let name: String
        /// The type of the elements; nil where the file does not say, or it is no type of ours.
        public let type: ONNXElementType?
        /// The lengths of the axes, nil for one that is free; nil as a whole where the file does not say.
        public let shape: [Int?]?
    }

    /// The inputs that a caller gives, without those that have values in the file.
    public let inputs: [Value]
    /// The outputs, or the tensors that were asked for instead.
    public let outputs: [Value]
    /// The texts that the file keeps beside the network.
    public let metadata: [String: String]
    /// The program that wrote the file, with its version.
    public let producer: String
    /// The version of ONNX's own operators.
    public let opset: Int
    /// The number of operators that are run: what is left after constants and fusions.
    public var stepCount: Int { program.steps.count }
    /// The tensor that the last layer of weights takes, of those on the way to the first output: what a trained network sees just before
    /// it answers. nil where there is none.
    public let lastLayerInput: String?
    /// Whether the first output is that of a softmax.
    public let endsInSoftmax: Bool
    /// Whether weights are in files beside it.
    package let hasExternalData: Bool
    let program: Program
    private let memoryLimit: Int

    /// The most memory that a model's tensors take together unless said otherwise: 8 GiB.
    public static let standardMemoryLimit = 8 << 30

    /// Opens a file, checks its graph, and prepares its operators.
    ///
    /// - Parameters:
    ///   - outputs: the names of the tensors to compute, of any in the graph; nil for the graph's outputs.
    ///   - memoryLimit: the most bytes that its tensors may take together, its constants and one run apart.
    ///   - path: the file.
    /// - Throws: `missingInput` where there is no such file; `badData` that names the tensor or node where it is damaged, asks
    ///   for more memory than the limit, or has an operator that is not supported.
    public init(
        contentsOf path: String, outputs: [String]? = nil, memoryLimit: Int = standardMemoryLimit
    ) throws {
        try self.init(FileMap(path), outputs, memoryLimit)
    }

    /// Opens a model that is in memory; its external data, if any, would be in the present folder.
    ///
    /// - Parameters:
    ///   - name: what errors call it.
    ///   - bytes: the file's contents.
    ///   - outputs: as above.
    ///   - memoryLimit: as above.
    public init(
        bytes: [UInt8], named name: String = "model", outputs: [String]? = nil,
        memoryLimit: Int = standardMemoryLimit
    ) throws {
        try self.init(FileMap(contents: bytes, path: name), outputs, memoryLimit)
    }

    private init(_ map: FileMap, _ wanted: [String]?, _ memoryLimit: Int) throws {
        var reader = WireReader(map, 0..<map.bytes.count)
        var model = try reader.model()
        guard let graph = model.graph else {
            throw DescentError(
                .badData, "not an ONNX file: it has no graph", at: map.path, advice: "give an .onnx file")
        }
        for function in model.functions {
            model.opsets.merge(function.opsets) { own, _ in own }
        }
        let whole = try FunctionInliner(model).inlined(graph, path: map.path)
        let budget = MemoryBudget(limit: memoryLimit, keeps: true)
        defer { budget.endStep() }
        var compiler = GraphCompiler(
            opsets: model.opsets, registry: .standard, budget: budget, loader: TensorLoader(map, budget),
            path: map.path)
        let program = try compiler.compile(whole, outputs: wanted)
        self.program = try program.fused(budget).finished()
        opset = model.opsets[""] ?? 0
        self.memoryLimit = memoryLimit
        metadata = model.metadata
        producer = [model.producer, model.producerVersion].filter { !$0.isEmpty }.joined(separator: " ")
        hasExternalData = model.hasExternalData
        let initialized = Set(graph.initializers.map(\.name))
        inputs = graph.inputs.filter { !initialized.contains($0.name) }.map(Value.init)
        let described = Dictionary(
            (graph.outputs + graph.values + graph.inputs).map { ($0.name, $0) }
        ) { first, _ in first }
        let ending = ClassifierEnding(
            whole, output: wanted?.first ?? graph.outputs.first?.name ?? "")
        (lastLayerInput, endsInSoftmax) = (ending.lastLayerInput, ending.isSoftmax)
        self.outputs = program.outputSlots.map { output in
            Value(described[output.name] ?? ValueDescription(name: output.name))
        }
    }

    /// Computes the outputs, by their names.
    ///
    /// - Parameter given: a tensor for each input.
    /// - Throws: `usage` where an input is missing, unknown, or of another type or shape than the file says; `badData` that
    ///   names the node where an operator cannot take its tensors.
    public func callAsFunction(_ given: [String: ONNXTensor]) throws -> [String: ONNXTensor] {
        let results = try run(given)
        return Dictionary(zip(outputs.map(\.name), results)) { first, _ in first }
    }

    /// Computes the outputs in their order.
    public func run(_ given: [String: ONNXTensor]) throws -> [ONNXTensor] {
        for input in inputs {
            guard let tensor = given[input.name] else {
                throw DescentError(
                    .usage, "a missing input", expected: "'\(input.name)', \(input.formText)",
                    got: given.keys.sorted().joined(separator: ", "))
            }
            try input.check(tensor)
        }
        for name in given.keys.sorted() where !inputs.contains(where: { $0.name == name }) {
            throw DescentError(
                .usage, "an input that the model does not have",
                expected: inputs.map(\.name).joined(separator: ", "), got: name)
        }
        return try program.run(given, MemoryBudget(limit: memoryLimit, keeps: true))
    }
}

extension ONNXModel.Value {
    init(_ description: ValueDescription) {
        name = description.name
        type = description.type.flatMap(ONNXElementType.init(rawValue:))
        shape = description.axes?.map { axis in
            guard case .length(let length) = axis, length >= 0 else { return nil }
            return Int(exactly: length)
        }
    }

    /// The type and the shape as text: `float32 [?, 3, 224, 224]`.
    public var formText: String {
        let axes = shape.map { $0.map { $0.map(String.init) ?? "?" }.joined(separator: ", ") }
        return "\(type.map(\.description) ?? "any type") [\(axes ?? "...")]"
    }

    func check(_ tensor: ONNXTensor) throws {
        let fits =
            shape.map { shape in
                shape.count == tensor.shape.count
                    && zip(shape, tensor.shape).allSatisfy { $0 == nil || $0 == $1 }
            } ?? true
        // What the file describes as a tensor is one; it does not say here what another value is.
        var isTensor = false
        if case .tensor = tensor.form { isTensor = true }
        guard isTensor || type == nil && shape == nil, fits, type == nil || type == tensor.type else {
            throw DescentError(
                .usage, "an input that does not fit", at: "input '\(name)'", expected: formText,
                got: "\(tensor.type) \(tensor.shape)")
        }
    }
}
