import EvaluationMetrics
import Support
import TestSupport
import Testing

@Suite struct RegressionComparisonTests {
    private struct Vectors: Decodable {
        struct Case: Decodable {
            let differences: [Double], isExact: Bool, probability: Double
        }
        let cases: [Case]
    }

    /// SciPy's `wilcoxon`, by `Vectors/make_signed_rank_vectors.py`; its version is in the file.
    @Test func probabilitiesAreThoseOfSciPy() throws {
        let cases = try (vectors("signed_rank.json") as Vectors).cases
        #expect(cases.contains { $0.isExact } && cases.contains { !$0.isExact })
        for one in notEmpty(cases) {
            let found = SignedRankTest.probability(one.differences)
            #expect(abs(found - one.probability) < 1e-10, "\(one.differences.count): \(found)")
        }
        #expect(SignedRankTest.probability([]) == 1 && SignedRankTest.probability([0, 0]) == 1)
    }

    /// By hand: errors 1, 0, 2 and 2, 0, 1.
    @Test func errorsAreComparedExampleByExample() throws {
        let comparison = try RegressionComparison(
            name: "other", actual: [1, 2, 3], first: [2, 2, 1], second: [3, 2, 2])
        #expect(comparison.firstNearer == 1 && comparison.secondNearer == 1)
        #expect(comparison.meanAbsoluteError == 1 && comparison.otherMeanAbsoluteError == 1)
        #expect(!comparison.isSignificant && !comparison.isBetter && comparison.probability == 1)
        #expect(throws: DescentError.self) {
            try RegressionComparison(name: "", actual: [1], first: [1], second: [1, 2])
        }
        #expect(throws: DescentError.self) {
            try RegressionComparison(name: "", actual: [1], first: [1], second: [.nan])
        }
    }

    @Test func aBetterModelIsSaid() throws {
        let actual = (0..<40).map(Double.init)
        let comparison = try RegressionComparison(
            name: "other", actual: actual, first: actual.map { $0 + 0.5 },
            second: actual.enumerated().map { $1 + 1 + Double($0) / 100 })
        #expect(comparison.isBetter && comparison.isSignificant && comparison.firstNearer == 40)
    }

    @Test func theWorstErrorsComeFirst() throws {
        let report = try EvaluationReport(
            of: .init(model: "m", data: "d", split: "test"), actual: [1, 2, 3, 4],
            predicted: [1, 5, 2, 1], mistakeLimit: 2)
        let errors = try #require(report.worstErrors)
        #expect(errors.map(\.index) == [1, 3] && errors.map(\.residual) == [3, -3])
    }

    @Test func theBestIsTheOneOfAllFolds() {
        func entry(_ name: String, _ scores: [Double], isBaseline: Bool = false, failure: String? = nil)
            -> Leaderboard.Entry
        {
            .init(
                name: name, settings: [.init("model", name)], isBaseline: isBaseline, scores: scores,
                seconds: 1,
                failure: failure)
        }
        let entries = [
            entry("mean", [9, 9], isBaseline: true), entry("ridge", [4, 6]), entry("knn", [5, 5]),
            entry("svr", [1], failure: "fold 2: broken"), entry("net", [7, 8]),
        ]
        let board = Leaderboard(
            measure: .rmse, folds: 2, seed: 1, exampleCount: 10, trainCount: 10, entries: entries)
        // Of equals the first, which is the simpler one.
        #expect(board.entries.map(\.name) == ["ridge", "knn", "net", "mean", "svr"])
        #expect(board.best?.name == "ridge" && board.best?.deviation == 2.0.squareRoot())
        #expect(board.reason?.hasPrefix("ridge has the lowest mean RMSE over 2 folds, 5") == true)
        #expect(board.reason?.contains("differs by less than the deviation") == true)
        let accuracies = Leaderboard(
            measure: .accuracy, folds: 2, seed: 1, exampleCount: 10, trainCount: 10,
            entries: [entry("most", [0.9, 0.9], isBaseline: true), entry("knn", [0.8, 0.6])])
        #expect(accuracies.entries[0].isBaseline && accuracies.best?.name == "knn")
        #expect(accuracies.reason?.contains("Nothing is better than always answering the most") == true)
        let none = Leaderboard(
            measure: .rmse, folds: 2, seed: 1, exampleCount: 10, trainCount: 10,
            entries: [entry("svr", [], failure: "broken")])
        #expect(none.best == nil && none.reason == nil)
    }
}
