import Classification
import Networks

extension Loss {
    /// What softmax of a network's scores are when it was trained by this: cross-entropy is the loss whose least lies at the
    /// classes' probabilities.
    public var answerBasis: AnswerBasis {
        type(of: function).leadsToProbabilities ? .probabilities : .scores
    }
}
