import Arrays
import Autodiff
import Support

/// Hinge loss: (1/N) sum of (1/C) sum over j != label of max(0, margin - score[label] + score[j]). With one column of
/// scores, labels (or targets) 0 and 1: the mean of max(0, margin - side score), side -1 or 1.
struct Hinge: LossFunction {
    static let kind = "hinge"
    static let comparesNumbers = false
    static let usage = "hinge:1"
    static let comparesOneColumn = true

    let margin: Double

    init(margin: Double) { self.margin = margin }
    init(from settings: inout SettingText) throws {
        margin = try settings.number("margin", main: true, in: SettingText.fromZero) ?? 1
    }

    var settingsText: String { "\(margin)" }

    @specialized(where Scalar == Float)
    func callAsFunction<Scalar: DifferentiableScalar>(
        _ scores: Tensor<Scalar>, labels: [Int32]
    ) -> Tensor<Scalar> {
        guard scores.shape.last != 1 else {
            return scores.binaryHinge(Loss.sides(labels, for: scores), margin: margin)
        }
        return scores.hinge(labels: labels, margin: margin)
    }

    @specialized(where Scalar == Float)
    func callAsFunction<Scalar: DifferentiableScalar>(
        _ scores: Tensor<Scalar>, targets: NDArray<Scalar>
    ) -> Tensor<Scalar> {
        require(scores.shape.last == 1, "the hinge over \(scores.shape) takes labels, not targets")
        return scores.binaryHinge(targets, margin: margin)
    }
}

extension Loss {
    /// Hinge loss: (1/N) sum of (1/C) sum over j != label of max(0, margin - score[label] + score[j]). With one column of
    /// scores, labels (or targets) 0 and 1: the mean of max(0, margin - side score), side -1 or 1.
    public static func hinge(margin: Double = 1) -> Loss { Loss(Hinge(margin: margin)) }

    /// Hinge loss with margin 1.
    package static var hinge: Loss { .hinge(margin: 1) }
}
