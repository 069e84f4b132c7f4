import Arrays
import Classification
import EvaluationMetrics
import ExampleData
import Support

/// A classifier with the temperature that was fitted to its probabilities: the same classes, other probabilities.
///
/// ```swift
/// let classifier = try ModelFolder.calibratedClassifier(at: "runs/latest")
/// ```
package struct CalibratedClassifier: TrainedClassifier {
    /// The classifier as it was trained.
    package let uncalibrated: any TrainedClassifier
    /// The temperature.
    package let calibration: Calibration

    /// A classifier at a temperature.
    ///
    /// - Throws: `usage` when its scores are no probabilities.
    package init(_ classifier: any TrainedClassifier, _ calibration: Calibration) throws(DescentError) {
        guard classifier.scoreKind == .probabilities else {
            throw DescentError(
                .usage, "the scores of the model are no probabilities, and cannot be calibrated",
                at: classifier.name, expected: "probabilities", got: classifier.scoreKind.name)
        }
        (uncalibrated, self.calibration) = (classifier, calibration)
    }

    /// The names of the classes.
    package var classNames: [String] { uncalibrated.classNames }
    /// Probabilities.
    package var scoreKind: ScoreKind { .probabilities }
    /// The state in which the training ended.
    package var convergence: Convergence? { uncalibrated.convergence }
    /// The name.
    package var name: String { uncalibrated.name }
    /// The structure and settings, and the temperature.
    package var summary: String {
        "\(uncalibrated.summary), temperature \(Numerals.fixed(calibration.temperature, 3))"
    }
    /// The shape of one example.
    package var exampleShape: [Int] { uncalibrated.exampleShape }
    /// The size of the learned parameters in a file, in bytes.
    package var storedByteCount: Int { uncalibrated.storedByteCount }
    /// Whether a rounding error may change a score by much.
    package var isSensitiveToRounding: Bool { uncalibrated.isSensitiveToRounding }

    /// Returns the class of each example, and its probabilities at the temperature.
    package func answers(for examples: FeatureMatrix, cancellation: Cancellation?) throws -> Answers {
        let answers = try uncalibrated.answers(for: examples, cancellation: cancellation)
        guard answers.scores.shape[0] > 0 else { return answers }
        return Answers(classes: answers.classes, scores: try calibration.applied(to: answers.scores))
    }

    /// Returns the class of each example: the temperature changes none.
    package func classes(of examples: FeatureMatrix, cancellation: Cancellation?) throws -> [Int32] {
        try uncalibrated.classes(of: examples, cancellation: cancellation)
    }

    /// Evaluates the classifier at its temperature: classes as it was trained, the loss that of the calibrated probabilities. A
    /// probability of 0 counts as the least normal `Float`.
    ///
    /// - Throws: as `uncalibrated.evaluate(on:cancellation:)`.
    package func evaluate(on examples: LabeledExamples, cancellation: Cancellation?) throws -> Evaluation {
        let actual = try actualClasses(of: examples)
        let answers = try answers(for: examples.features, cancellation: cancellation)
        let width = classNames.count
        let sum = answers.scores.withUnsafeElements { scores in
            actual.enumerated().reduce(0.0) { sum, entry in
                let right = max(scores[entry.offset * width + Int(entry.element)], .leastNormalMagnitude)
                return sum - Mathematics.logarithm(Double(right))
            }
        }
        return Evaluation(
            classNames: classNames, actual: actual, predicted: answers.classes,
            loss: actual.isEmpty ? .nan : sum / Double(actual.count))
    }
}
