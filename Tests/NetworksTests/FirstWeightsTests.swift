import Arrays
import Autodiff
import ExampleData
import Support
import Synchronization
import Testing

@testable import Networks

/// A layer just made has its first weights.
@Suite struct FirstWeightsTests {
    /// NumPy: RandomState(0).randn(3) and RandomState(2).randn(3).
    private static let numPy: [[Double]] = [
        [1.76405235, 0.40015721, 0.97873798], [-0.41675785, -0.05626683, -2.1361961],
    ]

    private func isClose(_ values: [Float], _ wanted: [Double], times scale: Double) -> Bool {
        zip(values, wanted).allSatisfy { abs(Double($0) - $1 * scale) < 1e-7 }
    }

    @Test func theyFollowFromTheParametersPlace() {
        let alone = Dense(3, 1, initializer: .normal(standardDeviation: 0.5))
        #expect(isClose(alone.weight.value.elements, Self.numPy[0], times: 0.5))
        #expect(alone.bias.value.elements == [0])
        let layers = (0..<2).map { _ in Dense(3, 3) }
        let network = Sequential(layers)
        #expect(isClose(layers[0].weight.value.elements, Self.numPy[0], times: 0.01))
        #expect(isClose(layers[1].weight.value.elements, Self.numPy[1], times: 0.01))
        #expect(network.parameters.map(\.version) == [0, 0, 0, 0])
    }

