import Charts
import EvaluationMetrics
import Support

/// Calibration, importance, what to collect, the comparison.
extension EvaluationPage {
    static let chartSize = (width: 350.0, height: 310.0)

    func figure(_ svg: String, _ title: Words, _ note: String) -> String {
        "<figure><h3>\(word(title))</h3>\n\(svg)<figcaption>\(note)</figcaption></figure>\n"
    }

    var calibrationSection: String {
        var text = ""
        var figures = ""
        if let metrics = report.classification, let reliability = report.reliability {
            text += paragraph(
                say.calibration(
                    mean: reliability.meanConfidence, accuracy: metrics.accuracy,
                    error: reliability.expectedCalibrationError))
            if let calibrated = report.calibratedReliability, let calibration = report.calibration {
                text += paragraph(
                    say.temperature(calibration.temperature, error: calibrated.expectedCalibrationError))
            }
            figures += figure(
                chart(reliability, report.calibratedReliability), ReportWords.reliabilityTitle,
                word(ReportWords.reliabilityNote))
        }
        if let rejection = report.rejection, let metrics = report.classification {
            figures += figure(
                chart(rejection), ReportWords.coverageTitle, escaped(rejectionNote(rejection, metrics)))
        }
        guard !figures.isEmpty else { return "" }
        let title = report.reliability == nil ? ReportWords.coverageTitle : ReportWords.calibration
        return section(title, text + "<div class=\"charts\">\(figures)</div>\n")
    }

    private func chart(_ reliability: Reliability, _ calibrated: Reliability?) -> String {
        func bins(_ reliability: Reliability) -> [ReliabilityChart.Bin] {
            reliability.bins.map {
                .init(
                    lower: $0.lower, upper: $0.upper, count: $0.count, confidence: $0.confidence,
                    accuracy: $0.accuracy)
            }
        }
        var chart = ReliabilityChart(
            bins: bins(reliability), title: ReportWords.reliabilityTitle[language],
            subtitle: ReportWords.reliabilityNote[language])
        chart.calibrated = calibrated.map(bins) ?? []
        chart.showsTitle = false
        chart.confidenceLabel = ReportWords.confidence[language]
        chart.accuracyLabel = ReportWords.shareRight[language]
        chart.seriesNames = (ReportWords.asGiven[language], ReportWords.calibrated[language])
        (chart.width, chart.height) = Self.chartSize
        return chart.svg()
    }

    private func chart(_ rejection: RejectionCurve) -> String {
        var chart = CoverageChart(
            coverage: rejection.points.map(\.coverage), accuracy: rejection.points.map(\.accuracy),
            title: ReportWords.coverageTitle[language])
        chart.showsTitle = false
        chart.coverageLabel = ReportWords.coverage[language]
        chart.accuracyLabel = ReportWords.accuracyOfThese[language]
        (chart.width, chart.height) = Self.chartSize
        return chart.svg()
    }

    /// The first round accuracy above what all answers have, if it can be reached; empty otherwise.
    private func rejectionNote(_ rejection: RejectionCurve, _ metrics: ClassificationMetrics) -> String {
        let goals = [0.8, 0.9, 0.95, 0.99, 0.995, 0.999]
        guard let goal = goals.first(where: { $0 > metrics.accuracy }),
            let point = rejection.point(reaching: goal)
        else { return "" }
        return say.rejection(reaching: goal, threshold: point.threshold, coverage: point.coverage)
    }

    var importanceSection: String {
        let most = report.importance.map(\.mean).max() ?? 0
        guard !report.importance.isEmpty else { return "" }
        let rows = report.importance.prefix(30).map { feature in
            let length = most > 0 ? max(0, feature.mean / most) : 0
            return "<tr><th scope=\"row\">\(name(feature.name))</th><td>\(number(feature.mean))"
                + "<small>± \(number(feature.deviation))</small>\(bar(0, length, at: nil))</td></tr>\n"
        }
        let rest = report.importance.count - 30
        return section(
            ReportWords.importance,
            "<p>\(word(report.regression == nil ? ReportWords.importanceLead : ReportWords.importanceLeadOfNumbers))</p>\n<table class=\"importance\">"
                + head([
                    ReportWords.feature,
                    report.regression == nil ? ReportWords.fall : ReportWords.fallOfR2,
                ])
                + "<tbody>\n\(rows.joined())</tbody></table>\n"
                + (rest > 0 ? paragraph(say.more(rest)) : ""))
    }

    var collectSection: String {
        guard let advice = report.collection else { return "" }
        return section(
            ReportWords.collect,
            paragraph(
                say.collect(
                    advice.name, support: advice.support, lower: advice.interval.lower,
                    upper: advice.interval.upper, additional: advice.additional)))
    }

    var comparisonSection: String {
        guard let comparison = report.comparison else { return "" }
        let rows = [
            (ReportWords.bothRight, comparison.bothCorrect), (ReportWords.onlyThis, comparison.onlyFirst),
            (ReportWords.onlyOther, comparison.onlySecond), (ReportWords.bothWrong, comparison.bothWrong),
        ]
        let verdict = say.comparison(
            comparison.isSignificant, isBetter: comparison.onlyFirst > comparison.onlySecond,
            probability: comparison.exactProbability)
        return section(
            ReportWords.comparison,
            """
            <p>\(word(ReportWords.otherModel)): <strong>\(escaped(comparison.name))</strong></p>
            <dl class="cards">\(card(ReportWords.thisModel, percent(comparison.accuracy)))\
            \(card(ReportWords.otherModel, percent(comparison.otherAccuracy)))</dl>
            \(paragraph(verdict))<table class="importance"><thead><tr><th scope="col">\(word(ReportWords.examples))</th>\
            <th scope="col">\(word(ReportWords.count))</th></tr></thead><tbody>

            """
                + rows.map {
                    "<tr><th scope=\"row\">\(word($0.0))</th><td>\(Numerals.grouped($0.1))</td></tr>\n"
                }.joined() + "</tbody></table>\n")
    }
}
