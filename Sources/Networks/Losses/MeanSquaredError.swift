import Arrays
import Autodiff
import Support

/// (1/N) sum of (p - t)^2 / 2, the notebook's. Targets: any numbers, and p the scores themselves. Labels: t is one for the
/// label and zero elsewhere, and p is softmax(scores).
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
    /// (1/N) sum of (p - t)^2 / 2, the notebook's. Targets: any numbers, and p the scores themselves. Labels: t is one
    /// for the label and zero elsewhere, and p is softmax(scores).
    public static var meanSquaredError: Loss { Loss(MeanSquaredError()) }
}
