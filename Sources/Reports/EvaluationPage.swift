import Arrays
import Charts
import EvaluationMetrics
import Support

/// An evaluation report as one HTML page: no script, nothing from elsewhere, light and dark, for phones and desks, in English
/// or Korean.
///
/// ```swift
/// let page = EvaluationPage(report, language: .ko, pictures: [17: image])
/// try AtomicFile.write(page.html(), to: "report.html")
/// ```
public struct EvaluationPage: Sendable {
    /// The report.
    package let report: EvaluationReport
    /// The language of the page.
    package var language: Language
    /// The pictures of mistakes, by the numbers of their examples: [H, W], [H, W, 1] or [H, W, 3].
    package var pictures: [Int: NDArray<UInt8>]
    /// The predicted numbers, for the plot of the residuals; empty for none.
    package var predicted: [Double]
    /// predicted − target of each.
    package var residuals: [Double]

    let say: ReportSentences

    /// Creates a page of `report`.
    ///
    /// - Precondition: as many residuals as predictions.
    public init(
        _ report: EvaluationReport, language: Language = .en, pictures: [Int: NDArray<UInt8>] = [:],
        predicted: [Double] = [], residuals: [Double] = []
    ) {
        require(
            predicted.count == residuals.count,
            "\(residuals.count) residuals for \(predicted.count) predictions")
        (self.report, self.language, self.pictures) = (report, language, pictures)
        (self.predicted, self.residuals) = (predicted, residuals)
        say = ReportSentences(language: language)
    }

    /// Returns the page's text.
    ///
    /// - Throws: `badData` for a picture of another shape; `cannotCreate` for one that cannot be encoded.
    public func html() throws -> String {
        let title = "\(word(ReportWords.report)): \(escaped(report.subject.model))"
        let predicts = say.predicts(report.targetName, report.unit)
        let subject = [report.subject.data, report.subject.split, predicts].filter { !$0.isEmpty }.map(
            escaped)
        let main = [
            headline, classTable, confusionAndPairs, calibrationSection, numberSection,
            try mistakeSection(), largestErrorSection, importanceSection, collectSection,
            comparisonSection, numberComparisonSection,
        ]
        return """
            <!DOCTYPE html>
            <html lang="\(language.rawValue)">
            <head>
            <meta charset="utf-8"/>
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src \
            'unsafe-inline'; base-uri 'none'; form-action 'none'"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/>
            <meta name="referrer" content="no-referrer"/>
            <meta name="generator" content="Descent"/>
            <title>\(title)</title>
            <style>\(Self.styleSheet)</style>
            </head>
            <body>
            <header><p class="kicker">\(word(ReportWords.report))</p>
            <h1>\(escaped(report.subject.model))</h1>
            <p>\((subject + [escaped(say.examples(report.count))]).joined(separator: " · "))</p></header>
            <main>
            \(main.joined())</main>
            <footer><p>\(word(ReportWords.made))</p></footer>
            </body>
            </html>

            """
    }

    // MARK: Parts that all sections use

    func word(_ words: Words) -> String { escaped(words[language]) }

    /// Text of a page: characters of HTML replaced, invisible ones written out.
    func escaped(_ text: String) -> String {
        SVGElement.escaped(text.showingControlCharacters).replacing("'", with: "&#39;")
    }

    /// The name of a class or a feature in a table: three lines of a long one are shown, and all of it in a tooltip.
    func name(_ text: String) -> String {
        let shown = text.isEmpty ? "&quot;&quot;" : escaped(text)
        return text.count <= 24 ? shown : "<span class=\"name\" title=\"\(shown)\">\(shown)</span>"
    }

    func section(_ title: Words, _ body: String, class name: String = "") -> String {
        let attribute = name.isEmpty ? "" : " class=\"\(name)\""
        return "<section\(attribute)><h2>\(word(title))</h2>\n\(body)</section>\n"
    }

    func paragraph(_ text: String) -> String { "<p>\(escaped(text))</p>\n" }

    /// A row of heads; the first is that of the names.
    func head(_ words: [Words]) -> String {
        "<thead><tr>" + words.map { "<th scope=\"col\">\(word($0))</th>" }.joined() + "</tr></thead>\n"
    }

    func percent(_ share: Double?) -> String { share.map { escaped(say.percent($0)) } ?? "–" }

    /// A number that is no share.
    func number(_ value: Double) -> String { Numerals.measure(value, decimals: (3, 1)) }

    func card(_ name: Words, _ value: String) -> String {
        "<div class=\"card\"><dt>\(word(name))</dt><dd>\(value)</dd></div>"
    }

    // MARK: Headline

    private var headline: String {
        if let metrics = report.classification { return headline(metrics) }
        return report.regression.map { headline($0) } ?? ""
    }

    private func headline(_ metrics: ClassificationMetrics) -> String {
        let interval = metrics.accuracyInterval
        var cards = report.topK.map {
            "<div class=\"card\"><dt>Top-\($0.k)</dt><dd>\(percent($0.accuracy))</dd></div>"
        }
        cards.append(card(ReportWords.macroF1, percent(metrics.macro.f1)))
        if let reliability = report.calibratedReliability ?? report.reliability {
            cards.append(card(ReportWords.calibrationError, percent(reliability.expectedCalibrationError)))
        }
        let sentence = say.accuracy(
            correct: metrics.correct, count: metrics.count, lower: interval.lower, upper: interval.upper)
        return """
            <section class="headline"><h2>\(word(ReportWords.accuracy))</h2>
            <p class="figure">\(percent(metrics.accuracy))</p>
            \(bar(interval.lower, interval.upper, at: metrics.accuracy))
            \(paragraph(sentence))<dl class="cards">\(cards.joined())</dl></section>

            """
    }

    /// An interval in 0...1 as a bar with a mark; figures beside it say the same.
    func bar(_ lower: Double, _ upper: Double, at value: Double?) -> String {
        func place(_ share: Double) -> String { Numerals.fixed(100 * share, 2) }
        let mark = value.map { "<b style=\"left:\(place($0))%\"></b>" } ?? ""
        let reach =
            upper > lower ? "<i style=\"left:\(place(lower))%;width:\(place(upper - lower))%\"></i>" : ""
        return "<span class=\"bar\" aria-hidden=\"true\">\(reach)\(mark)</span>"
    }
}
