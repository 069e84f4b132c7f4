import Arrays
import CKernels
import Support

/// Element-wise losses.
enum ElementLoss {
    /// (y - t)^2 / 2.
    case squared
    /// (y - t)^2 / 2 near zero, a straight line beyond the parameter.
    case huber
    /// -t log s - (1 - t) log(1 - s), s the sigmoid of y.
    case binary
    /// max(0, parameter - (2t - 1) y).
    case hinge

    /// The kernel's code of the loss.
    var code: Int32 {
        switch self {
        case .squared: Int32(CK_LOSS_SQUARED.rawValue)
        case .huber: Int32(CK_LOSS_HUBER.rawValue)
        case .binary: Int32(CK_LOSS_BINARY.rawValue)
        case .hinge: Int32(CK_LOSS_HINGE.rawValue)
        }
    }
}

// Losses against real-valued targets. Each is one primitive: the kernel computes the sum and the derivatives in one
// pass, and the pullback scales them.
extension Tensor {
    /// The mean squared error as the notebook has it, averaged over rows: (1/N) sum of (y - t)^2 / 2.
    ///
    /// Shapes: self and `target` [N, ...] alike; the result is 0-d. The gradient is (y - t) / N.
    ///
    /// - Precondition: equal shapes, at least one row.
    /// - Complexity: O(count).
    public func meanSquaredError(_ target: NDArray<Scalar>) -> Tensor<Scalar> {
        require(!shape.isEmpty, "mean squared error of a single number: rows are needed")
        return elementLoss(.squared, "mean squared error", target, divisor: shape[0])
    }

    /// The mean over all elements of Huber's loss: e^2 / 2 where |e| <= delta, else delta (|e| - delta / 2), e = y - t.
    ///
    /// The gradient is e, clamped to -delta...delta, over count.
    ///
    /// - Precondition: equal shapes, at least one element, delta > 0.
    /// - Complexity: O(count).
    ///
    /// Source: Huber 1964, "Robust estimation of a location parameter".
    public func huber(_ target: NDArray<Scalar>, delta: Double = 1) -> Tensor<Scalar> {
        require(delta > 0, "Huber's loss with delta \(delta)")
        return elementLoss(.huber, "Huber's loss", target, parameter: delta, divisor: value.count)
    }

    /// The mean over all elements of -t log s - (1 - t) log(1 - s), s the sigmoid of this score; t in 0...1.
    ///
    /// Computed as max(y, 0) - y t + log(1 + exp(-|y|)), which neither overflows nor takes the logarithm of zero.
    /// The gradient is (s - t) / count.
    ///
    /// - Precondition: equal shapes, at least one element.
    /// - Complexity: O(count).
    public func binaryCrossEntropy(_ target: NDArray<Scalar>) -> Tensor<Scalar> {
        elementLoss(.binary, "binary cross-entropy", target, divisor: value.count)
    }

    /// The mean over all elements of max(0, margin - s y), s = 1 where t is 1 and -1 where t is 0.
    ///
    /// The gradient is -s / count where the loss is above zero, else 0.
    ///
    /// - Precondition: equal shapes, at least one element.
    /// - Complexity: O(count).
    public func binaryHinge(_ target: NDArray<Scalar>, margin: Double = 1) -> Tensor<Scalar> {
        tape.hasKinks = true
        return elementLoss(.hinge, "hinge", target, parameter: margin, divisor: value.count)
    }

    /// The hinge over classes: (1/N) sum over rows of (1/C) sum over j != label of max(0, margin - x[label] + x[j]).
    ///
    /// Shapes: self [N, C]; `labels` [N]; the result is 0-d.
    ///
    /// - Precondition: as many labels as rows, each in `0 ..< C`; at least one row.
    /// - Complexity: O(N C).
    ///
    /// Source: Weston and Watkins 1999, "Support vector machines for multi-class pattern recognition".
    public func hinge(labels: [Int32], margin: Double = 1) -> Tensor<Scalar> {
        require(
            shape.count == 2 && labels.count == shape[0] && !labels.isEmpty,
            "hinge: \(labels.count) labels for scores of shape \(shape)")
        tape.hasKinks = true
        let classes = Int32(shape[1])
        require(labels.allSatisfy { $0 >= 0 && $0 < classes }, "hinge: a label outside 0 ..< \(classes)")
        let x = value
        var total = 0.0
        let slopes = NDArray<Scalar>(shape: shape) { slopes in
            total = x.withUnsafeElements { x in
                labels.withUnsafeBufferPointer {
                    Scalar.kernels.hinge(x, labels: $0, margin: margin, into: slopes)
                }
            }
        }
        return recordMean(total, slopes: slopes, divisor: x.count)
    }

    private func elementLoss(
        _ loss: ElementLoss, _ name: String, _ target: NDArray<Scalar>, parameter: Double = 0, divisor: Int
    ) -> Tensor<Scalar> {
        require(
            shape == target.shape && target.count > 0, "\(name): shapes \(shape) and \(target.shape)")
        let y = value
        var total = 0.0
        let slopes = NDArray<Scalar>(shape: shape) { slopes in
            total = y.withUnsafeElements { y in
                target.withUnsafeElements { t in
                    Scalar.kernels.elementLoss(loss, parameter: parameter, y, t, into: slopes)
                }
            }
        }
        return recordMean(total, slopes: slopes, divisor: divisor)
    }

    /// total / divisor, whose gradient is slopes / divisor.
    private func recordMean(_ total: Double, slopes: NDArray<Scalar>, divisor: Int) -> Tensor<Scalar> {
        let mean = NDArray<Scalar>(shape: [], repeating: Scalar(total / Double(divisor)))
        return tape.record(.array(mean), from: [self]) {
            [.array(slopes.scaled(by: $0.array().elements[0] / Scalar(divisor)))]
        }
    }
}
