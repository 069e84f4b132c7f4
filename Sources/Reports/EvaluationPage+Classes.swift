import Arrays
import Charts
import EvaluationMetrics
import Support

/// The table of the classes, the confusion matrix, the most confused pairs.
extension EvaluationPage {
    /// Up to so many classes the matrix is a table of its counts; beyond, a picture and a list.
    static let mostTabledClasses = 12
    /// The longest list of mistakes.
    static let mostListedPairs = 300

    var classTable: String {
        guard let metrics = report.classification else { return "" }
        func row(_ one: ClassMetrics) -> String {
            let interval = one.recallInterval
            let recall =
                one.recall == nil
                ? "–"
                : "\(percent(one.recall))<small>\(range(interval))</small>\(bar(interval.lower, interval.upper, at: one.recall))"
            return "<tr><th scope=\"row\">\(name(one.name))</th><td>\(Numerals.grouped(one.support))</td>"
                + "<td>\(recall)</td><td>\(percent(one.precision))</td><td>\(percent(one.f1))</td></tr>\n"
        }
        func row(_ name: Words, _ mean: AveragedMetrics) -> String {
            "<tr><th scope=\"row\">\(word(name))</th><td></td><td>\(percent(mean.recall))</td>"
                + "<td>\(percent(mean.precision))</td><td>\(percent(mean.f1))</td></tr>\n"
        }
        let heads = [
            ReportWords.className, ReportWords.examples, ReportWords.recall, ReportWords.precision,
            ReportWords.f1,
        ]
        return section(
            ReportWords.classes,
            "<p>\(word(ReportWords.classesLead))</p>\n<table class=\"classes\">\(head(heads))<tbody>\n"
                + metrics.classes.map(row).joined() + "</tbody><tfoot>\n"
                + row(ReportWords.macro, metrics.macro) + row(ReportWords.weighted, metrics.weighted)
                + "</tfoot></table>\n")
    }

    func range(_ interval: ProportionInterval) -> String {
        "\(Numerals.fixed(100 * interval.lower, 1))–\(percent(interval.upper))"
    }

    /// Side by side where there is room.
    var confusionAndPairs: String {
        guard let metrics = report.classification else { return "" }
        let isTable = metrics.classes.count <= Self.mostTabledClasses
        return isTable
            ? "<div class=\"columns\">\(confusionSection)\(pairsSection)</div>\n"
            : confusionSection + pairsSection
    }

    private var confusionSection: String {
        guard let metrics = report.classification, metrics.classes.count > 1 else { return "" }
        let isTable = metrics.classes.count <= Self.mostTabledClasses
        return section(
            ReportWords.confusion,
            "<p>\(word(ReportWords.confusionLead))</p>\n"
                + (isTable ? table(metrics) : picture(metrics) + allMistakes(metrics)))
    }

    private func table(_ metrics: ClassificationMetrics) -> String {
        let names = metrics.classNames
        // Short names stand upright, long ones on their side.
        let isShort = names.allSatisfy { DisplayWidth.of($0) <= 3 }
        var text = """
            <div class="wide" tabindex="0" role="region" aria-label="\(word(ReportWords.confusion))">
            <table class="matrix\(isShort ? "" : " tall")"><thead>
            <tr><td></td><th scope="colgroup" colspan="\(names.count)">\(word(ReportWords.predictedClass))</th></tr>
            <tr><th scope="col">\(word(ReportWords.trueClass))</th>
            """
        text +=
            names.map { "<th scope=\"col\"><span>\($0.isEmpty ? "&quot;&quot;" : escaped($0))</span></th>" }
            .joined()
            + "</tr></thead><tbody>\n"
        for (row, counts) in metrics.confusion.enumerated() {
            let total = Double(max(1, counts.reduce(0, +)))
            text +=
                "<tr><th scope=\"row\"><span>\(names[row].isEmpty ? "&quot;&quot;" : escaped(names[row]))</span></th>"
            for (column, count) in counts.enumerated() {
                guard count > 0 else {
                    text += "<td class=\"zero\">0</td>"
                    continue
                }
                // The cube root makes small shares of mistakes visible; ten steps are in the style sheet.
                let step = max(1, Int((10 * Mathematics.power(Double(count) / total, 1.0 / 3)).rounded()))
                text += "<td class=\"\(row == column ? "right" : "wrong") s\(step)\">"
                text += "\(Numerals.grouped(count))</td>"
            }
            text += "</tr>\n"
        }
        return text + "</tbody></table></div>\n"
    }

    private func picture(_ metrics: ClassificationMetrics) -> String {
        var chart = ConfusionMatrixChart(
            counts: metrics.confusion, classNames: metrics.classNames.map(\.showingControlCharacters),
            title: ReportWords.confusion[language], subtitle: "")
        chart.subtitle = say.accuracy(
            correct: metrics.correct, count: metrics.count, lower: metrics.accuracyInterval.lower,
            upper: metrics.accuracyInterval.upper)
        chart.showsTitle = false
        chart.maximumWidth = 720
        chart.predictedLabel = ReportWords.predictedClass[language]
        chart.trueLabel = ReportWords.trueClass[language]
        chart.recallLabel = ReportWords.recall[language]
        return
            "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"\(word(ReportWords.confusion))\">"
            + chart.svg() + "</div>\n"
    }

    private func allMistakes(_ metrics: ClassificationMetrics) -> String {
        let all = metrics.confusedPairs(.max)
        guard !all.isEmpty else { return "" }
        let rest = all.count - Self.mostListedPairs
        return
            "<details><summary>\(word(ReportWords.allMistakes)) (\(Numerals.grouped(all.count)))</summary>\n"
            + pairTable(Array(all.prefix(Self.mostListedPairs))) + (rest > 0 ? paragraph(say.more(rest)) : "")
            + "</details>\n"
    }

    private var pairsSection: String {
        guard report.classification != nil else { return "" }
        guard !report.confusedPairs.isEmpty else {
            return section(ReportWords.pairs, "<p>\(word(ReportWords.noMistakes))</p>\n")
        }
        return section(ReportWords.pairs, pairTable(report.confusedPairs))
    }

    private func pairTable(_ pairs: [ConfusedPair]) -> String {
        let heads = [
            ReportWords.trueClass, ReportWords.predictedClass, ReportWords.count, ReportWords.shareOfClass,
        ]
        return "<table class=\"pairs\">\(head(heads))<tbody>\n"
            + pairs.map { pair in
                "<tr><th scope=\"row\">\(name(pair.actual))</th><td class=\"text\">\(name(pair.predicted))</td>"
                    + "<td>\(Numerals.grouped(pair.count))</td><td>\(percent(pair.share))</td></tr>\n"
            }.joined() + "</tbody></table>\n"
    }
}
