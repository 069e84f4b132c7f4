/// A rule that changes weights by their gradients, with its numbers.
///
/// The rule is a value; what it remembers between steps is an `OptimizerState`. In the formulas g is the gradient,
/// w a weight, and all products and roots are element by element. `weightDecay` adds `weightDecay` w to g.
public enum Optimizer: Sendable, Equatable {
    /// w -= learningRate g
    case sgd(learningRate: Float, weightDecay: Float = 0)
    /// v = momentum v + g; w -= learningRate v
    ///
    /// Source: Polyak 1964.
    case momentum(learningRate: Float, momentum: Float = 0.9, weightDecay: Float = 0)
    /// v = momentum v + g; w -= learningRate (g + momentum v)
    ///
    /// Source: Nesterov 1983, in the form of Sutskever et al. 2013 rewritten for the looked-ahead weights.
    case nesterov(learningRate: Float, momentum: Float = 0.9, weightDecay: Float = 0)
    /// h += g^2; w -= learningRate g / (sqrt(h) + epsilon)
    ///
    /// Source: Duchi, Hazan and Singer 2011.
    case adaGrad(learningRate: Float = 0.01, epsilon: Float = 1e-7, weightDecay: Float = 0)
    /// h = decay h + (1 - decay) g^2; w -= learningRate g / (sqrt(h) + epsilon)
    ///
    /// Source: Tieleman and Hinton 2012, lecture 6.5.
    case rmsProp(
        learningRate: Float = 0.001, decay: Float = 0.99, epsilon: Float = 1e-7, weightDecay: Float = 0)
    /// m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2;
    /// w -= learningRate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon), t the number of the step from 1.
    ///
    /// Source: Kingma and Ba 2015, algorithm 1.
    case adam(
        learningRate: Float = 0.001, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8,
        weightDecay: Float = 0)
    /// Adam whose weight decay does not pass through the moments: w -= learningRate weightDecay w first.
    ///
    /// Source: Loshchilov and Hutter 2019, algorithm 2.
    case adamW(
        learningRate: Float = 0.001, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8,
        weightDecay: Float = 0.01)

    /// The step's length. It may be set: a schedule does so before each step.
    public var learningRate: Float {
        get {
            switch self {
            case .sgd(let rate, _), .momentum(let rate, _, _), .nesterov(let rate, _, _),
                .adaGrad(let rate, _, _),
                .rmsProp(let rate, _, _, _), .adam(let rate, _, _, _, _), .adamW(let rate, _, _, _, _):
                rate
            }
        }
        set { self = with(learningRate: newValue, weightDecay: weightDecay) }
    }

    /// How strongly weights are drawn towards zero.
    public var weightDecay: Float {
        get {
            switch self {
            case .sgd(_, let decay), .momentum(_, _, let decay), .nesterov(_, _, let decay),
                .adaGrad(_, _, let decay),
                .rmsProp(_, _, _, let decay), .adam(_, _, _, _, let decay), .adamW(_, _, _, _, let decay):
                decay
            }
        }
        set { self = with(learningRate: learningRate, weightDecay: newValue) }
    }

    /// The same rule with another step and decay.
    func with(learningRate rate: Float, weightDecay decay: Float) -> Optimizer {
        switch self {
        case .sgd: .sgd(learningRate: rate, weightDecay: decay)
        case .momentum(_, let momentum, _):
            .momentum(learningRate: rate, momentum: momentum, weightDecay: decay)
        case .nesterov(_, let momentum, _):
            .nesterov(learningRate: rate, momentum: momentum, weightDecay: decay)
        case .adaGrad(_, let epsilon, _): .adaGrad(learningRate: rate, epsilon: epsilon, weightDecay: decay)
        case .rmsProp(_, let smoothing, let epsilon, _):
            .rmsProp(learningRate: rate, decay: smoothing, epsilon: epsilon, weightDecay: decay)
        case .adam(_, let beta1, let beta2, let epsilon, _):
            .adam(learningRate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: decay)
        case .adamW(_, let beta1, let beta2, let epsilon, _):
            .adamW(learningRate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: decay)
        }
    }

    /// The rule's name, as flags and files have it.
    public var name: String {
        switch self {
        case .sgd: "sgd"
        case .momentum: "momentum"
        case .nesterov: "nesterov"
        case .adaGrad: "adagrad"
        case .rmsProp: "rmsprop"
        case .adam: "adam"
        case .adamW: "adamw"
        }
    }

    /// What it remembers of each weight, by name.
    var memories: [String] {
        switch self {
        case .sgd: []
        case .momentum, .nesterov: ["velocity"]
        case .adaGrad: ["squared-sum"]
        case .rmsProp: ["squared-mean"]
        case .adam, .adamW: ["mean", "squared-mean"]
        }
    }
}
