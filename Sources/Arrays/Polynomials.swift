// Polynomials by their coefficients, the highest power first, as np.polyval has them.

import Support

/// The least-squares fit of a polynomial of `degree` to the points (x, y): degree + 1 coefficients, the highest power
/// first; `np.polyfit`.
///
/// ```swift
/// try polynomialFit(NDArray([0.0, 1, 2]), NDArray([1.0, 3, 7]), degree: 2)    // [1. 1. 1.]
/// ```
///
/// - Parameters:
///   - x: the points' first coordinates (N).
///   - y: the points' second coordinates (N).
///   - degree: the degree of the polynomial.
///   - weights: the factor of each point's residual (N).
/// - Precondition: x and y are vectors (N) of the same length, N > 0; degree >= 0.
/// - Throws: `DescentError` (`badData`) when the singular values are not found (NaN among the points, as a rule).
/// - Complexity: O(N degree^2).
public func polynomialFit<Scalar: FloatingScalar>(
    _ x: NDArray<Scalar>, _ y: NDArray<Scalar>, degree: Int, weights: NDArray<Scalar>? = nil
) throws -> NDArray<Scalar> {
    require(degree >= 0, "expected deg >= 0")
    require(x.ndim == 1, "expected 1D vector for x")
    require(x.count > 0, "expected non-empty vector for x")
    require(y.shape == x.shape, "expected x and y to have same length")
    var left = vandermonde(x.asType(Double.self), columns: degree + 1)
    var right = y.asType(Double.self)
    if let weights {
        require(weights.shape == y.shape, "expected w and y to have the same length")
        left *= weights.asType(Double.self)[.all, .newAxis]
        right *= weights.asType(Double.self)
    }
    // Columns of length one: their powers differ by orders of magnitude.
    let scale = sqrt(square(left).sum(axis: 0))
    let solution = try leastSquares(
        left / scale, right, relativeTolerance: Double(x.count) * Double(Scalar.ulpOfOne))
    return (solution.solution / scale).asType()
}

/// The values of a polynomial, by Horner's rule; `np.polyval`.
///
/// - Complexity: O(count degree).
public func polynomialValues<Scalar: NumericScalar>(
    _ coefficients: NDArray<Scalar>, at x: NDArray<Scalar>
) -> NDArray<Scalar> {
    require(coefficients.ndim == 1, "a polynomial is a vector of coefficients")
    var values = NDArray<Scalar>.zeros(shape: x.shape)
    for place in 0..<coefficients.count { values = values * x + coefficients[place] }
    return values
}

/// The powers of a vector (N) as columns, the highest first, the last all ones: (N, `columns`); `np.vander`.
///
/// - Complexity: O(N columns).
public func vandermonde<Scalar: NumericScalar>(_ x: NDArray<Scalar>, columns: Int? = nil) -> NDArray<Scalar> {
    require(x.ndim == 1, "x must be a one-dimensional array or sequence.")
    let count = columns ?? x.count
    var powers = NDArray<Scalar>.ones(x.count, count)
    for column in stride(from: count - 2, through: 0, by: -1) {
        powers[.all, column] = powers[.all, column + 1] * x
    }
    return powers
}
