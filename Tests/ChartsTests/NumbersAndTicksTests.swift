import TestSupport
import Testing

@testable import Charts

// Every expected value here is worked by hand.

@Suite struct NumberTextTests {
    @Test func coordinatesHaveAtMostTwoDecimals() {
        #expect(SVGElement.number(0) == "0")
        #expect(SVGElement.number(12) == "12")
        #expect(SVGElement.number(1.5) == "1.5")
        #expect(SVGElement.number(1.05) == "1.05")
        #expect(SVGElement.number(1.055) == "1.06")
        #expect(SVGElement.number(-0.004) == "0")
        #expect(SVGElement.number(-0.25) == "-0.25")
        #expect(SVGElement.number(99.999) == "100")
        #expect(SVGElement.number(123_456.789) == "123456.79")
    }

    @Test func fixedNumbers() {
        #expect(NumberText.fixed(0.5, decimals: 0) == "1")
        #expect(NumberText.fixed(2.345, decimals: 1) == "2.3")
        #expect(NumberText.fixed(-0.05, decimals: 2) == "\u{2212}0.05")
        #expect(NumberText.fixed(-0.001, decimals: 2) == "0.00")
        #expect(NumberText.fixed(999, decimals: 0) == "999")
        #expect(NumberText.fixed(60000, decimals: 0) == "60,000")
        #expect(NumberText.fixed(1_234_567.25, decimals: 2) == "1,234,567.25")
        #expect(NumberText.fixed(1e300, decimals: 2) == "1e300")
        #expect(NumberText.fixed(.nan, decimals: 2) == "NaN")
        #expect(NumberText.fixed(-.infinity, decimals: 2) == "\u{2212}\u{221E}")
    }

    @Test func threeSignificantDigits() {
        #expect(NumberText.short(0.0787) == "0.0787")
        #expect(NumberText.short(0.61) == "0.610")
        #expect(NumberText.short(2.3026) == "2.30")
        #expect(NumberText.short(97.06) == "97.1")
        #expect(NumberText.short(1234) == "1,234")
        #expect(NumberText.short(0) == "0")
        #expect(NumberText.short(4.56e-7) == "4.56e\u{2212}7")
        #expect(NumberText.short(9.999e-7) == "1e\u{2212}6")
        #expect(NumberText.short(-2.5e12) == "\u{2212}2.5e12")
    }

    @Test func percentAndPowers() {
        #expect(NumberText.percent(0.971) == "97.1\u{A0}%")
        #expect(NumberText.percent(1, decimals: 0) == "100\u{A0}%")
        #expect(NumberText.powerOfTen(-13) == "10\u{207B}\u{B9}\u{B3}")
    }
}

@Suite struct AxisTicksTests {
    @Test(arguments: [
        (1.0, 1, 0), (1.49, 1, 0), (1.5, 2, 0), (2.9, 2, 0), (3.0, 5, 0), (6.9, 5, 0), (7.0, 1, 1),
        (9.0, 1, 1),
        (0.14, 1, -1), (23.0, 2, 1), (0.00041, 5, -4),
    ])
    func steps(raw: Double, digit: Int, exponent: Int) {
        let step = AxisTicks.niceStep(raw)
        #expect(step.digit == digit && step.exponent == exponent, "\(raw) gives \(step)")
    }

    @Test func rangesEndAtMarks() {
        // Length 0.85 in 5 is 0.17, so steps of 0.2.
        #expect(AxisTicks.niceRange(0.08, 0.93, about: 5) == 0...1)
        // 0.1 + 0.2 is a little over 0.3; that does not ask for a step more. 0.2 / 5 = 0.04: steps of 0.05.
        #expect(AxisTicks.niceRange(0.1, 0.1 + 0.2, about: 5).upperBound == 0.1 + 0.2)
        #expect(AxisTicks.niceRange(-3, 14, about: 5) == -5...15)
        #expect(AxisTicks.niceRange(0, 0, about: 5) == -1...1)
        let around = AxisTicks.niceRange(5, 5, about: 5)
        #expect(around == 4.4...5.6)
    }

