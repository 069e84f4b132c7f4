import Arrays
import Autodiff
import ExampleData
import Networks
import Support

/// A network compiled for inference: arrays to arrays, with the weights that it had when it was compiled.
///
/// It is immutable, so it may be called from any number of tasks at once, and gives each the same bits. Convolutions
/// followed by dense layers, with what belongs to them, become one plan of packed weights; other networks run on a tape over
/// copies of their parameters. Of all networks with a layer of another package's type, one is run at a time, the others
/// wait: such a layer must take its parameters from the tape (`tape.parameter`), must not share other state with the code
/// that trains it, and must not wait for another thread that calls such a network.
///
/// ```swift
/// let model = try network.compiled(for: [784])
/// let scores = try model(images)                                        // [N, 784] to [N, 10]
/// let answers = try model.predictions(for: .bytes(digits.test.images))
/// ```
public struct CompiledNetwork: Sendable {
    /// The shape of one example, without the axis N.
    public let inputShape: [Int]
    /// The shape of one example's output.
    public let outputShape: [Int]
    /// The precision of the products.
    public let precision: Precision
    private let engine: any InferenceEngine
    /// The number of examples that go through the layers together where there are many.
    private let chunk: Int
    /// Whether sparse rows stay sparse: the first layer skips their zeros.
    private let skipsZeros: Bool

    /// Compiles `network` with its present weights.
    ///
    /// - Throws: `usage` that names the layer if examples of `shape` do not fit.
    /// - Complexity: a copy of the weights, and the creation of the primitives; a forward pass of one example for a network
    ///   that does not state its output's shape.
    public init(
        _ network: any Layer, for shape: [Int], precision: Precision = .float32
    ) throws(DescentError) {
        // The weights are read: equal layers must be told apart before.
        if !(network is Sequential) { network.seedFirstValues() }
        outputShape = try network.fittedOutputShape(for: shape)
        inputShape = shape
        self.precision = precision
        chunk = network.examplesTogether
        skipsZeros = network.beginsWithDense
        let plan = PlanBuilder(network, for: shape).flatMap { FrozenPlan($0, precision: precision) }
        engine = plan ?? FrozenNetwork(network, precision: precision)
    }

    /// Whether the layers run as one plan, and not on a tape.
    package var isPlanned: Bool { engine is FrozenPlan }

    /// Returns the network's outputs for examples, shape [N] + `inputShape`: [N] + `outputShape`.
    ///
    /// - Throws: `badData` if the examples have another shape.
    /// - Complexity: that of the forward pass, in chunks that stay in the caches; the memory of one chunk's activations.
    public func callAsFunction(_ examples: NDArray<Float>) throws(DescentError) -> NDArray<Float> {
        try check(examples.shape)
        let count = examples.shape[0]
        guard count > 0 else { return NDArray(shape: [0] + outputShape, elements: []) }
        guard count > chunk else { return engine.outputs(for: examples) }
        return concatenate(
            stride(from: 0, to: count, by: chunk).map { start in
                engine.outputs(for: examples[start..<min(start + chunk, count)])
            })
    }

    /// Predicts the classes of some rows of `inputs`, in chunks that stay in the caches; see ``BatchPrediction``.
    ///
    /// - Parameters:
    ///   - inputs: the examples, one in each row.
    ///   - rows: the rows to predict; nil for all.
    ///   - labels: the true classes, one for each row of `inputs`, from which the loss is computed; nil for none.
    ///   - loss: the loss of the scores against the labels.
    ///   - probabilities: whether softmax of the scores is computed too.
    /// - Precondition: rows in range; as many labels as rows of `inputs`.
    /// - Throws: `badData` if a row has another number of elements than the network's examples, or the outputs are not
    ///   scores.
    /// - Complexity: that of the forward pass.
    public func predictions(
        for inputs: FeatureMatrix, rows: Range<Int>? = nil, labels: [Int32]? = nil,
        loss: Loss = .crossEntropy,
        probabilities: Bool = false
    ) throws(DescentError) -> BatchPrediction {
        guard inputs.featureCount == LayerCost.product(inputShape) else {
            throw misfit([inputs.count, inputs.featureCount])
        }
        let classes = try classCount()
        var pass = PredictionPass(
            of: inputs.count, classes: classes, targets: labels.map(Targets.classes), loss: loss,
            probabilities: probabilities)
        pass.run(rows ?? 0..<inputs.count, chunk: chunk) { rows in
            engine.outputs(for: inputs, rows: rows.map { Int32($0) }, shape: inputShape)
        }
        return pass.result
    }

    /// Predicts the classes of examples, shape [N] + `inputShape`; see ``BatchPrediction``.
    ///
    /// - Precondition: as many labels as examples, if given.
    /// - Throws: `badData` if the examples have another shape, or the outputs are not scores.
    /// - Complexity: that of the forward pass.
    public func predictions(
        for examples: NDArray<Float>, labels: [Int32]? = nil, loss: Loss = .crossEntropy,
        probabilities: Bool = false
    ) throws(DescentError) -> BatchPrediction {
        try check(examples.shape)
        let classes = try classCount()
        var pass = PredictionPass(
            of: examples.shape[0], classes: classes, targets: labels.map(Targets.classes), loss: loss,
            probabilities: probabilities)
        pass.run(0..<examples.shape[0], chunk: chunk) { engine.outputs(for: examples[$0]) }
        return pass.result
    }

    /// Returns the softmax of the scores of one example of bytes, each having the value `scale` b; nil where the network has no
    /// plan, or another number of inputs.
    ///
    /// The same numbers as by `predictions(for:)`.
    package func softmax(of example: NDArray<UInt8>, scale: Float) -> [Float]? {
        guard let plan = engine as? FrozenPlan else { return nil }
        return example.withUnsafeElements { plan.softmax(of: $0, scale: scale) }
    }

    /// Requires memory for a chunk of sparse rows with their zeros, where the first layer needs them.
    ///
    /// - Throws: `badData` that says how much they would take.
    package func requireUnpackable(_ features: FeatureMatrix) throws(DescentError) {
        guard !skipsZeros else { return }
        try features.requireUnpackable(rows: chunk, for: "network")
    }

    private func check(_ shape: [Int]) throws(DescentError) {
        guard shape.first != nil, Array(shape.dropFirst()) == inputShape else { throw misfit(shape) }
    }

    private func misfit(_ shape: [Int]) -> DescentError {
        let wanted = (["N"] + inputShape.map(String.init)).joined(separator: ", ")
        return DescentError(
            .badData, "examples of another shape than the network was compiled for",
            expected: "[\(wanted)]", got: "\(shape)",
            advice: shape == inputShape ? "give one example as [1, ...]: example[.newAxis]" : nil)
    }

    /// Returns the number of scores of one example.
    private func classCount() throws(DescentError) -> Int {
        guard outputShape.count == 1 else {
            throw DescentError(
                .badData, "classes are told from one score each", expected: "outputs of shape [C]",
                got: "\(outputShape)", advice: "call the network itself for its outputs")
        }
        return outputShape[0]
    }
}
