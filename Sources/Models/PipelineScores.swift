import Classification
import Support
import Training

/// The scores of a trained pipeline, and the time of its training.
public struct PipelineScores: Equatable, Sendable {
    /// The seconds of training, features included.
    package var trainSeconds: Double
    /// The evaluation on the test examples; nil without any.
    package var test: Evaluation?

    /// Creates scores from their parts.
    public init(trainSeconds: Double, test: Evaluation?) {
        self.trainSeconds = trainSeconds
        self.test = test
    }

    /// Returns the text of `metrics.json`.
    func json(remark: String?) -> JSONText {
        [
            "version": 1, "verdict": .string(test.map { TrainingVerdict($0).kind.rawValue }),
            "test_accuracy": .number(test?.accuracy),
            "train_seconds": .rounded(trainSeconds, decimals: 3), "remark": .string(remark),
        ]
    }
}
