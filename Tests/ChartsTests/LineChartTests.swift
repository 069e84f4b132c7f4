import Arrays
import Images
import Support
import TestSupport
import Testing
import Training

@testable import Charts

@Suite struct LineChartTests {
    private func parsed(
        _ series: [LineChart.Series], x: LineChart.Axis = .init(), y: LineChart.Axis = .init()
    )
        -> ParsedSVG
    {
        let parsed = ParsedSVG(LineChart(title: "t", xAxis: x, yAxis: y, series: series).svg())
        #expect(parsed.error == nil)
        return parsed
    }

    /// The lines of a chart, without the samples in the legend, which have no name to show here.
    private func lines(_ parsed: ParsedSVG) -> [ParsedSVG.Element] {
        parsed.elements.filter { $0.attributes["class"]?.hasPrefix("line") == true }
    }

    private func points(_ path: String) -> [[Double]] {
        path.split(whereSeparator: { $0 == "M" || $0 == "L" }).map {
            TestSupport.parsed($0.split(separator: " "), as: Double.self)
        }
    }

    @Test func pointsLieWhereTheMarksSay() throws {
        let chart = parsed(
            [.init(name: "", positions: [0, 5, 10], values: [0, 20, 100])],
            x: .init(range: 0...10), y: .init(range: 0...100))
        let line = try #require(lines(chart).first?.attributes["d"])
        let places = points(line)
        func tick(_ text: String, anchor: String) throws -> ParsedSVG.Element {
            try #require(
                chart.all("text", class: "tick").first {
                    $0.text == text && $0.attributes["text-anchor"] == anchor
                })
        }
        // Numbers under the axis stand under their place; those beside it 4 below the line they name.
        #expect(try tick("0", anchor: "middle").attributes["x"] == SVGElement.number(places[0][0]))
        #expect(try tick("5", anchor: "middle").attributes["x"] == SVGElement.number(places[1][0]))
        #expect(try tick("10", anchor: "middle").attributes["x"] == SVGElement.number(places[2][0]))
        #expect(try tick("0", anchor: "end").attributes["y"] == SVGElement.number(places[0][1] + 4))
        #expect(try tick("20", anchor: "end").attributes["y"] == SVGElement.number(places[1][1] + 4))
        #expect(try tick("100", anchor: "end").attributes["y"] == SVGElement.number(places[2][1] + 4))
    }

    @Test func valuesThatAreNoNumberLeaveGaps() throws {
        let chart = parsed([.init(name: "", values: [1, 2, .nan, 3, .infinity, 4, 5])])
        let line = try #require(lines(chart).first?.attributes["d"])
        // 1-2 and 4-5 are joined; 3 stands alone, as a mark.
        #expect(line.filter { $0 == "M" }.count == 2)
        #expect(line.filter { $0 == "L" }.count == 2)
        let marks = try #require(chart.all("path", class: "mark fill0").last?.attributes["d"])
        #expect(marks.filter { $0 == "M" }.count == 5)
    }

    @Test func logarithmicAxesSkipWhatIsNotPositive() throws {
        let chart = parsed(
            [.init(name: "", values: [10, 1, 0, -1, 0.1, 0.01])], y: .init(scale: .logarithmic))
        let line = try #require(lines(chart).first?.attributes["d"])
        #expect(line.filter { $0 == "M" }.count == 2)
        let heights = points(line).map { $0[1] }
        #expect(
            ((heights[1] - heights[0]) - (heights[3] - heights[2])).magnitude < 0.02, "a decade is a decade")
    }

    @Test(arguments: [
        [], [3.0], [2, 2, 2], [.nan, .nan], [0], [1e308, -1e308], [.leastNonzeroMagnitude, 1e-305],
        [.infinity, 1],
    ])
    func strangeSeriesGiveWholeFiles(values: [Double]) {
        for scale in LineChart.Scale.allCases {
            for format in LineChart.NumberFormat.allCases {
                let axis = LineChart.Axis(label: "y", scale: scale, format: format)
                let svg = LineChart(title: "t", yAxis: axis, series: [.init(name: "a", values: values)]).svg()
                #expect(ParsedSVG(svg).error == nil, "\(scale) \(format)")
                #expect(!svg.contains("nan") && !svg.contains("inf\""))
            }
        }
    }

    @Test func noSeriesAtAll() {
        #expect(parsed([]).all("text", class: "title").map(\.text) == ["t"])
    }

    @Test func onePointStandsInTheMiddle() throws {
        let chart = parsed([.init(name: "", positions: [7], values: [3])], x: .init(format: .integer))
        #expect(lines(chart).isEmpty)
        #expect(chart.all("path", class: "mark fill0").count == 1)
        #expect(chart.texts.contains("3.00"), "the last value")
        #expect(chart.texts.contains("7"))
    }

    @Test func seriesDifferByMoreThanColor() {
        let names = ["a", "b", "c", "d", "e", "f"]
        let chart = parsed(names.map { .init(name: $0, values: [1, 2]) })
        let samples = lines(chart).prefix(6).map { $0.attributes["stroke-dasharray"] ?? "" }
        #expect(Set(samples).count == 6)
        #expect(chart.texts.filter(names.contains) == names)
    }

    @Test func textIsEscaped() {
        let title = "a < b & \"c\" > 'd' \u{1}"
        let svg = LineChart(title: title, series: [.init(name: "<x>", values: [1])]).svg()
        let parsed = ParsedSVG(svg)
        #expect(parsed.error == nil)
        #expect(parsed.all("text", class: "title").first?.text == "a < b & \"c\" > 'd' \u{FFFD}")
        #expect(parsed.texts.contains("<x>"))
    }

    @Test func marksThatWouldCoverEachOtherAreLeftOut() throws {
        // The third lies on the second; the end has a mark always.
        let chart = parsed([.init(name: "", positions: [0, 10, 10.001, 10.002], values: [1, 2, 2, 2])])
        let marks = try #require(chart.all("path", class: "mark fill0").last?.attributes["d"])
        #expect(marks.filter { $0 == "M" }.count == 3)
    }

    @Test func longRunsKeepTheirExtremes() {
        var run = (0..<10_000).map { (x: Double($0) / 50, y: 1.0) }
        run[5_003].y = 9
        run[7_001].y = -4
        let thinned = LinePanel.thinned(run)
        #expect(thinned.count <= 800)
        #expect(thinned.map(\.y).max() == 9 && thinned.map(\.y).min() == -4)
        #expect(thinned.first?.x == 0 && thinned.last?.x == 9_999.0 / 50)
    }

    @Test func everyTextCanBeRead() throws {
        // WCAG 2.1 AA for the values beside the curves, on both pages.
        for (page, ink) in [(0xFFFFFF, 0x1F2328), (0x14181E, 0xE6EAEF)] as [(UInt32, UInt32)] {
            for color in [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0xF0E442] as [UInt32] {
                let text = ChartTheme.readable(RGBA(hex: color), on: RGBA(hex: page), towards: RGBA(hex: ink))
                #expect(ChartTheme.contrast(text, RGBA(hex: page)) >= 4.5)
            }
        }
        #expect(ChartTheme.contrast(RGBA(0, 0, 0), RGBA(255, 255, 255)) == 21)
    }
}

