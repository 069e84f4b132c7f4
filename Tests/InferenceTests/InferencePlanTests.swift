import Arrays
import Autodiff
import ExampleData
import Foundation
import Networks
import TestSupport
import Testing

@testable import Inference

/// Compiled networks that run as a plan. The oracle is the same network on a tape of `Double` in evaluation, which convolves
/// by columns and matrix products; the Float tape is a second one.
@Suite(.serialized) struct InferencePlanTests {
    private static let hasBlocks =
        (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.contains("avx2") == true

    /// LeNet: few channels, two neighbours computed as one pixel, pooled into rows.
    private static func lenet() -> Sequential {
        Sequential {
            Reshape([1, 28, 28])
            Convolution(1, 6, kernel: 5, padding: 2, activation: .relu)
            MaxPooling(2)
            Convolution(6, 16, kernel: 5, activation: .relu)
            MaxPooling(2)
            Flatten()
            Dense(400, 120, activation: .relu, initializer: .he)
            Dropout(0.5)
            Dense(120, 84, activation: .sigmoid, initializer: .he)
            Dense(84, 10, initializer: .he)
        }
    }

    /// Blocks of sixteen, halves of single images by outputs and by rows, a wide padding, strides.
    private static func deep() -> Sequential {
        Sequential {
            Reshape([1, 28, 28])
            Convolution(1, 16, kernel: 3, padding: 1, activation: .relu)
            Convolution(16, 16, kernel: 3, padding: 1, activation: .relu)
            MaxPooling(2)
            Convolution(16, 32, kernel: 3, padding: 2, activation: .tanh)
            Convolution(32, 64, kernel: 3, stride: 2, activation: .relu)
            MaxPooling(3, stride: 2, padding: 1)
            Flatten()
            Dense(64 * 16, 10, initializer: .he)
        }
    }

    /// Channels that fill no block, activations and pooling as layers, normalisation, a nested sequence, no bias.
    private static func normalized() -> Sequential {
        Sequential {
            Reshape([2, 14, 28])
            Sequential {
                Convolution(2, 7, kernel: Extent(3, 2), stride: Extent(1, 2), padding: 1, hasBias: false)
                BatchNormalization(7)
                ActivationLayer(.elu(alpha: 0.7))
                Dropout(0.3)
            }
            Convolution(7, 20, kernel: 3, dilation: 2)
            BatchNormalization(20)
            MaxPooling(2)
            Flatten()
            Dense(20 * 5 * 5, 33, initializer: .he)
            BatchNormalization(33)
            ActivationLayer(.gelu)
            Dense(33, 3, initializer: .he)
        }
    }

    /// More than a megabyte of dense weights: their rows are more images than go through the convolution together.
    private static func broad() -> Sequential {
        Sequential {
            Reshape([1, 28, 28])
            Convolution(1, 8, kernel: 3, activation: .relu)
            Flatten()
            Dense(8 * 26 * 26, 64, activation: .relu, initializer: .he)
            Dense(64, 5, initializer: .he)
        }
    }

    private static func network(_ name: String) -> Sequential {
        let network =
            name == "lenet" ? lenet() : name == "deep" ? deep() : name == "broad" ? broad() : normalized()
        initialize(network)
        return network
    }

    private static func examples(_ count: Int, seed: Int = 2) -> NDArray<Float> {
        var random = RandomState(seed)
        let numbers = random.uniform(low: -1, high: 1, shape: [count, 784]).elements
        return NDArray(shape: [count, 784], elements: numbers.map { Float(max(0, $0)) })
    }

    /// Weights, and what batch normalisation has measured, drawn anew.
    private static func initialize(_ network: Sequential, seed: Int = 1) {
        var random = RandomState(seed)
        for parameter in network.parameters {
            parameter.initialize(using: &random)
            guard parameter.shape.count == 1 else { continue }
            let drawn = random.uniform(low: 0.5, high: 1.5, shape: parameter.shape).elements
            parameter.value = NDArray(shape: parameter.shape, elements: drawn.map { Float($0) })
        }
    }

    private static func planned(
        _ network: any Layer, _ input: NDArray<Float>, _ precision: Precision = .float32
    ) throws -> NDArray<Float> {
        try network.outputs(for: input, precision: precision)
    }

    /// The largest distance, as a share of the largest number.
    private static func distance(_ a: NDArray<Float>, _ b: [Double]) -> Double {
        let far = largestDifference(a.elements, b)
        return a.count == b.count ? far / (b.map(abs).max() ?? 1) : .infinity
    }

    @Test(arguments: ["lenet", "deep", "normalized", "broad"])
    func aPlanGivesWhatTheTapeGives(name: String) throws {
        let network = Self.network(name)
        let model = try network.compiled(for: [784])
        // Blocks of sixteen with AVX-512, of eight with AVX2; without either oneDNN may have no fast kernels for a plan.
        #expect(PlanBuilder(network, for: [784]) != nil)
        #expect(model.isPlanned || !Self.hasBlocks, "\(name) has a plan")
        for count in [1, 2, 5, 33] {
            let input = Self.examples(count)
            let found = try model(input)
            let doubles = Tape<Double>(recordsGradients: false, isTraining: false)
            let expected = network(
                doubles.constant(NDArray(shape: input.shape, elements: input.elements.map { Double($0) })))
            #expect(found.shape == expected.shape)
            #expect(Self.distance(found, expected.value.elements) < 2e-6, "\(name), \(count)")
            let recording = Tape<Float>(isTraining: false)
            let recordedScores = network(recording.constant(input)).value.elements
            let recorded = recordedScores.map { Double($0) }
            // A tape's flags choose no other way to compute.
            let quiet = Tape<Float>(recordsGradients: false, isTraining: false)
            #expect(network(quiet.constant(input)).value.elements == recordedScores)
            // Each lies within 2e-6 of the exact numbers.
            #expect(Self.distance(found, recorded) < 4e-6, "\(name), \(count)")
        }
    }

    @Test(arguments: ["lenet", "deep", "normalized", "broad"])
    func theBitsDoNotDependOnTheThreads(name: String) throws {
        let model = try Self.network(name).compiled(for: [784])
        let before = Threads.count
        defer { Threads.setCount(before) }
        for count in [1, 40] {
            let input = Self.examples(count)
            Threads.setCount(1)
            let alone = try model(input)
            for threads in [2, 3, 7] {
                Threads.setCount(threads)
                #expect(try model(input).elements == alone.elements)
            }
        }
    }

    /// A session packs what has changed, and nothing that has not; a compiled network keeps what it had.
    @Test func changedParametersAreSeenBySessions() throws {
        let network = Self.network("normalized")
        var random = RandomState(3)
        let bytes = random.randint(0, 256, shape: [3, 784]).elements.map { UInt8($0) }
        let rows = FeatureMatrix.bytes(NDArray(shape: [3, 784], elements: bytes))
        let labels: [Int32] = [0, 1, 2]
        let labeled = LabeledExamples(rows, classes: labels, classNames: (0..<10).map(String.init))
        let session = InferenceSession(network, for: [784])
        let model = try network.compiled(for: [784])
        let input = Self.examples(3)
        let first = try session.predictions(for: labeled, loss: .crossEntropy).totalLoss
        let scores = try model(input)
        for parameter in notEmpty(network.parameters) {
            let kept = parameter.value
            parameter.value.withUnsafeMutableElements { $0[0] += 0.5 }
            let tape = Tape<Float>(isTraining: false)
            let expected = Loss.crossEntropy(network(tape.input(rows, rows: [0, 1, 2])), labels: labels)
            let changed = try session.predictions(for: labeled, loss: .crossEntropy).totalLoss
            #expect(changed != first)
            #expect(abs(changed / 3 - Double(expected.value.elements[0])) < 1e-5)
            #expect(try model(input).elements == scores.elements)
            let again = try network.outputs(for: input)
            let recording = Tape<Float>(isTraining: false)
            let recorded = network(recording.constant(input)).value.elements.map { Double($0) }
            #expect(again.elements != scores.elements && Self.distance(again, recorded) < 2e-6)
            parameter.value = kept
            #expect(try session.predictions(for: labeled, loss: .crossEntropy).totalLoss == first)
            #expect(try network.outputs(for: input).elements == scores.elements)
        }
    }

    /// The labels, the loss and the probabilities are those of the tape.
    @Test func predictionsComeFromThePlan() throws {
        let network = Self.network("lenet")
        var random = RandomState(3)
        let bytes = random.randint(0, 256, shape: [130, 784]).elements.map { UInt8($0) }
        let rows = FeatureMatrix.bytes(NDArray(shape: [130, 784], elements: bytes))
        let labels = (0..<130).map { Int32($0 % 10) }
        let said = try network.predictions(for: rows, labels: labels, probabilities: true)
        let tape = Tape<Float>(isTraining: false)
        let scores = network(tape.input(rows, rows: (0..<130).map { Int32($0) }))
        #expect(said.labels == scores.argMax())
        // Floats in memory are answered as bytes are.
        let floats = NDArray(shape: [130, 784], elements: bytes.map { Float($0) * (1 / 255) })
        let same = try network.compiled(for: [784]).predictions(for: floats, labels: labels)
        #expect(same.labels == said.labels && same.totalLoss == said.totalLoss)
        let expected = scores.softmax().value.elements.map { Double($0) }
        let probabilities = try #require(said.probabilities)
        #expect(Self.distance(probabilities, expected) < 2e-6)
        let loss = Double(Loss.crossEntropy(scores, labels: labels).value.elements[0])
        #expect(abs(said.totalLoss / 130 - loss) < 1e-5)
    }

    @Test func bfloat16IsNearFloat32() throws {
        let network = Self.network("deep")
        let input = Self.examples(20)
        let exact = try Self.planned(network, input).elements.map { Double($0) }
        // Eight bits of fraction, rounded at each of four convolutions.
        #expect(Self.distance(try Self.planned(network, input, .bfloat16), exact) < 0.02)
    }

    /// What a plan does not know goes over the tape, to the same bits as one that records.
    @Test func otherLayersGoOverTheTape() throws {
        let others: [Sequential] = [
            Sequential {
                Reshape([1, 28, 28])
                Residual { Convolution(1, 1, kernel: 3, padding: .same) }
                Flatten()
                Dense(784, 4)
            },
            Sequential {
                Reshape([1, 28, 28])
                Convolution(1, 4, kernel: 3, activation: .relu)
                AveragePooling(2)
                Flatten()
                Dense(4 * 169, 4)
            },
            Sequential {
                Dense(784, 20, activation: .relu)
                Dense(20, 4)
            },
            Sequential {
                Reshape([1, 28, 28])
                Convolution(1, 4, kernel: 3)
            },
        ]
        for network in others {
            Self.initialize(network)
            #expect(try !network.compiled(for: [784]).isPlanned)
            let tape = Tape<Float>(isTraining: false)
            #expect(
                try Self.planned(network, Self.examples(3)).elements
                    == network(tape.constant(Self.examples(3))).value.elements)
        }
    }

    /// A NaN in an image changes no other image's scores, and comes out as it does on a tape.
    @Test func whatIsNoNumberStaysInItsImage() throws {
        let network = Self.network("lenet")
        let clean = Self.examples(3)
        var input = clean
        input.withUnsafeMutableElements { $0[784 + 300] = .nan }
        let scores = try Self.planned(network, input)
        let expected = try Self.planned(network, clean)
        for other in [0, 2] { #expect(scores[other].elements == expected[other].elements) }
        let recording = Tape<Float>(isTraining: false)
        let recorded = network(recording.constant(input)).value
        #expect(scores.elements.map(\.isNaN) == recorded.elements.map(\.isNaN))
        #expect(notEmpty(scores[1].elements).allSatisfy { $0.isNaN })
    }
}
