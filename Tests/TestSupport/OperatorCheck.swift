import Arrays
import Autodiff
import Testing

/// Weighs the elements of a result unequally, so that a gradient that is merely constant cannot pass.
package func weighed<Scalar: DifferentiableScalar>(_ tensor: Tensor<Scalar>) -> Tensor<Scalar> {
    let count = tensor.shape.reduce(1, *)
    let weights = (0..<count).map { Scalar(0.3 + 0.7 * Double($0 % 5)) }
    return tensor * tensor.tape.constant(NDArray(shape: tensor.shape, elements: weights))
}

/// An operator on the tape, and the inputs that it is tried on: its result against another computation of it, its
/// gradients against central differences, and that a wrong gradient would be found.
///
/// ```swift
/// OperatorCheck(name: "square", shapes: [[2, 3]], value: { $0[0] * $0[0] }) { $0[0] * $0[0] }
///     .expectAll()
/// ```
package struct OperatorCheck: CustomTestStringConvertible, Sendable {
    /// A computation on the tape.
    package typealias Computation = @Sendable ([Tensor<Double>]) -> Tensor<Double>
    /// The same computation on arrays, without the tape.
    package typealias Oracle = @Sendable ([NDArray<Double>]) -> NDArray<Double>

    package let name: String
    /// The inputs' shapes.
    package let shapes: [[Int]]
    /// Where the inputs lie; a range away from those places where no derivative exists.
    package let low, high: Double
    /// Whether the gradient is zero everywhere in that range.
    package let isFlat: Bool
    /// The seed of the inputs.
    package var seed: Int
    /// The result's shape and numbers, by other means; nil where another test compares them.
    package let value: Oracle?
    package let computation: Computation

    package var testDescription: String { name }

    /// - Parameter value: an oracle for the result.
    package init(
        name: String, shapes: [[Int]], low: Double = -2, high: Double = 2, isFlat: Bool = false,
        seed: Int = 20_261_123, value: Oracle? = nil, _ computation: @escaping Computation
    ) {
        self.name = name
        self.shapes = shapes
        (self.low, self.high) = (low, high)
        self.isFlat = isFlat
        self.seed = seed
        self.value = value
        self.computation = computation
    }

    /// The inputs, uniform between `low` and `high`.
    package var inputs: [NDArray<Double>] {
        var random = RandomState(seed)
        return shapes.map { random.uniform(low: low, high: high, shape: $0) }
    }

    /// Expects all of it.
    package func expectAll(tolerance: Double = 1e-7, sourceLocation: SourceLocation = #_sourceLocation) {
        if value != nil { expectValue(sourceLocation: sourceLocation) }
        expectGradients(tolerance: tolerance, sourceLocation: sourceLocation)
        expectSpoiledGradientsAreFound(tolerance: tolerance, sourceLocation: sourceLocation)
    }

    /// Expects the oracle's shape and numbers.
    package func expectValue(
        tolerance: Double = 1e-12, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        guard let value else {
            Issue.record("\(name): there is no value to compare with", sourceLocation: sourceLocation)
            return
        }
        let inputs = inputs
        let tape = Tape<Double>(recordsGradients: false)
        expectClose(
            computation(inputs.map { tape.constant($0) }).value, value(inputs), absolute: tolerance,
            relative: tolerance, "\(name), seed \(seed)", sourceLocation: sourceLocation)
    }

    /// Expects the gradients of central differences.
    package func expectGradients(
        tolerance: Double = 1e-7, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(inputs.map(\.shape) == shapes, sourceLocation: sourceLocation)
        TestSupport.expectGradients(
            "seed \(seed), \(name)", at: inputs, isFlat: isFlat, tolerance: tolerance,
            sourceLocation: sourceLocation, of: computation)
    }

    /// The negative control.
    package func expectSpoiledGradientsAreFound(
        tolerance: Double = 1e-7, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        TestSupport.expectSpoiledGradientsAreFound(
            name, at: inputs, isFlat: isFlat, tolerance: tolerance, sourceLocation: sourceLocation,
            of: computation)
    }
}

