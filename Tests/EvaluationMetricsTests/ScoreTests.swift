import Arrays
import EvaluationMetrics
import Support
import TestSupport
import Testing

/// Top-k, reliability, temperature, rejection.
@Suite struct ScoreTests {
    private let wanted: MetricVectors.Scores
    private let scores: NDArray<Float>
    private let confidence: [Double]
    private let isRight: [Bool]

    init() throws {
        wanted = try MetricVectors.read().scores
        scores = wanted.probabilities.array()
        let values = scores.elements
        confidence = wanted.predicted.enumerated().map { Double(values[$0 * 6 + Int($1)]) }
        isRight = zip(wanted.actual, wanted.predicted).map { $0 == $1 }
    }

    @Test func topK() throws {
        let found = try TopKAccuracy.of(scores, actual: wanted.actual)
        #expect(found.map(\.k) == [2, 3, 5])
        expectClose(found.map(\.accuracy), wanted.topK, absolute: 1e-15)
        // Of equal scores the first class is decided for, so a later one is second.
        let even = NDArray<Float>(shape: [2, 3], elements: [0.4, 0.4, 0.2, 0.4, 0.4, 0.2])
        #expect(try TopKAccuracy.of(even, actual: [0, 1], counts: [1, 2, 3]).map(\.accuracy) == [0.5, 1])
        #expect(try TopKAccuracy.of(NDArray(shape: [1, 1], elements: [1]), actual: [0]) == [])
    }

    @Test func reliability() throws {
        let found = try Reliability(confidence: confidence, isCorrect: isRight)
        #expect(found.bins.map(\.count) == wanted.binCounts)
        expectClose(found.bins.compactMap(\.accuracy), wanted.binAccuracy, absolute: 1e-12)
        expectClose(found.bins.compactMap(\.confidence), wanted.binConfidence, absolute: 1e-12)
        expectClose(
            [found.expectedCalibrationError, found.maximumCalibrationError],
            [wanted.error, wanted.largestError], absolute: 1e-12)
        #expect(found.bins.first?.accuracy == nil && found.bins.last?.upper == 1)
    }

