import Arrays
import Foundation
import TestSupport
import Testing

@testable import Autodiff

/// A normalisation with a sum and max(0, y) in one pass, as Float has it, against Double's separate passes.
@Suite struct JoinedNormalizationTests {
    enum Following: CaseIterable {
        case rectifier, sum, rectifiedSum, sumOfTwo, rectifierOfValueThatWasRead, sumWithItself
    }

    /// The value and the gradients by all inputs, of a sum over the result times weights.
    private func results<Scalar: DifferentiableScalar>(
        _ inputs: [NDArray<Double>], _ following: Following, convolves: Bool, isTraining: Bool,
        in: Scalar.Type
    ) -> [[Double]] {
        let tape = Tape<Scalar>()
        let tensors = inputs.map {
            tape.variable(NDArray(shape: $0.shape, elements: $0.elements.map { Scalar($0) }))
        }
        let (x, weight, scale, shift, other, weights) = (
            tensors[0], tensors[1], tensors[2], tensors[3], tensors[4], tensors[5]
        )
        let source =
            convolves ? x.convolution(weight: weight, bias: nil, geometry: WindowGeometry(kernel: 1)) : x
        let channels = source.shape[1]
        let moments = ChannelMoments<Scalar>(
            mean: NDArray(shape: [channels], repeating: 0.25),
            variance: NDArray(shape: [channels], repeating: 2))
        func normalized() -> Tensor<Scalar> {
            source.batchNormalization(
                scale: scale, shift: shift, epsilon: 1e-3, moments: isTraining ? nil : moments
            ).0
        }
        let y = normalized()
        let result: Tensor<Scalar>
        switch following {
        case .rectifier: result = y.relu()
        case .sum: result = y + other
        case .rectifiedSum: result = (y + other).relu()
        case .sumOfTwo: result = (y + normalized()).relu()
        case .rectifierOfValueThatWasRead:
            _ = y.value
            result = y.relu() + (y + other)
        case .sumWithItself: result = (y + y).relu() * y
        }
        let loss = (result * weights).sum()
        let gradients = tape.gradients(of: loss)
        return [result.value.elements.map { Double($0) }]
            + tensors.map { gradients[$0].elements.map { Double($0) } }
    }

    @Test(arguments: Following.allCases, [true, false]) func floatFollowsDouble(
        following: Following, isTraining: Bool
    ) {
        // Rows, channels last (also with a period of several vectors), blocks with and without padding; rows of channels.
        let cases: [(shape: [Int], outputs: Int?)] = [
            ([3, 2, 5, 7], nil), ([3, 5, 4, 4], nil), ([2, 3, 9, 9], 6), ([4, 6, 5, 5], 12),
            ([5, 16, 6, 6], 16),
            ([3, 16, 7, 5], 20), ([17, 32, 8, 8], 48), ([9, 7], nil), ([33, 20], nil),
        ]
        for (seed, (shape, outputs)) in cases.enumerated() {
            let channels = outputs ?? shape[1]
            let result = [shape[0], channels] + shape.dropFirst(2)
            var random = RandomState(seed)
            let inputs = [shape, [channels, shape[1], 1, 1], [channels], [channels], result, result].map {
                random.normal(scale: 1, shape: $0)
            }.map { NDArray<Double>(shape: $0.shape, elements: $0.elements.map { Double(Float($0)) }) }
            let found = results(
                inputs, following, convolves: outputs != nil, isTraining: isTraining, in: Float.self)
            let wanted = results(
                inputs, following, convolves: outputs != nil, isTraining: isTraining, in: Double.self)
            for (place, (found, wanted)) in paired(found, wanted).enumerated() {
                let size = max(1, wanted.map(abs).max() ?? 0)
                let worst = paired(found, wanted).map { abs($0 - $1) / size }.max() ?? 0
                #expect(worst <= 1e-4, "\(shape) to \(channels), result or gradient \(place): \(worst)")
            }
        }
    }

    /// A value that is no number stays one, and its gradient is passed on.
    @Test func noNumberStaysNone() {
        let tape = Tape<Float>()
        let x = tape.variable(NDArray(shape: [2, 1, 1, 2], elements: [1, .nan, 2, 3]))
        let one = tape.variable(NDArray(shape: [1], repeating: Float(1)))
        let (y, _) = x.batchNormalization(scale: one, shift: one, epsilon: 1e-3)
        let areAllNone = y.relu().value.elements.allSatisfy { $0.isNaN }
        #expect(areAllNone)
    }
}
