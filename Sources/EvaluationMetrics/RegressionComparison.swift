import Support

/// Two regressors on the same examples: which is nearer to the targets, and whether that may be chance.
///
/// The absolute errors are compared example by example by Wilcoxon's signed-rank test (``SignedRankTest``): few huge errors decide
/// nothing in it.
///
/// ```swift
/// let comparison = try RegressionComparison(name: "runs/old", actual: prices, first: new, second: old)
/// comparison.probability   // 0.003: hardly chance
/// ```
public struct RegressionComparison: Codable, Equatable, Sendable {
    /// The name of the second regressor, which the report's own is compared with.
    public let name: String
    /// MAE of the first.
    public let meanAbsoluteError: Double
    /// MAE of the second.
    public let otherMeanAbsoluteError: Double
    /// RMSE of the first.
    public let rootMeanSquaredError: Double
    /// RMSE of the second.
    public let otherRootMeanSquaredError: Double
    /// The number of examples on which the first is nearer to the target.
    public let firstNearer: Int
    /// The number of examples on which the second is nearer.
    public let secondNearer: Int
    /// The probability of differences at least as uneven, were both equally good.
    public let probability: Double

    /// Whether the difference is significant at 5 %.
    public var isSignificant: Bool { probability < 0.05 }

    /// Whether the first has the smaller mean absolute error.
    public var isBetter: Bool { meanAbsoluteError < otherMeanAbsoluteError }

    /// Compares the numbers that two regressors predicted.
    ///
    /// - Throws: `badData`: no examples, other counts, a number that is not finite.
    /// - Complexity: O(N log N).
    public init(
        name: String, actual: [Double], first: [Double], second: [Double]
    ) throws(DescentError) {
        let (own, other) = (
            try RegressionMetrics(actual: actual, predicted: first),
            try RegressionMetrics(actual: actual, predicted: second)
        )
        let differences = actual.indices.map {
            (first[$0] - actual[$0]).magnitude - (second[$0] - actual[$0]).magnitude
        }
        self.name = name
        (meanAbsoluteError, otherMeanAbsoluteError) = (own.meanAbsoluteError, other.meanAbsoluteError)
        (rootMeanSquaredError, otherRootMeanSquaredError) = (
            own.rootMeanSquaredError, other.rootMeanSquaredError
        )
        firstNearer = differences.count { $0 < 0 }
        secondNearer = differences.count { $0 > 0 }
        probability = SignedRankTest.probability(differences)
    }
}

/// An example whose predicted number is far from its target.
public struct RegressionMistake: Codable, Equatable, Sendable {
    /// The number of the example, from 0.
    public let index: Int
    /// The target.
    public let actual: Double
    /// The prediction.
    public let predicted: Double

    /// predicted − actual.
    public var residual: Double { predicted - actual }

    /// Returns the examples with the largest absolute errors, the worst first; equals in the order of the examples.
    ///
    /// - Precondition: as many of each.
    /// - Complexity: O(N log N).
    static func worst(_ limit: Int, actual: [Double], predicted: [Double]) -> [RegressionMistake] {
        let all = zip(actual, predicted).enumerated().map {
            RegressionMistake(index: $0.offset, actual: $0.element.0, predicted: $0.element.1)
        }
        return Array(
            all.filter { $0.residual != 0 }.sorted { one, other in
                (other.residual.magnitude, one.index) < (one.residual.magnitude, other.index)
            }.prefix(limit))
    }
}
