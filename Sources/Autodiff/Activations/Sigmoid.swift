import Arrays
import CKernels
import Support

/// h(a) = 1 / (1 + exp(-a)); values in 0...1.
struct Sigmoid: KernelActivation {
    static let kind = "sigmoid"

    init() {}
    init(from settings: inout SettingText) throws {}

    var kernel: ActivationKernel { ActivationKernel(CK_ACTIVATION_SIGMOID) }
}

extension Activation {
    /// h(a) = 1 / (1 + exp(-a)); values in 0...1.
    public static let sigmoid = Activation(Sigmoid())
}

extension Tensor {
    /// 1 / (1 + exp(-x)); h' = y (1 - y).
    public func sigmoid() -> Tensor { activated(.sigmoid) }
}
