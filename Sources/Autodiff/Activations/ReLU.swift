import Arrays
import CKernels
import Support

/// h(a) = max(0, a).
struct ReLU: KernelActivation {
    static let kind = "relu"
    static let isRectifier = true

    init() {}
    init(from settings: inout SettingText) throws {}

    var kernel: ActivationKernel { ActivationKernel(CK_ACTIVATION_RELU, hasKink: true) }
}

extension Activation {
    /// h(a) = max(0, a).
    public static let relu = Activation(ReLU())
}

extension Tensor {
    /// max(0, x); h' = 1 where x > 0, else 0.
    public func relu() -> Tensor { activated(.relu) }
}
