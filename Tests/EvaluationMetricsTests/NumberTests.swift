import ArrayFiles
import Arrays
import EvaluationMetrics
import Foundation
import Support
import TestSupport
import Testing

/// Regression, importance, novelty.
@Suite struct NumberTests {
    @Test func regression() throws {
        let wanted = try MetricVectors.read().regression
        let found = try RegressionMetrics(actual: wanted.actual, predicted: wanted.predicted)
        let interval = try #require(found.meanAbsoluteErrorInterval)
        expectClose(
            [
                found.meanAbsoluteError, interval.lower, interval.upper, found.rootMeanSquaredError,
                try #require(found.r2), found.medianAbsoluteError, found.maximumError, found.baselineError,
            ],
            [wanted.mae] + wanted.interval + [
                wanted.rmse, wanted.r2, wanted.median, wanted.largest, wanted.baseline,
            ],
            relative: 1e-12)
        #expect(found.count == 81)
        expectClose(
            RegressionMetrics.residuals(actual: [1, 2], predicted: [1.5, 1]), [0.5, -1])
    }

    @Test func regressionOfFewNumbers() throws {
        let one = try RegressionMetrics(actual: [2], predicted: [5])
        #expect(one.r2 == nil && one.meanAbsoluteErrorInterval == nil && one.meanAbsoluteError == 3)
        #expect(one.meanResidual == 3 && one.medianAbsoluteError == 3 && one.baselineError == 0)
        #expect(try RegressionMetrics(actual: [0.1, 0.1, 0.1], predicted: [0, 0, 0]).r2 == nil)
        #expect(
            try RegressionMetrics(actual: [0, 2, 0, 2], predicted: [0, 0, 0, 0]).medianAbsoluteError == 1)
        #expect(
            failure { _ = try RegressionMetrics(actual: [], predicted: []) }
                == "badData: predictions: no examples to evaluate (expected one example or more)")
        #expect(
            failure { _ = try RegressionMetrics(actual: [1, 2], predicted: [1]) }
                == "badData: predictions: answers and examples differ in number (expected 2, got 1)")
        #expect(
            failure { _ = try RegressionMetrics(actual: [1, .nan], predicted: [1, 2]) }
                == "badData: targets, example 1: a number that is not finite (got nan)")
        #expect(
            failure { _ = try RegressionMetrics(actual: [1, 2], predicted: [.infinity, 2]) }
                == "badData: predictions, example 0: a number that is not finite (got inf)")
    }

    /// The same draws as scikit-learn, so the same numbers.
    @Test func importance() throws {
        let wanted = try MetricVectors.read().importance
        let features = wanted.features.array(Float.self)
        func score(_ features: NDArray<Float>) -> Double {
            let values = features.elements
            let errors = wanted.targets.enumerated().map { row, target in
                (0..<4).reduce(0) { $0 + Double(values[row * 4 + $1]) * wanted.weights[$1] } - target
            }
            return -errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)
        }
        var steps: [Int] = []
        let found = try PermutationImportance.measure(
            features, groups: (0..<4).map { .init("x\($0)", columns: [$0]) }, repeats: 6, seed: 3,
            progress: { done, all in steps.append(done * 100 + all) }, score: score)
        #expect(found.map(\.name) == ["x0", "x2", "x3", "x1"])
        expectClose(found.map(\.mean), [0, 2, 3, 1].map { wanted.means[$0] }, absolute: 1e-12)
        expectClose(found.map(\.deviation), [0, 2, 3, 1].map { wanted.deviations[$0] }, absolute: 1e-12)
        #expect(steps == (1...24).map { $0 * 100 + 24 })
    }

    /// Columns of one group are shuffled by one order: their sum over a row stays what it was in some row.
    @Test func groupsStayTogether() throws {
        let features = NDArray<Float>(shape: [4, 3], elements: [1, 0, 5, 0, 1, 6, 1, 0, 7, 0, 1, 8])
        var sums: Set<Float> = []
        _ = try PermutationImportance.measure(features, groups: [.init("color", columns: [0, 1])], seed: 1) {
            let values = $0.elements
            for row in 0..<4 { sums.insert(values[row * 3] + values[row * 3 + 1]) }
            #expect([2, 5, 8, 11].map { values[$0] } == [5, 6, 7, 8])
            return 0
        }
        #expect(sums == [1])
        func failing(_ column: Int, _ score: Double) -> String {
            failure {
                _ = try PermutationImportance.measure(features, groups: [.init("c", columns: [column])]) {
                    _ in score
                }
            }
        }
        #expect(failing(3, 0) == "badData: feature 'c': a column that there is not (expected 0..<3, got 3)")
        #expect(failing(0, .nan) == "badData: the unchanged features: a score that is not finite (got nan)")
        let stopped = Cancellation()
        stopped.cancel()
        #expect(
            failure {
                _ = try PermutationImportance.measure(
                    features, groups: [.init("c", columns: [0])], cancellation: stopped
                ) { _ in 0 }
            } == "interrupted: stopped")
    }

    @Test func noveltyByNearestNeighbors() throws {
        let wanted = try MetricVectors.read().novelty
        let detector = try NoveltyDetector(fitting: wanted.features.array(), quantile: 0.9)
        #expect(detector.representatives.shape == [60, 5])
        expectClose([detector.threshold], [wanted.threshold], relative: 1e-6)
        let strangers = wanted.strangers.array(Float.self)
        expectClose(try detector.distances(to: strangers), wanted.distances, relative: 1e-6)
        #expect(try detector.isNovel(strangers) == wanted.distances.map { $0 > wanted.threshold })
        #expect(try detector.distances(to: wanted.features.array()).allSatisfy { $0 == 0 })
        #expect(try detector.distances(to: NDArray(shape: [0, 5], elements: [])) == [])
    }

    @Test func noveltyKeepsABoundedNumber() throws {
        var random = RandomState(5)
        let features: NDArray<Float> = random.randn(shape: [700, 8])
        let detector = try NoveltyDetector(fitting: features, quantile: 0.95, limit: 300, seed: 2)
        #expect(detector.representatives.shape == [300, 8] && detector.featureCount == 8)
        // Others of the same kind are refused as often as was asked for, strangers always.
        let others: NDArray<Float> = random.randn(shape: [1000, 8])
        let refused = try detector.isNovel(others).filter { $0 }.count
        #expect((20...90).contains(refused), "\(refused) of 1,000 where 50 are meant")
        #expect(try detector.isNovel(others + 10).allSatisfy { $0 })
        #expect(try NoveltyDetector(fitting: features, quantile: 0.95, limit: 300, seed: 2) == detector)
        var file = SafeTensors()
        detector.store(in: &file, prefix: "novelty.")
        #expect(try NoveltyDetector(from: file, prefix: "novelty.") == detector)
    }

    @Test func badFeaturesAreRefused() throws {
        let rows = NDArray<Float>(shape: [3, 2], elements: [0, 0, 1, 0, 0, 1])
        let detector = try NoveltyDetector(fitting: rows)
        #expect(
            failure { _ = try NoveltyDetector(fitting: rows[0..<1]) }
                == "badData: novelty detector: too few examples to know what is usual (expected two examples of one "
                + "feature or more, got shape [1, 2])")
        #expect(
            failure { _ = try detector.isNovel(NDArray(shape: [1, 3], elements: [0, 0, 0])) }
                == "badData: novelty detector: another number of features than in training (expected shape [N, 2], got "
                + "[1, 3])")
        #expect(
            failure { _ = try detector.isNovel(NDArray(shape: [1, 2], elements: [0, .nan])) }
                == "badData: novelty detector, row 0, column 1: a feature that is not finite (got nan)")
        var file = SafeTensors()
        file.set(NDArray<Float>(shape: [2], elements: [1, 2]), named: "representatives")
        file.set(NDArray<Double>(shape: [2], elements: [1, 0.9]), named: "threshold")
        #expect(
            failure { _ = try NoveltyDetector(from: file, prefix: "") }
                == "badData: not a novelty detector (expected representatives [M, D], a threshold and a quantile, got "
                + "shape [2] and [1.0, 0.9])")
        #expect(failure { _ = try NoveltyDetector(from: SafeTensors(), prefix: "") }.hasPrefix("badData"))
    }
}
