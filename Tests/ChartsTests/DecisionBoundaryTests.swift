import Foundation
import TestSupport
import Testing

@testable import Charts

/// Lines of a level, and the chart of a classifier's regions.
@Suite struct DecisionBoundaryTests {
    /// x^2 + y^2 on -2...2, 41 x 41: the level 1 is the unit circle.
    @Test func theUnitCircleIsOneClosedLine() {
        let places = (0..<41).map { -2 + 0.1 * Double($0) }
        let values = places.flatMap { y in places.map { x in x * x + y * y } }
        let lines = ContourLines(columns: 41, rows: 41, values: values, level: 1).lines()
        #expect(lines.count == 1)
        let line = lines[0]
        #expect(line.first == line.last && line.count > 40)
        for place in line {
            let (x, y) = (-2 + 0.1 * place.column, -2 + 0.1 * place.row)
            // Straight lines between places 0.1 apart lie at most 0.01 / 8 off a parabola.
            #expect(abs(x * x + y * y - 1) < 0.0026, "\(place)")
        }
        // No level, no line; and the level of the flat.
        #expect(ContourLines(columns: 41, rows: 41, values: values, level: 9).lines().isEmpty)
    }

    /// A plane: one open line from edge to edge, exact.
    @Test func aPlaneHasAStraightLine() {
        let values = (0..<4).flatMap { row in (0..<5).map { column in Double(column) - 0.5 * Double(row) } }
        let lines = ContourLines(columns: 5, rows: 4, values: values, level: 1.25).lines()
        #expect(lines.count == 1)
        let line = lines[0].sorted { $0.row < $1.row || ($0.row == $1.row && $0.column < $1.column) }
        #expect(notEmpty(line).allSatisfy { abs($0.column - 0.5 * $0.row - 1.25) < 1e-12 })
        #expect(line.first?.row == 0 && line.last?.row == 3)
        #expect(lines[0].first != lines[0].last)
    }

    /// Corners 1, 0, 0, 1: the mean says whether the ones are joined.
    @Test(arguments: [(0.4, true), (0.6, false)])
    func aSaddleIsDecidedByItsMiddle(level: Double, joinsOnes: Bool) {
        let lines = ContourLines(columns: 2, rows: 2, values: [1, 0, 0, 1], level: level).lines()
        #expect(lines.count == 2 && lines.allSatisfy { $0.count == 2 })
        // Joined ones: each line cuts off a zero, bottom with right and left with top.
        let cutsOffRight = lines.contains { line in
            line.contains { $0.column == 1 } && line.contains { $0.row == 0 }
        }
        #expect(cutsOffRight == joinsOnes)
    }

    @Test func placesWithoutANumberHaveNoLine() {
        let values: [Double] = [0, 2, .nan, 0, 2, 2, 0, 2, 2]
        let lines = ContourLines(columns: 3, rows: 3, values: values, level: 1).lines()
        #expect(
            lines == [[.init(column: 0.5, row: 0), .init(column: 0.5, row: 1), .init(column: 0.5, row: 2)]]
                || lines == [
                    [.init(column: 0.5, row: 2), .init(column: 0.5, row: 1), .init(column: 0.5, row: 0)]
                ])
    }

    @Test(arguments: ChartAppearance.allCases)
    func theChartHasRegionsLinesPointsAndRings(appearance: ChartAppearance) throws {
        let places = (0..<21).map { Double($0) / 10 - 1 }
        let decisions = places.flatMap { _ in places.map { x in 2 * x } }
        var chart = DecisionBoundaryChart(
            title: "Left & right", subtitle: "two", horizontal: places, vertical: places,
            classes: decisions.map { $0 > 0 ? 1 : 0 }, classNames: ["left", "right"])
        chart.boundaries = [decisions]
        chart.margin = decisions
        chart.points = [
            .init(x: -0.5, y: 0, classIndex: 0, isSupportVector: true), .init(x: 0.5, y: 0.5, classIndex: 1),
        ]
        let text = chart.svg(appearance: appearance)
        let parsed = ParsedSVG(text)
        #expect(parsed.error == nil)
        func paths(_ name: String) -> [String] {
            parsed.all("path").filter { $0.attributes["class"]?.split(separator: " ").first == name[...] }
                .compactMap { $0.attributes["d"] }
        }
        // One rectangle for each row of a region; two margins, one boundary, one ring.
        #expect(paths("region").map { $0.count { $0 == "M" } } == [21, 21])
        #expect(paths("boundary").map { $0.count { $0 == "M" } } == [1])
        #expect(paths("margin").map { $0.count { $0 == "M" } } == [2])
        #expect(paths("ring").map { $0.count { $0 == "M" } } == [1])
        #expect(["Left & right", "two", "left", "right"].allSatisfy(parsed.texts.contains))
        #expect(text == chart.svg(appearance: appearance))
    }
}
