import Arrays
import EvaluationMetrics
import Foundation
import Support
import TestSupport
import Testing

@Suite struct EvaluationReportTests {
    private let subject = EvaluationReport.Subject(model: "runs/1", data: "digits", split: "test")

    private func report(calibration: Calibration? = nil) throws -> EvaluationReport {
        let scores = try MetricVectors.read().scores
        return try EvaluationReport(
            of: subject, classNames: ["0", "1", "2", "3", "4", "5"], actual: scores.actual,
            predicted: scores.predicted, scores: scores.probabilities.array(), calibration: calibration,
            mistakeLimit: 5)
    }

    private func read(_ json: String) throws -> EvaluationReport {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(EvaluationReport.self, from: Data(json.utf8))
    }

    @Test func partsAreWhatTheyAreAlone() throws {
        let scores = try MetricVectors.read().scores
        let report = try report()
        #expect(report.worstMistakes.map(\.index) == scores.worst)
        #expect(
            report.worstMistakes.map(\.confidence) == report.worstMistakes.map(\.confidence).sorted(by: >))
        expectClose(report.topK.map(\.accuracy), scores.topK, absolute: 1e-15)
        expectClose(
            [try #require(report.reliability).expectedCalibrationError], [scores.error], absolute: 1e-12)
        #expect(report.confusedPairs.count == 10 && report.collection != nil && report.regression == nil)
        #expect(report.calibratedReliability == nil && report.count == 300)
    }

    @Test func aTemperatureChangesConfidencesOnly() throws {
        let scores = try MetricVectors.read().scores
        let calibration = try Calibration(fitting: scores.probabilities.array(), actual: scores.actual)
        let (plain, calibrated) = (try report(), try report(calibration: calibration))
        #expect(
            plain.classification == calibrated.classification && plain.reliability == calibrated.reliability)
        let before = try #require(plain.reliability).expectedCalibrationError
        #expect(try #require(calibrated.calibratedReliability).expectedCalibrationError < before)
        #expect(calibrated.calibration == calibration)
        #expect(plain.worstMistakes[0].confidence > calibrated.worstMistakes[0].confidence)
    }

    @Test func keysAreInTheirOrderAndReadAgain() throws {
        var report = try report(calibration: Calibration(temperature: 1.5))
        report.importance = [FeatureImportance(name: "petal", mean: 0.4, deviation: 0.01)]
        let scores = try MetricVectors.read().scores
        report.comparison = try ModelComparison(
            name: "runs/0", actual: scores.actual, first: scores.predicted, second: scores.actual)
        let json = try report.json()
        let keys = json.split(separator: "\n").filter { $0.hasPrefix("  \"") }
            .map { $0.dropFirst(3).prefix { $0 != "\"" } }
        #expect(
            keys == [
                "version", "subject", "count", "classification", "top_k", "reliability", "calibration",
                "calibrated_reliability", "confused_pairs", "worst_mistakes", "rejection", "collection",
                "importance", "comparison",
            ])
        #expect(try read(json) == report)
        #expect(
            failure {
                _ = try JSONDecoder().decode(
                    Calibration.self, from: Data(#"{"temperature":-1,"count":0}"#.utf8))
            } == "badData: calibration: not a temperature (expected 0.05...20, got -1.0)")
    }

