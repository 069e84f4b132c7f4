import Classification
import Networks

extension Loss {
    /// The meaning of softmax of a network's scores when it was trained by this loss: probabilities where the least loss lies
    /// at the classes' probabilities, as that of cross-entropy does.
    public var scoreKind: ScoreKind {
        type(of: function).leadsToProbabilities ? .probabilities : .scores
    }
}
