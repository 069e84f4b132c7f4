import Arrays
import Autodiff
import Support

/// Huber loss: the mean over all elements of e^2 / 2 where |e| <= delta, else delta (|e| - delta / 2); e = p - t, and p and
/// t as for `MeanSquaredError`.
struct Huber: LossFunction {
    static let kind = "huber"
    static let usage = "huber:1"

    let delta: Double

    init(delta: Double) { self.delta = delta }
    init(from settings: inout SettingText) throws {
        delta = try settings.number("delta", main: true, in: SettingText.aboveZero) ?? 1
    }

    var settingsText: String { "\(delta)" }

    @specialized(where Scalar == Float)
    func callAsFunction<Scalar: DifferentiableScalar>(
        _ scores: Tensor<Scalar>, labels: [Int32]
    ) -> Tensor<Scalar> { scores.softmax().huber(Loss.oneHot(labels, for: scores), delta: delta) }

    @specialized(where Scalar == Float)
    func callAsFunction<Scalar: DifferentiableScalar>(
        _ scores: Tensor<Scalar>, targets: NDArray<Scalar>
    ) -> Tensor<Scalar> { scores.huber(targets, delta: delta) }
}

extension Loss {
    /// Huber loss: the mean over all elements of e^2 / 2 where |e| <= delta, else delta (|e| - delta / 2); e = p - t, and p
    /// and t as for `meanSquaredError`.
    public static func huber(delta: Double = 1) -> Loss { Loss(Huber(delta: delta)) }

    /// Huber loss with delta 1.
    package static var huber: Loss { .huber(delta: 1) }
}
