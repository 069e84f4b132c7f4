import Arrays
import Support

extension Tensor {
    /// Dropout: each element becomes 0 with probability `rate` and is divided by 1 - rate otherwise, so that the mean
    /// stays. On a tape that is not training, nothing changes.
    ///
    /// The mask is a function of the tape's seed and step and the order of the layers. The vector-Jacobian product is
    /// the same mask and division, drawn again rather than kept.
    ///
    /// - Precondition: 0 <= rate < 1.
    /// - Complexity: O(count).
    ///
    /// Source: Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting"; divided in
    /// training instead of multiplied in inference.
    public func dropout(rate: Double) -> Tensor<Scalar> {
        require(rate >= 0 && rate < 1, "dropout: rate \(rate) is not in 0 ..< 1")
        guard tape.isTraining, rate > 0 else { return self }
        let stream = tape.nextRandomStream()
        return tape.record(.array(value.dropped(rate: rate, by: stream)), from: [self]) {
            [.array($0.array().dropped(rate: rate, by: stream))]
        }
    }
}

extension NDArray where Scalar: DifferentiableScalar {
    /// The elements that `stream` keeps, divided by 1 - rate, and zeros for the others.
    func dropped(rate: Double, by stream: RandomStream) -> NDArray {
        let threshold = UInt32((rate * 0x1p32).rounded(.down))
        return NDArray(shape: shape) { target in
            withUnsafeElements {
                Scalar.kernels.dropout(
                    $0, threshold: threshold, scale: 1 / (1 - rate), stream: stream, into: target)
            }
        }
    }
}
