import EvaluationMetrics
import Support

/// The figures of predicted numbers, the largest errors, the comparison with another model.
extension EvaluationText {
    func figures(_ metrics: RegressionMetrics) -> String {
        let interval = metrics.meanAbsoluteErrorInterval.map {
            "95 % interval \(number($0.lower)) - \(number($0.upper))"
        }
        let unit = report.unit.map { " \($0.showingControlCharacters)" } ?? ""
        let none = String(repeating: " ", count: DisplayWidth.of(unit))
        return aligned([
            ("MAE", number(metrics.meanAbsoluteError) + unit, interval ?? ""),
            (
                "RMSE", number(metrics.rootMeanSquaredError) + unit,
                "\(number(metrics.baselineError)) if the mean were always predicted"
            ),
            (
                "R2", (metrics.r2.map { Numerals.fixed($0, 4) } ?? "-") + none,
                metrics.r2 == nil ? "all targets are equal" : ""
            ),
            ("median", number(metrics.medianAbsoluteError) + unit, "of the absolute errors"),
            ("largest", number(metrics.maximumError) + unit, ""),
            ("bias", number(metrics.meanResidual) + unit, "mean of prediction - target"),
        ])
    }

    var largestErrors: String {
        guard let errors = report.worstErrors, !errors.isEmpty else { return "" }
        return "largest errors\n"
            + listed(
                errors.prefix(5).map { error in
                    (
                        "true \(number(error.actual)), predicted \(number(error.predicted))",
                        number(error.residual), "example \(error.index)"
                    )
                })
    }

    var numberComparison: String {
        guard let comparison = report.regressionComparison else { return "" }
        let name = DisplayWidth.shortened(comparison.name.showingControlCharacters, to: columns - 12)
        let verdict =
            !comparison.isSignificant
            ? "the difference may be chance"
            : comparison.isBetter ? "this model is better" : "the other model is better"
        return """
            against \(name)
              MAE \(number(comparison.meanAbsoluteError)), the other \(number(comparison.otherMeanAbsoluteError)); \
            RMSE \(number(comparison.rootMeanSquaredError)), the other \(number(comparison.otherRootMeanSquaredError))
              this is nearer: \(Numerals.grouped(comparison.firstNearer)); the other: \
            \(Numerals.grouped(comparison.secondNearer))
              Wilcoxon's test: \(ReportSentences.probability(comparison.probability)): \(verdict)

            """
    }
}
