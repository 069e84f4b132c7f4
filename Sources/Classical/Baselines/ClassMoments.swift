import Arrays
import Classification
import ExampleData
import Support

/// Means and sums of square deviations of each feature in each class, in double precision.
struct ClassMoments {
    let width: Int
    /// How many examples each class has: K.
    private(set) var counts: [Int]
    /// [K, D].
    private(set) var means: [Double]
    /// Sums of squares of the deviations from the class's mean: [K, D].
    private(set) var squares: [Double]

    init(_ examples: LabeledExamples, cancellation: Cancellation?, _ learner: String) throws {
        width = examples.features.featureCount
        counts = [Int](repeating: 0, count: examples.classNames.count)
        means = [Double](repeating: 0, count: examples.classNames.count * width)
        squares = means
        for number in examples.classes { counts[Int(number)] += 1 }
        try pass(examples, cancellation, learner, &means) { value, _ in value }
        for place in means.indices { means[place] /= Double(counts[place / width]) }
        let centers = means
        try pass(examples, cancellation, learner, &squares) { value, place in
            (value - centers[place]) * (value - centers[place])
        }
    }

    /// The largest variance of a feature over all examples, when class k counts as `counts[k]` examples.
    func largestVariance(weighting weights: [Double]) -> Double {
        let total = weights.reduce(0, +)
        return (0..<width).map { column -> Double in
            let mean = weights.indices.reduce(0) { $0 + weights[$1] * means[$1 * width + column] } / total
            return weights.indices.reduce(0) { sum, number in
                let away = means[number * width + column] - mean
                let own = squares[number * width + column] / Double(counts[number])
                return sum + weights[number] * (own + away * away)
            } / total
        }.max() ?? 0
    }

    /// Adds up `term` of each feature and its place in [K, D], class by class.
    private func pass(
        _ examples: LabeledExamples, _ cancellation: Cancellation?, _ learner: String, _ sums: inout [Double],
        _ term: (Double, Int) -> Double
    ) throws {
        try sums.withUnsafeMutableBufferPointer { sums in
            for first in stride(from: 0, to: examples.count, by: 1024) {
                try ExampleChecks.check(cancellation, learner)
                let end = min(first + 1024, examples.count)
                examples.features[first..<end].unscaledFloats.withUnsafeElements { values in
                    for row in first..<end {
                        let start = Int(examples.classes[row]) * width
                        for column in 0..<width {
                            let value = Double(values[(row - first) * width + column])
                            sums[start + column] += term(value, start + column)
                        }
                    }
                }
            }
        }
    }
}

/// Scores of examples by class, and what follows from them.
enum Scores {
    /// The score of each example and class, [N, K] row after row; `score` gets an example's features and the class.
    static func make(
        _ examples: FeatureMatrix, _ classes: Int, _ score: (UnsafePointer<Float>, Int) -> Double
    ) -> [Double] {
        var scores: [Double] = []
        scores.reserveCapacity(examples.count * classes)
        let width = examples.featureCount
        for first in stride(from: 0, to: examples.count, by: 1024) {
            let end = min(first + 1024, examples.count)
            examples[first..<end].unscaledFloats.withUnsafeElements { values in
                guard let start = values.baseAddress else { return }
                for row in 0..<end - first {
                    for number in 0..<classes { scores.append(score(start + row * width, number)) }
                }
            }
        }
        return scores
    }

    /// The class with the greatest score of each row; the first of equals.
    static func winners(_ scores: [Double], _ classes: Int) -> [Int32] {
        stride(from: 0, to: scores.count, by: classes).map { start in
            var best = 0
            for number in 1..<classes where scores[start + number] > scores[start + best] { best = number }
            return Int32(best)
        }
    }

    /// exp(s_k) / sum_j exp(s_j) of each row: [N, K].
    static func softmax(_ scores: [Double], _ classes: Int) -> NDArray<Float> {
        NDArray(shape: [scores.count / classes, classes]) { target in
            for start in stride(from: 0, to: scores.count, by: classes) {
                let most = scores[start..<start + classes].max() ?? 0
                let powers = scores[start..<start + classes].map { exponential($0 - most) }
                let sum = powers.reduce(0, +)
                for number in 0..<classes {
                    target.initializeElement(at: start + number, to: Float(powers[number] / sum))
                }
            }
        }
    }
}
