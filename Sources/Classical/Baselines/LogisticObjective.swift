import Arrays

/// The mean loss of a logistic regression, 1/N sum -log P(y | x) + 1/(2 C N) sum |w|^2, and its gradient.
///
/// Products with large sets of examples are made in single precision (six times as fast on MNIST), the rest always in
/// double. Blocks of rows are added up in order, so the bits do not depend on the threads.
struct LogisticObjective {
    private let examples: LabeledExamples
    private let penalty: Double
    private let isSingle: Bool
    let width: Int
    /// How many rows of weights there are: K, or one for two classes.
    let rows: Int

    /// Rows that are worked on at once.
    private static let blockSize = 4096
    /// From so many features in all on, products are made in single precision.
    private static let manyFeatures = 1 << 21

    init(_ examples: LabeledExamples, inverseStrength: Double) {
        self.examples = examples
        width = examples.examples.featureCount
        rows = examples.classNames.count == 2 ? 1 : examples.classNames.count
        penalty = 1 / (inverseStrength * Double(examples.count))
        isSingle = examples.count * width >= Self.manyFeatures
    }

    /// Weights, then intercepts.
    var parameterCount: Int { rows * (width + 1) }

    /// How much of the value may be rounding.
    var rounding: Double { isSingle ? 1e-7 : 1e-14 }

    /// The loss and its gradient.
    func value(at point: [Double], _ cancellation: Cancellation?) throws -> (Double, [Double]) {
        let weights = NDArray(shape: [rows, width], elements: Array(point[..<(rows * width)]))
        let intercepts = NDArray(Array(point[(rows * width)...]))
        var loss = 0.0
        var weightGradient = NDArray<Double>.zeros(rows, width)
        var interceptGradient = NDArray<Double>.zeros(rows)
        let share = 1 / Double(examples.count)
        let singleWeights = weights.asType(Float.self)
        for first in stride(from: 0, to: examples.count, by: Self.blockSize) {
            try ExampleChecks.check(cancellation, "logistic regression")
            let block = examples.examples[first..<min(first + Self.blockSize, examples.count)].numbers
            var scores =
                isSingle
                ? matmul(block, singleWeights.T).asType(Double.self)
                : matmul(block.asType(Double.self), weights.T)
            scores += intercepts
            scores.withUnsafeMutableElements { loss += turnIntoDifferences($0, first) }
            interceptGradient += scores.sum(axis: 0)
            weightGradient +=
                isSingle
                ? matmul(scores.asType(Float.self).T, block).asType(Double.self)
                : matmul(scores.T, block.asType(Double.self))
        }
        loss *= share
        loss += 0.5 * penalty * square(weights).sum()
        weightGradient *= share
        weightGradient += weights * penalty
        return (loss, weightGradient.elements + (interceptGradient * share).elements)
    }

    /// Makes each row of scores P - [k = y]; returns the sum of -log P(y).
    private func turnIntoDifferences(_ scores: UnsafeMutableBufferPointer<Double>, _ first: Int) -> Double {
        var loss = 0.0
        for row in 0..<scores.count / rows {
            let number = examples.classes[first + row]
            if rows == 1 {
                // The other class has score 0.
                let score = scores[row]
                let most = max(score, 0)
                let sum = exponential(score - most) + exponential(-most)
                loss += most + logarithm(sum) - (number == 1 ? score : 0)
                scores[row] = exponential(score - most) / sum - (number == 1 ? 1 : 0)
                continue
            }
            let start = row * rows
            var most = scores[start]
            for place in start..<start + rows { most = max(most, scores[place]) }
            loss += most - scores[start + number]
            var sum = 0.0
            for place in start..<start + rows {
                scores[place] = exponential(scores[place] - most)
                sum += scores[place]
            }
            loss += logarithm(sum)
            for place in start..<start + rows { scores[place] /= sum }
            scores[start + number] -= 1
        }
        return loss
    }
}
