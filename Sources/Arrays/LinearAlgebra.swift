import COpenBLAS
import Support

// Linear algebra by LAPACK (E. Anderson et al., "LAPACK Users' Guide", 1999), in double precision; results for
// Float are rounded once. LAPACK stores matrices by columns: a row-major matrix is its transpose there.

/// X with A X = B, by LU factors with pivots: A is (N, N), B is (N) or (N, M), X has B's shape.
///
/// - Precondition: the shapes fit.
/// - Throws: `DescentError` (`badData`) when A is singular.
/// - Complexity: O(N^3 + N^2 M).
public func solve<Scalar: FloatingScalar>(
    _ a: NDArray<Scalar>, _ b: NDArray<Scalar>
) throws -> NDArray<Scalar> {
    let n = squareLength(a)
    require(
        (b.ndim == 1 || b.ndim == 2) && b.shape[0] == n,
        "solve: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature (m,m),(m,n)->(m,n) "
            + "(size \(b.shape.first ?? 0) is different from \(n))")
    let right = b.ndim == 1 ? b.expandingDimensions(at: 1) : b
    let columns = right.shape[1]
    guard n > 0 && columns > 0 else { return b }
    var factors = a.asType(Double.self).T.contiguousCopy()
    var solution = right.asType(Double.self).T.contiguousCopy()
    var (size, sides, status) = (Int32(n), Int32(columns), Int32(0))
    var pivots = [Int32](repeating: 0, count: n)
    factors.withUnsafeMutableElements { factors in
        solution.withUnsafeMutableElements { solution in
            OpenBLAS.call {
                dgesv_(
                    &size, &sides, factors.baseAddress, &size, &pivots, solution.baseAddress, &size, &status)
            }
        }
    }
    guard status == 0 else {
        throw DescentError(.badData, "Singular matrix", got: "a zero pivot at \(status)")
    }
    return solution.T.contiguousCopy().reshaped(to: b.shape).asType()
}

/// The inverse of a matrix (N, N): the solution of A X = I.
///
/// - Throws: `DescentError` (`badData`) when it is singular.
/// - Complexity: O(N^3).
public func inverse<Scalar: FloatingScalar>(_ a: NDArray<Scalar>) throws -> NDArray<Scalar> {
    try solve(a, .eye(squareLength(a)))
}

/// The determinant of a matrix (N, N), from its LU factors; 1 for N = 0.
///
/// - Complexity: O(N^3).
public func determinant<Scalar: FloatingScalar>(_ a: NDArray<Scalar>) -> Scalar {
    let n = squareLength(a)
    guard n > 0 else { return 1 }
    var factors = a.asType(Double.self).T.contiguousCopy()
    var (size, status) = (Int32(n), Int32(0))
    var pivots = [Int32](repeating: 0, count: n)
    factors.withUnsafeMutableElements { factors in
        OpenBLAS.call { dgetrf_(&size, &size, factors.baseAddress, &size, &pivots, &status) }
    }
    let swaps = pivots.enumerated().count { $0.offset + 1 != Int($0.element) }
    let product = factors.diagonal().product()
    return Scalar(swaps % 2 == 0 ? product : -product)
}

/// The singular value decomposition A = U diag(s) V': A is (M, N), K = min(M, N), s is (K), largest first; U is
/// (M, M) and V' is (N, N), or (M, K) and (K, N) when `fullMatrices` is false.
///
/// - Throws: `DescentError` (`badData`) when the iteration does not converge (NaN in A, as a rule).
/// - Complexity: O(M N K).
public func svd<Scalar: FloatingScalar>(
    _ a: NDArray<Scalar>, fullMatrices: Bool = true
) throws -> (u: NDArray<Scalar>, s: NDArray<Scalar>, vt: NDArray<Scalar>) {
    require(a.ndim == 2, "\(a.ndim)-dimensional array given. Array must be two-dimensional")
    let (m, n) = (a.shape[0], a.shape[1])
    let k = min(m, n)
    let (uColumns, vRows) = fullMatrices ? (m, n) : (k, k)
    guard k > 0 else { return (.eye(m, uColumns), .zeros(0), .eye(vRows, n)) }
    var matrix = a.asType(Double.self).T.contiguousCopy()
    var u = NDArray<Double>.zeros(uColumns, m)
    var s = NDArray<Double>.zeros(k)
    var vt = NDArray<Double>.zeros(n, vRows)
    var (rows, columns, ldvt, status) = (Int32(m), Int32(n), Int32(vRows), Int32(0))
    var integers = [Int32](repeating: 0, count: 8 * k)
    var job: CChar = fullMatrices ? 65 : 83  // A or S
    var work = [0.0]
    // The first call asks for the length of the work space.
    for request in [true, false] {
        if !request { work = [Double](repeating: 0, count: max(1, Int(work[0]))) }
        var length = request ? Int32(-1) : Int32(work.count)
        matrix.withUnsafeMutableElements { matrix in
            u.withUnsafeMutableElements { u in
                s.withUnsafeMutableElements { s in
                    vt.withUnsafeMutableElements { vt in
                        OpenBLAS.call {
                            dgesdd_(
                                &job, &rows, &columns, matrix.baseAddress, &rows, s.baseAddress,
                                u.baseAddress,
                                &rows,
                                vt.baseAddress, &ldvt, &work, &length, &integers, &status, 1)
                        }
                    }
                }
            }
        }
        guard status == 0 else { throw DescentError(.badData, "SVD did not converge") }
    }
    return (u.T.contiguousCopy().asType(), s.asType(), vt.T.contiguousCopy().asType())
}

/// The sum of a matrix's diagonal.
public func trace<Scalar: NumericScalar>(_ a: NDArray<Scalar>) -> Scalar.SumScalar { a.diagonal().sum() }

func squareLength<Scalar>(_ a: NDArray<Scalar>) -> Int {
    require(
        a.ndim == 2, "\(a.ndim)-dimensional array given. Array must be two-dimensional")
    require(a.shape[0] == a.shape[1], "Last 2 dimensions of the array must be square")
    return a.shape[0]
}
