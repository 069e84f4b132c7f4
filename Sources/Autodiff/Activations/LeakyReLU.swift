import Arrays
import CKernels
import Support

/// h(a) = a where a >= 0, else slope a; slope >= 0.
///
/// Source: Maas, Hannun and Ng 2013, "Rectifier nonlinearities improve neural network acoustic models".
struct LeakyReLU: KernelActivation {
    static let kind = "leaky-relu"
    static let usage = "leaky-relu:0.01"
    static let isRectifier = true

    let slope: Double

    init(slope: Double) { self.slope = slope }
    init(from settings: inout SettingText) throws {
        slope = try settings.number("slope", main: true, in: SettingText.fromZero) ?? 0.01
    }

    var settingsText: String { "\(slope)" }
    var kernel: ActivationKernel {
        ActivationKernel(CK_ACTIVATION_LEAKY_RELU, parameter: slope, hasKink: slope != 1)
    }
}

extension Activation {
    /// h(a) = a where a >= 0, else slope a; slope >= 0.
    ///
    /// Source: Maas, Hannun and Ng 2013, "Rectifier nonlinearities improve neural network acoustic models".
    public static func leakyReLU(slope: Double = 0.01) -> Activation { Activation(LeakyReLU(slope: slope)) }
}

extension Tensor {
    /// x where x >= 0, else slope x; h' = 1 where x > 0, else slope.
    public func leakyReLU(slope: Double = 0.01) -> Tensor { activated(.leakyReLU(slope: slope)) }
}
