import Arrays
import Autodiff
import ExampleData
import Support
import TestSupport
import Testing

@testable import Networks

/// Groups, clipping and averages against PyTorch; states that are written and taken up again.
@Suite struct RestoringTests {
    private func pair() throws -> (first: Parameter, second: Parameter) {
        let start = try OptimizerTests.vectors().start
        let first = Parameter(shape: [4], initializer: .zeros)
        first.value = NDArray(shape: [4], elements: start)
        let second = Parameter(shape: [2], initializer: .zeros)
        second.value = NDArray(shape: [2], elements: try TrainingVectors.load().second)
        return (first, second)
    }

    /// The gradient of sum(w c) by w is c; the second parameter's is twice the first two numbers.
    private func step(
        _ state: inout OptimizerState, _ first: Parameter, _ second: Parameter, _ gradient: [Float]
    ) {
        let tape = Tape<Float>()
        let other = NDArray<Float>(shape: [2], elements: gradient.prefix(2).map { 2 * $0 })
        let loss =
            (tape.parameter(first) * tape.constant(NDArray(shape: [4], elements: gradient))).sum()
            + (tape.parameter(second) * tape.constant(other)).sum()
        let gradients = tape.gradients(of: loss)
        tape.clear()
        state.update(with: gradients)
    }

    private func follow(_ name: String, _ make: (Parameter, Parameter) -> OptimizerState) throws {
        let (first, second) = try pair()
        var state = make(first, second)
        let run = try #require(try TrainingVectors.load().runs[name])
        for (index, gradient) in try OptimizerTests.vectors().gradients.enumerated() {
            step(&state, first, second, gradient)
            let found = first.value.elements + second.value.elements
            for (a, b) in paired(found, run.weights[index].flatMap { $0 }) {
                #expect(abs(Double(a) - b) < 2e-6, "\(name), step \(index)")
            }
            #expect(run.norms.isEmpty == (name != "norm:0.5"))
            if !run.norms.isEmpty { #expect(abs((state.gradientNorm ?? 0) - run.norms[index]) < 1e-6) }
        }
    }

    @Test func clippingAndGroupsFollowPyTorch() throws {
        try follow("norm:0.5") {
            OptimizerState(.momentum(learningRate: 0.1), for: [$0, $1], clipping: .norm(0.5))
        }
        try follow("value:0.25") {
            OptimizerState(.adam(learningRate: 0.01), for: [$0, $1], clipping: .value(0.25))
        }
        try follow("groups") {
            OptimizerState(
                .adamW(learningRate: 0.01, weightDecay: 0.1),
                groups: [
                    ParameterGroup([NamedParameter("a", $0)], l1Penalty: 0.05),
                    ParameterGroup([NamedParameter("b", $1)], learningRateFactor: 2, weightDecay: 0),
                ])
        }
    }

    @Test func biasesAndGainsAreSpared() {
        let network = Sequential {
            Dense(3, 4)
            LayerNormalization(4)
            Dense(4, 2)
        }
        let groups = ParameterGroup.sparingVectors(of: network, weightDecay: 0.1)
        #expect(
            groups.map { $0.members.map(\.name) } == [
                ["0.weight", "2.weight"], ["0.bias", "1.gain", "1.shift", "2.bias"],
            ])
        #expect(groups.map(\.weightDecay) == [0.1, 0])
    }

    @Test(arguments: OptimizerTests.optimizers)
    func anOptimiserGoesOnFromWhatWasWritten(_ optimizer: any Optimizer) throws {
        let gradients = try OptimizerTests.vectors().gradients
        let (first, second) = try pair()
        var whole = OptimizerState(optimizer, for: [first, second])
        for gradient in gradients { step(&whole, first, second, gradient) }

        let (a, b) = try pair()
        var before = OptimizerState(optimizer, for: [a, b])
        for gradient in gradients.prefix(2) { step(&before, a, b, gradient) }
        before.optimizer.learningRate = optimizer.learningRate
        var after = OptimizerState(optimizer, for: [a, b])
        try after.restore(arrays: before.stateArrays, scalars: before.stateScalars)
        #expect(after.stepCount == 2)
        for gradient in gradients.dropFirst(2) { step(&after, a, b, gradient) }
        #expect(a.value.elements == first.value.elements && b.value.elements == second.value.elements)
    }

