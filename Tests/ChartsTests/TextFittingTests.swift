import Arrays
import Foundation
import Support
import TestSupport
import Testing

@testable import Charts

/// No text leaves the page, however long it is: titles are wrapped, labels shortened.
@Suite struct TextFittingTests {
    private static let long =
        "sigmoid kernel, gamma 0.914, constant 0, C 5; 142 support vectors in rings; dashed: the margin, and "
        + "a-name-without-any-space-that-is-longer-than-the-page-and-has-nowhere-to-be-broken-at-all-" + "x"

    /// One chart of each kind with long texts wherever a caller puts one.
    private static func charts(_ text: String) throws -> [(name: String, svg: String)] {
        let lines = [
            LineChart.Series(name: text, values: [1, 2]), .init(name: text + " 2", values: [1, 3]),
        ]
        let grid = (0..<4).map(Double.init)
        return [
            (
                "lines",
                LineChart(
                    title: text, subtitle: text, xAxis: .init(label: text), yAxis: .init(label: text),
                    series: lines
                ).svg()
            ),
            (
                "curve",
                LearningCurve(
                    epochs: [1, 2], trainingLoss: [1, 0.5], trainingAccuracy: [0.5, 0.9],
                    testAccuracy: [0.5, 0.6], title: text, subtitle: text, lossName: text
                ).svg()
            ),
            (
                "boundary",
                DecisionBoundaryChart(
                    title: text, subtitle: text, horizontal: grid, vertical: grid,
                    classes: [Int32](repeating: 0, count: 16), classNames: [text, text]
                ).svg()
            ),
            (
                "matrix",
                ConfusionMatrixChart(
                    counts: [[1, 0], [0, 1]], classNames: [text, text + "2"], title: text, subtitle: text
                ).svg()
            ),
            (
                "grid",
                try ImageGrid(
                    images: NDArray(shape: [2, 8, 8], repeating: 9),
                    captions: [.init(text), .init(text, isEmphasized: true)], title: text, subtitle: text
                ).svg()
            ),
            (
                "heat",
                try HeatMap(
                    bound: 1, panels: [.init(name: text, note: text, values: NDArray([[1.0, 2]]))],
                    title: text, subtitle: text, label: text
                ).svg()
            ),
            (
                "graph",
                ComputationalGraphChart(
                    title: text, subtitle: text,
                    nodes: [.init(text, column: 0, row: 0), .init(text, column: 1, row: 0)],
                    edges: [.init(0, 1, value: 1)]
                ).svg()
            ),
            (
                "field",
                VectorFieldChart(
                    title: text, subtitle: text, xLabel: text, yLabel: text, over: -1...1, and: -1...1
                ) { ($0, $1) }.svg()
            ),
            (
                "bars",
                BarChart(
                    title: text, subtitle: text, label: text,
                    bars: [.init(name: text, value: 1), .init(name: text, value: 0)]
                ).svg()
            ),
        ]
    }

    /// How far the texts of a chart reach: the smallest and the largest x, of those that are not turned.
    private func reach(_ parsed: ParsedSVG) -> (left: Double, right: Double) {
        var (left, right) = (Double.infinity, -Double.infinity)
        for element in parsed.all("text") where element.attributes["transform"] == nil {
            let size = TextFitting.size(of: element.attributes["class"] ?? "")
            let width = TextMetrics.width(of: element.text, size: size)
            let x = element.attributes["x"].flatMap(Double.init) ?? .nan
            let start =
                switch element.attributes["text-anchor"] {
                case "middle": x - width / 2
                case "end": x - width
                default: x
                }
            (left, right) = (min(left, start), max(right, start + width))
        }
        return (left, right)
    }

