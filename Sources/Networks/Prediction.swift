import Arrays
import Autodiff

/// What a network says of many examples.
public struct Predictions: Sendable {
    /// For each example, the class with the highest score; with one score, 1 where it is above zero, else 0.
    public let labels: [Int32]
    /// The sum of the losses against the given labels; 0 if none were given.
    public let totalLoss: Double
    /// softmax of the scores, shape [N, C], if it was asked for.
    public let probabilities: NDArray<Float>?
}

/// Runs `network` over `rows` of `inputs` without recording gradients, in chunks that stay in the caches.
///
/// `precision`: what the products of convolutions are made in.
///
/// - Precondition: rows in range; labels, if given, one for each row of `inputs`.
/// - Complexity: that of the forward pass.
public func predict(
    _ network: any Layer, _ inputs: ByteRows, rows: Range<Int>? = nil, labels: [Int32]? = nil,
    loss: Loss = .crossEntropy, probabilities wantsProbabilities: Bool = false,
    precision: Precision = .float32
) -> Predictions {
    let rows = rows ?? 0..<inputs.count
    // Images of a convolution's many channels fill the caches sooner than rows do.
    let chunk = network.namedParameters.contains { $0.parameter.shape.count == 4 } ? 128 : 1000
    var predicted: [Int32] = []
    predicted.reserveCapacity(rows.count)
    var total = 0.0
    var probabilities: [Float] = []
    var classes = 0
    // A mean that is weighed by the examples' classes is no sum of the chunks' means.
    let isWeighted = labels != nil && loss.function.weighsExamples
    var weighted: [NDArray<Float>] = []
    for start in stride(from: rows.lowerBound, to: rows.upperBound, by: chunk) {
        let part = (start..<min(start + chunk, rows.upperBound)).map { Int32($0) }
        let tape = Tape<Float>(recordsGradients: false, isTraining: false, precision: precision)
        let scores = network(tape.input(inputs, rows: part))
        classes = scores.shape[1]
        // One score tells two classes apart by its sign.
        predicted += classes == 1 ? scores.value.elements.map { $0 > 0 ? 1 : 0 } : scores.argMax()
        if isWeighted {
            weighted.append(scores.value)
        } else if let labels {
            let mean = loss(scores, labels: part.map { labels[Int($0)] }).value.elements[0]
            total += Double(mean) * Double(part.count)
        }
        if wantsProbabilities { probabilities += scores.softmax().value.elements }
    }
    if isWeighted, let labels, !weighted.isEmpty {
        let tape = Tape<Float>(recordsGradients: false, isTraining: false)
        let mean = loss(tape.constant(concatenate(weighted)), labels: rows.map { labels[$0] })
        total = Double(mean.value.elements[0]) * Double(rows.count)
    }
    return Predictions(
        labels: predicted, totalLoss: total,
        probabilities: wantsProbabilities
            ? NDArray(shape: [predicted.count, classes], elements: probabilities) : nil)
}

/// What `network` gives for examples, shape [N, ...], without recording gradients: scores, or the numbers of a regression.
///
/// A `Sequential` of convolutions and dense layers is made ready at its first call, for each number of images that go
/// through it together; later calls only compute.
///
/// ```swift
/// let scores = outputs(of: network, images)                             // [N, 784] to [N, 10]
/// let faster = outputs(of: network, images, precision: .bfloat16)       // on some processors
/// ```
///
/// - Complexity: that of the forward pass.
public func outputs(
    of network: any Layer, _ inputs: NDArray<Float>, precision: Precision = .float32
) -> NDArray<Float> {
    let tape = Tape<Float>(recordsGradients: false, isTraining: false, precision: precision)
    return network(tape.constant(inputs)).value
}
