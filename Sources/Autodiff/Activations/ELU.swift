import Arrays
import CKernels
import Support

/// h(a) = a where a >= 0, else alpha (exp(a) - 1); alpha >= 0.
///
/// Source: Clevert, Unterthiner and Hochreiter 2016, "Fast and accurate deep network learning by exponential linear
/// units".
struct ELU: KernelActivation {
    static let kind = "elu"
    static let usage = "elu:1"
    static let isRectifier = true

    let alpha: Double

    init(alpha: Double) { self.alpha = alpha }
    init(from settings: inout SettingText) throws {
        alpha = try settings.number("alpha", main: true, in: SettingText.fromZero) ?? 1
    }

    var settingsText: String { "\(alpha)" }
    var kernel: ActivationKernel {
        ActivationKernel(CK_ACTIVATION_ELU, parameter: alpha, hasKink: alpha != 1)
    }
}

extension Activation {
    /// h(a) = a where a >= 0, else alpha (exp(a) - 1); alpha >= 0.
    ///
    /// Source: Clevert, Unterthiner and Hochreiter 2016, "Fast and accurate deep network learning by exponential linear
    /// units".
    public static func elu(alpha: Double = 1) -> Activation { Activation(ELU(alpha: alpha)) }
}

extension Tensor {
    /// x where x >= 0, else alpha (exp(x) - 1); h' = 1 where x > 0, else y + alpha.
    public func elu(alpha: Double = 1) -> Tensor { activated(.elu(alpha: alpha)) }
}
