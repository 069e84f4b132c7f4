import Descent

/// Cross-entropy of labels that are blunted by `share`: the label gets 1 - share, the class after it the rest.
///
/// It stands for what somebody knows of their own labels, here that one class is now and then taken for the next.
struct NeighborLoss: LossFunction {
    static let kind = "neighbor"
    static let usage = "neighbor:0.1"

    let share: Double

    init(from settings: inout SettingText) throws {
        share = try settings.number("share", main: true, in: 0..<1) ?? 0.1
    }

    var settingsText: String { "\(share)" }

    func callAsFunction<Scalar: DifferentiableScalar>(
        _ scores: Tensor<Scalar>, labels: [Int32]
    ) -> Tensor<Scalar> {
        let classes = Int32(scores.shape[1])
        let label: NDArray<Scalar> = Loss.oneHot(labels, for: scores)
        let next: NDArray<Scalar> = Loss.oneHot(labels.map { ($0 + 1) % classes }, for: scores)
        return self(scores, targets: Scalar(1 - share) * label + Scalar(share) * next)
    }

    func callAsFunction<Scalar: DifferentiableScalar>(
        _ scores: Tensor<Scalar>, targets: NDArray<Scalar>
    ) -> Tensor<Scalar> { scores.softmaxCrossEntropy(targets: targets) }
}
