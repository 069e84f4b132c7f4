import Arrays
import CKernels

/// RMSProp: h = decay h + (1 - decay) g^2; w -= learningRate g / (sqrt(h) + epsilon)
///
/// Source: Tieleman and Hinton 2012, lecture 6.5.
public struct RMSProp: Optimizer {
    /// `rmsprop`.
    public static let kind = "rmsprop"
    /// The mean square h.
    public static let stateNames = ["squared-mean"]

    /// The learning rate.
    public var learningRate: Float
    /// The decay of the running mean square, 0 or more and below 1.
    package var decay: Float
    /// The term that keeps the divisor from zero.
    package var epsilon: Float
    /// The factor of the weight decay.
    public var weightDecay: Float

    /// Creates AdaGrad with a decaying mean in place of the sum.
    package init(
        learningRate: Float = 0.001, decay: Float = 0.99, epsilon: Float = 1e-7, weightDecay: Float = 0
    ) {
        (self.learningRate, self.decay) = (learningRate, decay)
        (self.epsilon, self.weightDecay) = (epsilon, weightDecay)
    }

    /// Creates the rule with its default settings.
    public init() { self.init(learningRate: 0.001) }

    /// Changes one parameter's weights in place by the formula above.
    public func update(
        _ weights: inout NDArray<Float>, gradient: NDArray<Float>, state: inout [NDArray<Float>], step: Int
    ) {
        check(weights, gradient, state)
        let count = gradient.count
        weights.withUnsafeMutableElements { w in
            gradient.withUnsafeElements { g in
                state[0].withUnsafeMutableElements { h in
                    ck_rmsprop_f32(
                        count, w.baseAddress, g.baseAddress, h.baseAddress, learningRate, decay, epsilon,
                        weightDecay)
                }
            }
        }
    }

    /// The rule in NumPy.
    public var numPyUpdate: NumPyUpdate? {
        NumPyUpdate(
            "AdaGrad that forgets: m[0] is a running mean of the squares.", weightDecay: weightDecay,
            [
                "m[0][...] = scalar(\(decay)) * m[0] + (1 - scalar(\(decay))) * g * g",
                "w -= scalar(\(learningRate)) * g / (np.sqrt(m[0]) + scalar(\(epsilon)))",
            ])
    }
}

extension Optimizer where Self == RMSProp {
    /// RMSProp; see `RMSProp`.
    public static func rmsProp(
        learningRate: Float = 0.001, decay: Float = 0.99, epsilon: Float = 1e-7, weightDecay: Float = 0
    ) -> RMSProp {
        RMSProp(learningRate: learningRate, decay: decay, epsilon: epsilon, weightDecay: weightDecay)
    }
}
