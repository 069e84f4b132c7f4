import Arrays
import CKernels
import Support

/// h(a) = a / (1 + exp(-a)), also called swish.
///
/// Source: Elfwing, Uchibe and Doya 2018, "Sigmoid-weighted linear units".
struct SiLU: KernelActivation {
    static let kind = "silu"
    static let isRectifier = true

    init() {}
    init(from settings: inout SettingText) throws {}

    var kernel: ActivationKernel { ActivationKernel(CK_ACTIVATION_SILU, gradientNeedsInput: true) }
}

extension Activation {
    /// h(a) = a / (1 + exp(-a)), also called swish.
    ///
    /// Source: Elfwing, Uchibe and Doya 2018, "Sigmoid-weighted linear units".
    public static let silu = Activation(SiLU())
}

extension Tensor {
    /// x s(x), s the sigmoid; h' = s + x s (1 - s).
    public func silu() -> Tensor { activated(.silu) }
}
