import Arrays
import Support

extension Tensor {
    /// The index of each row's largest element, the first of equals; not differentiable.
    public func argMax() -> [Int32] {
        require(shape.count == 2, "argMax of shape \(shape): rows of scores are needed")
        let rows = shape[0]
        return [Int32](unsafeUninitializedCapacity: rows) { places, count in
            value.withUnsafeElements { Scalar.kernels.argMax($0, rows: rows, into: places) }
            count = rows
        }
    }
}
