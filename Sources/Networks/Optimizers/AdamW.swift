import Arrays

/// Adam whose weight decay does not pass through the moments: w -= learningRate weightDecay w first.
///
/// Source: Loshchilov and Hutter 2019, algorithm 2.
public struct AdamW: Optimizer {
    /// `adamw`.
    public static let kind = "adamw"
    /// The means m and v.
    public static let stateNames = AdamMoments.names

    /// 0.01.
    public static let usualWeightDecay: Float = 0.01

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

    /// Creates Adam with decoupled weight decay.
    package init(
        learningRate: Float = 0.001, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8,
        weightDecay: Float = 0.01
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
            isDecoupled: true)
    }
}

extension Optimizer where Self == AdamW {
    /// Adam with decoupled weight decay; see `AdamW`.
    public static func adamW(
        learningRate: Float = 0.001, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8,
        weightDecay: Float = 0.01
    ) -> AdamW {
        AdamW(
            learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay
        )
    }
}
