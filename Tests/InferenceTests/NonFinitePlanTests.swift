import Arrays
import Autodiff
import ExampleData
import Inference
import Networks
import TestSupport
import Testing

/// Networks in use, and steps of learning, with a NaN in an example or among the weights. The oracle is the same network on a
/// tape of `Double`.
@Suite struct NonFinitePlanTests {
    private static let activations: [Activation] = [
        .relu, .leakyReLU(slope: 0.1), .elu(alpha: 1), .gelu, .geluTanh, .silu, .softplus, .sigmoid, .tanh,
        .identity,
    ]

    /// Convolutions of few outputs (computed in pairs), of a block, and a pixel; pooled in squares, otherwise, and not.
    private static func networks(_ activation: Activation) -> [Sequential] {
        let networks = [
            Sequential {
                Convolution(1, 6, kernel: 3, padding: 1, activation: activation)
                MaxPooling(2)
                Convolution(6, 16, kernel: 1, activation: activation)
                Flatten()
                Dense(16 * 36, 4, activation: activation, initializer: .he)
            },
            Sequential {
                Convolution(1, 16, kernel: 1, activation: activation)
                Convolution(16, 17, kernel: 2, activation: activation)
                MaxPooling(3, stride: 2, padding: 1)
                Flatten()
                Dense(17 * 36, 8, activation: activation, initializer: .he)
                Dense(8, 3, initializer: .he)
            },
        ]
        for (seed, network) in networks.enumerated() {
            var random = RandomState(seed)
            for parameter in network.parameters { parameter.initialize(using: &random) }
        }
        return networks
    }

    private static func examples(_ count: Int) -> NDArray<Float> {
        var random = RandomState(3)
        let numbers = random.uniform(low: -1, high: 1, shape: [count * 144]).elements.map {
            Float(max(0, $0))
        }
        return NDArray(shape: [count, 1, 12, 12], elements: numbers)
    }

    private func compare(_ network: Sequential, _ input: NDArray<Float>, _ words: String) throws {
        let found = try network.outputs(for: input).elements
        let doubles = Tape<Double>(recordsGradients: false, isTraining: false)
        let wanted = network(
            doubles.constant(NDArray(shape: input.shape, elements: input.elements.map { Double($0) }))
        ).value.elements
        for (place, (found, wanted)) in paired(found, wanted).enumerated() {
            #expect(
                found.isNaN == wanted.isNaN && (wanted.isNaN || abs(Double(found) - wanted) < 1e-5),
                "\(words), \(place): \(found), not \(wanted)")
        }
    }

    @Test(arguments: activations)
    func plansKeepThemInTheirExample(_ activation: Activation) throws {
        for (index, network) in Self.networks(activation).enumerated() {
            for count in [1, 2, 3, 21] {
                var input = Self.examples(count)
                input.withUnsafeMutableElements { $0[(count - 1) * 144 + 77] = .nan }
                try compare(network, input, "\(activation), network \(index), \(count) examples")
            }
        }
    }

    /// Every parameter in turn: its NaN is in some score of every example.
    @Test(arguments: [Activation.relu, .tanh])
    func plansKeepThoseOfWeights(_ activation: Activation) throws {
        for (index, network) in Self.networks(activation).enumerated() {
            for (place, parameter) in network.parameters.enumerated() {
                let kept = parameter.value
                parameter.value.withUnsafeMutableElements { $0[$0.count / 2] = .nan }
                for count in [1, 2, 21] {
                    try compare(
                        network, Self.examples(count),
                        "\(activation), network \(index), parameter \(place), \(count) examples")
                }
                parameter.value = kept
            }
        }
    }

    /// One pixel of one example is NaN: the step says so and changes nothing. (The loss used to look fine, and 8 of 36
    /// weights became NaN.)
    @Test(arguments: activations, [Precision.float32, .bfloat16])
    func aStepThatMeetsOneHasDiverged(_ activation: Activation, _ precision: Precision) {
        let network = Sequential {
            Convolution(1, 4, kernel: 3, padding: 1, activation: activation)
            Convolution(4, 4, kernel: 1, activation: activation)
            MaxPooling(2)
            Flatten()
            Dense(4 * 36, 2, initializer: .he)
        }
        var random = RandomState(5)
        for parameter in network.parameters { parameter.initialize(using: &random) }
        var step = TrainingStep(network, optimizer: .sgd(learningRate: 0.1), precision: precision)
        var input = Self.examples(5)
        let targets = NDArray<Float>(shape: [5, 2], elements: [1, 0, 0, 1, 1, 0, 0, 1, 1, 0])
        let good = step { Loss.crossEntropy(network($0.constant(input)), targets: targets) }
        #expect(good.isFinite && good > 0)
        let before = network.parameters.map(\.value.elements)
        input.withUnsafeMutableElements { $0[300] = .nan }
        #expect(step { Loss.crossEntropy(network($0.constant(input)), targets: targets) }.isNaN)
        #expect(network.parameters.map(\.value.elements) == before)
    }
}
