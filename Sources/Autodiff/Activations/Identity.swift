import Arrays
import CKernels
import Support

/// h(a) = a.
struct Identity: KernelActivation {
    static let kind = "identity"

    init() {}
    init(from settings: inout SettingText) throws {}

    var kernel: ActivationKernel { ActivationKernel(CK_ACTIVATION_IDENTITY) }
}

extension Activation {
    /// h(a) = a.
    public static let identity = Activation(Identity())
}
