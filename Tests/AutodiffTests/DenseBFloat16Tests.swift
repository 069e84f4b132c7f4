import Arrays
import TestSupport
import Testing

@testable import Autodiff

/// Dense layers on tapes of bfloat16 against Double.
@Suite struct DenseBFloat16Tests {
    /// Two factors of eight bits, rounded by at most 2^-8 of themselves each: |error| <= (2^-7 + 2^-16) sum |x w|, and
    /// float32's sums.
    ///
    /// On a processor without instructions for it the rounded factors are multiplied in float32.
    @Test(arguments: [
        [17, 700, 50], [128, 4320, 100], [1, 300, 200], [5, 33, 1000], [3, 257, 129], [2, 40001, 1],
        [1, 1, 32771],
    ])
    func errsNoMoreThanItsFactors(_ sizes: [Int]) {
        let bound = 0x1p-7 + 0x1p-16 + 1e-5
        let (rows, depth, width) = (sizes[0], sizes[1], sizes[2])
        var random = RandomState(4)
        let arrays: [NDArray<Double>] = [[rows, depth], [depth, width], [width], [rows, width]]
            .map { random.normal(scale: 1, shape: $0) }
            .map { (array: NDArray<Double>) in
                NDArray(shape: array.shape, elements: array.elements.map { Double(Float($0)) })
            }
        let found = dense(arrays, in: Float.self, .bfloat16)
        let exact = dense(arrays, in: Double.self, .float32)
        let absolute = arrays.map { NDArray(shape: $0.shape, elements: $0.elements.map { abs($0) }) }
        let magnitudes = dense(absolute, in: Double.self, .float32)
        for (place, ((found, exact), size)) in paired(paired(found, exact), magnitudes).enumerated() {
            let errors = paired(paired(found, exact), size).map { abs($0.0 - $0.1) / max($1, 1e-9) }
            #expect(notEmpty(errors).allSatisfy { $0 <= bound }, "\(sizes), \(place): \(errors.max() ?? 0)")
            // It is bfloat16 that was multiplied, except in the bias's gradient.
            #expect(place == 3 || errors.contains { $0 > 1e-5 }, "\(sizes), \(place): \(errors.max() ?? 0)")
        }
    }

    /// Few weights, and tapes of float32, are multiplied as they are.
    @Test func roundsOnlyWhereItIsAskedAndPays() {
        var random = RandomState(4)
        for (shape, precision) in [([30, 20], Precision.bfloat16), ([400, 100], .float32)] {
            let arrays: [NDArray<Double>] = [[7, shape[0]], shape, [shape[1]], [7, shape[1]]]
                .map { random.normal(scale: 1, shape: $0) }
            let found = dense(arrays, in: Float.self, precision)
            let exact = dense(arrays, in: Double.self, .float32)
            for (found, exact) in paired(found, exact) {
                #expect(
                    paired(found, exact).allSatisfy { abs($0 - $1) <= 1e-3 },
                    "\(shape) in \(precision)")
            }
        }
    }

    /// The layer, and the gradients by its input, weights and bias.
    private func dense<Scalar: DifferentiableScalar>(
        _ arrays: [NDArray<Double>], in scalar: Scalar.Type, _ precision: Precision
    ) -> [[Double]] {
        let tape = Tape<Scalar>(precision: precision)
        let x = arrays.map {
            tape.variable(NDArray(shape: $0.shape, elements: $0.elements.map { Scalar($0) }))
        }
        let y = x[0].dense(weight: x[1], bias: x[2])
        let gradients = tape.gradients(of: (y * tape.constant(x[3].value)).sum())
        return ([y.value] + x.prefix(3).map { gradients[$0] }).map { $0.elements.map { Double($0) } }
    }
}
