import Arrays
import CKernels
import Support

/// The approximation of GELU by tanh: h(a) = a (1 + tanh(sqrt(2 / pi) (a + 0.044715 a^3))) / 2.
///
/// Source: Hendrycks and Gimpel 2016, "Gaussian error linear units", section 2.
struct GELUTanh: KernelActivation {
    static let kind = "gelu-tanh"
    static let isRectifier = true

    init() {}
    init(from settings: inout SettingText) throws {}

    var kernel: ActivationKernel { ActivationKernel(CK_ACTIVATION_GELU_TANH, gradientNeedsInput: true) }
}

extension Activation {
    /// The approximation of GELU by tanh: h(a) = a (1 + tanh(sqrt(2 / pi) (a + 0.044715 a^3))) / 2.
    ///
    /// Source: Hendrycks and Gimpel 2016, "Gaussian error linear units", section 2.
    public static let geluTanh = Activation(GELUTanh())
}

extension Tensor {
    /// The approximation of GELU by tanh.
    public func geluTanh() -> Tensor { activated(.geluTanh) }
}
