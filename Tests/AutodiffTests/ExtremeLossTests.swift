import Arrays
import TestSupport
import Testing

@testable import Autodiff

/// Losses of scores that are large, far from zero, or infinite. Expected numbers are closed forms, computed in Double from
/// differences of scores (which are exact).
@Suite struct ExtremeLossTests {
    private func softplus(_ x: Double) -> Double {
        // log(1 + exp(x)) by its series where exp(x) is small beside 1.
        let e = Mathematics.exponential(-abs(x))
        return max(0, x) + (e < 1e-5 ? e - e * e / 2 : Mathematics.logarithm(1 + e))
    }

    private func expectNear(_ found: Float, _ wanted: Double, _ what: String) {
        #expect(
            found.isNaN
                ? wanted.isNaN
                : Double(found) == wanted || abs(Double(found) - wanted) <= 2e-6 * max(abs(wanted), 0.06),
            "\(what): \(found), exactly \(wanted)")
    }

    /// Loss and gradient of one row.
    private func row(
        _ scores: [Float], _ loss: (Tensor<Float>) -> Tensor<Float>
    ) -> (loss: Float, gradient: [Float]) {
        let tape = Tape<Float>()
        let x = tape.variable(NDArray(shape: [1, scores.count], elements: scores))
        let value = loss(x)
        return (value.value.item(), tape.gradients(of: value)[x].elements)
    }

    /// Two classes: the loss is softplus of how far the other is ahead, times the label's share, and the other way round.
    @Test(arguments: [0, 1e5, -1e5, 1e6, 1e7, 3e38] as [Float], [0, 0.5, 6, 40] as [Float])
    func crossEntropyFarFromZero(origin: Float, ahead: Float) {
        let scores = [origin, origin - ahead]
        let difference = Double(scores[0]) - Double(scores[1])
        for target in [[1, 0], [0, 1], [0.75, 0.25]] as [[Float]] {
            let wanted =
                Double(target[0]) * softplus(-difference) + Double(target[1]) * softplus(difference)
            let soft = row(scores) {
                $0.softmaxCrossEntropy(targets: NDArray(shape: [1, 2], elements: target))
            }
            expectNear(soft.loss, wanted, "soft \(scores) \(target)")
            let first = 1 / (1 + Mathematics.exponential(-difference))
            expectNear(soft.gradient[0], first - Double(target[0]), "gradient \(scores) \(target)")
            guard target != [0.75, 0.25] else { continue }
            let hard = row(scores) { $0.softmaxCrossEntropy(labels: [target[0] == 1 ? 0 : 1]) }
            expectNear(hard.loss, wanted, "hard \(scores) \(target)")
        }
    }

    /// The figure of the fault.
    @Test func softCrossEntropyOfTheFault() {
        let (loss, _) = row([1e5, 99994]) {
            $0.softmaxCrossEntropy(targets: NDArray(shape: [1, 2], elements: [1, 0]))
        }
        #expect(abs(loss - 0.0024757) < 1e-7, "\(loss)")
    }

    /// A class of target 0 may have any score, minus infinity too.
    @Test func aClassThatIsNotAskedForCostsNothing() {
        let (loss, gradient) = row([2, -.infinity, 1]) {
            $0.softmaxCrossEntropy(targets: NDArray(shape: [1, 3], elements: [0.5, 0, 0.5]))
        }
        expectNear(loss, softplus(-1) / 2 + softplus(1) / 2, "minus infinity")
        #expect(gradient[1] == 0 && notEmpty(gradient).allSatisfy { $0.isFinite })
    }

    // -t log s - (1 - t) log(1 - s) = |y| (what t is away from y's side) + softplus(-|y|).
    @Test(
        arguments: [0, 3, -3, 40, -40, 1e5, -1e5, 3e38, .infinity, -.infinity] as [Float],
        [0, 1, 0.25, 0.9999] as [Float])
    func binaryCrossEntropyOfLargeScores(score: Float, target: Float) {
        let (loss, gradient) = row([score]) {
            $0.binaryCrossEntropy(NDArray(shape: [1, 1], elements: [target]))
        }
        let away = score < 0 ? Double(target) : 1 - Double(target)
        let wanted = (away == 0 ? 0 : abs(Double(score)) * away) + softplus(-abs(Double(score)))
        expectNear(loss, wanted > 3.5e38 ? .infinity : wanted, "score \(score), target \(target)")
        let sigmoid = 1 / (1 + Mathematics.exponential(-Double(score)))
        expectNear(gradient[0], sigmoid - Double(target), "gradient: score \(score), target \(target)")
    }

    @Test func hingesFarFromZero() {
        for origin in [0, 1e5, 1e8, -1e9] as [Float] {
            // The other class is 0 behind, so the margin is missing; and 64 ahead.
            for (other, wanted) in [(origin, 1.0), (origin + 64, 65), (origin - 64, 0)] {
                let (loss, gradient) = row([origin, other]) { $0.hinge(labels: [0]) }
                let isExact = Double(other) - Double(origin) == wanted - 1 || wanted == 0
                if isExact { #expect(Double(loss) == wanted / 2, "\(origin), \(other): \(loss)") }
                #expect(gradient == (wanted > 0 ? [-0.5, 0.5] : [0, 0]), "\(origin), \(other)")
            }
        }
        // A score that is not a number shows.
        #expect(row([.nan, 0]) { $0.hinge(labels: [0]) }.loss.isNaN)
        #expect(row([0, .nan]) { $0.hinge(labels: [0]) }.loss.isNaN)
    }

    /// A square that Float does not hold may be of a mean that it does.
    @Test func squaresOfLargeErrors() {
        let tape = Tape<Float>()
        let y = tape.variable(
            NDArray(shape: [1000, 1], elements: [4e19] + [Float](repeating: 0, count: 999)))
        let loss = y.meanSquaredError(NDArray(shape: [1000, 1], repeating: 0))
        let error = Double(4e19 as Float)
        #expect(loss.value.item() as Float == Float(error * error / 2 / 1000))
        let huber = y.huber(NDArray(shape: [1000, 1], repeating: 0), delta: 1e19)
        let delta = Double(Float(1e19))
        #expect(huber.value.item() as Float == Float(delta * (error - delta / 2) / 1000))
        #expect(tape.gradients(of: loss)[y].elements[0] == Float(4e19) / 1000)
    }

    @Test func softmaxOfInfinities() {
        func softmax(_ x: [Float]) -> [Float] {
            let tape = Tape<Float>(recordsGradients: false)
            return tape.constant(NDArray(shape: [1, x.count], elements: x)).softmax().value.elements
        }
        #expect(softmax([0, -.infinity, 0]) == [0.5, 0, 0.5])
        #expect(softmax([3e38, -3e38]) == [1, 0])
        // As in PyTorch and JAX: there is no share of infinity.
        #expect(softmax([.infinity, 0]).allSatisfy { $0.isNaN })
        #expect(softmax([.nan, 0]).allSatisfy { $0.isNaN })
    }
}
