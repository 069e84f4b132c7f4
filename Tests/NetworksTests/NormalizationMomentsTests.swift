import Arrays
import Autodiff
import ExampleData
import TestSupport
import Testing

@testable import Networks

/// Running moments found anew, against plain loops in Double.
@Suite struct NormalizationMomentsTests {
    private static let channels = 3
    private static let pixels = 4

    /// Images of 3 channels, 2x2, and what each byte stands for.
    private func images(_ count: Int) -> NDArray<UInt8> {
        var random = RandomState(11)
        let size = Self.channels * Self.pixels
        return NDArray(
            shape: [count, Self.channels, 2, 2],
            elements: (0..<count * size).map { UInt8((random.nextUInt32() % 80) + UInt32($0 % size) * 10) })
    }

    private func network() -> (Sequential, BatchNormalization, BatchNormalization) {
        let (first, second) = (
            BatchNormalization(Self.channels), BatchNormalization(Self.channels, momentum: 0.5)
        )
        let network = Sequential {
            Reshape([Self.channels, 2, 2])
            first
            ActivationLayer(.relu)
            second
            Flatten()
        }
        var random = RandomState(1)
        network.initialize(using: &random)
        first.scale.value = NDArray(shape: [3], elements: [1.5, -0.75, 2])
        first.shift.value = NDArray(shape: [3], elements: [0.25, 0.5, -0.125])
        // What was measured before must not matter.
        for layer in [first, second] {
            layer.runningMean.value = NDArray(shape: [3], elements: [100, -100, 7])
            layer.runningVariance.value = NDArray(shape: [3], elements: [1e6, 5, 9])
        }
        return (network, first, second)
    }

    /// Each channel's mean and its variance over `x` (image, channel, pixel), by n and by n - 1.
    private func moments(_ x: [[[Double]]]) -> (mean: [Double], variance: [Double], sample: [Double]) {
        var (means, variances, samples): ([Double], [Double], [Double]) = ([], [], [])
        for channel in 0..<Self.channels {
            let numbers = x.flatMap { $0[channel] }
            let mean = numbers.reduce(0, +) / Double(numbers.count)
            let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            means.append(mean)
            variances.append(squares / Double(numbers.count))
            samples.append(squares / Double(numbers.count - 1))
        }
        return (means, variances, samples)
    }

    /// The means over whole batches of what both normalisations measure.
    private func expected(_ images: NDArray<UInt8>, batchSize: Int, batches: Int) -> [[Double]] {
        var sums = Array(repeating: [0.0, 0, 0], count: 4)
        let size = Self.channels * Self.pixels
        let (scale, shift) = ([1.5, -0.75, 2], [0.25, 0.5, -0.125])
        for batch in 0..<batches {
            let rows = batch * batchSize..<min(images.shape[0], (batch + 1) * batchSize)
            let x = rows.map { row in
                (0..<Self.channels).map { channel in
                    (0..<Self.pixels).map {
                        Double(images.elements[row * size + channel * Self.pixels + $0]) / 255
                    }
                }
            }
            let first = moments(x)
            let between = x.map { image in
                image.enumerated().map { channel, numbers in
                    numbers.map {
                        let normal =
                            ($0 - first.mean[channel]) / (first.variance[channel] + 1e-5).squareRoot()
                        return max(0, scale[channel] * normal + shift[channel])
                    }
                }
            }
            let second = moments(between)
            for (index, found) in [first.mean, first.sample, second.mean, second.sample].enumerated() {
                for channel in 0..<Self.channels { sums[index][channel] += found[channel] / Double(batches) }
            }
        }
        return sums
    }

    // 14 images in batches of 4 are 3, and 2 images left over; batches of 20 are one of 14.
    @Test(arguments: [(4, 3), (7, 2), (14, 1), (20, 1)])
    func momentsAreMeansOverWholeBatches(batchSize: Int, batches: Int) {
        let images = images(14)
        let (network, first, second) = network()
        let learnt = network.parameters.filter(\.isTrainable).map { $0.value.elements }
        network.recalibrateMoments(on: FeatureMatrix.bytes(images), batchSize: batchSize)
        let found = [first.runningMean, first.runningVariance, second.runningMean, second.runningVariance]
        for (found, wanted) in paired(found, expected(images, batchSize: batchSize, batches: batches)) {
            for (a, b) in paired(found.value.elements, wanted) {
                #expect(abs(Double(a) - b) <= 1e-5 * max(1, abs(b)), "\(a), by hand \(b)")
            }
        }
        #expect(network.parameters.filter(\.isTrainable).map { $0.value.elements } == learnt)
    }