    @Test func statesThatDoNotFitAreRefusedByName() throws {
        let (a, b) = try pair()
        var adam = OptimizerState(.adam(), for: [a, b])
        let (arrays, scalars) = (adam.stateArrays, adam.stateScalars)
        #expect(arrays.map(\.name) == ["mean.0", "squared-mean.0", "mean.1", "squared-mean.1"])
        func refused(
            _ state: inout OptimizerState, _ arrays: [(name: String, value: NDArray<Float>)],
            _ scalars: [(name: String, value: Double)]
        ) -> String? {
            do {
                try state.restore(arrays: arrays, scalars: scalars)
                return nil
            } catch let error as DescentError {
                return error.kind == .badData ? error.what : "\(error)"
            } catch {
                return "\(error)"
            }
        }
        #expect(refused(&adam, Array(arrays.dropFirst()), scalars) == "'mean.0' is missing")
        #expect(refused(&adam, arrays + [arrays[0]], scalars) == "'mean.0' is given twice")
        #expect(refused(&adam, arrays + [("other", arrays[0].value)], scalars) == "'other' is unknown")
        #expect(refused(&adam, arrays, []) == "'steps' is missing")
        #expect(refused(&adam, arrays, [("steps", 1.5), scalars[1]]) == "'steps' is not a count")
        #expect(
            refused(&adam, arrays, [scalars[0], ("learning-rate", .nan)]) == "'learning-rate' is not a number"
        )
        let turned = arrays.map { ($0.name, $0.value.reshaped(to: [1, $0.value.count])) }
        #expect(refused(&adam, turned, scalars) == "'mean.0' is of another shape")
        var momentum = OptimizerState(.momentum(learningRate: 0.1), for: [a, b])
        #expect(refused(&momentum, arrays, scalars) == "'velocity.0' is missing")
        var sgd = OptimizerState(.sgd(learningRate: 0.1), for: [a, b])
        #expect(refused(&sgd, arrays, scalars) == "'mean.0' is unknown")
        #expect(adam.stepCount == 0 && refused(&adam, arrays, scalars) == nil)
    }

    @Test func averagesFollowPyTorch() throws {
        struct One: Layer {
            let w = Parameter(shape: [1], initializer: .zeros)
            func callAsFunction<Scalar: DifferentiableScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
                x * x.tape.parameter(w)
            }
        }
        let vectors = try TrainingVectors.load()
        #expect(vectors.averages.count == 4)
        for (name, expected) in vectors.averages {
            let network = One()
            let rule = try WeightAverage.Rule(parsing: name)
            #expect(WeightAverage.Rule(rule.description) == rule)
            var average = WeightAverage(rule, of: network)
            for (index, wanted) in expected.enumerated() {
                network.w.value = NDArray([vectors.averaged_weights[index]])
                average.update(step: index + 1)
                let copy = average
                average = WeightAverage(rule, of: network)
                try average.restore(arrays: copy.stateArrays, scalars: copy.stateScalars)
                average.swap()
                #expect(average.isSwapped == (wanted != nil))
                let value = wanted ?? Double(vectors.averaged_weights[index])
                #expect(abs(Double(network.w.value.elements[0]) - value) < 1e-6, "\(name), step \(index + 1)")
                average.swap()
                #expect(network.w.value.elements == [vectors.averaged_weights[index]])
            }
            average.apply()
            #expect(abs(Double(network.w.value.elements[0]) - (expected[11] ?? 0)) < 1e-6)
        }
        for wrong in ["ema:1", "ema:-0.1", "swa:from=-1", "swa:every=0", "mean"] {
            #expect(WeightAverage.Rule(wrong) == nil, "\(wrong)")
        }
    }

    /// Forty steps of a decay that looks back ten thousand: the weights' last values count, not their first ones.
    @Test func aLongAverageOfAShortRunFollowsIt() {
        struct One: Layer {
            let w = Parameter(shape: [1], initializer: .zeros)
            func callAsFunction<Scalar: DifferentiableScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x }
        }
        for decay in [0.9, 0.999, 0.9999, 0.999999] {
            let network = One()
            var average = WeightAverage(.exponential(decay: decay), of: network)
            var wanted = 0.0
            for step in 1...40 {
                // From 0 it comes to 1, and stays there.
                let w = min(1, Double(step - 1) / 20)
                network.w.value = NDArray([Float(w)])
                average.update(step: step)
                let d = step == 1 ? 0 : min(decay, Double(step) / Double(9 + step))
                wanted = d * wanted + (1 - d) * w
            }
            average.apply()
            let found = Double(network.w.value.elements[0])
            #expect(abs(found - wanted) < 1e-6 && found > 0.85, "\(decay): \(found), by hand \(wanted)")
        }
    }

    @Test func anAverageThatNeverBeginsIsTold() {
        #expect(WeightAverage.Rule.equal(from: 40).warning(steps: 40) == nil)
        #expect(
            WeightAverage.Rule.equal(from: 41, every: 3).warning(steps: 40)
                == "weights are averaged from step 41 and the run has 40: nothing is averaged, the result is the last "
                + "weights")
        #expect(WeightAverage.Rule.exponential(decay: 0.9999).warning(steps: 1) == nil)
    }

    /// More than 65,536 numbers: several parts. Clipping, penalties and averages with any number of threads.
    @Test func partsChangeNoBits() {
        let before = Threads.count
        defer { Threads.setCount(before) }
        func weights(threads: Int, _ optimizer: any Optimizer) -> [[Float]] {
            Threads.setCount(threads)
            var random = RandomState(2)
            let network = Sequential {
                Dense(300, 400, activation: .gelu, initializer: .he)
                LayerNormalization(400)
                Dropout(0.2)
                Residual { Dense(400, 400, activation: .elu(), initializer: .he) }
                Dense(400, 5)
            }
            network.initialize(using: &random)
            let x: NDArray<Float> = random.normal(shape: [64, 300])
            let y: NDArray<Float> = random.normal(shape: [64, 5])
            var step = TrainingStep(
                network, loss: .huber, optimizer: optimizer,
                groups: ParameterGroup.sparingVectors(of: network, weightDecay: 0.01, l1Penalty: 1e-5),
                clipping: .norm(0.1), seed: 3)
            var average = WeightAverage(.exponential(decay: 0.5), of: network)
            for count in 1...3 {
                _ = step(Batch(.floats(x), targets: .values(y)))
                average.update(step: count)
            }
            average.swap()
            return network.parameters.map(\.value.elements)
        }
        for optimizer in [AdamW(), Nesterov(learningRate: 0.1)] as [any Optimizer] {
            let one = weights(threads: 1, optimizer)
            for threads in [2, 5] {
                #expect(weights(threads: threads, optimizer) == one, "\(threads) threads")
            }
        }
    }
}
