import Arrays

/// Descent with momentum: v = momentum v + g; w -= learningRate v
///
/// Source: Polyak 1964.
public struct Momentum: MomentumOptimizer {
    /// `momentum`.
    public static let kind = "momentum"
    /// The velocity v.
    public static let stateNames = ["velocity"]

    /// The learning rate.
    public var learningRate: Float
    /// The decay of the velocity, 0 or more and below 1.
    public var momentum: Float
    /// The factor of the weight decay.
    public var weightDecay: Float

    /// Creates a rule with momentum.
    package init(learningRate: Float = 0.01, momentum: Float = 0.9, weightDecay: Float = 0) {
        (self.learningRate, self.momentum, self.weightDecay) = (learningRate, momentum, weightDecay)
    }

    /// Creates the rule with its default settings.
    public init() { self.init(learningRate: 0.01) }

    /// Changes one parameter's weights in place by the formula above.
    public func update(
        _ weights: inout NDArray<Float>, gradient: NDArray<Float>, state: inout [NDArray<Float>], step: Int
    ) {
        roll(&weights, gradient: gradient, state: &state, looksAhead: false)
    }

    /// The rule in NumPy.
    public var numPyUpdate: NumPyUpdate? {
        NumPyUpdate(
            "A ball that rolls: the velocity m[0] keeps a part of itself.", weightDecay: weightDecay,
            [
                "m[0][...] = scalar(\(momentum)) * m[0] + g",
                "w -= scalar(\(learningRate)) * m[0]",
            ])
    }
}

extension Optimizer where Self == Momentum {
    /// Descent with momentum; see `Momentum`.
    public static func momentum(
        learningRate: Float, momentum: Float = 0.9, weightDecay: Float = 0
    ) -> Momentum {
        Momentum(learningRate: learningRate, momentum: momentum, weightDecay: weightDecay)
    }
}
