import Arrays
import Autodiff
import ExampleData
import Networks
import Support

extension Layer {
    /// The network compiled for examples of `shape` (without the axis N), with the weights that it has now.
    ///
    /// Who asks it more than once compiles once, and asks what this gives.
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

    /// The network's outputs for examples, shape [N, ...], with the weights that it has now: scores, or the predictions of a
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

    /// The predicted classes of some rows of `inputs`, as examples [D], with the weights that the network has now.
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
    ) throws(DescentError) -> Predictions {
        try compiled(for: [inputs.featureCount], precision: precision).predictions(
            for: inputs, rows: rows, labels: labels, loss: loss, probabilities: probabilities)
    }

    /// How many examples go through the layers together: images of a convolution's many channels fill the caches sooner than
    /// rows do.
    var examplesTogether: Int {
        namedParameters.contains { $0.parameter.shape.count == 4 } ? 128 : 1000
    }
}
