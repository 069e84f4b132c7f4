import Arrays
import Autodiff
import ExampleData
import Support
import TestSupport
import Testing

@testable import Networks

@Suite struct NetworkTests {
    private struct TwoLayer: Layer {
        let hidden = Dense(3, 4, activation: .tanh)
        let output = Dense(4, 2)
        func callAsFunction<Scalar: DifferentiableScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
            output(hidden(x))
        }
    }

    @Test func parametersAreFoundByName() {
        #expect(
            TwoLayer().namedParameters.map(\.name) == [
                "hidden.weight", "hidden.bias", "output.weight", "output.bias",
            ])
        let sequence = Sequential {
            Dense(3, 4)
            Dense(4, 2)
        }
        #expect(sequence.namedParameters.map(\.name) == ["0.weight", "0.bias", "1.weight", "1.bias"])
        #expect(sequence.parameters.map(\.shape) == [[3, 4], [4], [4, 2], [2]])
        #expect(sequence.parameterCount == 26)
    }

    /// NumPy: RandomState(1).randn(3) = 1.62434536, -0.61175641, -0.52817175.
    @Test func initialValuesComeFromNumPysGenerator() {
        var random = RandomState(1)
        let parameter = Parameter(shape: [1, 3], initializer: .normal(standardDeviation: 0.01))
        parameter.initialize(using: &random)
        for (found, wanted) in paired(parameter.value.elements, [0.0162434536, -0.0061175641, -0.0052817175])
        {
            #expect(abs(Double(found) - wanted) < 1e-9)
        }
        random = RandomState(1)
        let he = Initializer.he.values(shape: [8, 1], using: &random)
        #expect(abs(he.elements[0] - 1.62434536 * 0.5) < 1e-7)
        random = RandomState(1)
        let xavier = Initializer.xavier.values(shape: [16, 1], using: &random)
        #expect(abs(xavier.elements[0] - 1.62434536 * 0.25) < 1e-7)
    }

    @Test func anExampleThatDoesNotFitNamesTheLayer() throws {
        let network = Sequential {
            Dense(784, 50)
            Dense(40, 10)
        }
        #expect(
            throws: DescentError(
                .usage, "examples do not fit the layer", at: "layer 1, Dense(40, 10)", expected: "shape [40]",
                got: "[50]")
        ) { try network.outputShape(for: [784]) }
        let right = Sequential {
            Dense(784, 50)
            Dense(50, 10)
        }
        #expect(try right.outputShape(for: [784]) == [10])
    }

    @Test func aWholeNetworksGradientsAgreeWithCentralDifferences() {
        let seed = 7
        var random = RandomState(seed)
        let network = TwoLayer()
        network.initialize(using: &random)
        // Larger weights than training begins with, so that every gradient is well above the rounding.
        for parameter in network.parameters {
            parameter.value = random.normal(scale: 0.7, shape: parameter.shape)
        }
        let x: NDArray<Double> = random.normal(shape: [5, 3], as: Double.self)
        let labels: [Int32] = [0, 1, 1, 0, 1]
        let values = network.parameters.map { $0.value.asType(Double.self) }
        let check = checkGradients(at: values) { inputs in
            let tape = inputs[0].tape
            let hidden = tape.constant(x).dense(weight: inputs[0], bias: inputs[1], activation: .tanh)
            return hidden.dense(weight: inputs[2], bias: inputs[3]).softmaxCrossEntropy(labels: labels)
        }
        #expect(check.passes(tolerance: 1e-8), "seed \(seed): \(check.inputs.map(\.largestRelative))")
        // The network itself, in Double on the same parameters, has those gradients.
        let tape = Tape<Double>()
        let gradients = tape.gradients(of: network(tape.constant(x)).softmaxCrossEntropy(labels: labels))
        for (parameter, expected) in paired(network.parameters, check.inputs) {
            #expect(gradients[parameter]?.elements == expected.gradient.elements)
        }
    }

    @Test func learnsToTellTwoPatternsApart() {
        let images = NDArray<UInt8>(shape: [4, 2], elements: [255, 0, 0, 255, 200, 10, 30, 220])
        let inputs = FeatureMatrix.bytes(images)
        let labels: [Int32] = [0, 1, 0, 1]
        var random = RandomState(3)
        let network = Sequential {
            Dense(2, 8, activation: .sigmoid, initializer: .xavier)
            Dense(8, 2, initializer: .xavier)
        }
        network.initialize(using: &random)
        var step = TrainingStep(network, optimizer: .adam(learningRate: 0.05))
        let first = step(Batch(of: inputs, targets: .classes(labels), rows: [0, 1, 2, 3]))
        var last = first
        for _ in 0..<200 { last = step(Batch(of: inputs, targets: .classes(labels), rows: [0, 1, 2, 3])) }
        #expect(last < 0.02 && last < first)
        let tape = Tape<Float>(isTraining: false)
        #expect(network(tape.input(inputs, rows: [0, 1, 2, 3])).argMax() == labels)
    }

    @Test func aLossThatIsNotFiniteChangesNothing() {
        let inputs = FeatureMatrix.bytes(NDArray<UInt8>(shape: [1, 2], elements: [255, 255]))
        let network = Sequential { Dense(2, 2) }
        network.parameters[0].value = NDArray(shape: [2, 2], elements: [.infinity, 1, 1, 1])
        var step = TrainingStep(network, optimizer: .sgd(learningRate: 1))
        let loss = step(Batch(of: inputs, targets: .classes([0]), rows: [0]))
        #expect(!loss.isFinite)
        #expect(network.parameters[0].value.elements == [.infinity, 1, 1, 1])
        #expect(step.state.stepCount == 0)
    }

    /// Two layers that are one: its gradient is the sum over both uses, and it is updated once.
    @Test func aSharedLayerIsOneParameter() {
        struct Twice: Layer {
            let layer = Dense(2, 2)
            let copies: [Dense]
            init() { copies = [layer] }
            func callAsFunction<Scalar: DifferentiableScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
                copies[0](layer(x))
            }
        }
        let network = Twice()
        network.layer.weight.value = NDArray(shape: [2, 2], elements: [1, 2, 3, 4])
        #expect(network.namedParameters.map(\.name).count == 4)
        #expect(network.parameters.count == 2)
        // x = (1, 0): y = (1, 2) W = (7, 10); sum(y) by W is x^T 1 W^T + (x W)^T 1 = [[4, 8], [2, 2]], by hand.
        let tape = Tape<Float>()
        let y = network(tape.constant(NDArray(shape: [1, 2], elements: [1, 0])))
        #expect(y.value.elements == [7, 10])
        let gradients = tape.gradients(of: y.sum())
        #expect(gradients[network.layer.weight]?.elements == [4, 8, 2, 2])
        var state = OptimizerState(.sgd(learningRate: 1), for: network.parameters)
        state.update(with: gradients)
        #expect(network.layer.weight.value.elements == [-3, -6, 1, 2])
    }

    /// Products and updates here are large enough to be divided into parts; the bits must not show it.
    @Test func stepsGiveTheSameBitsOnAnyNumberOfThreads() {
        let before = Threads.count
        defer { Threads.setCount(before) }
        var random = RandomState(11)
        let bytes = (0..<(500 * 784)).map { _ in UInt8(random.randint(1, 256)) }
        let inputs = FeatureMatrix.bytes(NDArray(shape: [500, 784], elements: bytes))
        #expect(!inputs.isMostlyZero)
        let labels = (0..<500).map { Int32($0 % 10) }
        func weights(threads: Int) -> [[Float]] {
            Threads.setCount(threads)
            var random = RandomState(1)
            let network = Sequential {
                Dense(784, 300, activation: .relu, initializer: .he)
                Dense(300, 10)
            }
            network.initialize(using: &random)
            var step = TrainingStep(network, optimizer: .adam())
            for _ in 0..<3 { _ = step(Batch(of: inputs, targets: .classes(labels), rows: Array(0..<500))) }
            return network.parameters.map(\.value.elements)
        }
        let one = weights(threads: 1)
        for threads in [2, 5] { #expect(weights(threads: threads) == one, "\(threads) threads") }
    }
}
