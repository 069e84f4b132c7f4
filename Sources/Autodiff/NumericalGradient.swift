import Arrays

/// Returns the derivative of a scalar function by a central difference: (f(x + h) - f(x - h)) / 2h.
///
/// The error of the formula is about h^2 f'''(x) / 6 and that of the arithmetic about e |f(x)| / h, with e the
/// scalar's precision (`Scalar.ulpOfOne`). Both are near their least for h = e^(1/3) times the size of x. So, unless
/// another step is given,
///
///     h = max(1e-4, e^(1/3) max(1, |x|)), and a power of two where it is not 1e-4
///
/// which is 1e-4, the notebook's step, in `Double` for |x| up to 16, and about 0.005 max(1, |x|) in `Float`. A power of
/// two leaves x + h and x - h as exact as x, so the divisor is exactly the distance between the two points. A step that
/// is given is used unchanged; a function that changes within less than the usual one needs a smaller.
///
/// ```swift
/// numericalDerivative(of: { 0.01 * ($0 * $0) + 0.1 * $0 }, at: 5)              // 0.1999999999990898
/// numericalDerivative(of: { (x: Float) in x * x }, at: 1000)                   // 2000.0
/// numericalDerivative(of: { (x: Double) in x * x }, at: 1000, step: 1e-4)      // 2000.0000000000...
/// ```
///
/// - Complexity: two calls of `f`.
///
/// Source: Press et al. 2007, "Numerical recipes", section 5.7.
public func numericalDerivative<Scalar: FloatingScalar>(
    of f: (Scalar) -> Scalar, at x: Scalar, step h: Scalar? = nil
) -> Scalar {
    let h = h ?? usualStep(at: x, atLeast: 1e-4)
    return (f(x + h) - f(x - h)) / (2 * h)
}

/// The step of a central difference at `x`: see `numericalDerivative`.
func usualStep<Scalar: FloatingScalar>(at x: Scalar, atLeast least: Scalar) -> Scalar {
    // There is no derivative at a value that is not finite, with any step.
    guard x.isFinite else { return least }
    let size = cubeRoot(Scalar.ulpOfOne) * max(1, abs(x))
    guard size > least else { return least }
    let below = Scalar(sign: .plus, exponent: size.exponent, significand: 1)
    return size > below * 1.5 ? 2 * below : below
}

/// The cube root of a positive number, to a few digits.
private func cubeRoot<Scalar: FloatingScalar>(_ x: Scalar) -> Scalar {
    // Newton's method for y^3 = x.
    var y = Scalar(sign: .plus, exponent: Scalar.Exponent(Int(x.exponent) / 3), significand: 1)
    for _ in 0..<5 { y = (2 * y + x / (y * y)) / 3 }
    return y
}

/// Returns the gradient of a function of an array by central differences, one element at a time.
///
/// df/dx[i] is about (f(x with x[i] + h) - f(x with x[i] - h)) / 2h. It is independent of how f is computed, so it
/// checks gradients that are derived from it; for a network it takes two forward passes for every parameter.
///
/// ```swift
/// let gradient = numericalGradient(of: { $0[0] * $0[0] + $0[1] * $0[1] }, at: [3.0, 4.0])
/// print(gradient)   // [6. 8.]
/// ```
///
/// - Parameters:
///   - f: a function of an array of `x`'s shape.
///   - x: the point of evaluation.
///   - h: half the distance between the two points. Nil for each element's own step, which follows from the type and
///     the element as in `numericalDerivative`: 1e-4 for elements up to 16 in `Double`.
/// - Returns: an array of `x`'s shape.
/// - Complexity: 2 `x.count` calls of `f`.
public func numericalGradient(
    of f: (NDArray<Double>) throws -> Double, at x: NDArray<Double>, step h: Double? = nil
) rethrows -> NDArray<Double> {
    try centralDifferences(of: f, at: x) { h ?? usualStep(at: $0, atLeast: 1e-4) }
}

/// Returns the numerical gradient of a function whose result is an array of one element, as an expression of elements
/// is: `{ $0[0] * $0[0] + $0[1] * $0[1] }`.
///
/// - Precondition: the result has one element.
/// - Complexity: 2 `x.count` calls of `f`.
public func numericalGradient(
    of f: (NDArray<Double>) throws -> NDArray<Double>, at x: NDArray<Double>, step h: Double? = nil
) rethrows -> NDArray<Double> {
    try numericalGradient(of: { try f($0).item() as Double }, at: x, step: h)
}

/// Returns the numerical gradient in `Float`: four digits at best, with steps of about 0.005 max(1, |x[i]|).
///
/// - Complexity: 2 `x.count` calls of `f`.
@_disfavoredOverload
public func numericalGradient(
    of f: (NDArray<Float>) throws -> Float, at x: NDArray<Float>, step h: Float? = nil
) rethrows -> NDArray<Float> {
    try centralDifferences(of: f, at: x) { h ?? usualStep(at: $0, atLeast: 1e-4) }
}

/// The central difference of each element, with the step that `step` gives for it.
func centralDifferences<Scalar: FloatingScalar>(
    of f: (NDArray<Scalar>) throws -> Scalar, at x: NDArray<Scalar>, step: (Scalar) -> Scalar
) rethrows -> NDArray<Scalar> {
    let values = x.elements
    var gradient = [Scalar](repeating: 0, count: values.count)
    for place in values.indices {
        let h = step(values[place])
        var moved = values
        moved[place] = values[place] + h
        let above = try f(NDArray(shape: x.shape, elements: moved))
        moved[place] = values[place] - h
        let below = try f(NDArray(shape: x.shape, elements: moved))
        gradient[place] = (above - below) / (2 * h)
    }
    return NDArray(shape: x.shape, elements: gradient)
}
