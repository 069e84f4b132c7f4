import Classification
import Support
import Training

/// How good a trained pipeline is, and what it took.
public struct PipelineScores: Equatable, Sendable {
    /// Seconds of learning, features included.
    public var trainSeconds: Double
    /// How it does on the test examples; nil without any.
    public var test: Evaluation?

    /// Scores from their parts.
    public init(trainSeconds: Double, test: Evaluation?) {
        self.trainSeconds = trainSeconds
        self.test = test
    }

    /// The text of `metrics.json`.
    func json(remark: String?) -> JSONText {
        [
            "version": 1, "verdict": .string(test.map { TrainingVerdict($0).kind.rawValue }),
            "test_accuracy": .number(test?.accuracy),
            "train_seconds": .rounded(trainSeconds, decimals: 3), "remark": .string(remark),
        ]
    }
}
