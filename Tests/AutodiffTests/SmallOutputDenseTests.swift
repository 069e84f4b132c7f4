import Arrays
import TestSupport
import Testing

@testable import Autodiff

/// A layer of few outputs is one primitive in Float; the oracle is the general way in Double.
@Suite(.serialized) struct SmallOutputDenseTests {
    struct Size: CustomTestStringConvertible {
        let (rows, depth, outputs): (Int, Int, Int)
        init(_ rows: Int, _ depth: Int, _ outputs: Int) {
            (self.rows, self.depth, self.outputs) = (rows, depth, outputs)
        }
        var testDescription: String { "\(rows)x\(depth)x\(outputs)" }
    }

    private struct Result<Scalar: DifferentiableScalar>: Equatable {
        let y, x, weight, bias: [Scalar]
    }

    private func run<Scalar: DifferentiableScalar>(
        _ numbers: [NDArray<Double>], _ activation: Activation, as _: Scalar.Type
    ) -> Result<Scalar> {
        let tape = Tape<Scalar>()
        let inputs = numbers.map { array in
            tape.variable(NDArray(shape: array.shape, elements: array.elements.map { Scalar($0) }))
        }
        let y = inputs[0].dense(weight: inputs[1], bias: inputs[2], activation: activation)
        let gradients = tape.gradients(of: (y * inputs[3]).sum())
        return Result(
            y: y.value.elements, x: gradients[inputs[0]].elements, weight: gradients[inputs[1]].elements,
            bias: gradients[inputs[2]].elements)
    }

    private func numbers(_ size: Size, seed: Int) -> [NDArray<Double>] {
        var random = RandomState(seed)
        return [
            random.normal(shape: [size.rows, size.depth]), random.normal(shape: [size.depth, size.outputs]),
            random.normal(shape: [size.outputs]), random.normal(shape: [size.rows, size.outputs]),
        ]
    }

    @Test(arguments: [
        Size(1, 8, 8), Size(3, 9, 9), Size(100, 50, 10), Size(128, 84, 10), Size(5, 57, 16), Size(33, 60, 17),
        Size(7, 113, 24), Size(66, 16, 31), Size(12, 64, 32),
    ]) func agreesWithTheGeneralWay(size: Size) {
        #expect(SmallOutputDense.pays(rows: size.rows, depth: size.depth, outputs: size.outputs))
        for activation in [Activation.identity, .tanh] {
            let arrays = numbers(size, seed: size.depth)
            let found = run(arrays, activation, as: Float.self)
            let expected = run(arrays, activation, as: Double.self)
            for (name, pair) in [
                "y": (found.y, expected.y), "x": (found.x, expected.x), "w": (found.weight, expected.weight),
                "b": (found.bias, expected.bias),
            ] {
                let size = pair.1.map { 1 + abs($0) }
                let worst = largestDifference(
                    paired(pair.0, size).map { Double($0) / $1 }, paired(pair.1, size).map { $0 / $1 })
                #expect(worst < 3e-5, "\(name), \(activation)")
            }
        }
    }

    @Test func largeOrThinProductsAreTheLibrarys() {
        #expect(!SmallOutputDense.pays(rows: 100, depth: 784, outputs: 10))
        #expect(!SmallOutputDense.pays(rows: 100, depth: 50, outputs: 7))
        #expect(!SmallOutputDense.pays(rows: 100, depth: 7, outputs: 10))
        #expect(!SmallOutputDense.pays(rows: 10, depth: 50, outputs: 33))
    }

    @Test func givesTheSameBitsOnAnyNumberOfThreads() {
        let before = Threads.count
        defer { Threads.setCount(before) }
        let arrays = numbers(Size(101, 50, 10), seed: 1)
        let results = [1, 2, 3].map { threads in
            Threads.setCount(threads)
            return run(arrays, .sigmoid, as: Float.self)
        }
        #expect(notEmpty(results).allSatisfy { $0 == results[0] })
    }
}
