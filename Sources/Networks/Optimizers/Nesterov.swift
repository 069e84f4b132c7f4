import Arrays

/// Descent with Nesterov's momentum: v = momentum v + g; w -= learningRate (g + momentum v)
///
/// Source: Nesterov 1983, in the form of Sutskever et al. 2013 rewritten for the looked-ahead weights.
public struct Nesterov: MomentumOptimizer {
    /// `nesterov`.
    public static let kind = "nesterov"
    /// The velocity v.
    public static let stateNames = ["velocity"]

    /// The learning rate.
    public var learningRate: Float
    /// The decay of the velocity, 0 or more and below 1.
    public var momentum: Float
    /// The factor of the weight decay.
    public var weightDecay: Float

    /// Creates a rule with Nesterov's momentum.
    package init(learningRate: Float = 0.01, momentum: Float = 0.9, weightDecay: Float = 0) {
        (self.learningRate, self.momentum, self.weightDecay) = (learningRate, momentum, weightDecay)
    }

    /// Creates the rule with its default settings.
    public init() { self.init(learningRate: 0.01) }

    /// Changes one parameter's weights in place by the formula above.
    public func update(
        _ weights: inout NDArray<Float>, gradient: NDArray<Float>, state: inout [NDArray<Float>], step: Int
    ) {
        roll(&weights, gradient: gradient, state: &state, looksAhead: true)
    }

    /// The rule in NumPy.
    public var numPyUpdate: NumPyUpdate? {
        NumPyUpdate(
            "Momentum that looks ahead by one step.", weightDecay: weightDecay,
            [
                "m[0][...] = scalar(\(momentum)) * m[0] + g",
                "w -= scalar(\(learningRate)) * (g + scalar(\(momentum)) * m[0])",
            ])
    }
}

extension Optimizer where Self == Nesterov {
    /// Descent with Nesterov's momentum; see `Nesterov`.
    public static func nesterov(
        learningRate: Float, momentum: Float = 0.9, weightDecay: Float = 0
    ) -> Nesterov {
        Nesterov(learningRate: learningRate, momentum: momentum, weightDecay: weightDecay)
    }
}
