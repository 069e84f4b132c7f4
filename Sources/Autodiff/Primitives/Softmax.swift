import Arrays

extension Tensor {
    /// exp(x) / sum exp(x) along the last axis of [..., C], the row's maximum subtracted first.
    ///
    /// Vector-Jacobian product: p (g - sum(g p)).
    ///
    /// - Precondition: at least one axis.
    /// - Complexity: O(count).
    public func softmax() -> Tensor<Scalar> {
        require(!shape.isEmpty, "softmax of shape \(shape): rows of scores are needed")
        let rows = shape.dropLast().reduce(1, *)
        let x = value
        let p = NDArray<Scalar>(shape: shape) { p in
            x.withUnsafeElements { Scalar.kernels.softmax($0, rows: rows, into: p) }
        }
        return tape.record(.array(p), from: [self]) { upstream in
            let gradient = NDArray<Scalar>(shape: p.shape) { delta in
                p.withUnsafeElements { p in
                    upstream.array().withUnsafeElements {
                        Scalar.kernels.softmaxGradient(p: p, upstream: $0, rows: rows, into: delta)
                    }
                }
            }
            return [.array(gradient)]
        }
    }

    /// The place of each row's largest number, the first of equals; no gradient.
    public func argMax() -> [Int32] {
        require(shape.count == 2, "argMax of shape \(shape): rows of scores are needed")
        let rows = shape[0]
        return [Int32](unsafeUninitializedCapacity: rows) { places, count in
            value.withUnsafeElements { Scalar.kernels.argMax($0, rows: rows, into: places) }
            count = rows
        }
    }
}
