import Arrays
import Classification
import ExampleData
import Support

/// Means and sums of square deviations of each feature in each class, in double precision.
struct ClassMoments {
    let width: Int
    /// The number of examples of each class: K.
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

    /// Returns the largest variance of a feature over all examples, when class k counts as `counts[k]` examples.
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

    /// Adds up `term` of each feature and its index in [K, D], class by class.
    private func pass(
        _ examples: LabeledExamples, _ cancellation: Cancellation?, _ learner: String, _ sums: inout [Double],
        _ term: (Double, Int) -> Double
    ) throws {
        try sums.withUnsafeMutableBufferPointer { sums in
            for first in stride(from: 0, to: examples.count, by: 1024) {
                try Cancellation.check(cancellation, at: learner)
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

extension FeatureMatrix {
    /// Returns the score of each example and class, [N, K] row after row; `score` gets an example's features and the
    /// class.
    func scores(classCount: Int, _ score: (UnsafePointer<Float>, Int) -> Double) -> [Double] {
        var scores: [Double] = []
        scores.reserveCapacity(count * classCount)
        let width = featureCount
        for first in stride(from: 0, to: count, by: 1024) {
            let end = min(first + 1024, count)
            self[first..<end].unscaledFloats.withUnsafeElements { values in
                guard let start = values.baseAddress else { return }
                for row in 0..<end - first {
                    for number in 0..<classCount { scores.append(score(start + row * width, number)) }
                }
            }
        }
        return scores
    }
}

extension ScoreRows {
    /// Returns the classes with the greatest scores [N, K] in double precision; the first of equals.
    static func largest(_ scores: [Double], classCount: Int) -> [Int32] {
        scores.withUnsafeBufferPointer { largest($0, classCount: classCount) }
    }

    /// Returns the softmax of scores [N, K] in double precision.
    static func softmax(_ scores: [Double], classCount: Int) -> NDArray<Float> {
        scores.withUnsafeBufferPointer {
            softmax($0, classCount: classCount, exponential: exponential)
        }
    }
}
