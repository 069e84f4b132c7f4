import Arrays
import Autodiff

/// How the first values of a parameter are drawn.
///
/// For a weight of shape [D, H], D values come in (the fan-in); for one of shape [K, C, R, S], C R S do. Drawn in double precision by
/// NumPy's generator and rounded to float, row by row, so that a NumPy script can begin from the same numbers.
public enum Initializer: Sendable, Equatable {
    /// All zero, as biases are.
    case zeros
    /// All the same number, as the gains of normalisation are 1.
    case constant(Double)
    /// Normal with mean 0 and the given standard deviation; the notebook's is 0.01.
    case normal(deviation: Double)
    /// Normal with deviation sqrt(1 / fan-in): keeps the spread of sigmoid and tanh layers.
    ///
    /// Source: Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural
    /// networks", equation 1, in the form that counts fan-in alone.
    case xavier
    /// Normal with deviation sqrt(2 / fan-in): keeps the spread of ReLU layers.
    ///
    /// Source: He et al. 2015, "Delving deep into rectifiers", equation 10.
    case he

    /// Values of `shape`.
    public func values(shape: [Int], using random: inout RandomState) -> NDArray<Float> {
        let inputs = shape.count > 2 ? shape.dropFirst().reduce(1, *) : shape.first ?? 1
        let fanIn = Double(max(inputs, 1))
        switch self {
        case .zeros: return NDArray(shape: shape, repeating: 0)
        case .constant(let value): return NDArray(shape: shape, repeating: Float(value))
        case .normal(let deviation): return random.normal(scale: deviation, shape: shape)
        case .xavier: return random.normal(scale: (1 / fanIn).squareRoot(), shape: shape)
        case .he: return random.normal(scale: (2 / fanIn).squareRoot(), shape: shape)
        }
    }
}

extension Initializer {
    /// What keeps the spread of a signal through `activation`: He's for ReLU and its kin, Xavier's otherwise.
    static func suited(to activation: Activation) -> Initializer {
        switch activation {
        case .identity, .sigmoid, .tanh, .softplus, .softmax: .xavier
        default: .he
        }
    }
}
