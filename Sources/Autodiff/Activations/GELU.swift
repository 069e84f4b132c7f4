import Arrays
import CKernels
import Support

/// h(a) = a P(a), P(a) the probability that a standard normal number is below a.
///
/// Source: Hendrycks and Gimpel 2016, "Gaussian error linear units".
struct GELU: KernelActivation {
    static let kind = "gelu"
    static let isRectifier = true

    init() {}
    init(from settings: inout SettingText) throws {}

    var kernel: ActivationKernel { ActivationKernel(CK_ACTIVATION_GELU, gradientNeedsInput: true) }
}

extension Activation {
    /// h(a) = a P(a), P(a) the probability that a standard normal number is below a.
    ///
    /// Source: Hendrycks and Gimpel 2016, "Gaussian error linear units".
    public static let gelu = Activation(GELU())
}

extension Tensor {
    /// x P(x), P the normal distribution; h' = P(x) + x p(x), p its density.
    public func gelu() -> Tensor { activated(.gelu) }
}
