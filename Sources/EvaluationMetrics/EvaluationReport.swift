import Arrays
import Support

/// All that an evaluation found, as one value: of a classifier or of predicted numbers.
///
/// `json()` has the keys of the properties, in their order; what does not apply is left out. A page of it is made by
/// `EvaluationPage`, text for the terminal by `EvaluationText`.
///
/// ```swift
/// let report = try EvaluationReport(
///     of: .init(model: "runs/latest", data: "photos", split: "test"), classNames: names, actual: classes,
///     predicted: answers.classes, scores: answers.scores, areProbabilities: true)
/// print(report.classification?.accuracy ?? 0)
/// ```
public struct EvaluationReport: Codable, Equatable, Sendable {
    /// What was evaluated.
    public struct Subject: Codable, Equatable, Sendable {
        /// The model.
        public let model: String
        /// The data.
        public let data: String
        /// The part of the data.
        public let split: String

        /// Names of model, data and part.
        public init(model: String, data: String, split: String) {
            (self.model, self.data, self.split) = (model, data, split)
        }
    }

    /// The version of the keys: 1.
    package let version: Int
    /// What was evaluated.
    public let subject: Subject
    /// The number of examples.
    public let count: Int
    /// A classifier's metrics.
    public let classification: ClassificationMetrics?
    /// Top-k accuracies; empty without scores.
    public let topK: [TopKAccuracy]
    /// The reliability of the probabilities as they were given; nil where scores are none.
    public let reliability: Reliability?
    /// The temperature that was applied.
    public let calibration: Calibration?
    /// The reliability at that temperature.
    public let calibratedReliability: Reliability?
    /// The most frequent mistakes.
    public let confusedPairs: [ConfusedPair]
    /// The surest mistakes; empty without scores.
    public let worstMistakes: [Mistake]
    /// Coverage and accuracy where unsure answers are left out; nil without scores.
    public let rejection: RejectionCurve?
    /// Which class to collect more examples of.
    public let collection: CollectionAdvice?
    /// The metrics of predicted numbers.
    public let regression: RegressionMetrics?
    /// What the numbers are: the label's name; nil where it is not known.
    public var targetName: String?
    /// The unit of the numbers; nil where it is not known.
    public var unit: String?
    /// The predictions that are furthest from their targets; nil for a classifier.
    public let worstErrors: [RegressionMistake]?
    /// The comparison of predicted numbers with those of another model.
    public var regressionComparison: RegressionComparison?
    /// The importance of each feature, the most important first; empty where it was not measured.
    public var importance: [FeatureImportance] = []
    /// The comparison with another model.
    public var comparison: ModelComparison?

