import Arrays
import Autodiff
import ExampleData
import Support
import TestSupport
import Testing

@testable import Networks

/// Passes without a tape against passes with one: two programs that share no line of the forward pass.
@Suite struct BatchObjectiveTests {
    private let inputs: FeatureMatrix
    private let rows: [Int32] = [3, 0, 7, 7, 9, 2, 5]
    private let labels: [Int32] = [1, 0, 2, 2, 4, 3, 0]

    init() {
        // 30 features, three quarters zero; two blocks of columns.
        var random = RandomState(11)
        let bytes = (0..<10 * 60).map { _ in
            random.nextUInt32() % 4 == 0 ? UInt8(truncatingIfNeeded: random.nextUInt32() % 256) : 0
        }
        inputs = FeatureMatrix.bytes(NDArray(shape: [10, 60], elements: bytes))
    }

    private func network(_ activation: Activation, hidden: Int = 13) -> Sequential {
        let network = Sequential {
            Dense(60, hidden, activation: activation, initializer: .xavier)
            Dense(hidden, 9, activation: .tanh, initializer: .xavier)
            Dense(9, 5, initializer: .xavier)
        }
        var random = RandomState(5)
        network.initialize(using: &random)
        return network
    }

    @Test(
        arguments: [Activation.identity, .sigmoid, .tanh, .relu, .elu(alpha: 0.5), .gelu],
        [Loss.crossEntropy, .meanSquaredError])
    func denseAndTapeAgree(activation: Activation, loss: Loss) throws {
        // 70 units are nine vectors, one more than a group.
        for hidden in [1, 13, 70] {
            let network = network(activation, hidden: hidden)
            let tape = TapeObjective(network, loss: loss, inputs: inputs, rows: rows, labels: labels)
            for skipsZeros in [true, false] {
                let dense = try #require(
                    DenseObjective(
                        network, loss: loss, inputs: inputs, rows: rows, labels: labels,
                        skipsZeros: skipsZeros))
                #expect(abs(dense.loss() - tape.loss()) < 1e-13)
                let places = [(0, 0), (0, 60 * hidden - 1), (1, hidden - 1), (2, 8), (3, 0), (4, 44), (5, 4)]
                    .map { ParameterPlace(parameter: $0.0, element: $0.1) }
                let base = tape.loss()
                let one = dense.differences(at: places[...], step: 1e-3, loss: base)
                let other = tape.differences(at: places[...], step: 1e-3, loss: base)
                for (one, other) in paired(one, other) {
                    #expect(abs(one.slope - other.slope) < 1e-10, "\(activation) \(loss) \(hidden)")
                    #expect(abs(one.bend - other.bend) < 1e-9)
                }
                // Everything is as it was.
                #expect(abs(dense.loss() - base) < 1e-13 && tape.loss() == base)
            }
        }
    }

    @Test func theSameBitsOnAnyNumberOfThreads() throws {
        let network = network(.sigmoid)
        let places = (0..<200).map { ParameterPlace(parameter: 0, element: $0 * 3) }
        let usual = Threads.count
        defer { Threads.setCount(usual) }
        let results = try [1, 2, 3, 7].map { threads in
            Threads.setCount(threads)
            let passes = try #require(
                DenseObjective(network, loss: .crossEntropy, inputs: inputs, rows: rows, labels: labels))
            return passes.differences(at: places[...], step: 1e-5, loss: passes.loss())
        }
        for result in results { #expect(result == results[0]) }
    }

    @Test func theTapesGradientIsTheSlope() {
        let network = network(.tanh)
        let passes = TapeObjective(
            network, loss: .crossEntropy, inputs: inputs, rows: rows, labels: labels)
        let gradients = passes.gradients()
        for parameter in notEmpty(passes.parameters.indices) {
            let slope = passes.differences(
                at: [ParameterPlace(parameter: parameter, element: 3)][...], step: 1e-4, loss: passes.loss())[
                    0
                ].slope
            #expect(abs(gradients[parameter].elements[3] - slope) < 1e-8)
        }
    }

    @Test func measuredMomentsComeBack() {
        let network = Sequential {
            Dense(60, 6, initializer: .xavier)
            BatchNormalization(6)
            Dense(6, 5, initializer: .xavier)
        }
        var random = RandomState(3)
        network.initialize(using: &random)
        let before = network.parameters.map { $0.value.elements }
        let passes = TapeObjective(
            network, loss: .crossEntropy, inputs: inputs, rows: rows, labels: labels)
        _ = passes.loss()
        #expect(network.parameters.map { $0.value.elements } != before)
        passes.restore()
        #expect(network.parameters.map { $0.value.elements } == before)
        #expect(passes.parameters.count == 6)
        #expect(
            DenseObjective(network, loss: .crossEntropy, inputs: inputs, rows: rows, labels: labels)
                == nil)
    }

    @Test func sharedWeightsNeedTheTape() {
        let shared = Dense(60, 60)
        let network = Sequential {
            shared
            shared
            Dense(60, 5)
        }
        #expect(
            DenseObjective(network, loss: .crossEntropy, inputs: inputs, rows: rows, labels: labels)
                == nil)
    }
}
