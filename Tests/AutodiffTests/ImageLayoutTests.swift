import Arrays
import Foundation
import TestSupport
import Testing

@testable import Autodiff

/// Float's images in layouts of their own against Double's in rows.
@Suite struct ImageLayoutTests {
    /// Small whole numbers make every convolution exact, so that both choose the same largest numbers.
    @Test(arguments: Array(stride(from: 0, to: 160, by: 20)))
    func floatFollowsDouble(_ first: Int) {
        for seed in first..<first + 20 {
            let trial = ImageTrial(seed: seed)
            let inputs = trial.inputs(seed: seed)
            let wanted = trial.results(inputs, in: Double.self)
            let found = trial.results(inputs, in: Float.self)
            #expect(found.map(\.shape) == wanted.map(\.shape), "seed \(seed): \(trial)")
            // A bias before a normalisation has a gradient of zero: what is left of many terms that cancel.
            let tolerance = trial.next == .normalization ? 2e-4 : 2e-5
            for (place, (found, wanted)) in paired(found, wanted).enumerated() {
                let size = max(1, wanted.elements.map(abs).max() ?? 0)
                let differences = paired(found.elements, wanted.elements).map { abs($0 - $1) / size }
                #expect(
                    notEmpty(differences).allSatisfy { $0 <= tolerance },
                    "seed \(seed): \(trial): \(place == 0 ? "value" : "gradient \(place - 1)"), \(differences.max() ?? 0)"
                )
            }
        }
    }

    /// Winograd's transforms round, and tiles hang over the edges: real numbers, several chunks, a last one that is
    /// shorter, a padding that needs an inset. Errors are measured by what the products would be without signs.
    @Test(arguments: [
        [37, 16, 28, 16, 1], [19, 32, 14, 32, 2], [17, 32, 8, 64, 1], [18, 64, 8, 64, 1], [9, 32, 13, 48, 0],
    ])
    func winogradFollowsDouble(_ sizes: [Int]) {
        let (images, channels, side, outputs, padding) = (sizes[0], sizes[1], sizes[2], sizes[3], sizes[4])
        let result = side + 2 * padding - 2
        let shapes = [
            [images, channels, side, side], [outputs, channels, 3, 3], [images, outputs, result, result],
        ]
        var random = RandomState(7)
        let arrays: [NDArray<Double>] = shapes.map { random.normal(scale: 1, shape: $0) }
            .map { NDArray(shape: $0.shape, elements: $0.elements.map { Double(Float($0)) }) }
        let found = convolution(arrays, in: Float.self, padding: padding)
        let exact = convolution(arrays, in: Double.self, padding: padding)
        let absolute = arrays.map { NDArray(shape: $0.shape, elements: $0.elements.map { abs($0) }) }
        let sizes = convolution(absolute, in: Double.self, padding: padding)
        for (place, ((found, exact), size)) in paired(paired(found, exact), sizes).enumerated() {
            let errors = paired(paired(found, exact), size).map { abs($0.0 - $0.1) / max($1, 1e-9) }
            #expect(notEmpty(errors).allSatisfy { $0 <= 5e-6 }, "\(shapes), \(place): \(errors.max() ?? 0)")
        }
    }

    @Test func theSameBitsOnAnyNumberOfThreads() {
        let usual = Threads.count
        defer { Threads.setCount(usual) }
        for seed in stride(from: 1000, to: 1024, by: 1) {
            let trial = ImageTrial(seed: seed)
            let inputs = trial.inputs(seed: seed, whole: false)
            Threads.setCount(1)
            let alone = trial.results(inputs, in: Float.self, cache: ConvolutionCache()).map(\.elements)
            for count in [2, 3, 5] {
                Threads.setCount(count)
                let found = trial.results(inputs, in: Float.self, cache: ConvolutionCache())
                #expect(
                    found.map(\.elements) == alone,
                    "seed \(seed) on \(count) threads: \(trial)")
            }
        }
    }

    /// There and back through every layout, and zeros in the channels that are not there.
    @Test(arguments: [1, 3, 6, 15, 16, 17, 32, 33])
    func layoutsHoldTheSameImages(_ channels: Int) {
        let shape = [3, channels, 5, 7]
        let array = NDArray<Float>(
            shape: shape, elements: (0..<shape.reduce(1, *)).map { Float($0) + 1 })
        let layouts: [ImageLayout] = [.rows, .channelsLast, .blocked]
        for a in layouts {
            for b in layouts {
                let stored = LayoutArray(array).converted(to: a).converted(to: b)
                #expect(stored.layout == b && stored.array() == array, "\(channels) channels by \(a) to \(b)")
                let zeros = stored.numbers.elements.count { $0 == 0 }
                #expect(zeros == stored.numbers.count - array.count, "\(channels) channels by \(a) to \(b)")
            }
        }
    }

    /// What stands between two convolutions leaves the images where they lie.
    @Test(arguments: [6, 20, 32])
    func elementwiseKeepsTheLayout(_ outputs: Int) {
        let tape = Tape<Float>()
        var random = RandomState(6)
        let x = tape.variable(random.normal(scale: 1, shape: [3, 4, 6, 5]))
        let w = tape.variable(random.normal(scale: 1, shape: [outputs, 4, 3, 3]))
        let y = x.convolution(weight: w, bias: nil, geometry: WindowGeometry(kernel: 3)).maxPooling(
            WindowGeometry(kernel: 2))
        let layout = ImageLayout.preferred(channels: outputs)
        let rows = tape.variable(NDArray<Float>(shape: y.shape, repeating: 2))
        let (sigmoid, relu, sum, scaled, half) = (y.sigmoid(), y.relu(), rows + y, 3 * y, y / 2)
        for result in [y, sigmoid, relu, sum, scaled, half] {
            #expect(result.layoutArray.layout == layout && layout != .rows)
            let zeros = LayoutArray(result.value).converted(to: layout).numbers
            #expect(result.layoutArray.numbers == zeros, "a channel that is not there is not zero")
        }
        let values = y.value.elements
        #expect(sum.value.elements == values.map { $0 + 2 })
        #expect(
            scaled.value.elements == values.map { 3 * $0 } && half.value.elements == values.map { $0 / 2 })
        #expect(relu.value.elements == values.map { max(0, $0) })
        #expect(
            paired(sigmoid.value.elements, values).allSatisfy {
                abs($0 - 1 / (1 + exp(-$1))) <= 1e-6
            })
    }

    /// A batch of none has results of none, and gradients of zero.
    @Test func anEmptyBatch() {
        let tape = Tape<Float>()
        let x = tape.variable(NDArray(shape: [0, 4, 6, 5], repeating: 0))
        let w = tape.variable(NDArray(shape: [6, 4, 3, 3], repeating: 1))
        let y = x.convolution(weight: w, bias: nil, geometry: WindowGeometry(kernel: 3)).maxPooling(
            WindowGeometry(kernel: 2, stride: 2))
        let gradients = tape.gradients(of: y.sum())
        #expect(y.shape == [0, 6, 2, 1] && y.value.elements.isEmpty)
        #expect(notEmpty(gradients[w].elements).allSatisfy { $0 == 0 } && gradients[x].shape == x.shape)
    }

    /// Two factors rounded by at most 2^-9 of themselves each: |error| <= (2^-8 + 2^-18) sum |x w|, and float32's sums.
    ///
    /// On a processor without instructions for it the rounded factors are multiplied in float32.
    @Test(arguments: [4, 6, 16, 30])
    func bfloat16ErrsNoMoreThanItsFactors(_ channels: Int) {
        let bound = 0x1p-8 + 0x1p-18 + 1e-5
        let shapes = [[17, channels, 9, 8], [20, channels, 3, 3], [17, 20, 9, 8]]
        var random = RandomState(5)
        let arrays: [NDArray<Double>] = shapes.map { random.normal(scale: 1, shape: $0) }
            .map { NDArray(shape: $0.shape, elements: $0.elements.map { Double(Float($0)) }) }
        let found = convolution(arrays, in: Float.self, half: true)
        let exact = convolution(arrays, in: Double.self)
        let sizes = convolution(
            arrays.map { NDArray(shape: $0.shape, elements: $0.elements.map { abs($0) }) }, in: Double.self)
        for (place, ((found, exact), size)) in paired(paired(found, exact), sizes).enumerated() {
            let errors = paired(paired(found, exact), size).map { abs($0.0 - $0.1) / max($1, 1e-9) }
            #expect(
                notEmpty(errors).allSatisfy { $0 <= bound },
                "\(channels) channels, \(place): \(errors.max() ?? 0)")
            // It is bfloat16 that was multiplied.
            #expect(errors.contains { $0 > 1e-4 }, "\(channels) channels, \(place): \(errors.max() ?? 0)")
        }
    }

    /// The convolution, and the gradients by images and weights.
    private func convolution<Scalar: DifferentiableScalar>(
        _ arrays: [NDArray<Double>], in scalar: Scalar.Type, padding: Int = 1, half: Bool = false
    ) -> [[Double]] {
        let tape = Tape<Scalar>()
        let x = arrays.map {
            tape.variable(NDArray(shape: $0.shape, elements: $0.elements.map { Scalar($0) }))
        }
        let y = x[0].convolution(
            weight: x[1], bias: nil,
            geometry: WindowGeometry(kernel: 3, padding: .pixels(Extent(padding, padding))),
            precision: half ? .bfloat16 : .float32)
        let gradients = tape.gradients(of: (y * tape.constant(x[2].value)).sum())
        return [y.value, gradients[x[0]], gradients[x[1]]].map { $0.elements.map { Double($0) } }
    }
}
