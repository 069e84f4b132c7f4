import Support

/// The metrics of predicted numbers.
///
/// With the residual r = predicted − actual of each of N examples: MAE = Σ |r| / N; RMSE = √(Σ r² / N);
/// R² = 1 − Σ r² / Σ (actual − mean)². Definitions are those of scikit-learn, except that an R² that has no meaning is nil.
public struct RegressionMetrics: Codable, Equatable, Sendable {
    /// The number of examples.
    public let count: Int
    /// MAE, the mean absolute error.
    public let meanAbsoluteError: Double
    /// The 95 % interval of the mean absolute error: mean ± 1.96 standard errors; nil for fewer than two examples.
    public let meanAbsoluteErrorInterval: ValueInterval?
    /// RMSE, the root of the mean squared error.
    public let rootMeanSquaredError: Double
    /// R², the share of the variance that the predictions explain; nil where the targets are all equal.
    public let r2: Double?
    /// The median absolute error.
    public let medianAbsoluteError: Double
    /// The largest absolute error.
    public let maximumError: Double
    /// The mean residual: above zero where predictions are too high.
    public let meanResidual: Double
    /// RMSE of the best constant, the mean of the targets: what a prediction must be better than.
    public let baselineError: Double

    /// The metrics of predictions.
    ///
    /// - Throws: `badData`: no examples, other counts, a number that is not finite.
    /// - Complexity: O(N log N).
    public init(actual: [Double], predicted: [Double]) throws(DescentError) {
        try AnswerChecks.requireCounts(actual.count, predicted.count, of: "predictions")
        try AnswerChecks.requireFinite(actual, of: "targets")
        try AnswerChecks.requireFinite(predicted, of: "predictions")
        let residuals = Self.residuals(actual: actual, predicted: predicted)
        let n = Double(actual.count)
        let errors = residuals.map(\.magnitude).sorted()
        let mean = errors.reduce(0, +) / n
        let squares = residuals.reduce(0) { $0 + $1 * $1 }
        let center = actual.reduce(0, +) / n
        let variation = actual.reduce(0) { $0 + ($1 - center) * ($1 - center) }
        count = actual.count
        meanAbsoluteError = mean
        rootMeanSquaredError = (squares / n).squareRoot()
        r2 = actual.contains { $0 != actual[0] } && variation > 0 ? 1 - squares / variation : nil
        medianAbsoluteError = (errors[(errors.count - 1) / 2] + errors[errors.count / 2]) / 2
        maximumError = errors[errors.count - 1]
        meanResidual = residuals.reduce(0, +) / n
        baselineError = (variation / n).squareRoot()
        if actual.count > 1 {
            let spread = errors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
            let reach = ProportionInterval.quantile * (spread / n).squareRoot()
            meanAbsoluteErrorInterval = ValueInterval(lower: max(0, mean - reach), upper: mean + reach)
        } else {
            meanAbsoluteErrorInterval = nil
        }
    }

    /// Returns predicted − actual of each example.
    ///
    /// - Precondition: as many of each.
    public static func residuals(actual: [Double], predicted: [Double]) -> [Double] {
        require(actual.count == predicted.count, "\(predicted.count) predictions for \(actual.count) targets")
        return zip(actual, predicted).map { $1 - $0 }
    }
}

/// An interval of a number that is no share.
public struct ValueInterval: Codable, Equatable, Sendable {
    /// The lower end.
    public let lower: Double
    /// The upper end.
    public let upper: Double
}
