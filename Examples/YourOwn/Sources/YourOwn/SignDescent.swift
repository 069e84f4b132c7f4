import Descent

/// Descent by the sign of the gradient alone: w -= learningRate sign(v), v = momentum v + (1 - momentum) g.
///
/// Source: Bernstein et al. 2018, "signSGD: compressed optimisation for non-convex problems", with momentum (Signum).
struct SignDescent: MomentumOptimizer {
    static let kind = "sign"
    static let stateNames = ["velocity"]

    var learningRate: Float = 0.001
    var weightDecay: Float = 0
    var momentum: Float = 0.9

    func update(
        _ weights: inout NDArray<Float>, gradient: NDArray<Float>, state: inout [NDArray<Float>], step: Int
    ) {
        state[0] = momentum * state[0] + (1 - momentum) * (gradient + weightDecay * weights)
        weights -= learningRate * sign(state[0])
    }
}
