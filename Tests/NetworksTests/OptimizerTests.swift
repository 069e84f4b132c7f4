import Arrays
import Autodiff
import Foundation
import Testing

@testable import Networks

/// Five steps of every rule against PyTorch (`Vectors/make_optimizer_vectors.py`; its version is in the file).
@Suite struct OptimizerTests {
    struct Vectors: Decodable {
        let start: [Float]
        let gradients: [[Float]]
        let weights: [String: [[Double]]]
    }

    static func vectors() throws -> Vectors {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let data = try Data(contentsOf: folder.appendingPathComponent("Vectors/optimizers.json"))
        return try JSONDecoder().decode(Vectors.self, from: data)
    }

    static let optimizers: [any Optimizer] = [
        SGD(learningRate: 0.1, weightDecay: 0.01),
        Momentum(learningRate: 0.1, momentum: 0.9, weightDecay: 0.01),
        Nesterov(learningRate: 0.1, momentum: 0.9, weightDecay: 0.01),
        AdaGrad(learningRate: 0.1, epsilon: 1e-7, weightDecay: 0.01),
        RMSProp(learningRate: 0.01, decay: 0.99, epsilon: 1e-7, weightDecay: 0.01),
        Adam(learningRate: 0.01, weightDecay: 0.01),
        AdamW(learningRate: 0.01, weightDecay: 0.01),
    ]

    @Test(arguments: optimizers)
    func followsPyTorch(_ optimizer: any Optimizer) throws {
        let vectors = try Self.vectors()
        let expected = try #require(vectors.weights[type(of: optimizer).kind])
        let parameter = Parameter(shape: [4], initializer: .zeros)
        parameter.value = NDArray(shape: [4], elements: vectors.start)
        var state = OptimizerState(optimizer, for: [parameter])
        for (gradient, weights) in zip(vectors.gradients, expected) {
            // The gradient of sum(w c) by w is c.
            let tape = Tape<Float>()
            let loss = (tape.parameter(parameter) * tape.constant(NDArray(shape: [4], elements: gradient)))
                .sum()
            let gradients = tape.gradients(of: loss)
            state.update(with: gradients)
            for (found, wanted) in zip(parameter.value.elements, weights) {
                #expect(abs(Double(found) - wanted) < 2e-6, "\(optimizer), step \(state.stepCount)")
            }
        }
        #expect(state.stepCount == expected.count && expected.count == 5)
    }

    @Test func aParameterWithoutAGradientStays() {
        let used = Parameter(shape: [1], initializer: .zeros)
        let unused = Parameter(shape: [2], initializer: .zeros)
        unused.value = NDArray(shape: [2], elements: [1, 2])
        var state = OptimizerState(.sgd(learningRate: 1, weightDecay: 0.5), for: [used, unused])
        let tape = Tape<Float>()
        state.update(with: tape.gradients(of: tape.parameter(used).sum()))
        #expect(used.value.elements == [-1])
        #expect(unused.value.elements == [1, 2])
    }
}