    /// Blocks, sequences within sequences, layers of one's own: all parameters of the outermost count.
    @Test func noTwoWeightsOfANetworkAreAlike() {
        struct Pair: Layer {
            let one = Dense(4, 4)
            let other = Dense(4, 4)
            func callAsFunction<Scalar: DifferentiableScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
                one(x) + other(x)
            }
        }
        func network() -> Sequential {
            Sequential {
                Dense(4, 4)
                Residual(projection: Dense(4, 4)) {
                    Dense(4, 4)
                    Residual { Dense(4, 4) }
                }
                Pair()
                Sequential { Dense(4, 4) }
            }
        }
        func weights(_ layer: any Layer) -> [[Float]] {
            layer.parameters.filter { $0.shape.count == 2 }.map(\.value.elements)
        }
        let first = network()
        #expect(weights(first).count == 7 && Set(weights(first)).count == 7)
        #expect(weights(first) == weights(network()))
        // A network of one's own counts its parameters when it is trained.
        let own = Pair()
        var step = TrainingStep(own, optimizer: .sgd(learningRate: 0))
        _ = step(
            Batch(
                .floats(NDArray(shape: [1, 4], repeating: 1)),
                targets: .values(NDArray(shape: [1, 4], repeating: 0))))
        #expect(own.one.weight.value != own.other.weight.value)
    }

    /// Whatever reads the weights of a network of one's own first tells equal layers apart, as training does.
    @Test func whoeverComesFirstTellsEqualLayersApart() {
        struct Twins: Layer {
            let one = Dense(4, 4)
            let other = Dense(4, 4)
            let normalization = BatchNormalization(4)
            func callAsFunction<Scalar: DifferentiableScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
                normalization(one(x) + other(x))
            }
        }
        let trained = Twins()
        _ = TrainingStep(trained, optimizer: .sgd(learningRate: 0.1))
        let inputs = FeatureMatrix.bytes(NDArray<UInt8>(shape: [3, 4], elements: Array(1...12)))
        let firsts: [(String, (Twins) -> Void)] = [
            ("gradients", { _ = valueAndGradients(of: $0) { $0(inputs, rows: [0, 1]).sum() } }),
            ("average", { _ = WeightAverage(.exponential(), of: $0) }),
            ("optimiser", { _ = OptimizerState(Adam(learningRate: 0.1), for: $0) }),
            ("moments", { $0.recalibrateMoments(on: inputs, batchSize: 3) }),
            ("single examples", { _ = $0.isBlindToSingleExamples(inputs) }),
        ]
        for (name, first) in firsts {
            let network = Twins()
            first(network)
            #expect(network.one.weight.value != network.other.weight.value, "\(name)")
            #expect(network.one.weight.value == trained.one.weight.value, "\(name)")
            #expect(network.other.weight.value == trained.other.weight.value, "\(name)")
        }
    }

    /// A sequence of some layers of a network, or of all in another order, is a view of it.
    @Test func viewsOfANetworkChangeNoFirstWeights() {
        func network() -> Sequential { Sequential((0..<3).map { _ in Dense(3, 3) }) }
        let expected = network().parameters.map(\.value)
        let whole = network()
        _ = Sequential(Array(whole.layers.suffix(2)))
        _ = Sequential(whole.layers.reversed())
        // New layers beside old ones have seeds of their own.
        let head = Dense(3, 3)
        let extended = Sequential([whole.layers[1], head])
        _ = Sequential([extended, Dense(3, 3)])
        #expect(whole.parameters.map(\.value) == expected)
        #expect(!expected.contains(head.weight.value))
        // A network around a whole one counts all, as it always did.
        let inner = network()
        let outer = Sequential([Dense(3, 3), inner])
        #expect(inner.parameters.map(\.value).prefix(4).elementsEqual(expected.suffix(4)))
        #expect(outer.parameters.prefix(6).map(\.value) == expected)
    }

    @Test func aGeneratorOfOnesOwnDrawsAtOnce() {
        var (random, other) = (RandomState(7), RandomState(7))
        let dense = Dense(5, 4, initializer: .he, using: &random)
        let convolution = Convolution(2, 3, kernel: 3, using: &random)
        let transposed = TransposedConvolution(3, 2, kernel: 2, using: &random)
        let parameter = Parameter(shape: [2, 2], initializer: .xavier, using: &random)
        let network = Sequential {
            dense
            convolution
            transposed
        }
        let byHand = Sequential {
            Dense(5, 4, initializer: .he)
            Convolution(2, 3, kernel: 3)
            TransposedConvolution(3, 2, kernel: 2)
        }
        byHand.initialize(using: &other)
        #expect(network.parameters.map(\.value) == byHand.parameters.map(\.value))
        #expect(parameter.value == Initializer.xavier.values(shape: [2, 2], using: &other))
        #expect(random.uniform() == other.uniform())
    }

    /// Counts how often it draws.
    private struct Counted: InitializationRule {
        final class Counter: Sendable { let count = Mutex(0) }
        static let kind = "counted"
        let counter = Counter()

        init() {}
        init(from settings: inout SettingText) throws {}
        func values(shape: [Int], using random: inout RandomState) -> NDArray<Float> {
            counter.count.withLock { $0 += 1 }
            return random.uniform(shape: shape).asType(Float.self)
        }
        static func == (one: Counted, other: Counted) -> Bool { one.counter === other.counter }
        func hash(into hasher: inout Hasher) {}
        var draws: Int { counter.count.withLock { $0 } }
    }

    @Test func whatIsReplacedIsNotDrawn() {
        let rule = Counted()
        func layer() -> Dense { Dense(3, 2, initializer: Initializer(rule)) }
        let values = NDArray<Float>(shape: [3, 2], repeating: 5)
        let loaded = layer()
        loaded.weight.value = values
        #expect(loaded.weight.value == values && rule.draws == 0 && loaded.weight.version == 1)
        var random = RandomState(1)
        let drawn = layer()
        #expect(drawn.parameterCount == 8 && drawn.weight.shape == [3, 2])
        drawn.initialize(using: &random)
        #expect(rule.draws == 1)
        let asked = layer()
        let first = asked.weight.value
        #expect(asked.weight.value == first && rule.draws == 2)
        // Another initialiser before the values are asked for draws them.
        let other = layer()
        other.weight.initializer = .constant(3)
        #expect(other.weight.value.elements == [3, 3, 3, 3, 3, 3] && rule.draws == 2)
        // Places that are given later say nothing to values that are there.
        _ = Sequential([Dense(3, 3), asked])
        #expect(asked.weight.value == first)
    }

    /// Values are changed where they lie, without a copy.
    @Test func changesInPlaceCopyNothing() {
        let parameter = Parameter(shape: [1000], initializer: .normal(standardDeviation: 1))
        let place = parameter.value.withUnsafeElements { $0.baseAddress }
        parameter.value.withUnsafeMutableElements { $0[0] = 1 }
        parameter.value += 1
        #expect(parameter.value.withUnsafeElements { $0.baseAddress } == place && parameter.version == 2)
        var fresh = NDArray<Float>(shape: [1000], repeating: 2)
        swap(&fresh, &parameter.value)
        #expect(parameter.value.elements[0] == 2 && fresh.elements[0] == 2)
    }
}
