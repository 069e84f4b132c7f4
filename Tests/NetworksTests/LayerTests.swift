import Arrays
import Autodiff
import ExampleData
import Support
import TestSupport
import Testing

@testable import Networks

@Suite struct LayerTests {
    private func network() -> Sequential {
        Sequential {
            Flatten()
            Dense(12, 8)
            LayerNormalization(8)
            ActivationLayer(.gelu)
            Residual {
                Dense(8, 8, activation: .elu())
                Dropout(0.25)
            }
            Residual(projection: Dense(8, 3)) { Dense(8, 3, activation: .leakyReLU()) }
        }
    }

    @Test func parametersAreNamedByTheirPlace() {
        #expect(
            network().namedParameters.map(\.name) == [
                "1.weight", "1.bias", "2.gain", "2.shift", "4.body.0.weight", "4.body.0.bias",
                "5.body.0.weight",
                "5.body.0.bias", "5.projection.weight", "5.projection.bias",
            ])
        #expect(network().parameters[2].value.elements == [Float](repeating: 1, count: 8))
    }

    @Test func shapesFitBeforeAnythingRuns() throws {
        #expect(try network().outputShape(for: [3, 4]) == [3])
        #expect(
            throws: DescentError(
                .usage, "examples do not fit the layer", at: "layer 1, Dense(12, 8)", expected: "shape [12]",
                got: "[10]")
        ) { try network().outputShape(for: [10]) }
        let wrong = Sequential {
            Residual { Dense(4, 5) }
        }
        #expect(
            throws: DescentError(
                .usage, "the body's output cannot be added to the input", at: "layer 0, Residual",
                expected: "shape [4]", got: "[5]",
                advice: "give a projection that brings the input to the body's shape")
        ) { try wrong.outputShape(for: [4]) }
        #expect(
            throws: DescentError(
                .usage, "examples do not fit the layer", at: "layer 0, Residual, layer 0, Dense(4, 5)",
                expected: "shape [4]", got: "[6]")
        ) { try wrong.outputShape(for: [6]) }
        #expect(
            throws: DescentError(
                .usage, "examples do not fit the layer", at: "LayerNormalization(2, 3)",
                expected: "shape ending in [2, 3]", got: "[3]")
        ) { try LayerNormalization(2, 3).outputShape(for: [3]) }
        #expect(try LayerNormalization(3).outputShape(for: [2, 3]) == [2, 3])
        #expect(try Flatten().outputShape(for: [2, 3, 4]) == [24])
        #expect(try ActivationLayer(.relu).outputShape(for: [2, 3]) == [2, 3])
        #expect(try Dropout(0.5).outputShape(for: [7]) == [7])
    }

    /// The whole network in Double against central differences, its dropout held by the tape's seed.
    @Test func aNetworksGradientsAgreeWithCentralDifferences() {
        let seed = 12
        var random = RandomState(seed)
        let network = network()
        for parameter in network.parameters {
            parameter.value = random.normal(scale: 0.6, shape: parameter.shape)
        }
        let x: NDArray<Double> = random.normal(shape: [4, 3, 4], as: Double.self)
        let loss = { (inputs: [Tensor<Double>]) in
            Loss.crossEntropy(smoothing: 0.1)(network(inputs[0]), labels: [0, 2, 1, 1])
        }
        // A single result is weighed by 0.3: 1e-7 of the gradient itself.
        expectGradients("seed \(seed)", at: [x], tolerance: 3e-8, of: loss)
        expectSpoiledGradientsAreFound("seed \(seed)", at: [x], tolerance: 3e-8, of: loss)
        // And by one of the parameters, moved by hand.
        let weight = network.parameters[4]
        let tape = Tape<Double>()
        let gradient = tape.gradients(of: network(tape.constant(x)).sum())[weight]
        func total(_ change: Float) -> Double {
            let original = weight.value
            defer { weight.value = original }
            var values = original.elements
            values[5] += change
            weight.value = NDArray(shape: weight.shape, elements: values)
            let tape = Tape<Double>(recordsGradients: false)
            return network(tape.constant(x)).value.sum()
        }
        let numerical = (total(0x1p-10) - total(-0x1p-10)) / 0x1p-9
        #expect(abs((gradient?.elements[5] ?? 0) - numerical) < 1e-5 * max(1, abs(numerical)))
    }

    @Test func aResidualWithoutBodyIsTwiceTheInput() {
        let tape = Tape<Float>()
        let x = tape.constant(NDArray(shape: [1, 2], elements: [1, -2]))
        #expect(Residual {}(x).value.elements == [2, -4])
    }

    /// y = 2 x0 - x1 + 0.5, found from numbers instead of labels.
    @Test func learnsAFunctionFromTargets() {
        var random = RandomState(4)
        let x: NDArray<Float> = random.normal(shape: [64, 2])
        let values = x.elements
        let y = NDArray<Float>(
            shape: [64, 1], elements: (0..<64).map { 2 * values[2 * $0] - values[2 * $0 + 1] + 0.5 })
        for loss in [Loss.meanSquaredError, .huber] {
            let network = Sequential { Dense(2, 1) }
            network.initialize(using: &random)
            var step = TrainingStep(network, loss: loss, optimizer: .sgd(learningRate: 0.3))
            var last = Float.infinity
            for _ in 0..<200 { last = step(Batch(.floats(x), targets: .values(y))) }
            #expect(last < 1e-6, "\(loss)")
            let found = network(Tape<Float>(isTraining: false).constant(x)).value
            for (found, wanted) in paired(found.elements, y.elements) {
                #expect(abs(found - wanted) < 5e-3)
            }
            for (found, wanted) in paired(network.parameters[0].value.elements, [2, -1] as [Float]) {
                #expect(abs(found - wanted) < 1e-3)
            }
        }
    }

    /// Masks differ from step to step and are the same again for the same seed.
    @Test func aSeedDecidesTheMasks() {
        func weights(seed: Int) -> [Float] {
            var random = RandomState(1)
            let network = Sequential {
                Dense(6, 20, activation: .relu, initializer: .he)
                Dropout(0.5)
                Dense(20, 2)
            }
            network.initialize(using: &random)
            let x: NDArray<Float> = random.normal(shape: [8, 6])
            let y: NDArray<Float> = random.normal(shape: [8, 2])
            var step = TrainingStep(network, loss: .meanSquaredError, optimizer: .adam(), seed: seed)
            for _ in 0..<4 { _ = step(Batch(.floats(x), targets: .values(y))) }
            return network.parameters[0].value.elements
        }
        #expect(weights(seed: 1) == weights(seed: 1))
        #expect(weights(seed: 1) != weights(seed: 2))
    }
}
