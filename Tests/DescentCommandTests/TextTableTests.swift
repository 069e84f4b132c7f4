import Descent
import TestSupport
import Testing

@testable import DescentCommand

@Suite struct TableTests {
    private var table: TextTable {
        var table = TextTable(
            ["", "method", "accuracy", "most frequent mistakes"], alignments: [.right, .left, .right, .left])
        table.rows = [
            ["1", "RBF SVM on HOG", "98.20 %", "9 as 4 (2), 2 as 9 (1)"], ["2", "two-layer", "90.80 %", "-"],
        ]
        table.optional = [3]
        return table
    }

    @Test func fewPerSecondAreNotNone() {
        for (value, text) in [
            (0.25, "0.25"), (0, "0"), (3.04, "3.0"), (12.7, "12"), (1234.5, "1,234"), (1e30, "1e+30"),
            (.infinity, "inf"),
        ] { #expect(Numerals.rate(value) == text) }
    }

    @Test func whatFitsStays() {
        #expect(
            table.fitted(to: 80) == """
                    method           accuracy   most frequent mistakes
                1   RBF SVM on HOG    98.20 %   9 as 4 (2), 2 as 9 (1)
                2   two-layer         90.80 %   -

                """)
        #expect(table.fitted(to: 80) == table.natural)
    }

    /// By hand: 1 + 14 + 8 + 14 and three pairs of spaces are 43.
    @Test func textIsBrokenAtSpaces() {
        let lines = table.fitted(to: 43).split(separator: "\n").map(String.init)
        #expect(notEmpty(lines).allSatisfy { $0.count <= 43 }, "\(lines)")
        #expect(lines.contains { $0.contains("98.20 %") })
        #expect(lines.joined(separator: " ").contains("mistakes"))
    }

    @Test func columnsAreLeftOutAndNamed() {
        let text = table.fitted(to: 26)
        #expect(text.hasSuffix("(not shown on so narrow a terminal: most frequent mistakes)\n"), "\(text)")
        let lines = text.split(separator: "\n").map(String.init)
        #expect(notEmpty(lines.dropLast()).allSatisfy { $0.count <= 26 }, "\(text)")
    }

    @Test func namesThatAreCopiedStayWhole() {
        var runs = TextTable(["run", "model"], alignments: [.left, .left])
        runs.rows = [["2026-11-30-074135-two-layer", "conv:16@5/2n,16@3/2n,16@3/2n,64"]]
        runs.whole = [0]
        let lines = runs.fitted(to: 45).split(separator: "\n").map(String.init)
        #expect(lines.contains { $0.hasPrefix("2026-11-30-074135-two-layer  ") }, "\(lines)")
        #expect(notEmpty(lines).allSatisfy { $0.count <= 45 }, "\(lines)")
    }

    @Test(arguments: 22...130)
    func noTableOfThreeWordsIsWiderThanItsTerminal(columns: Int) {
        for line in table.fitted(to: columns).split(separator: "\n") where !line.hasPrefix("(") {
            #expect(line.count <= max(columns, 20), "\(columns): \(line)")
        }
    }

    @Test func solversTellReadableNumbers() {
        #expect(
            LearningDisplay.readable("iteration 181, gradient 0.00024837690514868834")
                == "iteration 181, gradient 0.00025")
        #expect(
            LearningDisplay.readable("45 pairs solved in 338317 steps") == "45 pairs solved in 338,317 steps")
        #expect(LearningDisplay.readable("linking row 2000 of 60000") == "linking row 2000 of 60,000")
    }

    @Test func plotsOfNearlyEqualValuesHaveMarksThatDiffer() {
        let text = TerminalPlot(x: [1.0001, 1.0002], y: [0.1234561, 0.1234569]).text(xLabel: "x", yLabel: "y")
        #expect(text.contains("0.1234561 |") && text.contains("0.1234569 |"), "\(text)")
        #expect(text.contains("1.0001") && text.contains("1.0002"), "\(text)")
    }
}
