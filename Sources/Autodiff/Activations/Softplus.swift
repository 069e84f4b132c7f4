import Arrays
import CKernels
import Support

/// h(a) = log(1 + exp(a)).
struct Softplus: KernelActivation {
    static let kind = "softplus"

    init() {}
    init(from settings: inout SettingText) throws {}

    var kernel: ActivationKernel { ActivationKernel(CK_ACTIVATION_SOFTPLUS, gradientNeedsInput: true) }
}

extension Activation {
    /// h(a) = log(1 + exp(a)).
    public static let softplus = Activation(Softplus())
}

extension Tensor {
    /// log(1 + exp(x)); h' = the sigmoid of x.
    public func softplus() -> Tensor { activated(.softplus) }
}
