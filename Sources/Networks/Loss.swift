import Arrays
import Autodiff

/// What training makes small.
public enum Loss: String, Sendable, CaseIterable, Codable {
    /// -(1/N) sum log softmax(scores)[label]: the scores are the last layer's, before softmax.
    case crossEntropy = "cross-entropy"
    /// (1/N) sum of (softmax(scores) - oneHot(label))^2 / 2: the notebook's mean squared error on probabilities.
    case meanSquaredError = "mean-squared-error"

    /// The mean loss of scores [N, C] against N labels; 0-d.
    ///
    /// - Precondition: labels in `0 ..< C`.
    @specialized(where Scalar == Float)
    public func callAsFunction<Scalar: DifferentiableScalar>(
        _ scores: Tensor<Scalar>, labels: [Int32]
    ) -> Tensor<Scalar> {
        switch self {
        case .crossEntropy:
            return scores.softmaxCrossEntropy(labels: labels)
        case .meanSquaredError:
            precondition(
                scores.shape.count == 2 && labels.count == scores.shape[0],
                "mean squared error: \(labels.count) labels for scores of shape \(scores.shape)")
            let classes = scores.shape[1]
            precondition(
                labels.allSatisfy { $0 >= 0 && Int($0) < classes },
                "mean squared error: a label outside 0 ..< \(classes)")
            let target = NDArray<Scalar>(shape: scores.shape) { target in
                target.initialize(repeating: 0)
                for (row, label) in labels.enumerated() { target[row * classes + Int(label)] = 1 }
            }
            return scores.softmax().meanSquaredError(target)
        }
    }
}
