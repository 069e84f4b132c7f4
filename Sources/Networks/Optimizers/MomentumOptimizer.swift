import Arrays
import CKernels

/// An optimiser with a momentum as a setting.
public protocol MomentumOptimizer: Optimizer {
    /// The decay of the velocity, 0 or more and below 1.
    var momentum: Float { get set }
}

extension MomentumOptimizer {
    /// Sets v = momentum v + g; then the weights go by v, or by g + momentum v, which looks one step ahead.
    func roll(
        _ weights: inout NDArray<Float>, gradient: NDArray<Float>, state: inout [NDArray<Float>],
        looksAhead: Bool
    ) {
        check(weights, gradient, state)
        let count = gradient.count
        weights.withUnsafeMutableElements { w in
            gradient.withUnsafeElements { g in
                state[0].withUnsafeMutableElements { v in
                    ck_momentum_f32(
                        count, w.baseAddress, g.baseAddress, v.baseAddress, learningRate, momentum,
                        looksAhead ? 1 : 0, weightDecay)
                }
            }
        }
    }
}
