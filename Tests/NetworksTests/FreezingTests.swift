import Arrays
import Autodiff
import ExampleData
import Testing

@testable import Networks

@Suite struct FreezingTests {
    private func network() -> Sequential {
        var random = RandomState(5)
        let network = Sequential {
            Reshape([1, 6, 6])
            Convolution(1, 3, kernel: 3, activation: .relu)
            BatchNormalization(3)
            Flatten()
            Dense(48, 20, activation: .tanh, initializer: .xavier)
            LayerNormalization(20)
            Dense(20, 4, initializer: .xavier)
        }
        network.initialize(using: &random)
        return network
    }

    private let inputs: NDArray<Float> = {
        var random = RandomState(6)
        return random.normal(shape: [10, 36])
    }()
    private let labels: [Int32] = [0, 1, 2, 3, 0, 1, 2, 3, 0, 1]

    private func bits(_ parameters: [Parameter]) -> [[UInt32]] {
        parameters.map { $0.value.elements.map(\.bitPattern) }
    }

    @Test(arguments: [[1], [2], [4], [5], [6], [1, 2, 4, 5], [4, 5, 6]])
    func frozenLayersKeepTheirValuesAndTheOthersLearnAsBefore(frozen: [Int]) {
        let network = network()
        for index in frozen { network.layers[index].freeze() }
        let others = network.layers.indices.filter { !frozen.contains($0) }
        let kept = frozen.flatMap { network.layers[$0].parameters.filter { !$0.isBuffer } }
        let trained = others.flatMap { network.layers[$0].parameters.filter { !$0.isBuffer } }
        #expect(network.parameterCount == trained.reduce(0) { $0 + $1.count })
        #expect(network.frozenParameterCount == kept.reduce(0) { $0 + $1.count })

        // One step's gradients are those of the network without anything frozen.
        func gradients(_ network: Sequential) -> ([NDArray<Float>?]) {
            let tape = Tape<Float>()
            let loss = network(tape.constant(inputs)).softmaxCrossEntropy(labels: labels)
            let gradients = tape.gradients(of: loss)
            return network.parameters.map { gradients[$0] }
        }
        let whole = gradients(self.network())
        for (index, found) in gradients(network).enumerated() {
            let parameter = network.parameters[index]
            if parameter.isTrainable {
                #expect(found == whole[index])
            } else {
                #expect(found == nil)
            }
        }

        for optimizer in [.sgd(learningRate: 0.1), .adamW()] as [any Optimizer] {
            let before = (bits(kept), bits(trained))
            var optimizer = optimizer
            optimizer.weightDecay = 0.1
            var step = TrainingStep(network, optimizer: optimizer, clipping: .norm(1))
            for _ in 0..<3 {
                _ = step { Loss.crossEntropy(network($0.constant(inputs)), labels: labels) }
            }
            #expect(bits(kept) == before.0)
            #expect(zip(bits(trained), before.1).allSatisfy { $0 != $1 })
        }
    }

    /// Rows that are mostly zero take another way to their gradients.
    @Test func aFrozenFirstLayerOfBytesKeepsItsValues() {
        var random = RandomState(1)
        let bytes = NDArray<UInt8>(
            shape: [50, 100], elements: (0..<5000).map { $0 % 9 == 0 ? UInt8($0 % 256) : 0 })
        let network = Sequential {
            Dense(100, 30, activation: .relu, initializer: .he)
            Dense(30, 4, initializer: .xavier)
        }
        network.initialize(using: &random)
        network.layers[0].freeze()
        let before = bits(network.parameters)
        var step = TrainingStep(network, optimizer: .sgd(learningRate: 0.1))
        let inputs = FeatureMatrix.bytes(bytes)
        let classes = (0..<50).map { Int32($0 % 4) }
        for _ in 0..<3 {
            _ = step(Batch(of: inputs, targets: .classes(classes), rows: (0..<50).map { Int32($0) }))
        }
        let after = bits(network.parameters)
        #expect(after[0] == before[0] && after[1] == before[1] && after[2] != before[2])
        // Trained again once it is free.
        network.unfreeze()
        _ = step(Batch(of: inputs, targets: .classes(classes), rows: (0..<50).map { Int32($0) }))
        #expect(bits(network.parameters)[0] != before[0])
    }

    @Test func buffersAreNeverTrainableAndFrozenValuesAreNotDrawnAgain() {
        let network = network()
        network.freeze()
        network.unfreeze()
        #expect(network.parameters.count(where: \.isBuffer) == 2)
        #expect(network.parameters.allSatisfy { $0.isTrainable != $0.isBuffer })
        network.layers[4].freeze()
        let before = bits(network.layers[4].parameters)
        var random = RandomState(77)
        network.initialize(using: &random)
        #expect(bits(network.layers[4].parameters) == before)
    }

    /// Passes without a tape move every parameter: a network with frozen ones goes over the tape.
    @Test func frozenParametersAreNoneOfThoseThatAreChecked() {
        let network = Sequential {
            Dense(4, 3, activation: .tanh)
            Dense(3, 2)
        }
        let inputs = FeatureMatrix.bytes(NDArray<UInt8>(shape: [2, 4], elements: [1, 2, 3, 4, 5, 6, 7, 8]))
        func passes() -> DenseObjective? {
            DenseObjective(network, loss: .crossEntropy, inputs: inputs, rows: [0, 1], labels: [0, 1])
        }
        #expect(passes() != nil)
        network.layers[0].parameters[1].isTrainable = false
        #expect(passes() == nil)
        let tape = TapeObjective(
            network, loss: .crossEntropy, inputs: inputs, rows: [0, 1], labels: [0, 1])
        #expect(tape.parameters.count == 3)
    }
}