@Suite struct LearningCurveTests {
    private func curve(training: [Double], test: [Double], testLoss: [Double]? = nil) -> LearningCurve {
        LearningCurve(
            epochs: Array(1...training.count), trainingLoss: training.map { 1.1 - $0 }, testLoss: testLoss,
            trainingAccuracy: training, testAccuracy: test, title: "t")
    }

    @Test func theSummaryHasTheFinalFigures() {
        #expect(
            curve(training: [0.8, 0.9788], test: [0.8, 0.9691]).summary
                == "After 2 epochs: training accuracy 97.9\u{A0}%, test accuracy 96.9\u{A0}%, loss 0.121")
        #expect(
            curve(training: [0.5], test: [0.25], testLoss: [2]).summary
                == "After 1 epoch: training accuracy 50.0\u{A0}%, test accuracy 25.0\u{A0}%, training loss 0.600, "
                + "test loss 2.00")
        let nothing = LearningCurve(
            epochs: [], trainingLoss: [], trainingAccuracy: [], testAccuracy: [], title: "")
        #expect(nothing.summary == "No epoch yet")
        #expect(ParsedSVG(nothing.svg()).error == nil)
    }

    @Test func withoutTestDataNothingIsSaidOfThem() {
        let curve = curve(training: [0.5, 0.75], test: [.nan, .nan])
        #expect(curve.summary == "After 2 epochs: training accuracy 75.0\u{A0}%, loss 0.350")
        let texts = ParsedSVG(curve.svg()).texts
        #expect(!texts.contains("test") && !texts.contains { $0.contains("NaN") })
    }

    @Test func aWideGapIsShownAndNamed() {
        let rising = (1...20).map { min(1, 0.5 + 0.05 * Double($0)) }
        let wide = ParsedSVG(curve(training: rising, test: rising.map { $0 * 0.75 }).svg())
        #expect(wide.all("path", class: "between fill1").count == 1)
        #expect(wide.texts.contains("overfitting: 25.0 points apart"))
        // Both panels count their epochs alike.
        let numbers = wide.all("text", class: "tick").filter { $0.attributes["text-anchor"] == "middle" }.map(
            \.text)
        #expect(
            numbers.count % 2 == 0 && numbers.prefix(numbers.count / 2) == numbers.suffix(numbers.count / 2))
        let narrow = ParsedSVG(curve(training: rising, test: rising.map { $0 - 0.02 }).svg())
        #expect(narrow.all("path", class: "between fill1").isEmpty)
        #expect(!narrow.texts.contains { $0.contains("overfitting") })
    }

    /// The picture names what the run's own verdict names, and nothing else: the oracle is `TrainingVerdict` of the same run.
    @Test func thePictureSaysWhatTheVerdictSays() {
        var words: Set<String> = []
        for training in [0.3, 0.7, 0.9, 0.96, 1] {
            for gap in [-0.05, 0, 0.02, 0.031, 0.05, 0.0999, 0.1, 0.25] {
                for count in [nil, 20, 200, 10_000] as [Int?] {
                    let accuracies = [training / 2, training]
                    let tests = [training / 2, training - gap]
                    let epochs = accuracies.indices.map {
                        History.Epoch(
                            number: $0 + 1, training: Scores(loss: 1, accuracy: accuracies[$0]),
                            test: Scores(loss: 1, accuracy: tests[$0]), seconds: 1, steps: 1, samples: 1)
                    }
                    let verdict = TrainingVerdict(
                        History(
                            epochs: epochs, training: epochs[1].training, test: epochs[1].test,
                            trainingSeconds: 2, steps: 2), testCount: count)
                    var curve = curve(training: accuracies, test: tests)
                    curve.testCount = count
                    let word = [.overfitted: "overfitting", .someOverfitting: "some overfitting"][
                        verdict.kind]
                    for given in [nil, verdict.kind] {
                        curve.verdict = given
                        #expect(curve.overfitting == word, "\(training) \(gap) \(String(describing: count))")
                        #expect(
                            ParsedSVG(curve.svg()).all("path", class: "between fill1").count
                                == (word == nil ? 0 : 1))
                    }
                    words.insert(word ?? "")
                }
            }
        }
        #expect(words == ["", "overfitting", "some overfitting"])
    }

    /// Where the verdict has more to go by than the accuracies, it decides.
    @Test func aRunThatHasNotLearnedIsNotCalledOverfitted() {
        var curve = curve(training: [0.2, 0.4], test: [0.2, 0.25])
        #expect(curve.overfitting == "overfitting")
        for kind in [TrainingVerdict.Kind.underfitted, .notLearned, .diverged, .unknown, .fits] {
            curve.verdict = kind
            #expect(curve.overfitting == nil)
        }
    }

    @Test func aGapTooLowForWordsHasThemBelow() throws {
        // Thin all along, with the test accuracy high above the axis's lower end.
        let rising = (1...20).map { 0.05 * Double($0) }
        let parsed = ParsedSVG(curve(training: rising, test: rising.map { $0 * 0.96 }).svg())
        let words = try #require(
            parsed.all("text", class: "name").first { $0.text.hasPrefix("some overfitting") })
        #expect(words.attributes["text-anchor"] == "end")
    }

    @Test func aBetterTestAccuracyIsNoGap() {
        let curve = curve(training: [0.5, 0.6], test: [0.7, 0.8])
        #expect(curve.finalGap.map { ($0 + 0.2).magnitude < 1e-12 } == true)
        #expect(ParsedSVG(curve.svg()).all("path", class: "between fill1").isEmpty)
    }

    @Test func axesAreEpochsAndPercent() {
        let parsed = ParsedSVG(curve(training: [0.82, 0.9, 0.93], test: [0.8, 0.89, 0.92]).svg())
        let below = parsed.all("text", class: "tick").filter { $0.attributes["text-anchor"] == "middle" }
        #expect(below.map(\.text) == ["1", "2", "3", "1", "2", "3"])
        let beside = parsed.all("text", class: "tick").filter { $0.attributes["text-anchor"] == "end" }.map(
            \.text)
        #expect(beside.contains("80\u{A0}%") && !beside.contains("105\u{A0}%"))
        #expect(beside.contains("0.00"), "the loss begins at zero")
    }

    @Test func accuracyNeverLeavesZeroToHundred() {
        let axis = LineChart.Axis(format: .percent)
        #expect(LinePanel.range(of: axis, values: [0, 1], isHorizontal: false) == 0...1)
        #expect(LinePanel.range(of: axis, values: [1, 1, 1], isHorizontal: false).upperBound == 1)
        #expect(LinePanel.range(of: axis, values: [0, 0], isHorizontal: false).lowerBound == 0)
    }
}

