import Arrays

/// The derivative of a function of one number by central difference: (f(x + h) - f(x - h)) / 2h.
///
/// The error of the formula is about h^2 f'''(x) / 6 and that of the arithmetic about e |f(x)| / h, with e the
/// scalar's precision; in `Double` a step of 1e-4 keeps both near 1e-9 or below.
///
/// ```swift
/// numericalDerivative(of: { 0.01 * ($0 * $0) + 0.1 * $0 }, at: 5)   // 0.1999999999990898
/// ```
///
/// - Complexity: two calls of `f`.
public func numericalDerivative<Scalar: FloatingScalar>(
    of f: (Scalar) -> Scalar, at x: Scalar, step h: Scalar = 1e-4
) -> Scalar {
    (f(x + h) - f(x - h)) / (2 * h)
}

/// The gradient of a function of an array by central differences, one element at a time.
///
/// df/dx[i] is about (f(x with x[i] + h) - f(x with x[i] - h)) / 2h. It knows nothing of how f is computed, so it is
/// the check on gradients that do; with a network's parameters it takes two forward passes for every one of them.
///
/// ```swift
/// let gradient = numericalGradient(of: { $0[0] * $0[0] + $0[1] * $0[1] }, at: [3.0, 4.0])
/// print(gradient)   // [6. 8.]
/// ```
///
/// - Parameters:
///   - f: a function of an array of `x`'s shape.
///   - x: where.
///   - h: half the distance between the two places compared; see `numericalDerivative`.
/// - Returns: an array of `x`'s shape.
/// - Complexity: 2 `x.count` calls of `f`.
public func numericalGradient(
    of f: (NDArray<Double>) throws -> Double, at x: NDArray<Double>, step h: Double = 1e-4
) rethrows -> NDArray<Double> {
    let values = x.elements
    var gradient = [Double](repeating: 0, count: values.count)
    for place in values.indices {
        var moved = values
        moved[place] = values[place] + h
        let above = try f(NDArray(shape: x.shape, elements: moved))
        moved[place] = values[place] - h
        let below = try f(NDArray(shape: x.shape, elements: moved))
        gradient[place] = (above - below) / (2 * h)
    }
    return NDArray(shape: x.shape, elements: gradient)
}

/// `numericalGradient` of a function whose result is an array of one element, as an expression of elements is:
/// `{ $0[0] * $0[0] + $0[1] * $0[1] }`.
///
/// - Precondition: the result has one element.
/// - Complexity: 2 `x.count` calls of `f`.
public func numericalGradient(
    of f: (NDArray<Double>) throws -> NDArray<Double>, at x: NDArray<Double>, step h: Double = 1e-4
) rethrows -> NDArray<Double> {
    try numericalGradient(of: { try f($0).item() as Double }, at: x, step: h)
}
