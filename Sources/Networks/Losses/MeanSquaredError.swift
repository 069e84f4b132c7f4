import Arrays
import Autodiff
import Support

/// Mean squared error: (1/N) sum of (p - t)^2 / 2, as in the notebook. Targets: any values, and p is the scores themselves.
/// Labels: t is 1 for the label and 0 elsewhere, and p is softmax(scores).
struct MeanSquaredError: LossFunction {
    static let kind = "mean-squared-error"

    init() {}
    init(from settings: inout SettingText) throws {}

    @specialized(where Scalar == Float)
    func callAsFunction<Scalar: DifferentiableScalar>(
        _ scores: Tensor<Scalar>, labels: [Int32]
    ) -> Tensor<Scalar> { scores.softmax().meanSquaredError(Loss.oneHot(labels, for: scores)) }

    @specialized(where Scalar == Float)
    func callAsFunction<Scalar: DifferentiableScalar>(
        _ scores: Tensor<Scalar>, targets: NDArray<Scalar>
    ) -> Tensor<Scalar> { scores.meanSquaredError(targets) }
}

extension Loss {
    /// Mean squared error: (1/N) sum of (p - t)^2 / 2, as in the notebook. Targets: any values, and p is the scores
    /// themselves. Labels: t is 1 for the label and 0 elsewhere, and p is softmax(scores).
    public static var meanSquaredError: Loss { Loss(MeanSquaredError()) }
}
