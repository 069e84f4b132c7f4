import Arrays
import Autodiff
import ExampleData
import TestSupport
import Testing

@testable import Networks

/// Training on examples that are mostly zero: whatever they are kept as, and however the update is made, the weights are
/// the same.
@Suite(.serialized) struct SparseTrainingTests {
    private static let columns = 600

    /// 200 examples of three classes, one number in ten not zero; each class has columns of its own.
    private func examples() -> (bytes: NDArray<UInt8>, labels: [Int32]) {
        var random = RandomState(7)
        let labels = (0..<200).map { Int32($0 % 3) }
        var values: [UInt8] = []
        for label in labels {
            for column in 0..<Self.columns {
                let share = column % 3 == Int(label) ? 0.2 : 0.05
                values.append(random.rand() < share ? UInt8(random.randint(1, 256)) : 0)
            }
        }
        return (NDArray(shape: [200, Self.columns], elements: values), labels)
    }

    private func network() -> Sequential {
        let network = Sequential {
            Dense(Self.columns, 20, activation: .sigmoid, initializer: .xavier)
            Dense(20, 3)
        }
        var random = RandomState(1)
        network.initialize(using: &random)
        return network
    }

    /// The weights after 60 steps of 50 examples.
    private func weights(
        _ optimizer: some Optimizer, clipping: GradientClipping? = nil,
        _ step: (inout TrainingStep, [Int32]) -> Void
    ) -> [[Float]] {
        let network = network()
        var training = TrainingStep(network, optimizer: optimizer, clipping: clipping)
        for k in 0..<60 { step(&training, (0..<50).map { Int32((k * 37 + $0 * 3) % 200) }) }
        return network.parameters.map(\.value.elements)
    }

    /// A limit that no gradient reaches makes the optimiser ask for the gradient itself.
    @Test(arguments: [Float(0), 0.01]) func descentInPlaceHasTheBitsOfGradientAndUpdate(decay: Float) {
        let (bytes, labels) = examples()
        let inputs = FeatureMatrix.bytes(bytes)
        let numbers = FeatureMatrix.floats(
            NDArray(shape: bytes.shape, elements: bytes.elements.map { Float($0) / 255 }))
        #expect(inputs.isMostlyZero && numbers.isMostlyZero)
        let rule = SGD(learningRate: 0.5, weightDecay: decay)
        let inPlace = weights(rule) { _ = $0(Batch(of: inputs, targets: .classes(labels), rows: $1)) }
        #expect(
            weights(rule, clipping: .value(1e9)) {
                _ = $0(Batch(of: inputs, targets: .classes(labels), rows: $1))
            } == inPlace)
        let compressed = weights(rule) { _ = $0(Batch(of: numbers, targets: .classes(labels), rows: $1)) }
        #expect(
            weights(rule, clipping: .value(1e9)) {
                _ = $0(Batch(of: numbers, targets: .classes(labels), rows: $1))
            } == compressed)
    }

    /// The oracle: the same training with every zero multiplied, in another order of summation.
    @Test(arguments: [SGD(learningRate: 0.5), Adam(learningRate: 0.01)] as [any Optimizer])
    func allFormsTrainAlike(optimizer: any Optimizer) {
        let (bytes, labels) = examples()
        let floats = NDArray<Float>(
            shape: bytes.shape, elements: bytes.elements.map { Float($0) * Float(1) / 255 })
        let inputs = FeatureMatrix.bytes(bytes)
        let numbers = FeatureMatrix.floats(floats)
        func batch(_ rows: [Int32]) -> NDArray<Float> {
            NDArray(
                shape: [rows.count, Self.columns],
                elements: rows.flatMap { floats.elements[(Int($0) * Self.columns)...].prefix(Self.columns) })
        }
        let dense = weights(optimizer) { step, rows in
            _ = step { [network = step.network, loss = step.loss] tape in
                // A variable is never searched for zeros.
                loss(network(tape.variable(batch(rows))), labels: rows.map { labels[Int($0)] })
            }
        }
        let forms: [(String, [[Float]])] = [
            ("bytes", weights(optimizer) { _ = $0(Batch(of: inputs, targets: .classes(labels), rows: $1)) }),
            (
                "numbers",
                weights(optimizer) { _ = $0(Batch(of: numbers, targets: .classes(labels), rows: $1)) }
            ),
            (
                "batches",
                weights(optimizer) { step, rows in
                    _ = step { [network = step.network, loss = step.loss] tape in
                        loss(network(tape.constant(batch(rows))), labels: rows.map { labels[Int($0)] })
                    }
                }
            ),
        ]
        for (name, found) in forms {
            for (mine, theirs) in paired(found, dense) {
                let worst = largestDifference(mine, theirs)
                #expect(worst < 2e-4, "\(name)")
            }
        }
    }

    @Test func learnsFromCompressedText() {
        let (bytes, labels) = examples()
        let numbers = FeatureMatrix.floats(
            NDArray(shape: bytes.shape, elements: bytes.elements.map { Float($0) / 255 }))
        let network = network()
        var step = TrainingStep(network, optimizer: .sgd(learningRate: 0.5))
        let first = step(Batch(of: numbers, targets: .classes(labels), rows: (0..<200).map { $0 }))
        var last = first
        for _ in 0..<200 {
            last = step(Batch(of: numbers, targets: .classes(labels), rows: (0..<200).map { $0 }))
        }
        #expect(last < first / 5, "\(first) to \(last)")
    }
}
