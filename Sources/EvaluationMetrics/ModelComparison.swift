import Arrays
import Support

/// Two classifiers on the same examples: which examples only one of them gets right, and whether that may be chance.
///
/// With b examples that only the first has right and c that only the second has: McNemar's exact test, and his statistic with
/// Edwards's correction, max(0, |b − c| − 1)² / (b + c), which follows χ² with one degree of freedom where b + c is large.
///
/// ```swift
/// let comparison = try ModelComparison(name: "runs/old", actual: labels, first: new, second: old)
/// comparison.exactProbability   // 0.012: hardly chance
/// ```
///
/// Source: Q. McNemar, "Note on the sampling error of the difference between correlated proportions or percentages" (1947).
public struct ModelComparison: Codable, Equatable, Sendable {
    /// The name of the second classifier, which the report's own is compared with.
    public let name: String
    /// The accuracy of the first.
    public let accuracy: Double
    /// The accuracy of the second.
    public let otherAccuracy: Double
    /// The number of examples that both have right.
    public let bothCorrect: Int
    /// The number of examples that only the first has right.
    public let onlyFirst: Int
    /// The number of examples that only the second has right.
    public let onlySecond: Int
    /// The number of examples that both have wrong.
    public let bothWrong: Int
    /// The probability of a split of the examples that only one has right at least as uneven, were both equally good.
    public let exactProbability: Double
    /// The statistic χ².
    package let chiSquare: Double
    /// The probability of a statistic at least as large.
    package let chiSquareProbability: Double

    /// Whether the difference is significant at 5 %, by the exact test.
    public var isSignificant: Bool { exactProbability < 0.05 }

    /// Compares the classes that two classifiers decided for.
    ///
    /// - Throws: `badData`: no examples, or other counts.
    /// - Complexity: O(N).
    public init(
        name: String, actual: [Int32], first: [Int32], second: [Int32]
    ) throws(DescentError) {
        try AnswerChecks.requireCounts(actual.count, first.count, of: "predictions")
        try AnswerChecks.requireCounts(actual.count, second.count, of: "predictions of '\(name)'")
        var counts = [0, 0, 0, 0]
        for row in actual.indices {
            counts[(first[row] == actual[row] ? 0 : 2) + (second[row] == actual[row] ? 0 : 1)] += 1
        }
        let n = Double(actual.count)
        self.name = name
        (bothCorrect, onlyFirst, onlySecond, bothWrong) = (counts[0], counts[1], counts[2], counts[3])
        accuracy = Double(bothCorrect + onlyFirst) / n
        otherAccuracy = Double(bothCorrect + onlySecond) / n
        exactProbability = PairedTest.probability(onlyFirst, onlySecond)
        let distance = Double(max(0, abs(onlyFirst - onlySecond) - 1))
        chiSquare = onlyFirst + onlySecond > 0 ? distance * distance / Double(onlyFirst + onlySecond) : 0
        chiSquareProbability = Mathematics.complementaryErrorFunction((chiSquare / 2).squareRoot())
    }
}
