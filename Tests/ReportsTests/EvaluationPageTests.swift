import Arrays
import EvaluationMetrics
import Foundation
import Images
import Support
import TestSupport
import Testing

@testable import Reports

@Suite struct EvaluationPageTests {
    private static let korean = ["고양이", "강아지", "말"]

    private static func pages() throws -> [(String, EvaluationPage)] {
        let forty = (0..<40).map { "class \($0)" }
        let (regression, page) = try SampleReports.regression()
        let subject = EvaluationReport.Subject(model: "m", data: "", split: "")
        return [
            ("whole", try SampleReports.whole(SampleReports.animals)),
            ("korean", try SampleReports.whole(korean, language: .ko)),
            ("strange", try SampleReports.whole(SampleReports.strangeNames)),
            ("strange in Korean", try SampleReports.whole(SampleReports.strangeNames, language: .ko)),
            ("forty", try SampleReports.whole(forty)),
            ("two", EvaluationPage(try SampleReports.classifier(["a", "b"]))),
            ("one class", EvaluationPage(try SampleReports.classifier(["only"]))),
            (
                "scores",
                EvaluationPage(try SampleReports.classifier(["a", "b", "c"], areProbabilities: false))
            ),
            (
                "one example",
                EvaluationPage(
                    try EvaluationReport(of: subject, classNames: ["a", "b"], actual: [1], predicted: [0]))
            ),
            ("numbers", page), ("numbers in Korean", EvaluationPage(regression, language: .ko)),
            ("one number", EvaluationPage(try EvaluationReport(of: subject, actual: [1], predicted: [1]))),
        ]
    }

    @Test func pagesAreWholeAndAskNothing() throws {
        for (name, page) in notEmpty(try Self.pages()) {
            let html = try page.html()
            let parsed = ParsedPage(html)
            #expect(parsed.error == nil, "\(name)")
            #expect(parsed.all("script").isEmpty && parsed.all("link").isEmpty, "\(name)")
            #expect(html == (try page.html()), "\(name): the same report gives the same page")
            let policy = parsed.all("meta").first { $0.attributes["http-equiv"] == "Content-Security-Policy" }
            #expect(policy?.attributes["content"]?.hasPrefix("default-src 'none'; img-src data:;") == true)
            for element in parsed.elements {
                for (key, value) in element.attributes {
                    #expect(!key.hasPrefix("on"), "\(name): \(key)")
                    if ["src", "href"].contains(key) { #expect(value.hasPrefix("data:image/png;base64,")) }
                }
            }
            let rest = html.replacingOccurrences(of: "http://www.w3.org/2000/svg", with: "")
            #expect(
                !rest.contains("http://") && !rest.contains("https://") && !rest.contains("url("), "\(name)")
            for element in parsed.elements {
                #expect(!["nan", "inf", "-inf", "nan %", "inf %"].contains(element.text), "\(name)")
                let places = element.attributes.filter { $0.key != "src" }.values
                #expect(places.allSatisfy { !$0.contains("nan") || $0.contains("name") }, "\(name)")
            }
        }
    }

