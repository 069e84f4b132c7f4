import Arrays
import CKernels

/// A function that a layer applies to its numbers, as a layer of its own or as a part of a dense one.
///
/// ```swift
/// let network = Sequential {
///     Dense(784, 100, activation: .leakyReLU(slope: 0.1))
///     Dense(100, 10)
/// }
/// let chosen = try Activation("elu:0.5")
/// ```
public enum Activation: Sendable, Hashable {
    /// h(a) = a.
    case identity
    /// h(a) = 1 / (1 + exp(-a)); values in 0...1.
    case sigmoid
    /// h(a) = tanh a; values in -1...1.
    case tanh
    /// h(a) = max(0, a).
    case relu
    /// h(a) = a where a >= 0, else slope a; slope >= 0.
    ///
    /// Source: Maas, Hannun and Ng 2013, "Rectifier nonlinearities improve neural network acoustic models".
    case leakyReLU(slope: Double = 0.01)
    /// h(a) = a where a >= 0, else alpha (exp(a) - 1); alpha >= 0.
    ///
    /// Source: Clevert, Unterthiner and Hochreiter 2016, "Fast and accurate deep network learning by exponential
    /// linear units".
    case elu(alpha: Double = 1)
    /// h(a) = a P(a), P(a) the probability that a standard normal number is below a.
    ///
    /// Source: Hendrycks and Gimpel 2016, "Gaussian error linear units".
    case gelu
    /// GELU nearly: h(a) = a (1 + tanh(sqrt(2 / pi) (a + 0.044715 a^3))) / 2. Source: the same, section 2.
    case geluTanh
    /// h(a) = a / (1 + exp(-a)), also called swish.
    ///
    /// Source: Elfwing, Uchibe and Doya 2018, "Sigmoid-weighted linear units".
    case silu
    /// h(a) = log(1 + exp(a)).
    case softplus
    /// exp(a) / sum exp(a) along the last axis.
    case softmax

    /// Whether the derivative is had from a and not from h(a); such an activation's input is kept.
    var gradientNeedsInput: Bool {
        switch self {
        case .gelu, .geluTanh, .silu, .softplus: true
        case .identity, .sigmoid, .tanh, .relu, .leakyReLU, .elu, .softmax: false
        }
    }

    /// Whether its slope jumps: at zero, from what it is below to 1.
    var hasKink: Bool {
        switch self {
        case .relu: true
        case .leakyReLU(let slope): slope != 1
        case .elu(let alpha): alpha != 1
        case .identity, .sigmoid, .tanh, .gelu, .geluTanh, .silu, .softplus, .softmax: false
        }
    }

    /// Whether a layer can apply it to its result in place: each number by itself, the derivative from h(a).
    package var isFusable: Bool { !gradientNeedsInput && self != .softmax }
}

// MARK: Text

extension Activation: LosslessStringConvertible, Codable {
    /// How each activation is written, those with a parameter with its usual value.
    public static let names = [
        "identity", "sigmoid", "tanh", "relu", "leaky-relu:0.01", "elu:1", "gelu", "gelu-tanh", "silu",
        "softplus",
        "softmax",
    ]

    /// The activation that `text` names: `relu`, `leaky-relu`, `leaky-relu:0.1`, `elu:alpha=0.5`.
    ///
    /// - Throws: `usage` when there is none of this name, or its parameter is not a number from 0 up.
    public init(parsing text: String) throws {
        var settings = SettingText(text, of: "activation")
        switch settings.name {
        case "identity": self = .identity
        case "sigmoid": self = .sigmoid
        case "tanh": self = .tanh
        case "relu": self = .relu
        case "leaky-relu":
            self = .leakyReLU(
                slope: try settings.number("slope", main: true, in: SettingText.fromZero) ?? 0.01)
        case "elu":
            self = .elu(alpha: try settings.number("alpha", main: true, in: SettingText.fromZero) ?? 1)
        case "gelu": self = .gelu
        case "gelu-tanh": self = .geluTanh
        case "silu": self = .silu
        case "softplus": self = .softplus
        case "softmax": self = .softmax
        default: throw settings.unknownName(known: Self.names)
        }
        try settings.finish()
    }

    /// The activation that `text` names, nil if there is none; see `init(parsing:)`.
    public init?(_ text: String) {
        guard let activation = try? Activation(parsing: text) else { return nil }
        self = activation
    }

    /// The text that `init(parsing:)` reads: "relu", "leaky-relu:0.01".
    public var description: String {
        switch self {
        case .identity: "identity"
        case .sigmoid: "sigmoid"
        case .tanh: "tanh"
        case .relu: "relu"
        case .leakyReLU(let slope): "leaky-relu:\(slope)"
        case .elu(let alpha): "elu:\(alpha)"
        case .gelu: "gelu"
        case .geluTanh: "gelu-tanh"
        case .silu: "silu"
        case .softplus: "softplus"
        case .softmax: "softmax"
        }
    }

    /// Reads its text.
    public init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    /// Writes its text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

// MARK: Kernels

extension Activation {
    /// The kernels' name for the activation; softmax, which works on rows, has none.
    package var code: Int32 {
        switch self {
        case .identity, .softmax: Int32(CK_ACTIVATION_IDENTITY.rawValue)
        case .sigmoid: Int32(CK_ACTIVATION_SIGMOID.rawValue)
        case .relu: Int32(CK_ACTIVATION_RELU.rawValue)
        case .tanh: Int32(CK_ACTIVATION_TANH.rawValue)
        case .leakyReLU: Int32(CK_ACTIVATION_LEAKY_RELU.rawValue)
        case .elu: Int32(CK_ACTIVATION_ELU.rawValue)
        case .gelu: Int32(CK_ACTIVATION_GELU.rawValue)
        case .geluTanh: Int32(CK_ACTIVATION_GELU_TANH.rawValue)
        case .silu: Int32(CK_ACTIVATION_SILU.rawValue)
        case .softplus: Int32(CK_ACTIVATION_SOFTPLUS.rawValue)
        }
    }

    /// The kernels' parameter: the slope of leaky ReLU, the alpha of ELU.
    package var parameter: Double {
        switch self {
        case .leakyReLU(let slope): slope
        case .elu(let alpha): alpha
        default: 0
        }
    }
}