    @Test func linearMarks() {
        let ticks = AxisTicks.linear(in: 0...1, about: 5, format: .decimal)
        #expect(ticks.values == [0, 0.2, 0.4, 0.6, 0.8, 1])
        #expect(ticks.labels == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
        // Three steps of 0.1 are exactly the double 0.3.
        #expect(
            AxisTicks.linear(in: 0...0.5, about: 5, format: .decimal).values == [0, 0.1, 0.2, 0.3, 0.4, 0.5])
        #expect(AxisTicks.linear(in: -7...8, about: 3, format: .decimal).values == [-5, 0, 5])
    }

    @Test func wholeNumbersOnly() {
        #expect(AxisTicks.linear(in: 1...3, about: 8, format: .integer).labels == ["1", "2", "3"])
        #expect(
            AxisTicks.linear(in: 1...16, about: 7, format: .integer).values == [2, 4, 6, 8, 10, 12, 14, 16])
        #expect(AxisTicks.linear(in: 0.2...0.8, about: 5, format: .integer).values == [])
    }

    @Test func percentMarks() {
        let ticks = AxisTicks.linear(in: 0.8...1, about: 5, format: .percent)
        #expect(ticks.labels == ["80\u{A0}%", "85\u{A0}%", "90\u{A0}%", "95\u{A0}%", "100\u{A0}%"])
        let fine = AxisTicks.linear(in: 0.97...0.99, about: 4, format: .percent)
        #expect(fine.labels == ["97.0\u{A0}%", "97.5\u{A0}%", "98.0\u{A0}%", "98.5\u{A0}%", "99.0\u{A0}%"])
    }

    /// All marks said 0.123; steps of 2e-7 inside the range are worked by hand.
    @Test func marksCloseTogetherDiffer() {
        let close = AxisTicks.linear(in: 0.1234561...0.1234569, about: 5, format: .decimal)
        #expect(close.labels == ["0.1234562", "0.1234564", "0.1234566", "0.1234568"])
        let accuracy = AxisTicks.linear(in: 0.5...0.5 + 4e-13, about: 4, format: .percent)
        #expect(Set(accuracy.labels).count == accuracy.labels.count && accuracy.labels.count >= 3)
        #expect(notEmpty(accuracy.labels).allSatisfy { $0.hasSuffix("\u{A0}%") })
        let large = AxisTicks.linear(in: 1e15...1e15 + 8, about: 4, format: .integer)
        #expect(
            large.labels == [
                "1e15", "1000000000000002", "1000000000000004", "1000000000000006", "1000000000000008",
            ]
                || Set(large.labels).count == large.values.count, "\(large)")
        // Where the step is finer than doubles are there is one mark for each double.
        let finest = AxisTicks.linear(in: 1...(1.0).nextUp, about: 5, format: .decimal)
        #expect(!finest.values.isEmpty && Set(finest.labels).count == finest.values.count, "\(finest)")
        // Small numbers keep their short form.
        #expect(AxisTicks.linear(in: 0...4e-7, about: 4, format: .decimal).labels.last == "4e\u{2212}7")
    }

    @Test(arguments: [1e-12, 1e-9, 1e-6, 1e-3, 1, 1e6])
    func noTwoMarksAreAlike(length: Double) {
        for lower in [-1e3, -0.7, 0, 0.1234561, 5, 1e5] {
            for format in LineChart.NumberFormat.allCases {
                let ticks = AxisTicks.linear(in: lower...lower + length, about: 6, format: format)
                #expect(
                    Set(ticks.labels).count == ticks.labels.count,
                    "\(lower), \(length), \(format): \(ticks.labels)")
            }
        }
    }

    @Test func logarithmicAxesWithinOneStepHaveMarks() {
        let ticks = AxisTicks.logarithmic(in: 1.1...1.4, about: 5)
        #expect(ticks.labels == ["1.10", "1.15", "1.20", "1.25", "1.30", "1.35", "1.40"])
    }

    /// 19 epochs in steps of 5 ended at 15.
    @Test func theLastEpochHasAMark() {
        var ticks = AxisTicks.linear(in: 1...19, about: 4, format: .integer)
        ticks.end(at: 19)
        #expect(ticks.labels == ["5", "10", "15", "19"])
        var close = AxisTicks.linear(in: 1...21, about: 4, format: .integer)
        close.end(at: 21)
        #expect(close.labels == ["5", "10", "15", "21"])
        var whole = AxisTicks.linear(in: 0...20, about: 4, format: .integer)
        whole.end(at: 20)
        #expect(whole.labels == ["0", "5", "10", "15", "20"])
    }

    @Test func logarithmicMarks() {
        let near = AxisTicks.logarithmic(in: 0.05...2, about: 5)
        #expect(near.values == [0.05, 0.1, 0.2, 0.5, 1, 2])
        #expect(near.labels == ["0.05", "0.1", "0.2", "0.5", "1", "2"])
        let far = AxisTicks.logarithmic(in: 1e-6...5, about: 4)
        #expect(far.values == [1e-6, 1e-4, 1e-2, 1])
        #expect(far.labels == ["10\u{207B}\u{2076}", "10\u{207B}\u{2074}", "10\u{207B}\u{B2}", "10\u{2070}"])
        #expect(AxisTicks.niceLogarithmicRange(0.03, 7) == 0.02...10)
        #expect(AxisTicks.niceLogarithmicRange(1, 1) == 0.5...2)
    }
}

