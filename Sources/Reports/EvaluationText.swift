import EvaluationMetrics
import Support

/// An evaluation report for a terminal: the figures, the table of the classes, confusion, mistakes, advice.
///
/// ```swift
/// print(EvaluationText(report, columns: 80).text)
/// ```
public struct EvaluationText: Sendable {
    let report: EvaluationReport
    let columns: Int
    private let loss: Double?
    private let remark: String

    /// Text of at most `columns` columns, 72 or more.
    ///
    /// `loss`: a figure that the model knows and the report does not; `remark`: a line under the figures.
    public init(_ report: EvaluationReport, columns: Int = 80, loss: Double? = nil, remark: String = "") {
        (self.report, self.columns) = (report, max(72, columns))
        (self.loss, self.remark) = (loss, remark)
    }

    /// The parts, with empty lines between them.
    public var text: String {
        var parts: [String] = []
        if let metrics = report.classification {
            parts = [
                figures(metrics) + (remark.isEmpty ? "" : remark + "\n"), classes(metrics),
                ConfusionText(metrics, columns: columns).text,
            ]
        }
        if let regression = report.regression { parts.append(figures(regression)) }
        parts += [pairs, mistakes, largestErrors, importance, comparison, numberComparison, advice]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private func figures(_ metrics: ClassificationMetrics) -> String {
        var rows = [
            (
                "accuracy", Numerals.percent(metrics.accuracy),
                "\(Numerals.grouped(metrics.correct)) of \(Numerals.grouped(metrics.count)); "
                    + "95 % interval \(interval(metrics.accuracyInterval))"
            )
        ]
        if let loss { rows.append(("loss", Numerals.loss(loss), "")) }
        rows += report.topK.map { ("top-\($0.k)", Numerals.percent($0.accuracy), "") }
        rows.append(
            (
                "F1", Numerals.percent(metrics.macro.f1),
                "macro; \(Numerals.percent(metrics.weighted.f1)) weighted"
            ))
        if let reliability = report.reliability {
            rows.append(
                (
                    "calibration", Numerals.percent(reliability.expectedCalibrationError),
                    "expected error; the mean confidence is \(Numerals.percent(reliability.meanConfidence))"
                ))
        }
        if let calibrated = report.calibratedReliability, let calibration = report.calibration {
            rows.append(
                (
                    "calibrated", Numerals.percent(calibrated.expectedCalibrationError),
                    "at temperature \(Numerals.fixed(calibration.temperature, 2))"
                ))
        }
        return aligned(rows)
    }

    func aligned(_ rows: [(String, String, String)]) -> String {
        let (names, values) = (
            rows.map(\.0.count).max() ?? 0, rows.map { DisplayWidth.of($0.1) }.max() ?? 0
        )
        return rows.map { name, value, note in
            var line =
                DisplayWidth.padded(name, to: names) + "   "
                + DisplayWidth.padded(value, to: values, isRight: true)
            while line.last == " " { line.removeLast() }
            let space = String(repeating: " ", count: max(0, names + 3 + values - DisplayWidth.of(line)))
            return line + (note.isEmpty ? "" : "\(space)   (\(note))") + "\n"
        }.joined()
    }

    func number(_ value: Double) -> String { Numerals.measure(value) }

    private func interval(_ interval: ProportionInterval) -> String {
        "\(Numerals.fixed(100 * interval.lower, 1)) - \(Numerals.fixed(100 * interval.upper, 1)) %"
    }

    /// 80 columns: the name has what the figures leave it.
    private func classes(_ metrics: ClassificationMetrics) -> String {
        let heads = ["examples", "recall", "95 % interval", "precision", "F1"]
        func cells(_ one: ClassMetrics) -> [String] {
            [
                Numerals.grouped(one.support), one.recall.map(Numerals.percent) ?? "-",
                one.support > 0 ? interval(one.recallInterval) : "-",
                one.precision.map(Numerals.percent) ?? "-",
                one.f1.map(Numerals.percent) ?? "-",
            ]
        }
        func cells(_ mean: AveragedMetrics) -> [String] {
            [
                "", Numerals.percent(mean.recall), "", Numerals.percent(mean.precision),
                Numerals.percent(mean.f1),
            ]
        }
        let rows =
            metrics.classes.map { ($0.name.showingControlCharacters, cells($0)) }
            + [("macro average", cells(metrics.macro)), ("weighted average", cells(metrics.weighted))]
        let widths = heads.indices.map { column in
            ([heads] + rows.map(\.1)).map { $0[column].count }.max() ?? 0
        }
        let figures = widths.reduce(0) { $0 + $1 + 2 }
        let names = min(columns - figures, rows.map { DisplayWidth.of($0.0) }.max() ?? 0)
        func line(_ name: String, _ cells: [String]) -> String {
            DisplayWidth.padded(DisplayWidth.shortened(name, to: names), to: names)
                + zip(cells, widths).map { "  " + DisplayWidth.padded($0, to: $1, isRight: true) }.joined()
                + "\n"
        }
        return line("class", heads) + rows.map { line($0.0, $0.1) }.joined()
    }

    private var pairs: String {
        guard !report.confusedPairs.isEmpty else { return "" }
        let rows = report.confusedPairs.prefix(5).map { pair in
            (
                "true \(pair.actual.showingControlCharacters), predicted \(pair.predicted.showingControlCharacters)",
                Numerals.grouped(pair.count), "\(Numerals.percent(pair.share)) of its class"
            )
        }
        return "most confused\n" + listed(Array(rows))
    }

    private var mistakes: String {
        guard !report.worstMistakes.isEmpty else { return "" }
        let rows = report.worstMistakes.prefix(5).map { mistake in
            (
                "true \(mistake.actual.showingControlCharacters), predicted \(mistake.predicted.showingControlCharacters)",
                Numerals.fixed(mistake.confidence, 3), "example \(mistake.index)"
            )
        }
        return "surest mistakes\n" + listed(Array(rows))
    }

    private var importance: String {
        guard !report.importance.isEmpty else { return "" }
        let rows = report.importance.prefix(10).map { feature in
            (
                feature.name.showingControlCharacters, Numerals.fixed(feature.mean, 4),
                "+- \(Numerals.fixed(feature.deviation, 4))"
            )
        }
        let score = report.regression == nil ? "the score" : "R2"
        return "importance: how much \(score) falls when a feature is shuffled\n" + listed(Array(rows))
    }

    /// A name, a figure, a note; names are shortened.
    func listed(_ rows: [(String, String, String)]) -> String {
        let (values, notes) = (rows.map(\.1.count).max() ?? 0, rows.map(\.2.count).max() ?? 0)
        let names = min(columns - values - notes - 6, rows.map { DisplayWidth.of($0.0) }.max() ?? 0)
        return rows.map { name, value, note in
            "  " + DisplayWidth.padded(DisplayWidth.shortened(name, to: names), to: names) + "  "
                + DisplayWidth.padded(value, to: values, isRight: true) + "  " + note + "\n"
        }.joined()
    }

    private var comparison: String {
        guard let comparison = report.comparison else { return "" }
        let name = DisplayWidth.shortened(comparison.name.showingControlCharacters, to: columns - 12)
        let verdict =
            !comparison.isSignificant
            ? "the difference may be chance"
            : comparison.onlyFirst > comparison.onlySecond
                ? "this model is better" : "the other model is better"
        return """
            against \(name)
              accuracy \(Numerals.percent(comparison.accuracy)), the other \(Numerals.percent(comparison.otherAccuracy))
              only this is right: \(Numerals.grouped(comparison.onlyFirst)); only the other: \
            \(Numerals.grouped(comparison.onlySecond))
              McNemar's exact test: \(ReportSentences.probability(comparison.exactProbability)): \(verdict)

            """
    }

    private var advice: String {
        guard let advice = report.collection else { return "" }
        let name = DisplayWidth.shortened(advice.name.showingControlCharacters, to: columns - 16)
        return """
            collect next: \(name)
              its recall is known least: \(interval(advice.interval)) from \(Numerals.counted(advice.support, "example"))
              \(Numerals.grouped(advice.additional)) more in the test set would halve that interval

            """
    }
}
