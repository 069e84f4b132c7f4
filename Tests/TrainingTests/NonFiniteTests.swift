import Arrays
import Autodiff
import Datasets
import Networks
import TestSupport
import Testing

@testable import Training


/// Numbers that are none name the layer where they first appeared.
@Suite struct NonFiniteTests {
    private func place(_ network: Sequential, epochs: Int = 2) -> TrainingDiverged? {
        #expect(throws: TrainingDiverged.self) {
            try Trainer(batchSize: 10, epochs: epochs)
                .fit(network, on: ToyImages.make(20, seed: 1))
        }
    }

    private func network(_ activation: Activation) -> Sequential {
        let network = Sequential {
            Dense(144, 8, activation: activation, initializer: .he)
            Dense(8, 6, activation: activation, initializer: .he)
            Dense(6, 4, initializer: .he)
        }
        var random = RandomState(5)
        network.initialize(using: &random)
        return network
    }

    private func spoil(_ network: Sequential, _ index: Int, _ value: Float) {
        var elements = network.parameters[index].value.elements
        elements[elements.count / 2] = value
        network.parameters[index].value = NDArray(shape: network.parameters[index].shape, elements: elements)
    }

    @Test(arguments: [Activation.relu, .sigmoid, .tanh, .gelu, .identity], [0, 2, 4])
    func weightsThatAreNoneAreFound(activation: Activation, index: Int) {
        for value in [Float.nan, .infinity] {
            let network = network(activation)
            spoil(network, index, value)
            let error = place(network)
            #expect(
                error?.place?.hasPrefix("layer \(index / 2) (Dense)") == true,
                "\(activation), parameter \(index), \(value): \(error?.place ?? "nothing")")
        }
    }

    // oneDNN's ReLU makes 0 of NaN: the loss stays a number, and the epoch's end finds out.
    @Test func weightsThatReLUHidesAreFound() {
        let network = Sequential {
            Reshape([1, 12, 12])
            Convolution(1, 4, kernel: 3, activation: .relu)
            Flatten()
            Dense(400, 4)
        }
        var random = RandomState(5)
        network.initialize(using: &random)
        spoil(network, 0, .nan)
        #expect(place(network, epochs: 1)?.place?.hasPrefix("layer 1 (Convolution)") == true)
    }

    @Test func aForwardPassThatOverflowsNamesItsLayer() {
        let network = network(.relu)
        network.parameters[0].value = NDArray(shape: [144, 8], repeating: 1)
        network.parameters[2].value = NDArray(shape: [8, 6], repeating: 3e38)
        #expect(place(network)?.place == "layer 1 (Dense), forward")
    }

    // The loss of the step is finite; the gradient of the first layer is not, because it is multiplied by 1e38 twice.
    @Test func aGradientThatOverflowsNamesItsLayer() {
        let network = network(.identity)
        network.parameters[0].value = NDArray(shape: [144, 8], repeating: 0)
        network.parameters[2].value = NDArray(shape: [8, 6], repeating: 1e30)
        network.parameters[4].value = NDArray(
            shape: [6, 4], elements: (0..<24).map { $0 % 4 == 0 ? 1e30 : 0 })
        let error = place(network)
        #expect(error?.step ?? 9 <= 2)
        #expect(
            error?.place == "layer 0 (Dense), whose weights an earlier step's gradient made so",
            "\(error?.place ?? "nothing")")
    }

    /// A rate that suits the rule; and the decay, where that is what ran away.
    @Test(
        arguments: [
            (Adam(learningRate: 1e38), 1e38, "lower the learning rate (try 0.001),"),
            (Adam(learningRate: 0.005), 0.005, "lower the learning rate (try 0.0005),"),
            (SGD(learningRate: 0.1, weightDecay: 1e30), 0.1, "lower the weight decay (try 0.0001),"),
            (AdamW(learningRate: 0.001, weightDecay: 1e30), 0.001, "lower the weight decay (try 0.01),"),
            (
                Momentum(learningRate: 1e20, weightDecay: 1e30), 1e20,
                "lower the weight decay (try 0.0001) and the learning rate (try 0.01),"
            ),
            (SGD(learningRate: 1e38, weightDecay: 0.0001), 1e38, "lower the learning rate (try 0.1),"),
        ] as [(any Optimizer, Double, String)])
    func theAdviceSuitsTheRule(optimizer: any Optimizer, rate: Double, advice: String) {
        let diverged = TrainingDiverged(
            epoch: 1, step: 1, loss: .nan, learningRate: rate, optimizer: optimizer,
            history: LoopState().history)
        #expect(diverged.description.contains(advice), "\(diverged.description)")
        #expect(diverged.description.contains("and weight decay") == advice.contains("decay"))
    }

    /// A tenth of the rate; nothing that is no advice where that is absurd itself.
    @Test func theAdviceIsARateThatPeopleTrainWith() {
        for (rate, advised) in [(0.5, "0.05"), (10, "1.0"), (50, "0.1"), (1e20, "0.1"), (.infinity, "0.1")] {
            let diverged = TrainingDiverged(
                epoch: 1, step: 1, loss: .nan, learningRate: rate, history: LoopState().history)
            #expect(diverged.description.contains("(try \(advised))"), "\(diverged.description)")
        }
    }
}