    /// A confidence on an edge belongs to the bin below it, 0 to the first.
    @Test func edgesOfBins() throws {
        let edges = (0...15).map { Double($0) / 15 }
        let found = try Reliability(confidence: edges, isCorrect: edges.map { _ in true })
        #expect(found.bins.map(\.count) == [2] + [Int](repeating: 1, count: 14))
        let one = try Reliability(confidence: [0.7], isCorrect: [false], bins: 1)
        expectClose([one.expectedCalibrationError, one.meanConfidence], [0.7, 0.7], absolute: 1e-15)
        #expect(
            failure { _ = try Reliability(confidence: [0.5, .nan], isCorrect: [true, true]) }
                == "badData: confidences, example 1: a confidence that is no probability (expected 0...1, got nan)"
        )
        #expect(
            failure { _ = try Reliability(confidence: [], isCorrect: []) }
                == "badData: confidences: no examples to evaluate (expected one example or more)")
    }

    @Test func temperature() throws {
        let found = try Calibration(fitting: scores, actual: wanted.actual)
        expectClose([found.temperature], [wanted.temperature], relative: 1e-6)
        expectClose(
            [found.lossBefore ?? 0, found.lossAfter ?? 0], [wanted.lossBefore, wanted.lossAfter],
            relative: 1e-6)
        #expect(found.count == 300)
        let calibrated = try found.applied(to: scores)
        expectClose(Array(calibrated.elements.prefix(6)), wanted.calibratedFirst, absolute: 1e-6)
        // Decisions stay, and so does all at a temperature of 1.
        func decisions(_ scores: NDArray<Float>) -> [Int] {
            (0..<300).map { row in
                let part = scores[row].elements
                return part.firstIndex(of: part.max() ?? 0) ?? -1
            }
        }
        #expect(decisions(calibrated) == decisions(scores))
        expectClose(try Calibration(temperature: 1).applied(to: scores), scores, absolute: 1e-6)
    }

    /// All right: the surer the better, down to the end of the range. All wrong: up to the other.
    @Test func temperatureStaysInItsRange() throws {
        let sure = NDArray<Float>(shape: [2, 2], elements: [0.6, 0.4, 0.3, 0.7])
        expectClose([try Calibration(fitting: sure, actual: [0, 1]).temperature], [0.05], relative: 1e-6)
        let wrong = try Calibration(fitting: sure, actual: [1, 0])
        expectClose([wrong.temperature], [20], relative: 1e-6)
        #expect(try #require(wrong.lossAfter) < #require(wrong.lossBefore))
        // Certain and right, certain and wrong: finite, in spite of probabilities of 0.
        let certain = NDArray<Float>(shape: [2, 2], elements: [1, 0, 1, 0])
        let found = try Calibration(fitting: certain, actual: [0, 1])
        #expect(try found.temperature.isFinite && #require(found.lossAfter).isFinite)
        // One class: every temperature is as good, and the given one is kept.
        let one = try Calibration(fitting: NDArray(shape: [1, 1], elements: [1]), actual: [0])
        #expect(Calibration.range.contains(one.temperature) && one.lossAfter == 0)
    }

    @Test func rejection() throws {
        let found = try RejectionCurve(confidence: confidence, isCorrect: isRight, limit: 1000)
        expectClose(
            found.points.flatMap { [$0.threshold, $0.coverage, $0.accuracy] }, wanted.curve.flatMap { $0 },
            absolute: 1e-12)
        let thinned = try RejectionCurve(confidence: confidence, isCorrect: isRight, limit: 11)
        #expect(thinned.points.count == 11 && thinned.points.last == found.points.last)
        #expect(thinned.points.allSatisfy(found.points.contains))
        let point = try #require(found.point(reaching: 0.6))
        #expect(point.accuracy >= 0.6 && point.threshold == wanted.curve.last { $0[2] >= 0.6 }?[0])
        #expect(found.point(reaching: 1.1) == nil)
        // Equal confidences are answered together.
        let even = try RejectionCurve(confidence: [0.5, 0.9, 0.5], isCorrect: [true, false, false])
        #expect(even.points.map(\.coverage) == [1.0 / 3, 1] && even.points.map(\.accuracy) == [0, 1.0 / 3])
    }

    @Test func badScoresAreRefused() {
        func report(_ scores: [Float], _ shape: [Int], probabilities: Bool = true) -> String {
            failure {
                _ = try EvaluationReport(
                    of: .init(model: "m", data: "d", split: "test"), classNames: ["a", "b"], actual: [0, 1],
                    predicted: [0, 1], scores: NDArray(shape: shape, elements: scores),
                    areProbabilities: probabilities)
            }
        }
        #expect(
            report([0.5, 0.5, .nan, 1], [2, 2])
                == "badData: scores, example 1, class 0: a score that is not finite (got nan)")
        #expect(
            report([0.5, 0.5, .infinity, 1], [2, 2], probabilities: false)
                == "badData: scores, example 1, class 0: a score that is not finite (got inf)")
        #expect(
            report([1, 0], [1, 2])
                == "badData: scores: scores for another number of examples or classes (expected shape [2, 2], got [1, 2])"
        )
        #expect(
            report([1, 0, 3, -2], [2, 2])
                == "badData: scores, example 1: scores that are not probabilities (expected numbers in 0...1 that add up "
                + "to 1, got [3.0, -2.0]); calibration is for classifiers whose scores are probabilities")
        #expect(report([1, 0, 3, -2], [2, 2], probabilities: false) == "no error")
        #expect(
            failure { _ = try Calibration(temperature: 0) }
                == "badData: calibration: not a temperature (expected 0.05...20, got 0.0)")
        #expect(
            failure { _ = try Calibration(fitting: NDArray(shape: [0, 2], elements: []), actual: []) }
                == "badData: scores: no examples to evaluate (expected one example or more)")
    }
}