    // MARK: One number a channel

    /// Batches of one example [N, C]: the moments of all examples are found.
    @Test(arguments: [1, 14, 20])
    func momentsOfSingleExamplesAreThoseOfAll(batchSize: Int) {
        let images = images(14)
        let layer = BatchNormalization(12)
        let network = Sequential { layer }
        var random = RandomState(1)
        network.initialize(using: &random)
        network.recalibrateMoments(on: FeatureMatrix.bytes(images), batchSize: batchSize)
        for column in 0..<12 {
            let x = (0..<14).map { Double(images.elements[12 * $0 + column]) / 255 }
            let mean = x.reduce(0, +) / 14
            let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 13
            #expect(abs(Double(layer.runningMean.value.elements[column]) - mean) < 1e-6)
            #expect(abs(Double(layer.runningVariance.value.elements[column]) - variance) < 1e-6)
        }
    }

    /// With pixels, one image has moments of its own: their means, as before.
    @Test func momentsOfSingleImages() {
        let images = images(5)
        let layer = BatchNormalization(Self.channels)
        let network = Sequential {
            Reshape([Self.channels, 2, 2])
            layer
        }
        var random = RandomState(1)
        network.initialize(using: &random)
        network.recalibrateMoments(on: FeatureMatrix.bytes(images), batchSize: 1)
        let all = (0..<5).map { image -> (mean: [Double], variance: [Double], sample: [Double]) in
            moments([
                (0..<Self.channels).map { channel in
                    (0..<Self.pixels).map { Double(images.elements[12 * image + 4 * channel + $0]) / 255 }
                }
            ])
        }
        for channel in 0..<Self.channels {
            let mean = all.reduce(0) { $0 + $1.mean[channel] } / 5
            let variance = all.reduce(0) { $0 + $1.sample[channel] } / 5
            #expect(abs(Double(layer.runningMean.value.elements[channel]) - mean) < 1e-6)
            #expect(abs(Double(layer.runningVariance.value.elements[channel]) - variance) < 1e-6)
        }
    }

    /// [1, C] and [1, C, 1, 1] tell no variance: nothing moves; two numbers do.
    @Test(arguments: [[1, 3], [1, 3, 1, 1], [2, 3], [1, 3, 1, 2]])
    func whatHasNoVarianceMovesNothing(shape: [Int]) {
        let layer = BatchNormalization(3)
        layer.runningMean.value = NDArray([1, 2, 3])
        layer.runningVariance.value = NDArray([4, 5, 6])
        let count = shape.reduce(1, *)
        for step in 0..<3 {
            let tape = Tape<Float>(step: step)
            _ = layer(tape.constant(NDArray(shape: shape, elements: (0..<count).map { Float($0 * 7) })))
        }
        let isStill = count == 3
        #expect((layer.runningMean.value.elements == [1, 2, 3]) == isStill)
        #expect((layer.runningVariance.value.elements == [4, 5, 6]) == isStill)
        #expect(notEmpty(layer.runningVariance.value.elements).allSatisfy { $0.isFinite })
    }

    @Test func blindnessIsToldWithoutMovingAnything() {
        let inputs = FeatureMatrix.bytes(images(1))
        let (network, first, _) = network()
        #expect(!network.isBlindToSingleExamples(inputs))
        #expect(first.runningMean.value.elements == [100, -100, 7])
        #expect(Sequential { BatchNormalization(12) }.isBlindToSingleExamples(inputs))
        #expect(Sequential { Residual { BatchNormalization(12) } }.isBlindToSingleExamples(inputs))
        #expect(!Sequential { LayerNormalization(12) }.isBlindToSingleExamples(inputs))
    }

    /// Where neighbouring Floats lie 1 apart, a tenth of what is left is rounded away before it is reached.
    @Test(arguments: [1e7, -3e6, 0.1, 12345.678] as [Float])
    func runningMomentsArriveAtWhatStaysTheSame(number: Float) {
        let layer = BatchNormalization(1, epsilon: 1e-3)
        layer.scale.value = NDArray([1])
        let x = NDArray<Float>(shape: [4, 1], repeating: number)
        for _ in 0..<400 { _ = layer(Tape<Float>().constant(x)) }
        #expect(layer.runningMean.value.elements == [number])
        let y = layer(Tape<Float>(recordsGradients: false, isTraining: false).constant(x))
        #expect(y.value.elements == [0, 0, 0, 0])
    }
}