/// Expects the gradients of a weighed result by all inputs to be those of central differences, and none of them zero unless
/// the computation is flat: one that passes nothing back would agree with a function that does not change here.
package func expectGradients(
    _ name: String, at inputs: [NDArray<Double>], isFlat: Bool = false, tolerance: Double = 1e-7,
    sourceLocation: SourceLocation = #_sourceLocation,
    of computation: ([Tensor<Double>]) -> Tensor<Double>
) {
    let check = checkGradients(at: inputs) { weighed(computation($0)) }
    #expect(check.inputs.map(\.gradient.shape) == inputs.map(\.shape), sourceLocation: sourceLocation)
    #expect(!check.inputs.isEmpty, sourceLocation: sourceLocation)
    #expect(
        check.passes(tolerance: tolerance),
        "\(name): largest differences \(check.inputs.map(\.largestRelative))", sourceLocation: sourceLocation)
    for (index, input) in check.inputs.enumerated() {
        #expect(
            input.gradient.elements.contains { $0 != 0 } != isFlat, "input \(index) of \(name)",
            sourceLocation: sourceLocation)
    }
}

/// The negative control of `expectGradients`: expects each input's gradient, spoiled on its way out, to be found out, and that
/// of no other input.
package func expectSpoiledGradientsAreFound(
    _ name: String, at inputs: [NDArray<Double>], isFlat: Bool = false, tolerance: Double = 1e-7,
    sourceLocation: SourceLocation = #_sourceLocation,
    of computation: ([Tensor<Double>]) -> Tensor<Double>
) {
    let right = checkGradients(at: inputs) { weighed(computation($0)) }
    #expect(right.inputs.count == inputs.count && !inputs.isEmpty, sourceLocation: sourceLocation)
    for (spoiled, difference) in right.inputs.enumerated() {
        for slip in GradientSlip.all(of: difference.gradient, isFlat: isFlat) {
            let check = checkGradients(at: inputs) { tensors in
                var tensors = tensors
                let (input, moved) = slip.applied(to: tensors[spoiled])
                tensors[spoiled] = input
                let result = weighed(computation(tensors))
                return moved.map { result.sum() + $0 } ?? result
            }
            for (index, input) in check.inputs.enumerated() {
                // Written so that a difference that is not a number is found out too.
                #expect(
                    !(input.largestRelative <= tolerance) == (index == spoiled),
                    "\(name), input \(index): \(slip.name) in \(spoiled), \(input.largestRelative)",
                    sourceLocation: sourceLocation)
            }
        }
    }
}

/// A fault in a gradient, made on the tape without a change of any value: x + (k - 1)(x - c), where c is the value of x,
/// is x, and its gradient is k times that of x.
private struct GradientSlip {
    let name: String
    /// What each element's gradient is multiplied by.
    var factors: NDArray<Double>?
    /// What is added to each element's gradient.
    var shift: NDArray<Double>?

    /// The input with its gradient spoiled, and a zero with a gradient to be added to the result.
    func applied(to input: Tensor<Double>) -> (input: Tensor<Double>, moved: Tensor<Double>?) {
        let nothing = input - input.tape.constant(input.value)
        return (
            factors.map { input + nothing * input.tape.constant($0 - 1) } ?? input,
            shift.map { (nothing * input.tape.constant($0)).sum() }
        )
    }

    /// The faults that a pullback could well have; in a flat one there is nothing to multiply.
    static func all(of gradient: NDArray<Double>, isFlat: Bool) -> [GradientSlip] {
        let elements = gradient.elements
        let largest = elements.indices.max { abs(elements[$0]) < abs(elements[$1]) } ?? 0
        func one(_ value: Double, otherwise: Double) -> NDArray<Double> {
            NDArray(
                shape: gradient.shape, elements: elements.indices.map { $0 == largest ? value : otherwise })
        }
        let moved = GradientSlip(name: "one element moved", shift: one(1e-3, otherwise: 0))
        guard !isFlat else { return [moved] }
        return [
            moved,
            GradientSlip(
                name: "a sign turned", factors: NDArray(shape: gradient.shape, repeating: -1)),
            GradientSlip(
                name: "a factor forgotten", factors: NDArray(shape: gradient.shape, repeating: 0.5)),
            GradientSlip(name: "one element left out", factors: one(0, otherwise: 1)),
            GradientSlip(name: "one element in a thousandth", factors: one(1.001, otherwise: 1)),
        ]
    }
}
