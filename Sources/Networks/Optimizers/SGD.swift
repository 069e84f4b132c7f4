import Arrays
import Autodiff
import CKernels

/// Stochastic gradient descent: w -= learningRate g
public struct SGD: Optimizer {
    /// `sgd`.
    public static let kind = "sgd"

    /// The learning rate.
    public var learningRate: Float
    /// The factor of the weight decay.
    public var weightDecay: Float

    /// Creates plain gradient descent.
    package init(learningRate: Float = 0.1, weightDecay: Float = 0) {
        (self.learningRate, self.weightDecay) = (learningRate, weightDecay)
    }

    /// Creates the rule with its default settings.
    public init() { self.init(learningRate: 0.1) }

    /// Changes one parameter's weights in place by the formula above.
    public func update(
        _ weights: inout NDArray<Float>, gradient: NDArray<Float>, state: inout [NDArray<Float>], step: Int
    ) {
        check(weights, gradient, state)
        let count = gradient.count
        weights.withUnsafeMutableElements { w in
            gradient.withUnsafeElements { g in
                ck_sgd_f32(count, w.baseAddress, g.baseAddress, learningRate, weightDecay)
            }
        }
    }

    /// The rule in NumPy.
    public var numPyUpdate: NumPyUpdate? {
        NumPyUpdate(
            "Downhill by the gradient.", weightDecay: weightDecay, ["w -= scalar(\(learningRate)) * g"])
    }
}

extension SGD: FusedUpdate {
    func update(_ parameter: Parameter, from gradients: Gradients<Float>) -> Bool {
        gradients.descend(&parameter.value, of: parameter, rate: learningRate, decay: weightDecay)
    }
}

extension Optimizer where Self == SGD {
    /// Stochastic gradient descent; see `SGD`.
    public static func sgd(learningRate: Float, weightDecay: Float = 0) -> SGD {
        SGD(learningRate: learningRate, weightDecay: weightDecay)
    }
}
