import Arrays
import CKernels

/// The update that Adam and AdamW share; they differ in where the weight decay enters.
struct AdamMoments {
    static let names = ["mean", "squared-mean"]

    let rate: Float
    let beta1: Float
    let beta2: Float
    let epsilon: Float
    let decay: Float
    /// Whether the decay changes the weights alone, not the moments.
    let isDecoupled: Bool

    func update(
        _ weights: inout NDArray<Float>, gradient: NDArray<Float>, state: inout [NDArray<Float>], step: Int
    ) {
        // In double: 1 - beta2^t loses all its digits in float for the first steps.
        let correction1 = 1 - Self.power(Double(beta1), step)
        let correction2 = 1 - Self.power(Double(beta2), step)
        let count = gradient.count
        // Two elements of an array cannot be changed at once, so one is taken out meanwhile.
        var squares = state.removeLast()
        weights.withUnsafeMutableElements { w in
            gradient.withUnsafeElements { g in
                state[0].withUnsafeMutableElements { m in
                    squares.withUnsafeMutableElements { v in
                        ck_adam_f32(
                            count, w.baseAddress, g.baseAddress, m.baseAddress, v.baseAddress, rate, beta1,
                            beta2, epsilon, Float(correction1), Float(correction2), decay, isDecoupled ? 1 : 0
                        )
                    }
                }
            }
        }
        state.append(squares)
    }

    var numPyUpdate: NumPyUpdate {
        let lines = [
            "beta1, beta2 = scalar(\(beta1)), scalar(\(beta2))",
            "m[0][...] = beta1 * m[0] + (1 - beta1) * g",
            "m[1][...] = beta2 * m[1] + (1 - beta2) * g * g",
            "mean = m[0] / scalar(1 - float(beta1) ** t)",
            "square = m[1] / scalar(1 - float(beta2) ** t)",
            "w -= scalar(\(rate)) * mean / (np.sqrt(square) + scalar(\(epsilon)))",
        ]
        let words =
            "Momentum m[0] divided by the root of the mean square m[1], both bias-corrected."
        guard isDecoupled else { return NumPyUpdate(words, weightDecay: decay, lines) }
        return NumPyUpdate(
            words, ["w *= scalar(1 - \(rate) * \(decay))  # decay beside the moments"] + lines)
    }

    /// Returns base^exponent by repeated squaring.
    private static func power(_ base: Double, _ exponent: Int) -> Double {
        var (result, square, rest) = (1.0, base, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result *= square }
            square *= square
            rest >>= 1
        }
        return result
    }
}
