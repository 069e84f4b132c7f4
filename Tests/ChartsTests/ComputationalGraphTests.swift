import Testing

@testable import Charts

@Suite struct ComputationalGraphChartTests {
    private let chart = ComputationalGraphChart(
        title: "A product & more", subtitle: "one edge",
        nodes: [
            .init("x<1>", column: 0, row: 0), .init("w", column: 0, row: 1), .init("×", column: 1, row: 0.5),
        ],
        edges: [.init(0, 2, value: 2, gradient: -0.0405), .init(1, 2, value: 0.5)])

    @Test func everyNodeAndNumberIsThere() {
        let svg = ParsedSVG(chart.svg())
        #expect(svg.error == nil)
        let texts = svg.texts
        for text in ["A product & more", "one edge", "x<1>", "w", "×", "2.00", "\u{2212}0.0405", "0.500"] {
            #expect(texts.contains(text), "\(text) in \(texts)")
        }
    }

    @Test func anEdgeIsAnArrow() {
        #expect(ParsedSVG(chart.svg()).all("path", class: "arrow").count == 2)
    }
}
