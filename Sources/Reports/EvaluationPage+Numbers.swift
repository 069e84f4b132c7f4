import Charts
import EvaluationMetrics
import Support

/// The sections on predicted numbers: figures, plots, the largest errors, the comparison.
extension EvaluationPage {
    /// A number with its unit.
    private func quantity(_ value: Double) -> String {
        report.unit.map { "\(number(value))\u{A0}\(escaped($0))" } ?? number(value)
    }

    func headline(_ metrics: RegressionMetrics) -> String {
        let interval = metrics.meanAbsoluteErrorInterval.map { "\(number($0.lower)) – \(number($0.upper))" }
        let cards = [
            card(ReportWords.rmse, quantity(metrics.rootMeanSquaredError)),
            card(ReportWords.baselineRMSE, quantity(metrics.baselineError)),
            card(ReportWords.r2, metrics.r2.map { Numerals.fixed($0, 3) } ?? "–"),
            card(ReportWords.median, quantity(metrics.medianAbsoluteError)),
            card(ReportWords.largest, quantity(metrics.maximumError)),
            card(ReportWords.bias, quantity(metrics.meanResidual)),
        ]
        let baseline = say.baseline(number(metrics.rootMeanSquaredError), number(metrics.baselineError))
        return """
            <section class="headline"><h2>\(word(ReportWords.mae))</h2>
            <p class="figure">\(quantity(metrics.meanAbsoluteError))</p>
            \(paragraph(say.error(count: metrics.count, interval: interval)))\(paragraph(baseline))
            <dl class="cards">\(cards.joined())</dl></section>

            """
    }

    var numberSection: String {
        guard !predicted.isEmpty else { return "" }
        let figures =
            figure(
                predictionChart, ReportWords.predictionsTitle, word(ReportWords.predictionsNote))
            + figure(residualChart, ReportWords.residuals, word(ReportWords.residualsNote))
        return section(ReportWords.numbers, "<div class=\"charts\">\(figures)</div>\n")
    }

    private var predictionChart: String {
        var chart = PredictionChart(
            actual: zip(predicted, residuals).map { $0 - $1 }, predicted: predicted,
            title: ReportWords.predictionsTitle[language], subtitle: ReportWords.predictionsNote[language])
        chart.showsTitle = false
        chart.targetLabel = ReportWords.target[language]
        chart.predictionLabel = ReportWords.prediction[language]
        (chart.width, chart.height) = Self.chartSize
        return chart.svg()
    }

    private var residualChart: String {
        var chart = ResidualChart(
            predicted: predicted, residuals: residuals, title: ReportWords.residuals[language],
            subtitle: ReportWords.residualsNote[language])
        chart.showsTitle = false
        chart.predictionLabel = ReportWords.prediction[language]
        chart.residualLabel = ReportWords.residual[language]
        (chart.width, chart.height) = Self.chartSize
        return chart.svg()
    }

    var largestErrorSection: String {
        guard let errors = report.worstErrors, !errors.isEmpty else { return "" }
        let heads = [
            ReportWords.example, ReportWords.target, ReportWords.prediction, ReportWords.error,
        ]
        let most = errors[0].residual.magnitude
        return section(
            ReportWords.largestErrors,
            "<p>\(word(ReportWords.largestErrorsLead))</p>\n<table class=\"numbers\">\(head(heads))<tbody>\n"
                + errors.map { error in
                    "<tr><th scope=\"row\">\(error.index)</th><td>\(number(error.actual))</td>"
                        + "<td>\(number(error.predicted))</td><td>\(error.residual > 0 ? "+" : "")\(number(error.residual))"
                        + "\(bar(0, error.residual.magnitude / most, at: nil))</td></tr>\n"
                }.joined() + "</tbody></table>\n")
    }

    var numberComparisonSection: String {
        guard let comparison = report.regressionComparison else { return "" }
        let verdict = say.numbers(
            comparison.isSignificant, isBetter: comparison.isBetter, probability: comparison.probability)
        let heads = [ReportWords.model, ReportWords.mae, ReportWords.rmse]
        func row(_ name: Words, _ mae: Double, _ rmse: Double) -> String {
            "<tr><th scope=\"row\">\(word(name))</th><td>\(number(mae))</td><td>\(number(rmse))</td></tr>\n"
        }
        return section(
            ReportWords.comparison,
            "<p>\(word(ReportWords.otherModel)): <strong>\(escaped(comparison.name))</strong></p>\n"
                + paragraph(verdict)
                + "<table class=\"numbers\">\(head(heads))<tbody>\n"
                + row(
                    ReportWords.thisModel, comparison.meanAbsoluteError, comparison.rootMeanSquaredError)
                + row(
                    ReportWords.otherModel, comparison.otherMeanAbsoluteError,
                    comparison.otherRootMeanSquaredError)
                + "</tbody></table>\n<dl class=\"cards\">"
                + card(ReportWords.nearerThis, Numerals.grouped(comparison.firstNearer))
                + card(ReportWords.nearerOther, Numerals.grouped(comparison.secondNearer)) + "</dl>\n")
    }
}
