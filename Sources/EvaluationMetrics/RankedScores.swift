import Arrays
import Support

/// The share of the examples whose true class is among the k with the highest scores.
public struct TopKAccuracy: Codable, Equatable, Sendable {
    /// The number of answers that an example may take.
    public let k: Int
    /// The share of the examples.
    public let accuracy: Double
    /// Its 95 % interval (Wilson).
    package let interval: ProportionInterval

    /// Returns the top-k accuracies for each k of `counts` that is below the number of classes.
    ///
    /// Of equal scores the class with the lower index is first, as for decisions.
    ///
    /// `scores`: [N, K].
    ///
    /// - Throws: `badData`: no examples, other counts, a class that there is not, a score that is not finite.
    /// - Complexity: O(N K).
    public static func of(
        _ scores: NDArray<Float>, actual: [Int32], counts: [Int] = [2, 3, 5]
    ) throws(DescentError) -> [TopKAccuracy] {
        let width = scores.ndim == 2 ? scores.shape[1] : 0
        try AnswerChecks.requireCounts(actual.count, scores.shape.first ?? 0, of: "scores")
        try AnswerChecks.requireScores(scores, count: actual.count, classes: width)
        try AnswerChecks.requireClasses(actual, count: width, of: "labels")
        var places = [Int](repeating: 0, count: width)
        scores.withUnsafeElements { values in
            for (row, right) in actual.enumerated() {
                let own = values[row * width + Int(right)]
                var place = 0
                for column in 0..<width {
                    let other = values[row * width + column]
                    if other > own || (other == own && column < Int(right)) { place += 1 }
                }
                places[place] += 1
            }
        }
        return counts.filter { $0 >= 1 && $0 < width }.map { k in
            let found = places.prefix(k).reduce(0, +)
            return TopKAccuracy(
                k: k, accuracy: Double(found) / Double(actual.count),
                interval: ProportionInterval(correct: found, count: actual.count))
        }
    }
}

/// An example that was classified wrongly.
public struct Mistake: Codable, Equatable, Sendable {
    /// The number of the example, from 0.
    public let index: Int
    /// The true class.
    public let actual: String
    /// The predicted class.
    public let predicted: String
    /// The score of the predicted class.
    public let confidence: Double

    /// Returns the mistakes with the highest scores, the worst first; equals in the order of the examples.
    ///
    /// `confidence`: the score of each predicted class, N.
    ///
    /// - Precondition: as many of each.
    /// - Complexity: O(N + M log M) for M mistakes.
    static func worst(
        _ limit: Int, actual: [Int32], predicted: [Int32], confidence: [Double], classNames: [String]
    ) -> [Mistake] {
        let wrong = actual.indices.filter { actual[$0] != predicted[$0] }
        return wrong.sorted { confidence[$0] > confidence[$1] }.prefix(limit).map { index in
            Mistake(
                index: index, actual: classNames[Int(actual[index])],
                predicted: classNames[Int(predicted[index])], confidence: confidence[index])
        }
    }
}