    @Test(arguments: [
        "short", long, String(repeating: "word ", count: 60), String(repeating: "W", count: 400),
        String(repeating: "\u{C2E0}\u{BC1C} ", count: 90),
    ])
    func noTextLeavesThePage(text: String) throws {
        for (name, svg) in notEmpty(try Self.charts(text)) {
            let parsed = ParsedSVG(svg)
            #expect(parsed.error == nil, "\(name)")
            let page = try #require(parsed.elements.first?.attributes["width"].flatMap(Double.init))
            #expect(page <= 1000, "\(name) is \(page) wide")
            let reach = reach(parsed)
            #expect(reach.left >= 0 && reach.right <= page, "\(name): \(reach) on \(page)")
        }
    }

    /// What was shortened is there as a whole, for whoever rests a pointer on it.
    @Test func shortenedTextsHaveTooltips() throws {
        let svg = LineChart(
            title: "t", xAxis: .init(label: Self.long), series: [.init(name: "", values: [1])]
        ).svg()
        let parsed = ParsedSVG(svg)
        #expect(parsed.all("title").map(\.text).contains(Self.long))
        #expect(parsed.all("text", class: "label").first?.text.hasSuffix("\u{2026}") == true)
    }

    @Test func textsAreBrokenAtSpaces() {
        let size = ChartTheme.subtitleSize
        #expect(TextFitting.wrapped("one two", size: size, to: 500, lines: 3) == ["one two"])
        let word = TextMetrics.width(of: "word word", size: size)
        #expect(
            TextFitting.wrapped("word word word", size: size, to: word + 1, lines: 3) == [
                "word word", "word",
            ])
        let two = TextFitting.wrapped("word word word word word word", size: size, to: word + 1, lines: 2)
        #expect(two.count == 2 && two[0] == "word word" && two[1].hasSuffix("\u{2026}"))
        #expect(notEmpty(two).allSatisfy { TextMetrics.width(of: $0, size: size) <= word + 1 }, "\(two)")
        #expect(TextFitting.wrapped("", size: size, to: 10, lines: 2) == [""])
    }

    /// Labels beside the ends of curves, and rows of a legend, keep their distance however many there are.
    @Test(arguments: [2, 12, 60])
    func labelsOfManyCurvesDoNotCover(count: Int) throws {
        let series = (0..<count).map {
            LineChart.Series(name: "run number \($0), lr 0.\($0)", values: [0.5, 0.9 + Double($0) * 1e-5])
        }
        let parsed = ParsedSVG(
            LineChart(title: "t", yAxis: .init(format: .percent), series: series).svg())
        let ends = parsed.all("text").filter { $0.attributes["class"]?.hasPrefix("value") == true }
            .compactMap { $0.attributes["y"].flatMap(Double.init) }.sorted()
        #expect(!ends.isEmpty)
        for (one, next) in zip(ends, ends.dropFirst()) {
            #expect(next - one >= LinePanel.labelDistance - 0.1)
        }
        let height = try #require(parsed.elements.first?.attributes["height"].flatMap(Double.init))
        #expect(notEmpty(ends).allSatisfy { $0 > 0 && $0 < height })
        // The axis stands below the legend.
        let names = parsed.all("text", class: "name").compactMap { $0.attributes["y"].flatMap(Double.init) }
        let ticks = parsed.all("text", class: "tick").compactMap { $0.attributes["y"].flatMap(Double.init) }
        #expect(!names.isEmpty && !ticks.isEmpty)
        #expect((names.max() ?? 0) < (ticks.min() ?? 0) + 1, "\(names) \(ticks)")
    }

    @Test func barsAreAsLongAsTheyAreLarge() {
        let parsed = ParsedSVG(
            BarChart(title: "t", bars: [.init(name: "a", value: 0.5), .init(name: "b", value: 1)]).svg())
        let widths = parsed.all("rect", class: "fill0").compactMap {
            $0.attributes["width"].flatMap(Double.init)
        }
        #expect(widths.count == 2 && abs(2 * widths[0] - widths[1]) < 0.02, "\(widths)")
        #expect(parsed.texts.contains("a") && parsed.texts.contains("50.00\u{A0}%"))
    }
}