@Suite struct VectorFieldPathTests {
    /// A path of 101 points had two marks: every 12th, counted from its end.
    @Test func everyStepOfAPathIsMarked() throws {
        // Twenty points a pixel's eighth apart and more: all further apart than the 3 pixels within which marks are one.
        let path = LineChart.Series(
            name: "", positions: (0...100).map { -1 + Double($0) / 50 },
            values: [Double](repeating: 0, count: 101))
        let field = VectorFieldChart(title: "t", over: -1...1, and: -1...1, paths: [path]) { _, _ in (0, 0) }
        let parsed = ParsedSVG(field.svg())
        let marks = try #require(parsed.all("path", class: "mark fill0").last?.attributes["d"])
        #expect(marks.filter { $0 == "M" }.count == 101)
    }
}

@Suite struct HeatMapAxisTests {
    @Test func panelsSayWhatTheirAxesAre() throws {
        var panel = HeatMap.Panel(name: "0.weight", values: NDArray([[1e-6, 1e-7]]))
        panel.axes = "across: the 2 inputs; down: the 1 unit"
        let parsed = ParsedSVG(try HeatMap(bound: 1e-5, panels: [panel]).svg())
        #expect(parsed.texts.contains("across: the 2 inputs; down: the 1 unit"))
    }
}
