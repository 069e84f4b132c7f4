import Arrays
import TestSupport
import Testing

@testable import Autodiff

/// Values that the notebook prints (NumPy float64), as the project's issues give them.
@Suite struct NotebookValueTests {
    private func tensor(_ shape: [Int], _ elements: [Double]) -> Tensor<Double> {
        Tape<Double>().constant(NDArray(shape: shape, elements: elements))
    }

    private func expectClose(
        _ found: NDArray<Double>, _ shape: [Int], _ expected: [Double], within: Double = 5e-9,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        TestSupport.expectClose(found, shape, expected, absolute: within, sourceLocation: sourceLocation)
    }

    @Test func threeLayersByHand() {
        let tape = Tape<Double>()
        func constant(_ shape: [Int], _ elements: [Double]) -> Tensor<Double> {
            tape.constant(NDArray(shape: shape, elements: elements))
        }
        let x = constant([1, 2], [1.0, 0.5])
        let w1 = constant([2, 3], [0.1, 0.3, 0.5, 0.2, 0.4, 0.6])
        let b1 = constant([3], [0.1, 0.2, 0.3])
        expectClose(x.dense(weight: w1, bias: b1).value, [1, 3], [0.3, 0.7, 1.1], within: 1e-15)
        let z1 = x.dense(weight: w1, bias: b1, activation: .sigmoid)
        expectClose(z1.value, [1, 3], [0.57444252, 0.66818777, 0.75026011])
        let w2 = constant([3, 2], [0.1, 0.4, 0.2, 0.5, 0.3, 0.6])
        let z2 = z1.dense(weight: w2, bias: constant([2], [0.1, 0.2]), activation: .sigmoid)
        let w3 = constant([2, 2], [0.1, 0.3, 0.2, 0.5])
        let y = z2.dense(weight: w3, bias: constant([2], [0.1, 0.2]))
        expectClose(y.value, [1, 2], [0.31682708, 0.77338016])
    }

    @Test func softmaxOfThreeScores() {
        let p = tensor([1, 3], [0.5, 3.0, 5.0]).softmax().value
        expectClose(p, [1, 3], [0.00968996, 0.11804785, 0.87226219])
        #expect(abs(p.elements.reduce(0, +) - 1) < 1e-15)
    }

    @Test func softmaxOfHugeScoresIsFinite() {
        let p = tensor([1, 3], [1010, 1000, 990]).softmax().value
        // exp(0) : exp(-10) : exp(-20), normalised, by Python's math.exp.
        expectClose(
            p, [1, 3], [0.999954600070331, 4.539786860886666e-05, 2.0610600462090622e-09], within: 1e-15)
        let loss = tensor([1, 2], [1000, -1000]).softmaxCrossEntropy(labels: [1]).value.elements
        #expect(loss == [2000])
    }

    @Test func meanSquaredErrorOfTheTwoGuesses() {
        let t = NDArray<Double>(shape: [1, 10], elements: [0, 0, 1, 0, 0, 0, 0, 0, 0, 0])
        let right = tensor([1, 10], [0.1, 0.05, 0.6, 0, 0.05, 0.1, 0, 0.1, 0, 0]).meanSquaredError(t).value
        let wrong = tensor([1, 10], [0.1, 0.05, 0.1, 0, 0.05, 0.1, 0, 0.6, 0, 0]).meanSquaredError(t).value
        expectClose(right, [], [0.09750000000000003], within: 1e-16)
        expectClose(wrong, [], [0.5975], within: 2e-16)
    }

    @Test func crossEntropyIsTheLogarithmOfTheSoftmax() {
        // log of the scores' softmax, so that the loss is -log 0.6 = 0.5108256237659907.
        let scores = [0.1, 0.05, 0.6, 0.05, 0.1, 0.1]
        let loss = tensor([1, 6], scores).log().softmaxCrossEntropy(labels: [2]).value
        expectClose(loss, [], [0.5108256237659907], within: 1e-15)
    }
}