@Suite struct AxisScaleTests {
    @Test func linearPlaces() {
        let scale = AxisScale(range: 0...10, kind: .linear, start: 100, end: 0)
        #expect(scale.coordinate(0) == 100)
        #expect(scale.coordinate(2.5) == 75)
        #expect(scale.coordinate(10) == 0)
        #expect(scale.coordinate(-5) == 150)
        #expect(scale.coordinate(.nan) == nil)
        #expect(scale.coordinate(.infinity) == nil)
        #expect(scale.coordinate(1e300) == -9900)
        #expect(AxisScale(range: 3...3, kind: .linear, start: 0, end: 8).coordinate(3) == 4)
    }

    @Test func logarithmicPlaces() {
        let scale = AxisScale(range: 1...1000, kind: .logarithmic, start: 0, end: 300)
        #expect(scale.coordinate(10).map { ($0 - 100).magnitude < 1e-9 } == true)
        #expect(scale.coordinate(0) == nil)
        #expect(scale.coordinate(-1) == nil)
    }
}

@Suite struct LabelSpreadingTests {
    private func spread(_ wanted: [Double], inside range: ClosedRange<Double> = -100...100) -> [Double] {
        LabelSpreading.spread(wanted, distance: 10, inside: range)
    }

    @Test func labelsApartStay() {
        #expect(spread([50, 0, 20]) == [50, 0, 20])
        #expect(spread([]) == [])
    }

    @Test func labelsTogetherPartEvenly() {
        #expect(spread([10, 12]) == [6, 16])
        #expect(spread([12, 10]) == [16, 6])
        #expect(spread([5, 5, 5]) == [-5, 5, 15])
    }

    @Test func aPoolTakesItsNeighbourIn() {
        // 0 and 4 part to -3 and 7; 14 is then too near. Less 0, 10, 20: 0, -6, -6, mean -4.
        #expect(spread([0, 4, 14]) == [-4, 6, 16])
    }

    @Test func labelsStayInside() {
        #expect(spread([0, 0, 0], inside: 0...100) == [0, 10, 20])
        #expect(spread([100, 100], inside: 0...100) == [90, 100])
    }
}
