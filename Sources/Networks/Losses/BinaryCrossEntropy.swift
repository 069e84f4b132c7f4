import Arrays
import Autodiff
import Support

/// Binary cross-entropy: the mean over all elements of -t log s - (1 - t) log(1 - s), s = sigmoid(score). Targets: 0...1.
/// Labels: one column of scores and labels 0 and 1, or each class against all others.
struct BinaryCrossEntropy: LossFunction {
    static let kind = "binary-cross-entropy"
    static let comparesNumbers = false
    static let comparesOneColumn = true

    init() {}
    init(from settings: inout SettingText) throws {}

    @specialized(where Scalar == Float)
    func callAsFunction<Scalar: DifferentiableScalar>(
        _ scores: Tensor<Scalar>, labels: [Int32]
    ) -> Tensor<Scalar> { scores.binaryCrossEntropy(Loss.sides(labels, for: scores)) }

    @specialized(where Scalar == Float)
    func callAsFunction<Scalar: DifferentiableScalar>(
        _ scores: Tensor<Scalar>, targets: NDArray<Scalar>
    ) -> Tensor<Scalar> { scores.binaryCrossEntropy(targets) }
}

extension Loss {
    /// Binary cross-entropy: the mean over all elements of -t log s - (1 - t) log(1 - s), s = sigmoid(score). Targets:
    /// 0...1. Labels: one column of scores and labels 0 and 1, or each class against all others.
    public static var binaryCrossEntropy: Loss { Loss(BinaryCrossEntropy()) }
}
