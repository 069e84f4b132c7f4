import Descent

/// h(a) = max(0, a)^2.
///
/// It is made of the primitives of tensors, so its gradient needs no line of its own.
///
/// Source: So et al. 2021, "Primer: searching for efficient transformers for language modeling".
struct SquaredReLU: ActivationFunction {
    static let kind = "squared-relu"
    static let isRectifier = true

    init() {}
    init(from settings: inout SettingText) throws {}

    func callAsFunction<Scalar: DifferentiableScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        let positive = x.relu()
        return positive * positive
    }
}
