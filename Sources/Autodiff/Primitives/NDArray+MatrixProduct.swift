import Arrays
import Support

extension NDArray where Scalar: DifferentiableScalar {
    /// op(self) op(other) for two matrices, either read transposed.
    @specialized(where Scalar == Float)
    func product(transposed: Bool, _ other: NDArray, transposed otherTransposed: Bool) -> NDArray {
        // Calls the scalar's kernel directly: this runs several times in every step, on matrices of a few thousand
        // elements, where examining the strides of a view takes longer than the product.
        let (rows, depth) = transposed ? (shape[1], shape[0]) : (shape[0], shape[1])
        let (otherDepth, columns) =
            otherTransposed ? (other.shape[1], other.shape[0]) : (other.shape[0], other.shape[1])
        require(
            depth == otherDepth,
            "shapes (\(rows),\(depth)) and (\(otherDepth),\(columns)) not aligned: \(depth) != \(otherDepth)")
        return NDArray(shape: [rows, columns]) { target in
            withUnsafeElements { a in
                other.withUnsafeElements { b in
                    guard let c = target.baseAddress, let a = a.baseAddress, let b = b.baseAddress,
                        target.count > 0
                    else { return }
                    guard depth > 0 else { return target.initialize(repeating: 0) }
                    Scalar.kernels.multiply(
                        transposed, otherTransposed, rows, columns, depth, a, Swift.max(1, shape[1]), b,
                        Swift.max(1, other.shape[1]), c)
                }
            }
        }
    }
}