    /// The report on a classifier.
    ///
    /// - Parameters:
    ///   - subject: what was evaluated.
    ///   - classNames: the names of the K classes.
    ///   - actual: the true class of each of N examples.
    ///   - predicted: the predicted class of each.
    ///   - scores: the scores of the classes, [N, K]; nil where there are none.
    ///   - areProbabilities: whether the scores are probabilities: others have no reliability.
    ///   - calibration: the temperature to apply: confidences, rejection and worst mistakes go by it.
    ///   - topCounts: the k of the top-k accuracies.
    ///   - mistakeLimit: the number of worst mistakes.
    /// - Throws: `badData`: no examples, other counts, a class that there is not, scores that are not finite, or no
    ///   probabilities where they should be.
    /// - Complexity: O(N K + N log N + K² log K).
    public init(
        of subject: Subject, classNames: [String], actual: [Int32], predicted: [Int32],
        scores: NDArray<Float>? = nil, areProbabilities: Bool = true, calibration: Calibration? = nil,
        topCounts: [Int] = [2, 3, 5], mistakeLimit: Int = 24
    ) throws(DescentError) {
        let metrics = try ClassificationMetrics(actual: actual, predicted: predicted, classNames: classNames)
        (version, self.subject, count) = (1, subject, actual.count)
        classification = metrics
        confusedPairs = metrics.confusedPairs()
        collection = CollectionAdvice(metrics.classes)
        (regression, worstErrors) = (nil, nil)
        let width = classNames.count
        if let scores { try AnswerChecks.requireScores(scores, count: actual.count, classes: width) }
        let isRight = zip(actual, predicted).map { $0 == $1 }
        func confidences(_ scores: NDArray<Float>) -> [Double] {
            scores.withUnsafeElements { values in
                predicted.enumerated().map { Double(values[$0 * width + Int($1)]) }
            }
        }
        guard let scores else {
            (topK, worstMistakes) = ([], [])
            (reliability, calibratedReliability, rejection, self.calibration) = (nil, nil, nil, nil)
            return
        }
        topK = try TopKAccuracy.of(scores, actual: actual, counts: topCounts)
        var confidence = confidences(scores)
        if areProbabilities {
            try AnswerChecks.requireProbabilities(scores, count: actual.count, classes: width)
            reliability = try Reliability(confidence: confidence, isCorrect: isRight)
        } else {
            reliability = nil
        }
        if areProbabilities, let calibration {
            confidence = confidences(try calibration.applied(to: scores))
            calibratedReliability = try Reliability(confidence: confidence, isCorrect: isRight)
            self.calibration = calibration
        } else {
            (calibratedReliability, self.calibration) = (nil, nil)
        }
        worstMistakes = Mistake.worst(
            mistakeLimit, actual: actual, predicted: predicted, confidence: confidence, classNames: classNames
        )
        rejection = try RejectionCurve(confidence: confidence, isCorrect: isRight)
    }

    /// The report on predicted numbers.
    ///
    /// - Throws: `badData`: no examples, other counts, a number that is not finite.
    /// - Complexity: O(N log N).
    public init(
        of subject: Subject, actual: [Double], predicted: [Double], mistakeLimit: Int = 12
    ) throws(DescentError) {
        worstErrors = RegressionMistake.worst(mistakeLimit, actual: actual, predicted: predicted)
        regression = try RegressionMetrics(actual: actual, predicted: predicted)
        (version, self.subject, count) = (1, subject, actual.count)
        (classification, collection, reliability, calibratedReliability) = (nil, nil, nil, nil)
        (calibration, rejection) = (nil, nil)
        (topK, confusedPairs, worstMistakes) = ([], [], [])
    }

    /// The report on a classifier of which only the confusion matrix is known.
    ///
    /// - Complexity: O(K² log K).
    public init(of subject: Subject, _ metrics: ClassificationMetrics) {
        (version, self.subject, count) = (1, subject, metrics.count)
        classification = metrics
        confusedPairs = metrics.confusedPairs()
        collection = CollectionAdvice(metrics.classes)
        (reliability, calibratedReliability, calibration) = (nil, nil, nil)
        (rejection, regression, worstErrors) = (nil, nil, nil)
        (topK, worstMistakes) = ([], [])
    }

    /// Returns the report as JSON: keys in the order of the properties, their names in snake case (`top_k`).
    ///
    /// `JSONDecoder` reads it again by its strategy `convertFromSnakeCase`.
    ///
    /// - Throws: `usage` for a number that JSON cannot hold: an importance that is not finite, squares beyond 10^308.
    public func json() throws -> String { try jsonText().document }

    /// Returns the same as a value that others may hold.
    package func jsonText() throws -> JSONText { try JSONText(encoding: self).inSnakeCase }
}

extension JSONText {
    /// The same with keys such as `accuracyInterval` as `accuracy_interval`, which all JSON of Descent has.
    package var inSnakeCase: JSONText {
        mapKeys { key in
            key.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
        }
    }

    /// The same with keys such as `accuracy_interval` as `accuracyInterval`, the names of properties.
    package var inCamelCase: JSONText {
        mapKeys { key in
            let words = key.split(separator: "_").map(String.init)
            return words.prefix(1).joined()
                + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        }
    }

    private func mapKeys(_ change: (String) -> String) -> JSONText {
        switch self {
        case .object(let members):
            .object(members.map { Member(change($0.key), $0.value.mapKeys(change)) })
        case .array(let values): .array(values.map { $0.mapKeys(change) })
        default: self
        }
    }
}
