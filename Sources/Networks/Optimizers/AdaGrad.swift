import Arrays
import CKernels

/// AdaGrad: h += g^2; w -= learningRate g / (sqrt(h) + epsilon)
///
/// Source: Duchi, Hazan and Singer 2011.
public struct AdaGrad: Optimizer {
    /// `adagrad`.
    public static let kind = "adagrad"
    /// The sum of squares h.
    public static let stateNames = ["squared-sum"]

    /// The learning rate.
    public var learningRate: Float
    /// The term that keeps the divisor from zero.
    package var epsilon: Float
    /// The factor of the weight decay.
    public var weightDecay: Float

    /// Creates a rule whose steps grow shorter for weights that have moved much.
    package init(learningRate: Float = 0.01, epsilon: Float = 1e-7, weightDecay: Float = 0) {
        (self.learningRate, self.epsilon, self.weightDecay) = (learningRate, epsilon, weightDecay)
    }

    /// Creates the rule with its default settings.
    public init() { self.init(learningRate: 0.01) }

    /// Changes one parameter's weights in place by the formula above.
    public func update(
        _ weights: inout NDArray<Float>, gradient: NDArray<Float>, state: inout [NDArray<Float>], step: Int
    ) {
        check(weights, gradient, state)
        let count = gradient.count
        weights.withUnsafeMutableElements { w in
            gradient.withUnsafeElements { g in
                state[0].withUnsafeMutableElements { h in
                    ck_adagrad_f32(
                        count, w.baseAddress, g.baseAddress, h.baseAddress, learningRate, epsilon, weightDecay
                    )
                }
            }
        }
    }

    /// The rule in NumPy.
    public var numPyUpdate: NumPyUpdate? {
        NumPyUpdate(
            "Shorter steps for weights that have moved much: m[0] sums the squares.",
            weightDecay: weightDecay,
            [
                "m[0] += g * g",
                "w -= scalar(\(learningRate)) * g / (np.sqrt(m[0]) + scalar(\(epsilon)))",
            ])
    }
}

extension Optimizer where Self == AdaGrad {
    /// AdaGrad; see `AdaGrad`.
    public static func adaGrad(
        learningRate: Float = 0.01, epsilon: Float = 1e-7, weightDecay: Float = 0
    ) -> AdaGrad {
        AdaGrad(learningRate: learningRate, epsilon: epsilon, weightDecay: weightDecay)
    }
}
