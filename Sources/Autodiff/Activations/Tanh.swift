import Arrays
import CKernels
import Support

/// h(a) = tanh a; values in -1...1.
struct Tanh: KernelActivation {
    static let kind = "tanh"

    init() {}
    init(from settings: inout SettingText) throws {}

    var kernel: ActivationKernel { ActivationKernel(CK_ACTIVATION_TANH) }
}

extension Activation {
    /// h(a) = tanh a; values in -1...1.
    public static let tanh = Activation(Tanh())
}

extension Tensor {
    /// tanh x; h' = 1 - y^2.
    public func tanh() -> Tensor { activated(.tanh) }
}
