import Arrays
import Support

extension Tensor {
    /// The cross-entropy of softmax(self) against soft labels: -(1/divisor) sum t log softmax(x).
    ///
    /// Shapes: self and `targets` [N, C]; the result is 0-d. The gradient is (softmax(x) sum(t of the row) - t) /
    /// divisor. Smoothed labels, weighted classes and mixed examples are all such targets.
    ///
    /// - Parameters:
    ///   - targets: the probability of each class, shape [N, C].
    ///   - divisor: N when nil.
    /// - Precondition: equal shapes, at least one row, a divisor above zero.
    /// - Complexity: O(N C).
    public func softmaxCrossEntropy(targets: NDArray<Scalar>, divisor: Double? = nil) -> Tensor<Scalar> {
        require(
            shape.count == 2 && shape == targets.shape && targets.count > 0,
            "cross-entropy: shapes \(shape) and \(targets.shape)")
        let rows = shape[0]
        let divisor = divisor ?? Double(rows)
        require(divisor > 0, "cross-entropy: the weights of the batch add up to \(divisor)")
        let x = value
        var total = 0.0
        let p = NDArray<Scalar>(shape: shape) { p in
            total = x.withUnsafeElements { x in
                targets.withUnsafeElements {
                    Scalar.kernels.softCrossEntropy(x, targets: $0, rows: rows, p: p)
                }
            }
        }
        let loss = NDArray<Scalar>(shape: [], repeating: Scalar(total / divisor))
        return tape.record(.array(loss), from: [self]) { upstream in
            let scale = Double(upstream.array().elements[0]) / divisor
            let gradient = NDArray<Scalar>(shape: p.shape) { delta in
                p.withUnsafeElements { p in
                    targets.withUnsafeElements {
                        Scalar.kernels.softCrossEntropyGradient(
                            p: p, targets: $0, rows: rows, scale: scale, into: delta)
                    }
                }
            }
            return [.array(gradient)]
        }
    }
}
