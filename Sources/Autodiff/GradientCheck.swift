import Arrays

/// The result of a gradient check: the differences between back-propagated gradients and numerical ones.
package struct GradientCheck: Sendable {
    /// The differences of each input, in order.
    package let inputs: [Difference]

    /// The difference for one input.
    package struct Difference: Sendable {
        /// The largest |a - n| over the elements, a back-propagated and n numerical.
        package let largest: Double
        /// The mean of |a - n|.
        package let mean: Double
        /// The largest |a - n| / max(1, |a|, |n|): absolute for small gradients, relative for large ones.
        package let largestRelative: Double
        /// The back-propagated gradient.
        package let gradient: NDArray<Double>
        /// The numerical gradient.
        package let numerical: NDArray<Double>
    }

    /// Returns whether every element agrees to `tolerance`, by `largestRelative`.
    package func passes(tolerance: Double = 1e-6) -> Bool {
        // Written so that a difference that is not a number fails.
        inputs.allSatisfy { $0.largestRelative <= tolerance }
    }
}

/// Compares the gradients of a ``Tape`` with central differences, in `Double`.
///
/// ```swift
/// let check = checkGradients(at: [x, w]) { inputs in (inputs[0] * inputs[1]).sum() }
/// check.passes()   // true
/// ```
///
/// - Parameters:
///   - values: the point at which gradients are compared; one array for each input of `f`.
///   - step: the step of each element; nil for its own, e^(1/3) max(1, |x[i]|) as a power of two, about 6e-6 for
///     elements up to 1 (see `numericalDerivative`).
///   - f: a computation on the tape; the sum of its result is differentiated.
/// - Complexity: two evaluations of `f` for each element of the inputs.
package func checkGradients(
    at values: [NDArray<Double>], step: Double? = nil, of f: ([Tensor<Double>]) -> Tensor<Double>
) -> GradientCheck {
    let tape = Tape<Double>()
    let inputs = values.map { tape.variable($0) }
    let gradients = tape.gradients(of: f(inputs))
    let differences = values.indices.map { index in
        let numerical = centralDifferences(
            of: { (moved: NDArray<Double>) -> Double in
                let tape = Tape<Double>(recordsGradients: false)
                let inputs = values.indices.map { tape.constant($0 == index ? moved : values[$0]) }
                return f(inputs).value.elements.reduce(0, +)
            }, at: values[index], step: { step ?? usualStep(at: $0, atLeast: 0) })
        return difference(gradients[inputs[index]], numerical)
    }
    return GradientCheck(inputs: differences)
}

private func difference(_ gradient: NDArray<Double>, _ numerical: NDArray<Double>) -> GradientCheck.Difference
{
    let pairs = zip(gradient.elements, numerical.elements)
    // max(by:) of Swift ignores NaN as it comes; a NaN here must win.
    func largest(_ values: [Double]) -> Double {
        values.contains { $0.isNaN } ? .nan : values.max() ?? 0
    }
    let absolute = pairs.map { abs($0 - $1) }
    let relative = pairs.map { abs($0 - $1) / max(1, abs($0), abs($1)) }
    return GradientCheck.Difference(
        largest: largest(absolute), mean: absolute.reduce(0, +) / Double(max(absolute.count, 1)),
        largestRelative: largest(relative), gradient: gradient, numerical: numerical)
}
