import Arrays

/// The mean loss of a logistic regression, 1/N sum -log P(y | x) + 1/(2 C N) sum |w|^2, and its gradient.
struct LogisticObjective {
    private let examples: LabeledExamples
    private let penalty: Double
    let width: Int
    /// How many rows of weights there are: K, or one for two classes.
    let rows: Int

    /// Rows that are in double precision at once.
    private static let blockSize = 4096

    init(_ examples: LabeledExamples, inverseStrength: Double) {
        self.examples = examples
        width = examples.examples.featureCount
        rows = examples.classNames.count == 2 ? 1 : examples.classNames.count
        penalty = 1 / (inverseStrength * Double(examples.count))
    }

    /// Weights, then intercepts.
    var parameterCount: Int { rows * (width + 1) }

    /// The loss and its gradient; blocks are added up in order, so the bits do not depend on the threads.
    func value(at point: [Double], _ cancellation: Cancellation?) throws -> (Double, [Double]) {
        let weights = NDArray(shape: [rows, width], elements: Array(point[..<(rows * width)]))
        let intercepts = NDArray(Array(point[(rows * width)...]))
        var loss = 0.0
        var weightGradient = NDArray<Double>.zeros(rows, width)
        var interceptGradient = NDArray<Double>.zeros(rows)
        let share = 1 / Double(examples.count)
        for first in stride(from: 0, to: examples.count, by: Self.blockSize) {
            try ExampleChecks.check(cancellation, "logistic regression")
            let end = min(first + Self.blockSize, examples.count)
            let block = examples.examples[first..<end].numbers.asType(Double.self)
            var scores = matmul(block, weights.T) + intercepts
            scores.withUnsafeMutableElements { loss += turnIntoDifferences($0, first) }
            scores *= share
            weightGradient += matmul(scores.T, block)
            interceptGradient += scores.sum(axis: 0)
        }
        loss *= share
        loss += 0.5 * penalty * square(weights).sum()
        weightGradient += weights * penalty
        return (loss, weightGradient.elements + interceptGradient.elements)
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
