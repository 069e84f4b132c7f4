import Arrays
import Autodiff
import ExampleData
import Networks
import Support

/// The predicted classes of a batch, with the loss and the probabilities if requested.
public struct BatchPrediction: Sendable {
    /// For each example, the class with the highest score; with one score, 1 where it is above zero, else 0. Empty where
    /// the targets are numbers.
    public let labels: [Int32]
    /// The sum of the losses against the given targets; 0 if none were given.
    public let totalLoss: Double
    /// The softmax of the scores, shape [N, C], if requested.
    public let probabilities: NDArray<Float>?
}

/// An accumulator of predictions over the scores of one chunk of examples after another.
struct PredictionPass {
    /// The targets, by row.
    private let targets: Targets?
    private let loss: Loss
    private let wantsProbabilities: Bool
    private var predicted: [Int32] = []
    private var total = 0.0
    private var probabilities: [Float] = []
    /// The number of examples, of which rows are scored, and of their scores.
    private let count: Int
    private let classes: Int

    /// Creates the pass over `count` examples. `classes`: the number of scores, for the shape of the probabilities.
    ///
    /// - Precondition: as many targets as examples, if given.
    init(of count: Int, classes: Int, targets: Targets?, loss: Loss, probabilities: Bool) {
        require(
            targets.map { $0.count == count } ?? true, "\(targets?.count ?? 0) labels for \(count) examples")
        self.count = count
        self.classes = classes
        self.targets = targets
        self.loss = loss
        wantsProbabilities = probabilities
    }

    /// The predictions of all chunks.
    var result: BatchPrediction {
        BatchPrediction(
            labels: predicted, totalLoss: total,
            probabilities: wantsProbabilities
                ? NDArray(shape: [predicted.count, classes], elements: probabilities) : nil)
    }

    /// Scores `rows` in chunks.
    mutating func run(
        _ rows: Range<Int>, chunk: Int, scores: (Range<Int>) throws -> NDArray<Float>
    ) rethrows {
        require(0 <= rows.lowerBound && rows.upperBound <= count, "rows \(rows) of \(count) examples")
        predicted.reserveCapacity(rows.count)
        // A mean that is weighed by the examples' classes is no sum of the chunks' means.
        let isWeighted = targets != nil && loss.function.weighsExamples
        var weighted: [NDArray<Float>] = []
        for start in stride(from: rows.lowerBound, to: rows.upperBound, by: chunk) {
            let part = start..<min(start + chunk, rows.upperBound)
            let scores = try scores(part)
            add(scores, of: part, withLoss: !isWeighted)
            if isWeighted { weighted.append(scores) }
        }
        if isWeighted, !weighted.isEmpty { total = sum(of: concatenate(weighted), for: rows) }
    }

    private mutating func add(_ scores: NDArray<Float>, of rows: Range<Int>, withLoss: Bool) {
        let tape = Tape<Float>(recordsGradients: false, isTraining: false)
        let tensor = tape.constant(scores)
        // One score tells two classes apart by its sign; numbers are no classes.
        if case .values? = targets {
        } else {
            predicted += scores.shape[1] == 1 ? scores.elements.map { $0 > 0 ? 1 : 0 } : tensor.argMax()
        }
        if withLoss { total += sum(of: scores, for: rows) }
        if wantsProbabilities { probabilities += tensor.softmax().value.elements }
    }

    /// Returns the sum of the losses of some rows; 0 without targets.
    private func sum(of scores: NDArray<Float>, for rows: Range<Int>) -> Double {
        guard let targets else { return 0 }
        let tape = Tape<Float>(recordsGradients: false, isTraining: false)
        let mean = loss(tape.constant(scores), of: targets[rows]).value.elements[0]
        return Double(mean) * Double(rows.count)
    }
}