    /// Every key of a small report, so that a changed name is seen.
    @Test func aWholeReport() throws {
        let report = try EvaluationReport(
            of: subject, classNames: ["a", "b"], actual: [0, 1, 1, 1], predicted: [0, 1, 1, 0])
        #expect(
            try report.json() == """
                {
                  "version": 1,
                  "subject": {
                    "model": "runs/1",
                    "data": "digits",
                    "split": "test"
                  },
                  "count": 4,
                  "classification": {
                    "count": 4,
                    "correct": 3,
                    "accuracy": 0.75,
                    "accuracy_interval": {
                      "lower": \(ProportionInterval(correct: 3, count: 4).lower),
                      "upper": \(ProportionInterval(correct: 3, count: 4).upper)
                    },
                    "macro": {
                      "precision": 0.75,
                      "recall": \((1 + 2.0 / 3) / 2),
                      "f1": \((2.0 / 3 + 0.8) / 2)
                    },
                    "weighted": {
                      "precision": 0.875,
                      "recall": 0.75,
                      "f1": \((2.0 / 3 + 3 * 0.8) / 4)
                    },
                    "classes": [
                      {
                        "name": "a",
                        "support": 1,
                        "predicted": 2,
                        "correct": 1,
                        "recall": 1,
                        "recall_interval": {
                          "lower": \(ProportionInterval(correct: 1, count: 1).lower),
                          "upper": 1
                        },
                        "precision": 0.5,
                        "f1": \(2.0 / 3)
                      },
                      {
                        "name": "b",
                        "support": 3,
                        "predicted": 2,
                        "correct": 2,
                        "recall": \(2.0 / 3),
                        "recall_interval": {
                          "lower": \(ProportionInterval(correct: 2, count: 3).lower),
                          "upper": \(ProportionInterval(correct: 2, count: 3).upper)
                        },
                        "precision": 1,
                        "f1": 0.8
                      }
                    ],
                    "confusion": [
                      [1, 0],
                      [1, 2]
                    ]
                  },
                  "top_k": [],
                  "confused_pairs": [
                    {
                      "actual": "b",
                      "predicted": "a",
                      "count": 1,
                      "share": \(1.0 / 3)
                    }
                  ],
                  "worst_mistakes": [],
                  "collection": {
                    "name": "a",
                    "support": 1,
                    "recall": 1,
                    "interval": {
                      "lower": \(ProportionInterval(correct: 1, count: 1).lower),
                      "upper": 1
                    },
                    "additional": 5
                  },
                  "importance": []
                }

                """)
    }

    @Test func regressionHasItsOwnParts() throws {
        let report = try EvaluationReport(of: subject, actual: [1, 2, 3], predicted: [1, 2, 4])
        #expect(report.regression == (try RegressionMetrics(actual: [1, 2, 3], predicted: [1, 2, 4])))
        #expect(report.classification == nil && report.count == 3 && report.worstMistakes == [])
        #expect(try read(report.json()) == report)
        var broken = report
        broken.importance = [FeatureImportance(name: "x", mean: .nan, deviation: 0)]
        #expect(
            failure { _ = try broken.json() }
                == "usage: importance.[0].mean: a number that JSON cannot hold (got nan)")
    }

    @Test func fortyClasses() throws {
        let actual = (0..<4000).map { Int32($0 % 40) }
        let predicted = actual.enumerated().map { $0 % 7 == 0 ? ($1 + 1) % 40 : $1 }
        let report = try EvaluationReport(
            of: subject, classNames: (0..<40).map { "class \($0)" }, actual: actual, predicted: predicted)
        #expect(report.classification?.classes.count == 40 && report.classification?.correct == 4000 - 572)
        #expect(report.confusedPairs.count == 10 && report.topK == [])
    }

    @Test func aMatrixAloneIsAReport() throws {
        let metrics = try ClassificationMetrics(
            actual: [0, 1, 1], predicted: [0, 1, 0], classNames: ["a", "b"])
        #expect(try ClassificationMetrics(confusion: [[1, 0], [1, 1]], classNames: ["a", "b"]) == metrics)
        let report = EvaluationReport(of: subject, metrics)
        #expect(
            try report
                == EvaluationReport(
                    of: subject, classNames: ["a", "b"], actual: [0, 1, 1], predicted: [0, 1, 0]))
        func matrix(_ counts: [[Int]]) -> String {
            failure { _ = try ClassificationMetrics(confusion: counts, classNames: ["a", "b"]) }
        }
        #expect(
            matrix([[1, 0]])
                == "badData: predictions: not a confusion matrix (expected [2, 2] counts, got 1 rows of [1, 2] counts)"
        )
        #expect(matrix([[1, 0], [0, -1]]).hasPrefix("badData: predictions: not a confusion matrix"))
        #expect(
            matrix([[0, 0], [0, 0]])
                == "badData: predictions: no examples to evaluate (expected one example or more)")
    }

    @Test func otherTopCounts() throws {
        let scores = try MetricVectors.read().scores
        let report = try EvaluationReport(
            of: subject, classNames: (0..<6).map(String.init), actual: scores.actual,
            predicted: scores.predicted,
            scores: scores.probabilities.array(), topCounts: [4])
        #expect(report.topK.map(\.k) == [4])
    }
}
