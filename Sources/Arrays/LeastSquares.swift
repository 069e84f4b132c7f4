// Applications of singular values: the pseudo-inverse, the rank and least squares.

import Support

/// The Moore-Penrose inverse (N, M) of a matrix (M, N): V diag(1 / s) U' over the singular values s above
/// `relativeTolerance` times the largest; `np.linalg.pinv`.
///
/// - Throws: `DescentError` (`badData`) when the singular values are not found (NaN in A, as a rule).
/// - Complexity: O(M N min(M, N)).
public func pseudoInverse<Scalar: FloatingScalar>(
    _ a: NDArray<Scalar>, relativeTolerance: Scalar = 1e-15
) throws -> NDArray<Scalar> {
    let (u, s, vt) = try svd(a, fullMatrices: false)
    guard s.count > 0 else { return .zeros(shape: a.shape.reversed()) }
    let least = relativeTolerance * s.max()
    let inverted = NDArray(s.elements.map { $0 > least ? 1 / $0 : 0 })
    return matmul(vt.T, inverted[.all, .newAxis] * u.T)
}

/// The rank of a matrix (M, N): the number of singular values above `tolerance`, by default the largest one times
/// max(M, N) times the scalar's spacing at 1; of a vector, 0 if all elements are zero, else 1; `np.linalg.matrix_rank`.
///
/// - Throws: `DescentError` (`badData`) when the singular values are not found.
/// - Complexity: O(M N min(M, N)).
public func matrixRank<Scalar: FloatingScalar>(
    _ a: NDArray<Scalar>, tolerance: Scalar? = nil
) throws -> Int {
    guard a.ndim == 2 else {
        require(a.ndim < 2, "\(a.ndim)-dimensional array given. Array must be two-dimensional")
        return a.countNonzero() > 0 ? 1 : 0
    }
    let s = try svd(a, fullMatrices: false).s
    guard s.count > 0 else { return 0 }
    let least = tolerance ?? s.max() * Scalar(max(a.shape[0], a.shape[1])) * Scalar.ulpOfOne
    return (s .> least).countNonzero()
}

/// The result of a least-squares problem.
public struct LeastSquaresSolution<Scalar: FloatingScalar>: Sendable {
    /// The x (N), or (N, K) for K right sides, that minimises |A x - b|; of several the one with the least norm.
    public let solution: NDArray<Scalar>
    /// |A x - b|^2 for each right side (K), or (1); empty where A is rank-deficient or M <= N.
    public let residuals: NDArray<Scalar>
    /// The effective rank: the number of singular values above the tolerance.
    public let rank: Int
    /// The singular values of A, largest first.
    public let singularValues: NDArray<Scalar>
}

/// The least-squares solution of A x = b: A is (M, N), b is (M) or (M, K); `np.linalg.lstsq`.
///
/// ```swift
/// let line = try leastSquares(NDArray([[0, 1], [1, 1], [2, 1], [3, 1]]), NDArray([-1, 0.2, 0.9, 2.1])).solution
/// // slope 1, intercept -0.95
/// ```
///
/// - Parameters:
///   - a: the matrix A.
///   - b: the right side, or K right sides as columns.
///   - relativeTolerance: singular values up to this times the largest count as zero; max(M, N) times the scalar's
///     spacing at 1 if nil.
/// - Precondition: the shapes fit.
/// - Throws: `DescentError` (`badData`) when the singular values are not found.
/// - Complexity: O(M N min(M, N) + M N K).
public func leastSquares<Scalar: FloatingScalar>(
    _ a: NDArray<Scalar>, _ b: NDArray<Scalar>, relativeTolerance: Scalar? = nil
) throws -> LeastSquaresSolution<Scalar> {
    require(a.ndim == 2, "\(a.ndim)-dimensional array given. Array must be two-dimensional")
    require(
        b.ndim == 1 || b.ndim == 2, "\(b.ndim)-dimensional array given. Array must be one- or two-dimensional"
    )
    let (m, n) = (a.shape[0], a.shape[1])
    require(b.shape[0] == m, "Incompatible dimensions")
    // In double precision throughout, as LAPACK's own method would be for `solve`.
    let left = a.asType(Double.self)
    let right = (b.ndim == 1 ? b.expandingDimensions(at: 1) : b).asType(Double.self)
    let (u, s, vt) = try svd(left, fullMatrices: false)
    let tolerance = relativeTolerance.map(Double.init) ?? Double(max(m, n)) * Double(Scalar.ulpOfOne)
    let least = tolerance * (s.elements.first ?? 0)
    let rank = s.elements.count { $0 > least }
    let inverted = NDArray(s.elements.map { $0 > least ? 1 / $0 : 0 })
    let x = matmul(vt.T, inverted[.all, .newAxis] * matmul(u.T, right))
    let residuals =
        rank == n && m > n ? square(matmul(left, x) - right).sum(axis: 0) : NDArray<Double>.zeros(0)
    return LeastSquaresSolution(
        solution: x.reshaped(to: [n] + b.shape.dropFirst()).asType(), residuals: residuals.asType(),
        rank: rank,
        singularValues: s.asType())
}
