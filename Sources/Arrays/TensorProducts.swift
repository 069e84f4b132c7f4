// Products of more than two axes, each one matrix product.

import Support

/// The sum of products over the last `axes` axes of `a` and the first of `b`; `np.tensordot(a, b, axes)`. 0 is the outer
/// product.
///
/// - Precondition: those axes have the same lengths.
public func tensordot<Scalar: NumericScalar>(
    _ a: NDArray<Scalar>, _ b: NDArray<Scalar>, axes: Int = 2
) -> NDArray<Scalar> {
    require(axes >= 0 && axes <= a.ndim && axes <= b.ndim, "tuple index out of range")
    return tensordot(a, b, axes: (Array((a.ndim - axes)..<a.ndim), Array(0..<axes)))
}

/// The sum of products over pairs of axes, the remaining ones of `a` before those of `b`; `np.tensordot`.
///
/// ```swift
/// tensordot(images, weights, axes: ([1, 2], [0, 1]))    // (N, H, W) and (H, W, K) give (N, K)
/// ```
///
/// - Precondition: as many axes of each, of the same lengths.
public func tensordot<Scalar: NumericScalar>(
    _ a: NDArray<Scalar>, _ b: NDArray<Scalar>, axes: ([Int], [Int])
) -> NDArray<Scalar> {
    require(axes.0.count == axes.1.count, "shape-mismatch for sum")
    let left = axes.0.map { normalized(axis: $0, ndim: a.ndim) }
    let right = axes.1.map { normalized(axis: $0, ndim: b.ndim) }
    require(Set(left).count == left.count && Set(right).count == right.count, "repeated axis")
    require(zip(left, right).allSatisfy { a.shape[$0] == b.shape[$1] }, "shape-mismatch for sum")
    let (keptLeft, keptRight) = (
        (0..<a.ndim).filter { !left.contains($0) }, (0..<b.ndim).filter { !right.contains($0) }
    )
    let summed = left.reduce(1) { $0 * a.shape[$1] }
    let rows = keptLeft.reduce(1) { $0 * a.shape[$1] }
    let columns = keptRight.reduce(1) { $0 * b.shape[$1] }
    let product = matmul(
        a.permuted(keptLeft + left).reshaped(rows, summed),
        b.permuted(right + keptRight).reshaped(summed, columns))
    return product.reshaped(to: keptLeft.map { a.shape[$0] } + keptRight.map { b.shape[$0] })
}

/// The Kronecker product: every element of `a` times all of `b`, axis lengths multiplied; `np.kron`.
///
/// - Complexity: O(a.count b.count).
public func kronecker<Scalar: NumericScalar>(_ a: NDArray<Scalar>, _ b: NDArray<Scalar>) -> NDArray<Scalar> {
    let ndim = max(a.ndim, b.ndim)
    let (p, q) = (filled(a.shape, to: ndim), filled(b.shape, to: ndim))
    let left = a.reshaped(to: p.flatMap { [$0, 1] })
    let right = b.reshaped(to: q.flatMap { [1, $0] })
    return (left * right).reshaped(to: zip(p, q).map(*))
}

private func filled(_ shape: [Int], to ndim: Int) -> [Int] {
    [Int](repeating: 1, count: ndim - shape.count) + shape
}

/// The cross products of vectors of three elements along `axis`; the other axes broadcast; `np.cross`.
///
/// - Precondition: both have 3 elements along the axis.
public func cross<Scalar: NumericScalar>(
    _ a: NDArray<Scalar>, _ b: NDArray<Scalar>, axis: Int = -1
) -> NDArray<Scalar> {
    require(a.ndim > 0 && b.ndim > 0, "At least one array has zero dimension")
    let (last, other) = (normalized(axis: axis, ndim: a.ndim), normalized(axis: axis, ndim: b.ndim))
    require(
        a.shape[last] == 3 && b.shape[other] == 3,
        "Both input arrays must be (arrays of) 3-dimensional vectors, but they are \(a.shape[last]) and "
            + "\(b.shape[other]) dimensional instead.")
    let (x, y) = (a.movingAxis(last, to: 0), b.movingAxis(other, to: 0))
    let product = stack([
        x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], x[0] * y[1] - x[1] * y[0],
    ])
    return product.movingAxis(0, to: axis < 0 ? product.ndim + axis : axis)
}

/// The sum of products of the last axes; `np.inner`. With a 0-d array it is a product.
///
/// - Precondition: the last axes have the same length.
public func inner<Scalar: NumericScalar>(_ a: NDArray<Scalar>, _ b: NDArray<Scalar>) -> NDArray<Scalar> {
    if a.ndim == 0 || b.ndim == 0 { return a * b }
    return tensordot(a, b, axes: ([a.ndim - 1], [b.ndim - 1]))
}

/// A square matrix times itself, `exponent` times: by repeated squaring; below 0 its inverse's power;
/// `np.linalg.matrix_power`.
///
/// - Throws: `DescentError` (`badData`) when the exponent is below 0 and the matrix singular.
/// - Complexity: O(N^3 log exponent).
public func matrixPower<Scalar: FloatingScalar>(
    _ a: NDArray<Scalar>, _ exponent: Int
) throws -> NDArray<Scalar> {
    var square = exponent < 0 ? try inverse(a) : a
    var result = NDArray<Scalar>.eye(squareLength(a))
    var remaining = exponent.magnitude
    while remaining > 0 {
        if remaining & 1 == 1 { result = matmul(result, square) }
        remaining >>= 1
        if remaining > 0 { square = matmul(square, square) }
    }
    return result
}
