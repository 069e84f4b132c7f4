import Arrays
import Autodiff
import ExampleData
import Networks
import Support
import TestSupport
import Testing

@testable import Inference

/// Compiled networks as values: immutable, for any number of tasks at once, and told apart from examples that do not fit.
@Suite(.serialized) struct CompiledNetworkTests {
    /// A layer of one's own, whose forward pass keeps something that two threads must not share.
    private final class Scaling: Layer {
        let factor = Parameter(shape: [1], initializer: .constant(1))
        let inner = Dense(36, 4, initializer: .he)
        private var calls: [Int] = []

        func callAsFunction<Scalar: DifferentiableScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
            calls.append(x.shape[0])
            if calls.count > 8 { calls.removeAll() }
            return inner(x) * x.tape.parameter(factor)
        }
    }

    /// One network of each kind: a plan, sparse rows of a dense network, residual connections with a normalisation, one's own.
    private static func network(_ kind: String) -> any Layer {
        let network: any Layer =
            switch kind {
            case "plan":
                Sequential {
                    Reshape([1, 6, 6])
                    Convolution(1, 8, kernel: 3, padding: 1, activation: .relu)
                    BatchNormalization(8)
                    MaxPooling(2)
                    Flatten()
                    Dense(72, 4, initializer: .he)
                }
            case "dense":
                Sequential {
                    Dense(36, 20, activation: .sigmoid, initializer: .he)
                    Dense(20, 4, initializer: .he)
                }
            case "residual":
                Sequential {
                    Reshape([1, 6, 6])
                    Residual {
                        Convolution(1, 1, kernel: 3, padding: .same)
                        BatchNormalization(1)
                        ActivationLayer(.relu)
                    }
                    Flatten()
                    LayerNormalization(36)
                    Dense(36, 4, initializer: .he)
                }
            default: Scaling()
            }
        var random = RandomState(1)
        network.initialize(using: &random)
        for parameter in network.parameters where parameter.isBuffer {
            let drawn = random.uniform(low: 0.5, high: 1.5, shape: parameter.shape).elements
            parameter.value = NDArray(shape: parameter.shape, elements: drawn.map { Float($0) })
        }
        return network
    }

    private static let kinds = ["plan", "dense", "residual", "own"]

    private static func bytes(_ count: Int, seed: Int = 4) -> FeatureMatrix {
        var random = RandomState(seed)
        let numbers = random.randint(0, 256, shape: [count, 36]).elements.map { $0 > 128 ? UInt8($0) : 0 }
        return FeatureMatrix.bytes(NDArray(shape: [count, 36], elements: numbers))
    }

    private static func floats(_ count: Int) -> NDArray<Float> {
        NDArray(shape: [count, 36], elements: bytes(count).unscaledFloats.elements.map { $0 * (1 / 255) })
    }

    /// Compiles only if a compiled network may go from one task to another.
    private func asSendable<Value: Sendable>(_ value: Value) -> Value { value }

    @Test(arguments: kinds)
    func manyTasksAtOnceGetTheSameBits(kind: String) async throws {
        let model = asSendable(try Self.network(kind).compiled(for: [36]))
        let rows = Self.bytes(70), input = Self.floats(70)
        let single = Self.floats(1)
        let expected = try model(input).elements, first = try model(single).elements
        let said = try model.predictions(for: rows, probabilities: true)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for task in 0..<24 {
                group.addTask {
                    for _ in 0..<8 {
                        let same =
                            switch task % 3 {
                            case 0: try model(input).elements == expected
                            case 1: try model(single).elements == first
                            default:
                                try model.predictions(for: rows, probabilities: true).probabilities?.elements
                                    == said.probabilities?.elements
                            }
                        guard same else { return false }
                    }
                    return true
                }
            }
            var finished = 0
            for try await same in group {
                #expect(same, "\(kind)")
                finished += 1
            }
            #expect(finished == 24)
        }
    }

    @Test(arguments: kinds)
    func theBitsDoNotDependOnTheThreads(kind: String) throws {
        let model = try Self.network(kind).compiled(for: [36])
        let before = Threads.count
        defer { Threads.setCount(before) }
        for count in [1, 5, 300] {
            let input = Self.floats(count)
            Threads.setCount(1)
            let alone = try model(input).elements
            for threads in [2, 3, 7] {
                Threads.setCount(threads)
                #expect(try model(input).elements == alone)
            }
        }
    }

    /// Training goes on, running moments included, also by writing where the numbers lie: what was compiled stays as it was.
    @Test(arguments: kinds)
    func changedParametersChangeNoAnswer(kind: String) throws {
        let network = Self.network(kind)
        let model = try network.compiled(for: [36])
        let rows = Self.bytes(9), input = Self.floats(9)
        let scores = try model(input).elements
        let said = try model.predictions(for: rows, probabilities: true).probabilities?.elements
        var changed: [[Float]] = [scores]
        for parameter in notEmpty(network.parameters) {
            parameter.value.withUnsafeMutableElements { for place in $0.indices { $0[place] += 0.5 } }
            #expect(try model(input).elements == scores)
            #expect(try model.predictions(for: rows, probabilities: true).probabilities?.elements == said)
            changed.append(try network.outputs(for: input).elements)
        }
        for (one, next) in paired(changed.dropLast(), changed.dropFirst()) { #expect(one != next) }
    }

    /// A network of one's own that says its output's shape.
    private struct Twins: Layer {
        let first = Dense(4, 4)
        let second = Dense(4, 4)

        func callAsFunction<Scalar: DifferentiableScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
            second(first(x))
        }

        func outputShape(for shape: [Int]) throws -> [Int]? { [4] }
    }

    /// Whoever compiles a network before it is trained trains it from the same first weights as without.
    @Test func compilingTellsEqualLayersApart() throws {
        let network = Twins(), other = Twins()
        _ = try network.compiled(for: [4])
        _ = TrainingStep(other, optimizer: .sgd(learningRate: 0.1))
        #expect(network.first.weight.value.elements != network.second.weight.value.elements)
        for (one, another) in paired(network.parameters, other.parameters) {
            #expect(one.value.elements == another.value.elements)
        }
    }

    /// Layers of one compiled network may be frozen and trained by another task meanwhile: what a tape knows is not asked
    /// whether it is trainable.
    @Test func nothingIsAskedOfAParameterThatATapeKnows() {
        let tape = Tape<Float>(recordsGradients: false, isTraining: false)
        let parameter = Parameter(shape: [1], initializer: .zeros)
        var asked = 0
        func isTrainable() -> Bool {
            asked += 1
            return true
        }
        let known = tape.variable(for: parameter) { NDArray([3]) }
        let again = tape.variable(for: parameter, isTrainable: isTrainable()) { NDArray([4]) }
        #expect(asked == 0 && known.value.elements == [3] && again.value.elements == [3])
    }

    /// What no plan knows gives the bits of a tape in evaluation.
    @Test(arguments: ["dense", "residual", "own"])
    func theFallbackIsTheTape(kind: String) throws {
        let network = Self.network(kind)
        let model = try network.compiled(for: [36])
        #expect(!model.isPlanned && model.outputShape == [4])
        for count in [1, 6] {
            let input = Self.floats(count)
            let tape = Tape<Float>(recordsGradients: false, isTraining: false)
            #expect(try model(input).elements == network(tape.constant(input)).value.elements)
        }
    }

    /// The oracle is the same network in float32: eight bits of fraction are rounded at each of two products.
    @Test func thePrecisionIsTheOneAskedFor() throws {
        var random = RandomState(2)
        let network = Sequential {
            Reshape([4, 8, 8])
            Convolution(4, 32, kernel: 3, padding: 1, activation: .relu)
            Convolution(32, 16, kernel: 1, activation: .relu)
            Flatten()
            Dense(1024, 64, initializer: .he)
        }
        network.initialize(using: &random)
        let numbers = random.uniform(low: 0, high: 1, shape: [3, 256]).elements.map { Float($0) }
        let input = NDArray<Float>(shape: [3, 256], elements: numbers)
        let exact = try network.compiled(for: [256])
        let rounded = try network.compiled(for: [256], precision: .bfloat16)
        #expect(exact.precision == .float32 && rounded.precision == .bfloat16)
        let scores = try exact(input).elements, near = try rounded(input).elements
        let largest = scores.map(abs).max() ?? 0
        let distance = paired(scores, near).map { abs($0 - $1) }.max() ?? .infinity
        #expect(distance > 0 && distance < 0.02 * largest)
    }

    @Test(arguments: kinds)
    func noExamplesGiveNone(kind: String) throws {
        let model = try Self.network(kind).compiled(for: [36])
        #expect(try model(NDArray(shape: [0, 36], elements: [])).shape == [0, 4])
        #expect(try model.predictions(for: Self.bytes(5), rows: 2..<2).labels == [])
    }

    @Test(arguments: kinds)
    func shapesThatDoNotFitAreTold(kind: String) throws {
        let network = Self.network(kind)
        let early = #expect(throws: DescentError.self) { try network.compiled(for: [35]) }
        #expect(early?.kind == .usage)
        let model = try network.compiled(for: [36])
        for shape in [[36], [2, 35], [1, 6, 6], [2, 36, 1]] {
            let wrong = NDArray<Float>(shape: shape, repeating: 0)
            let error = #expect(throws: DescentError.self) { try model(wrong) }
            #expect(error?.kind == .badData && error?.expected == "[N, 36]" && error?.got == "\(shape)")
            #expect(throws: DescentError.self) { try model.predictions(for: wrong) }
        }
        let narrow = FeatureMatrix.bytes(NDArray<UInt8>(shape: [2, 5, 7], repeating: 0))
        #expect(throws: DescentError.self) { try model.predictions(for: narrow) }
    }

    /// Images as outputs are no scores, and are given as they are.
    @Test func outputsThatAreNoScores() throws {
        let network = Sequential {
            Reshape([1, 6, 6])
            Convolution(1, 2, kernel: 3)
        }
        let model = try network.compiled(for: [36])
        #expect(model.outputShape == [2, 4, 4])
        #expect(try model(Self.floats(3)).shape == [3, 2, 4, 4])
        let error = #expect(throws: DescentError.self) { try model.predictions(for: Self.bytes(3)) }
        #expect(error?.expected == "outputs of shape [C]")
    }

    /// Rows of bytes are examples of any shape of as many elements.
    @Test func bytesTakeTheShapeOfTheExamples() throws {
        for first in [Convolution(1, 8, kernel: 3) as any Layer, Residual { Convolution(1, 1, kernel: 1) }] {
            let network = Sequential([first, Flatten(), Dense(first is Residual ? 36 : 128, 3)])
            var random = RandomState(1)
            network.initialize(using: &random)
            let model = try network.compiled(for: [1, 6, 6])
            let rows = Self.bytes(40)
            let floats = Self.floats(40).reshaped(to: [40, 1, 6, 6])
            let said = try model.predictions(for: rows, rows: 3..<40, probabilities: true)
            let expected = try model.predictions(for: floats[3..<40], probabilities: true)
            #expect(said.labels == expected.labels && said.labels.count == 37)
            #expect(said.probabilities?.elements == expected.probabilities?.elements)
        }
    }

    @Test func oneScoreIsReadByItsSign() throws {
        let network = Sequential { Dense(1, 1) }
        network.parameters[0].value = NDArray(shape: [1, 1], elements: [1])
        network.parameters[1].value = NDArray([-0.5])
        let inputs = FeatureMatrix.bytes(NDArray<UInt8>(shape: [3, 1], elements: [0, 255, 100]))
        let said = try network.predictions(for: inputs, labels: [0, 1, 0], loss: .hinge)
        #expect(said.labels == [0, 1, 0])
    }
}
