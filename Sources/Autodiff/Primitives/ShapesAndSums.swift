import Arrays
import Support

extension Tensor {
    /// The matrix product, [N, D] by [D, H] to [N, H]. By a: g transpose(b); by b: transpose(a) g.
    ///
    /// - Precondition: two axes each, of lengths that match.
    /// - Complexity: O(N D H).
    public func matmul(_ other: Tensor) -> Tensor {
        require(
            tape.trial != nil || shape.count == 2 && other.shape.count == 2,
            "matmul: shapes \(shape) and \(other.shape) are not matrices")
        if tape.trial != nil, shape.count != 2 || other.shape.count != 2 || shape[1] != other.shape[0] {
            return unfit(
                "matmul: shapes \(shape) and \(other.shape) not aligned", of: other,
                expected: "[N, \(other.shape.first ?? 1)]", result: [shape.first ?? 1, other.shape.last ?? 1])
        }
        let (a, b) = (value, other.value)
        let product = a.product(transposed: false, b, transposed: false)
        return tape.record(.array(product), from: [self, other]) {
            let g = $0.array()
            return [
                .array(g.product(transposed: false, b, transposed: true)),
                .array(a.product(transposed: true, g, transposed: false)),
            ]
        }
    }

    /// The sum of all elements, 0-d; its gradient is g everywhere.
    public func sum() -> Tensor {
        let shape = shape
        return tape.record(.array(NDArray(shape: [], repeating: value.sum())), from: [self]) {
            [.array(NDArray(shape: shape, repeating: $0.array().item()))]
        }
    }

    /// The sums along an axis.
    public func sum(axis: Int, keepingDimensions: Bool = false) -> Tensor {
        let shape = shape
        let kept = value.sum(axis: axis, keepingDimensions: true)
        let result = keepingDimensions ? kept : value.sum(axis: axis)
        return tape.record(.array(result), from: [self]) {
            [.array($0.array().reshaped(to: kept.shape).broadcast(to: shape).contiguousCopy())]
        }
    }

    /// The mean of all elements, 0-d; its gradient is g / count everywhere.
    ///
    /// - Precondition: at least one element.
    public func mean() -> Tensor { sum() / Scalar(value.count) }

    /// The same elements in another shape; the gradient goes back to the old one.
    ///
    /// - Precondition: as many elements.
    public func reshaped(to shape: [Int]) -> Tensor {
        let old = self.shape
        if tape.trial != nil, !shape.contains(-1), shape.reduce(1, *) != old.reduce(1, *) {
            return unfit(
                "reshaped from \(old) to \(shape)", expected: "\(shape.reduce(1, *)) numbers", result: shape)
        }
        return tape.record(.array(value.reshaped(to: shape)), from: [self]) {
            [.array($0.array().reshaped(to: old))]
        }
    }

    /// The axes in reverse order; so is the gradient's.
    public func transposed() -> Tensor {
        tape.record(.array(value.transposed()), from: [self]) { [.array($0.array().transposed())] }
    }
}
