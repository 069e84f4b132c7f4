import COpenBLAS
import Support

// Symmetric matrices by LAPACK, in double precision; only the lower triangle is read, as by NumPy.

/// The lower triangular L with A = L L' of a symmetric, positive definite matrix (N, N); `np.linalg.cholesky`.
///
/// ```swift
/// try cholesky([[4, 2], [2, 5]] as NDArray<Double>)    // [[2. 0.] [1. 2.]]
/// ```
///
/// - Throws: `DescentError` (`badData`) when the matrix is not positive definite.
/// - Complexity: O(N^3).
public func cholesky<Scalar: FloatingScalar>(_ a: NDArray<Scalar>) throws -> NDArray<Scalar> {
    let n = squareLength(a)
    guard n > 0 else { return a }
    // LAPACK stores by columns: its upper triangle is our lower one.
    var factor = a.asType(Double.self).contiguousCopy()
    var (part, size, status): (CChar, Int32, Int32) = (85, Int32(n), 0)  // U
    factor.withUnsafeMutableElements { factor in
        OpenBLAS.call { dpotrf_(&part, &size, factor.baseAddress, &size, &status, 1) }
    }
    guard status == 0 else {
        throw DescentError(
            .badData, "Matrix is not positive definite",
            got: "a pivot that is not above 0 at \(status)")
    }
    return factor.lowerTriangle().asType()
}

/// The eigenvalues of a symmetric matrix (N, N), smallest first (N); `np.linalg.eigvalsh`.
///
/// - Throws: `DescentError` (`badData`) when the iteration does not converge (NaN in A, as a rule).
/// - Complexity: O(N^3).
public func symmetricEigenvalues<Scalar: FloatingScalar>(_ a: NDArray<Scalar>) throws -> NDArray<Scalar> {
    try symmetricEigen(a, vectors: false).values
}

/// The eigenvalues of a symmetric matrix (N, N), smallest first (N), and its eigenvectors, the columns of (N, N):
/// A V = V diag(values); `np.linalg.eigh`. A vector's sign is not determined.
///
/// - Throws: `DescentError` (`badData`) when the iteration does not converge (NaN in A, as a rule).
/// - Complexity: O(N^3).
public func symmetricEigen<Scalar: FloatingScalar>(
    _ a: NDArray<Scalar>
) throws -> (values: NDArray<Scalar>, vectors: NDArray<Scalar>) {
    try symmetricEigen(a, vectors: true)
}

private func symmetricEigen<Scalar: FloatingScalar>(
    _ a: NDArray<Scalar>, vectors: Bool
) throws -> (values: NDArray<Scalar>, vectors: NDArray<Scalar>) {
    let n = squareLength(a)
    guard n > 0 else { return (.zeros(0), .zeros(0, 0)) }
    // The lower triangle is the upper one in LAPACK's order of storing.
    var matrix = a.asType(Double.self).contiguousCopy()
    var values = NDArray<Double>.zeros(n)
    var (job, part): (CChar, CChar) = (vectors ? 86 : 78, 85)  // V or N, U
    var (size, status) = (Int32(n), Int32(0))
    var (work, integers) = ([0.0], [Int32(0)])
    // The first call asks for the lengths of the work spaces.
    for request in [true, false] {
        if !request {
            work = [Double](repeating: 0, count: max(1, Int(work[0])))
            integers = [Int32](repeating: 0, count: max(1, Int(integers[0])))
        }
        var length = request ? Int32(-1) : Int32(work.count)
        var integerLength = request ? Int32(-1) : Int32(integers.count)
        matrix.withUnsafeMutableElements { matrix in
            values.withUnsafeMutableElements { values in
                OpenBLAS.call {
                    dsyevd_(
                        &job, &part, &size, matrix.baseAddress, &size, values.baseAddress, &work, &length,
                        &integers, &integerLength, &status, 1, 1)
                }
            }
        }
        guard status == 0 else { throw DescentError(.badData, "Eigenvalues did not converge") }
    }
    guard values.elements.allSatisfy({ !$0.isNaN }) else {
        throw DescentError(.badData, "Eigenvalues did not converge", got: "NaN")
    }
    // A column there is a row here.
    return (values.asType(), matrix.T.contiguousCopy().asType())
}
