import Arrays

/// Adam: m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2;
/// w -= learningRate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon), t the index of the step from 1.
///
/// Source: Kingma and Ba 2015, algorithm 1.
public struct Adam: Optimizer {
    /// `adam`.
    public static let kind = "adam"
    /// The means m and v.
    public static let stateNames = AdamMoments.names

    /// The learning rate.
    public var learningRate: Float
    /// The decay of the running mean, 0 or more and below 1.
    package var beta1: Float
    /// The decay of the running mean square, 0 or more and below 1.
    package var beta2: Float
    /// The term that keeps the divisor from zero.
    package var epsilon: Float
    /// The factor of the weight decay.
    public var weightDecay: Float

    /// Creates a rule that descends by the mean gradient over the root of its mean square.
    package init(
        learningRate: Float = 0.001, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8,
        weightDecay: Float = 0
    ) {
        (self.learningRate, self.beta1, self.beta2) = (learningRate, beta1, beta2)
        (self.epsilon, self.weightDecay) = (epsilon, weightDecay)
    }

    /// Creates the rule with its default settings.
    public init() { self.init(learningRate: 0.001) }

    /// Changes one parameter's weights in place by the formula above.
    public func update(
        _ weights: inout NDArray<Float>, gradient: NDArray<Float>, state: inout [NDArray<Float>], step: Int
    ) {
        check(weights, gradient, state)
        moments.update(&weights, gradient: gradient, state: &state, step: step)
    }

    /// The rule in NumPy.
    public var numPyUpdate: NumPyUpdate? { moments.numPyUpdate }

    private var moments: AdamMoments {
        AdamMoments(
            rate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, decay: weightDecay,
            isDecoupled: false)
    }
}

extension Optimizer where Self == Adam {
    /// Adam; see `Adam`.
    public static func adam(
        learningRate: Float = 0.001, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8,
        weightDecay: Float = 0
    ) -> Adam {
        Adam(
            learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay
        )
    }
}
