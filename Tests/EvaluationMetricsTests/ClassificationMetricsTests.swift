import Arrays
import EvaluationMetrics
import Foundation
import Support
import TestSupport
import Testing

@Suite struct ClassificationMetricsTests {
    @Test func everyNumberIsScikitLearns() throws {
        let wanted = try MetricVectors.read().classification
        let names = ["a", "b", "c", "d", "e"]
        let metrics = try ClassificationMetrics(
            actual: wanted.actual, predicted: wanted.predicted, classNames: names)
        #expect(metrics.confusion == wanted.confusion)
        #expect(metrics.classNames == names && metrics.count == 150)
        #expect(metrics.classes.map(\.support) == wanted.support)
        #expect(
            metrics.classes.map(\.predicted)
                == [0, 1, 2, 3, 4].map { column in
                    wanted.confusion.reduce(0) { $0 + $1[column] }
                })
        // Where scikit-learn says 0 for what has no meaning, there is nil.
        #expect(metrics.classes[3].recall == nil && metrics.classes[4].precision == nil)
        expectClose(metrics.classes.map { $0.recall ?? 0 }, wanted.recall, absolute: 1e-15)
        expectClose(metrics.classes.map { $0.precision ?? 0 }, wanted.precision, absolute: 1e-15)
        expectClose(metrics.classes.map { $0.f1 ?? -1 }, wanted.f1, absolute: 1e-15)
        expectClose(
            metrics.classes.flatMap { [$0.recallInterval.lower, $0.recallInterval.upper] },
            wanted.recallIntervals.flatMap { $0 }, absolute: 1e-12)
        expectClose(
            [metrics.accuracy, metrics.accuracyInterval.lower, metrics.accuracyInterval.upper],
            [wanted.accuracy] + wanted.accuracyInterval, absolute: 1e-12)
        for (mean, values) in [(metrics.macro, wanted.macro), (metrics.weighted, wanted.weighted)] {
            expectClose([mean.precision, mean.recall, mean.f1], values, absolute: 1e-15)
        }
    }

    @Test func pairsAreInTheOrderOfTheirNumber() throws {
        let metrics = try ClassificationMetrics(
            actual: [0, 0, 0, 1, 1, 2, 2, 2], predicted: [0, 1, 1, 0, 1, 0, 0, 1],
            classNames: ["a", "b", "c"])
        let pairs = metrics.confusedPairs()
        #expect(pairs.map { "\($0.actual)\($0.predicted)\($0.count)" } == ["ab2", "ca2", "ba1", "cb1"])
        expectClose(pairs.map(\.share), [2.0 / 3, 2.0 / 3, 0.5, 1.0 / 3], absolute: 1e-15)
        #expect(metrics.confusedPairs(1) == [pairs[0]])
    }

    @Test func oneClassAndOneExample() throws {
        let metrics = try ClassificationMetrics(actual: [0], predicted: [0], classNames: ["only"])
        #expect(metrics.accuracy == 1 && metrics.confusion == [[1]] && metrics.confusedPairs() == [])
        expectClose(
            [metrics.accuracyInterval.lower, metrics.macro.f1], [0.20654931437723745, 1], absolute: 1e-12)
    }

    @Test func badAnswersAreRefused() {
        func metrics(_ actual: [Int32], _ predicted: [Int32]) -> String {
            failure {
                _ = try ClassificationMetrics(actual: actual, predicted: predicted, classNames: ["a", "b"])
            }
        }
        #expect(
            metrics([], [])
                == "badData: predictions: no examples to evaluate (expected one example or more)")
        #expect(
            metrics([0, 1], [0])
                == "badData: predictions: answers and examples differ in number (expected 2, got 1)")
        #expect(
            metrics([0, 2], [0, 1])
                == "badData: labels, example 1: a class number that there is no class for (expected 0..<2, got 2); "
                + "classes are numbered from 0")
        #expect(
            metrics([0, 1], [-1, 1])
                == "badData: predictions, example 0: a class number that there is no class for (expected 0..<2, got -1); "
                + "classes are numbered from 0")
    }

    @Test func theClassKnownLeastIsCollected() throws {
        for row in notEmpty(try MetricVectors.read().collection) {
            let (correct, count) = (row[0], row[1])
            let metrics = try ClassificationMetrics(
                actual: [Int32](repeating: 0, count: count) + [Int32](repeating: 1, count: 5000),
                predicted: (0..<count).map { $0 < correct ? 0 : 1 } + [Int32](repeating: 1, count: 5000),
                classNames: ["rare", "usual"])
            let advice = try #require(CollectionAdvice(metrics.classes))
            #expect(advice.name == "rare" && advice.support == count && advice.additional == row[2], "\(row)")
            #expect(advice.interval == ProportionInterval(correct: correct, count: count))
        }
        // By hand: nothing is known without examples; five of recall 1/2 have an interval of 0.57, six of 0.51...
        let none = try ClassificationMetrics(actual: [0], predicted: [0], classNames: ["a", "none"])
        let advice = try #require(CollectionAdvice(none.classes))
        #expect(advice.name == "none" && advice.recall == nil && advice.support == 0)
        #expect(advice.additional > 0)
        #expect(CollectionAdvice([]) == nil)
    }

    @Test func twoModelsAreCompared() throws {
        for wanted in notEmpty(try MetricVectors.read().comparisons) {
            var (actual, first, second): ([Int32], [Int32], [Int32]) = ([], [], [])
            for (number, (one, two)) in [(0, 0), (0, 1), (1, 0), (1, 1)].enumerated()
                as EnumeratedSequence<[(Int32, Int32)]>
            {
                for _ in 0..<wanted.counts[number] {
                    actual.append(0)
                    first.append(one)
                    second.append(two)
                }
            }
            let found = try ModelComparison(name: "old", actual: actual, first: first, second: second)
            #expect([found.bothCorrect, found.onlyFirst, found.onlySecond, found.bothWrong] == wanted.counts)
            expectClose(
                [found.exactProbability, found.chiSquare, found.chiSquareProbability],
                [wanted.exact, wanted.chiSquare, wanted.probability], absolute: 1e-14, relative: 1e-9)
            let n = Double(actual.count)
            #expect(found.accuracy == Double(wanted.counts[0] + wanted.counts[1]) / n)
            #expect(found.otherAccuracy == Double(wanted.counts[0] + wanted.counts[2]) / n)
        }
        // Equally many either way is no difference at all: Edwards's correction does not make one of it.
        let even = try ModelComparison(name: "b", actual: [0, 0], first: [0, 1], second: [1, 0])
        #expect(even.chiSquare == 0 && even.chiSquareProbability == 1 && even.exactProbability == 1)
        let same = try ModelComparison(name: "b", actual: [0], first: [0], second: [0])
        #expect(same.chiSquareProbability == 1 && same.exactProbability == 1 && !same.isSignificant)
        #expect(
            failure { _ = try ModelComparison(name: "b", actual: [0, 1], first: [0, 1], second: [0]) }
                == "badData: predictions of 'b': answers and examples differ in number (expected 2, got 1)")
    }
}
