import Classification
import Networks

extension Loss {
    /// The kind of score that softmax gives after training by this loss: probabilities where the loss is least at the
    /// classes' probabilities, as cross-entropy is.
    package var scoreKind: ScoreKind {
        type(of: function).leadsToProbabilities ? .probabilities : .scores
    }
}
