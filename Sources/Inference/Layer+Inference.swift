import Arrays
import Autodiff
import ExampleData
import Networks
import Support

extension Layer {
    /// Compiles the network for examples of `shape` (without the axis N), with its present weights.
    ///
    /// For more than one batch, compile once and call the result.
    ///
    /// ```swift
    /// let model = try network.compiled(for: [784])
    /// let faster = try network.compiled(for: [784], precision: .bfloat16)   // on some processors
    /// ```
    ///
    /// - Throws: `usage` that names the layer if such examples do not fit.
    public func compiled(
        for shape: [Int], precision: Precision = .float32
    ) throws(DescentError) -> CompiledNetwork {
        try CompiledNetwork(self, for: shape, precision: precision)
    }

    /// Returns the network's outputs for examples, shape [N, ...], with its present weights: scores, or the predictions of a
    /// regression.
    ///
    /// ```swift
    /// let scores = try network.outputs(for: images)   // [N, 784] to [N, 10]
    /// ```
    ///
    /// - Throws: `usage` that names the layer if the examples do not fit.
    /// - Complexity: compiles the network, and one forward pass.
    public func outputs(
        for examples: NDArray<Float>, precision: Precision = .float32
    ) throws(DescentError) -> NDArray<Float> {
        try compiled(for: Array(examples.shape.dropFirst()), precision: precision)(examples)
    }

    /// Predicts the classes of some rows of `inputs`, as examples [D], with the network's present weights.
    ///
    /// ```swift
    /// let answers = try network.predictions(for: .bytes(digits.test.images), rows: 0..<10)
    /// ```
    ///
    /// - Precondition: rows in range; as many labels as rows of `inputs`, if given.
    /// - Throws: `usage` that names the layer if the examples do not fit.
    /// - Complexity: compiles the network, and one forward pass.
    public func predictions(
        for inputs: FeatureMatrix, rows: Range<Int>? = nil, labels: [Int32]? = nil,
        loss: Loss = .crossEntropy,
        probabilities: Bool = false, precision: Precision = .float32
    ) throws(DescentError) -> BatchPrediction {
        try compiled(for: [inputs.featureCount], precision: precision).predictions(
            for: inputs, rows: rows, labels: labels, loss: loss, probabilities: probabilities)
    }

    /// Whether the first layer is dense, so that it skips the zeros of sparse rows.
    var beginsWithDense: Bool {
        if let sequence = self as? Sequential { return sequence.layers.first?.beginsWithDense ?? false }
        return self is Dense
    }

    /// Requires memory for sparse rows with their zeros, a batch or what is scored together, where the first layer needs them.
    ///
    /// - Throws: `badData` that says how much they would take.
    package func requireUnpackable(_ features: FeatureMatrix?, batchSize: Int) throws(DescentError) {
        guard let features, !beginsWithDense else { return }
        try features.requireUnpackable(rows: max(batchSize, examplesTogether), for: "network")
    }

    /// The number of examples that go through the layers together: images of a convolution's many channels fill the caches
    /// sooner than rows do.
    var examplesTogether: Int {
        namedParameters.contains { $0.parameter.shape.count == 4 } ? 128 : 1000
    }
}