    @Test func pagesCanBeReadAloud() throws {
        for (name, page) in notEmpty(try Self.pages()) {
            let parsed = ParsedPage(try page.html())
            #expect(parsed.all("html").first?.attributes["lang"] == page.language.rawValue)
            #expect(parsed.all("h1").count == 1 && !parsed.all("h2").isEmpty, "\(name)")
            #expect(parsed.all("section").count == parsed.all("h2").count, "\(name)")
            #expect(parsed.all("img").allSatisfy { $0.attributes["alt"]?.isEmpty == false }, "\(name)")
            #expect(parsed.all("th").allSatisfy { $0.attributes["scope"] != nil }, "\(name)")
            #expect(
                parsed.all("svg").filter { $0.attributes["role"] != nil }.count <= parsed.all("title").count
                    - 1)
        }
    }

    @Test func everythingIsThere() throws {
        let page = try SampleReports.whole(SampleReports.animals)
        let parsed = ParsedPage(try page.html())
        #expect(
            parsed.texts("h2") == [
                "Accuracy", "Each class", "Confusion matrix", "Most confused pairs",
                "Can the probabilities be believed?", "The surest mistakes", "Importance of the features",
                "What to collect next", "Comparison with another model",
            ])
        let metrics = try #require(page.report.classification)
        let cells = parsed.all("table").filter { $0.attributes["class"]?.hasPrefix("matrix") == true }
        #expect(cells.count == 1)
        let text = try #require(parsed.texts("p").first { $0.contains("classified correctly") })
        #expect(text.hasPrefix("\(metrics.correct) of 600 examples were classified correctly."))
        #expect(parsed.all("img").count == page.report.worstMistakes.count)
        let first = page.report.worstMistakes[0]
        #expect(
            parsed.all("img")[0].attributes["alt"]
                == "Example \(first.index): true \(first.actual), predicted \(first.predicted)")
        #expect(
            parsed.texts("p").contains(
                "This model is better, and that is hardly chance (McNemar's exact test, p = 0.039)."))
    }

    @Test func aKoreanPageIsKorean() throws {
        let text = try ParsedPage(SampleReports.whole(Self.korean, language: .ko).html()).texts("body")[0]
        // Words that are the same in both languages, and the names.
        let allowed: Set<String> = [
            "F1", "Top", "Descent", "photos", "test", "runs", "petal", "length", "p",
        ]
        func words(_ text: String) -> Set<String> {
            let pieces = text.split(whereSeparator: { !$0.isASCII || !($0.isLetter || $0.isNumber) })
            return Set(pieces.filter { $0.first?.isLetter == true }.map { String($0) })
        }
        // Charts bring their style sheets.
        let html = try SampleReports.whole(Self.korean, language: .ko).html()
        let style = words(ParsedPage(html).texts("style").joined(separator: " "))
        #expect(words(text).subtracting(style).subtracting(allowed) == [])
    }

    @Test func namesAreEscaped() throws {
        let html = try SampleReports.whole(SampleReports.strangeNames).html()
        #expect(!html.contains("<script") && html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
        #expect(html.contains("&quot;quoted&quot; &amp; &#39;single&#39;"))
        // Bidirectional controls and line breaks are written out; a joiner of emoji stays.
        #expect(
            !html.contains("\u{202E}") && !html.contains("\u{7}") && html.contains("a\\u{202e}b\\u{7}\\u{a}c")
        )
        #expect(html.contains("🐈\u{200D}⬛ 고양이"))
        let heads = ParsedPage(html).texts("th")
        #expect(heads.contains("<script>alert(1)</script>") && heads.contains("\"\""))
    }

    @Test func manyClassesHaveAPictureAndAList() throws {
        let page = try SampleReports.whole((0..<40).map { "class \($0)" })
        let parsed = ParsedPage(try page.html())
        #expect(parsed.all("table").allSatisfy { $0.attributes["class"]?.hasPrefix("matrix") != true })
        let pairs = try #require(page.report.classification?.confusedPairs(.max))
        #expect(parsed.texts("summary") == ["All mistakes as a list (\(pairs.count))"])
        let wide = try #require(
            parsed.all("svg").compactMap { $0.attributes["width"].flatMap(Double.init) }.max())
        #expect(wide <= 720)
    }

    @Test func picturesAreChecked() throws {
        var page = EvaluationPage(try SampleReports.classifier(["a", "b"]))
        let first = page.report.worstMistakes[0].index
        for shape in [[2], [2, 2, 2], [0, 3], [1, 2, 3, 1]] {
            page.pictures = [
                first: NDArray(shape: shape, elements: [UInt8](repeating: 0, count: shape.reduce(1, *)))
            ]
            #expect(
                failure { _ = try page.html() }
                    == "badData: example \(first): not a picture (expected [H, W], [H, W, 1] or [H, W, 3], got \(shape))"
            )
        }
        // Without pictures the mistakes are a table.
        page.pictures = [:]
        let parsed = ParsedPage(try page.html())
        #expect(parsed.all("img").isEmpty && parsed.texts("th").contains("\(first)"))
    }

    @Test func largePicturesAreAveraged() throws {
        // 2 x 2 blocks of 600 x 4 pixels of three colours: 0...3 in a block, means rounded.
        let pixels = (0..<600 * 4 * 3).map { place -> UInt8 in
            let (channel, column, row) = (place % 3, place / 3 % 4, place / 12)
            return UInt8(channel * 50 + column % 3 + row % 3)
        }
        let image = NDArray<UInt8>(shape: [600, 4, 3], elements: pixels)
        let small = try EvaluationPage.shrunk(image, of: 0)
        #expect(small.shape == [200, 1, 3])
        // Rows 0...2 and columns 0...2 of a block: the mean of (column + row) is 2.
        let wanted: [UInt8] = (0..<200).flatMap { _ in [2, 52, 102] as [UInt8] }
        #expect(small.elements == wanted)
        let kept = NDArray<UInt8>(shape: [256, 1], elements: (0..<256).map { UInt8($0) })
        #expect(try EvaluationPage.shrunk(kept, of: 0) == kept)
    }

    @Test func aDecisionBelongsToBothModels() throws {
        var report = try EvaluationReport(
            of: .init(model: "m", data: "d", split: "s"), classNames: ["a", "b"], actual: [0, 1],
            predicted: [0, 1])
        for (first, second, wanted) in [
            ([Int32](repeating: 0, count: 8), [Int32](repeating: 1, count: 8), "This model is better"),
            ([Int32](repeating: 1, count: 8), [Int32](repeating: 0, count: 8), "The other model is better"),
            (
                [Int32](repeating: 0, count: 8), [Int32](repeating: 0, count: 8),
                "The difference may be chance"
            ),
        ] {
            report.comparison = try ModelComparison(
                name: "<b>", actual: [Int32](repeating: 0, count: 8), first: first, second: second)
            let html = try EvaluationPage(report).html()
            #expect(html.contains(wanted) && html.contains("<strong>&lt;b&gt;</strong>"))
        }
    }

    @Test func tinyProbabilitiesAreBounded() {
        #expect(
            ReportSentences.probability(0) == "p < 0.0001"
                && ReportSentences.probability(9e-5) == "p < 0.0001")
        #expect(
            ReportSentences.probability(0.0078125) == "p = 0.0078"
                && ReportSentences.probability(1) == "p = 1.0")
    }

    /// The page of a regressor: figures with the unit, both plots, the largest errors, the other model.
    @Test(arguments: [Language.en, .ko]) func aPageOfNumbersHasItsParts(language: Language) throws {
        var page = try SampleReports.regression(60).page
        page.language = language
        page = EvaluationPage(
            page.report, language: language, predicted: page.predicted, residuals: page.residuals)
        let parsed = ParsedPage(try page.html())
        #expect(parsed.error == nil && parsed.all("figure").count == 2)
        let titles = parsed.all("h2").map(\.text)
        let wanted =
            language == .en
            ? [
                "Mean absolute error", "Predictions and targets", "The largest errors",
                "Importance of the features", "Comparison with another model",
            ] : ["평균 절대 오차", "예측값과 목푯값", "가장 크게 빗나간 예제", "특징의 중요도", "다른 모델과의 비교"]
        #expect(titles == wanted)
        let worst = try #require(page.report.worstErrors)
        #expect(worst.count == 12 && parsed.all("tr").count == 13 + 4 + 3)
        let html = try page.html()
        #expect(
            html.contains("k€")
                && html.contains(language == .en ? "predicts price (k€)" : "예측 대상: price (k€)"))
        #expect(html.contains(language == .en ? "Wilcoxon" : "윌콕슨"))
    }
}
