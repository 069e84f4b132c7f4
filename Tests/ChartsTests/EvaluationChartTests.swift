import Foundation
import TestSupport
import Testing

@testable import Charts

/// The pictures of an evaluation: reliability, coverage, residuals, the confusion matrix in little room.
@Suite struct EvaluationChartTests {
    private func number(_ element: ParsedSVG.Element, _ name: String) throws -> Double {
        try #require(element.attributes[name].flatMap(Double.init), "\(element.name) has no \(name)")
    }

    @Test func barsOfCountsAndTheDiagonal() throws {
        var chart = ReliabilityChart(bins: [
            .init(lower: 0, upper: 0.5, count: 10, confidence: 0.25, accuracy: 0.5),
            .init(lower: 0.5, upper: 1, count: 40, confidence: 0.75, accuracy: 0.25),
        ])
        chart.showsTitle = false
        let parsed = ParsedSVG(chart.svg())
        let bars = parsed.all("rect", class: "between fill0")
        #expect(bars.count == 2)
        let heights = try bars.map { try number($0, "height") }
        #expect(abs(heights[0] * 4 - heights[1]) < 0.03, "\(heights)")
        let widths = try bars.map { try number($0, "width") }
        #expect(abs(widths[0] - widths[1]) < 0.02)
        // Both stand on the axis.
        #expect(try abs(number(bars[0], "y") + heights[0] - number(bars[1], "y") - heights[1]) < 0.03)
        // A single curve needs no legend; the titles are left to the page, which keeps them for readers.
        #expect(
            !parsed.texts.contains("as given") && !parsed.all("text", class: "title").contains { _ in true })
        #expect(parsed.all("title").first?.text == "Reliability")
        chart.calibrated = chart.bins
        #expect(
            ParsedSVG(chart.svg()).texts.filter { ["as given", "calibrated"].contains($0) } == [
                "as given", "calibrated",
            ])
    }

    @Test func emptyBinsHaveNoPoint() throws {
        let chart = ReliabilityChart(bins: [
            .init(lower: 0, upper: 1, count: 0, confidence: nil, accuracy: nil)
        ])
        let parsed = ParsedSVG(chart.svg())
        #expect(parsed.error == nil && parsed.all("rect", class: "between fill0").isEmpty)
        #expect(parsed.all("path", class: "mark fill0").isEmpty)
        #expect(ParsedSVG(ReliabilityChart(bins: []).svg()).error == nil)
    }

    @Test func coverageSaysItsLastAccuracy() {
        let texts = ParsedSVG(CoverageChart(coverage: [0.5, 1], accuracy: [1, 0.9]).svg()).texts
        #expect(texts.contains("90.0\u{A0}%") && texts.contains("share of examples answered"))
        for chart in [
            CoverageChart(coverage: [1], accuracy: [0.9]), CoverageChart(coverage: [], accuracy: []),
        ] {
            #expect(ParsedSVG(chart.svg()).error == nil)
        }
    }

    /// Three places for five points: two lie on others, one is not finite.
    @Test func residualsOnOneAnotherAreDrawnOnce() throws {
        let chart = ResidualChart(
            predicted: [0, 10, 10, 20, .nan, 0], residuals: [1, -1, -1, 2, 0, 1])
        let marks = try #require(
            ParsedSVG(chart.svg()).all("path", class: "fill0").first?.attributes["d"])
        #expect(marks.filter { $0 == "Z" }.count == 3)
        #expect(ParsedSVG(ResidualChart(predicted: [], residuals: []).svg()).error == nil)
        #expect(ParsedSVG(ResidualChart(predicted: [1], residuals: [0]).svg()).error == nil)
        #expect(
            ParsedSVG(ResidualChart(predicted: [1e300, -1e300], residuals: [1e300, 0]).svg()).error == nil)
    }

    /// One range on both axes: points on the diagonal have predictions that are the targets.
    @Test func predictionsLieAgainstTargets() throws {
        let chart = PredictionChart(actual: [0, 10, 20, .nan], predicted: [0, 10, 5, 1])
        let parsed = ParsedSVG(chart.svg())
        #expect(parsed.error == nil && parsed.texts.contains("target") && parsed.texts.contains("prediction"))
        let marks = try #require(parsed.all("path", class: "fill0").first?.attributes["d"])
        #expect(marks.filter { $0 == "Z" }.count == 3)
        // The ticks of both axes are the same numbers.
        let ticks = parsed.texts.filter { Double($0) != nil }
        for tick in ["0", "10", "20"] { #expect(ticks.filter { $0 == tick }.count == 2, "\(ticks)") }
        for values in [[], [1.0], [1e300, -1e300]] {
            #expect(ParsedSVG(PredictionChart(actual: values, predicted: values).svg()).error == nil)
        }
    }

    @Test func manyResidualsAreASmallFile() {
        var noise = Gallery.Generator(state: 1)
        let values = (0..<100_000).map { _ in noise.normal() }
        var chart = ResidualChart(predicted: values, residuals: values.map { $0 * noise.next() })
        (chart.width, chart.height) = (350, 310)
        #expect(chart.svg().utf8.count < 1_500_000)
    }

    @Test(arguments: [2, 10, 20, 40])
    func aMatrixKeepsToItsRoom(count: Int) throws {
        for width in [350.0, 720] {
            var chart = Gallery.smallConfusion(count, width: width)
            chart.showsTitle = false
            let parsed = ParsedSVG(chart.svg())
            let cells = parsed.all("rect").filter { $0.attributes["class"] != "page" }
            #expect(cells.count == count * count)
            let page = try number(try #require(parsed.all("svg").first), "width")
            let cell = try number(cells[0], "width")
            // Cells shrink to 10 pixels, no further.
            #expect(page <= width || cell <= 10, "\(count) classes in \(width): \(page), cells of \(cell)")
            // What a cell does not show, its tooltip says.
            let counts = chart.counts.flatMap { $0 }.filter { $0 > 0 }.count
            let tips = parsed.all("title").filter { $0.text.contains("\u{2192}") }.count
            let shown =
                parsed.all("text", class: "caption").count
                + parsed.all("text", class: "small").filter { Int($0.text.replacing(",", with: "")) != nil }
                .count
            #expect(tips + shown == counts, "\(tips) + \(shown) of \(counts)")
        }
    }

    /// 50 and the widest digit at the left, ten cells of 58, 72 for the recall.
    @Test func withoutALimitTheMatrixIsAsItWas() throws {
        let chart = Gallery.confusion(10, names: (0..<10).map(String.init))
        #expect(chart.maximumWidth == nil)
        let page = try #require(ParsedSVG(chart.svg()).all("svg").first)
        #expect(page.attributes["width"] == "710")
    }
}
