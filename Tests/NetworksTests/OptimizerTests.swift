import Arrays
import Autodiff
import Foundation
import Support
import TestSupport
import Testing

@testable import Networks

/// Five steps of every rule against PyTorch (`Vectors/make_optimizer_vectors.py`; its version is in the file).
@Suite struct OptimizerTests {
    struct Vectors: Decodable {
        let start: [Float]
        let gradients: [[Float]]
        let weights: [String: [[Double]]]
    }

    static func vectors() throws -> Vectors { try TestSupport.vectors("optimizers.json") }

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
        for (gradient, weights) in paired(vectors.gradients, expected) {
            // The gradient of sum(w c) by w is c.
            let tape = Tape<Float>()
            let loss = (tape.parameter(parameter) * tape.constant(NDArray(shape: [4], elements: gradient)))
                .sum()
            let gradients = tape.gradients(of: loss)
            state.update(with: gradients)
            for (found, wanted) in paired(parameter.value.elements, weights) {
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

    /// What checkpoints of version 0.1.0 have written down; a run from one of them must find its own settings again.
    @Test func descriptionsAreThoseOfCheckpoints() {
        let rules: [any Optimizer] = [
            SGD(learningRate: 0.1), Momentum(learningRate: 0.1), Nesterov(learningRate: 0.1), AdaGrad(),
            RMSProp(),
            Adam(), AdamW(),
        ]
        #expect(
            rules.map(\.description) == [
                "sgd(learningRate: 0.1, weightDecay: 0.0)",
                "momentum(learningRate: 0.1, momentum: 0.9, weightDecay: 0.0)",
                "nesterov(learningRate: 0.1, momentum: 0.9, weightDecay: 0.0)",
                "adaGrad(learningRate: 0.01, epsilon: 1e-07, weightDecay: 0.0)",
                "rmsProp(learningRate: 0.001, decay: 0.99, epsilon: 1e-07, weightDecay: 0.0)",
                "adam(learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-08, weightDecay: 0.0)",
                "adamW(learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-08, weightDecay: 0.01)",
            ])
        #expect(OptimizerRegistry.standard.names == rules.map { type(of: $0).kind })
        #expect(
            OptimizerRegistry.standard.kinds.map { $0.usualLearningRate } == [
                0.1, 0.01, 0.01, 0.01, 0.001, 0.001, 0.001,
            ])
    }

    /// A rule of one's own: found by its name, replaced by another of the same name, and told from none.
    @Test func aRegistryTakesMore() throws {
        struct Halving: Optimizer {
            static let kind = "halving"
            var learningRate: Float = 1
            var weightDecay: Float = 0
            func update(
                _ weights: inout NDArray<Float>, gradient: NDArray<Float>, state: inout [NDArray<Float>],
                step: Int
            ) { weights *= 0.5 }
        }
        var registry = OptimizerRegistry.standard
        registry.register(Halving.self)
        registry.register(Halving.self)
        #expect(registry.names == OptimizerRegistry.standard.names + ["halving"])
        let parameter = Parameter(shape: [2], initializer: .constant(3))
        parameter.value = NDArray(shape: [2], elements: [2, 6])
        func state(_ rule: some Optimizer) -> OptimizerState { OptimizerState(rule, for: [parameter]) }
        var halving = state(try registry.kind(named: "halving").init())
        let tape = Tape<Float>()
        halving.update(with: tape.gradients(of: tape.parameter(parameter).sum()))
        #expect(parameter.value.elements == [1, 3])
        let error = #expect(throws: DescentError.self) {
            try OptimizerRegistry.standard.kind(named: "halving")
        }
        #expect(error?.description.contains("unknown optimizer") == true, "\(error?.description ?? "")")
    }

    @Test("An update is refused what does not fit")
    func shapesAreAskedFor() async {
        await #expect(processExitsWith: .failure) {
            var (weights, state) = (NDArray<Float>(shape: [2], repeating: 1), [NDArray<Float>]())
            SGD().update(&weights, gradient: NDArray(shape: [3], repeating: 1), state: &state, step: 1)
        }
        await #expect(processExitsWith: .failure) {
            var (weights, state) = (NDArray<Float>(shape: [2], repeating: 1), [NDArray<Float>]())
            Adam().update(&weights, gradient: NDArray(shape: [2], repeating: 1), state: &state, step: 1)
        }
    }
}
