import Arrays
import Support

extension Tensor {
    /// The mean cross-entropy of softmax(self) against labels: -(1/N) sum log softmax(x)[i, labels[i]].
    ///
    /// Shapes: self [N, C], the logits; `labels` [N]; the result is 0-d.
    ///
    /// Softmax and logarithm are one primitive because together they neither overflow nor take the logarithm of
    /// zero, and their gradient is simply (softmax(x) - oneHot(labels)) / N.
    ///
    /// - Precondition: as many labels as rows, each in `0 ..< C`; at least one row.
    /// - Complexity: O(N C).
    @specialized(where Scalar == Float)
    public func softmaxCrossEntropy(labels: [Int32]) -> Tensor<Scalar> {
        require(
            shape.count == 2 && labels.count == shape[0] && !labels.isEmpty,
            "cross-entropy: \(labels.count) labels for scores of shape \(shape)")
        let classes = Int32(shape[1])
        require(
            labels.allSatisfy { $0 >= 0 && $0 < classes }, "cross-entropy: a label outside 0 ..< \(classes)")
        let x = value
        var total = 0.0
        let p = NDArray<Scalar>(shape: shape) { p in
            total = x.withUnsafeElements { x in
                labels.withUnsafeBufferPointer { Scalar.kernels.softmaxCrossEntropy(x, labels: $0, p: p) }
            }
        }
        let count = Scalar(labels.count)
        let loss = NDArray<Scalar>(shape: [], repeating: Scalar(total / Double(labels.count)))
        return tape.record(.array(loss), from: [self]) { upstream in
            let scale = Double(upstream.array().elements[0] / count)
            let gradient = NDArray<Scalar>(shape: p.shape) { delta in
                p.withUnsafeElements { p in
                    labels.withUnsafeBufferPointer {
                        Scalar.kernels.softmaxCrossEntropyGradient(
                            p: p, labels: $0, scale: scale, into: delta)
                    }
                }
            }
            return [.array(gradient)]
        }
    }
}

extension NDArray where Scalar: DifferentiableScalar {
    /// Each element times `factor`.
    func scaled(by factor: Scalar) -> NDArray {
        NDArray(shape: shape) { target in
            withUnsafeElements { source in
                for place in source.indices {
                    target.initializeElement(at: place, to: source[place] * factor)
                }
            }
        }
    }
}
