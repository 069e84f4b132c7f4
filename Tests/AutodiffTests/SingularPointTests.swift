import Arrays
import Testing

@testable import Autodiff

/// Gradients where a function has no derivative or its formula is 0 times infinity: what PyTorch 2 and JAX give.
@Suite struct SingularPointTests {
    private func slope(at x: Double, _ f: (Tensor<Double>) -> Tensor<Double>) -> Double {
        let tape = Tape<Double>()
        let input = tape.variable(NDArray([x]))
        return tape.gradients(of: f(input).sum())[input].elements[0]
    }

    @Test(arguments: [0, -0.0, 2, -3, .infinity])
    func theZerothPowerIsConstant(x: Double) {
        #expect(slope(at: x) { $0.power(0) } == 0)
        #expect(Float(slope(at: x) { $0.power(0) * 5 }) == 0)
        let tape = Tape<Float>()
        let input = tape.variable(NDArray([Float(x)]))
        #expect(tape.gradients(of: input.power(0).sum())[input].elements == [0])
    }

    @Test func powersAtZeroAndBelow() {
        #expect(slope(at: 0) { $0.power(1) } == 1)
        #expect(slope(at: 0) { $0.power(2) } == 0)
        #expect(slope(at: 0) { $0.power(3) } == 0)
        #expect(slope(at: 0) { $0.power(0.5) } == .infinity)
        #expect(slope(at: 0) { $0.power(-1) } == -.infinity)
        #expect(slope(at: -2) { $0.power(3) } == 12)
        #expect(slope(at: -2) { $0.power(-1) } == -0.25)
        // There is no real number for it, forward or back.
        #expect(slope(at: -2) { $0.power(0.5) }.isNaN)
    }

    @Test func rootsLogarithmsAndQuotients() {
        #expect(slope(at: 0) { $0.squareRoot() } == .infinity)
        #expect(slope(at: 0) { $0.log() } == .infinity)
        // The length of a vector of zeros is 0 times infinity, and something small under the root helps.
        #expect(slope(at: 0) { ($0 * $0).squareRoot() }.isNaN)
        #expect(slope(at: 0) { ($0 * $0 + 1e-12).squareRoot() } == 0)
        // b^2 would be 0 or infinity, the derivative of 1 / b is neither.
        #expect(slope(at: 1e-170) { $0.tape.constant(NDArray([1e-170])) / $0 } == -1e170)
        #expect(slope(at: 1e170) { $0.tape.constant(NDArray([1e170])) / $0 } == -1e-170)
        #expect(slope(at: 0) { $0.tape.constant(NDArray([0])) / $0 }.isNaN)
    }

    @Test func signsAndTies() {
        #expect(slope(at: 0) { $0.absolute() } == 0)
        #expect(slope(at: 0) { $0.relu() } == 0)
        #expect(slope(at: 3) { $0.maximum($0.tape.constant(NDArray([3]))) } == 0.5)
        #expect(slope(at: 3) { $0.minimum($0.tape.constant(NDArray([3]))) } == 0.5)
        let tape = Tape<Double>()
        let x = tape.variable(NDArray([2.0, 5, 5, 1]))
        #expect(tape.gradients(of: x.max(axis: 0))[x].elements == [0, 0.5, 0.5, 0])
    }
}
