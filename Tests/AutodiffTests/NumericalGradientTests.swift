import Arrays
import TestSupport
import Testing

@testable import Autodiff

/// Expected numbers: the notebook's own prints (NumPy float64), given in the project's issues.
@Suite struct NumericalGradientTests {
    private func f(_ x: Double) -> Double { 0.01 * (x * x) + 0.1 * x }

    @Test func derivativeOfTheNotebooksFunction() {
        #expect(numericalDerivative(of: f, at: 5) == 0.1999999999990898)
        #expect(numericalDerivative(of: f, at: 10) == 0.2999999999986347)
    }

    @Test(arguments: [([3.0, 4.0], [6.0, 8.0]), ([0.0, 2.0], [0.0, 4.0]), ([3.0, 0.0], [6.0, 0.0])])
    func gradientOfTheSumOfSquares(point: [Double], expected: [Double]) {
        let gradient = numericalGradient(
            of: { $0.elements.map { $0 * $0 }.reduce(0, +) }, at: NDArray(shape: [2], elements: point))
        #expect(gradient.shape == [2])
        for (found, wanted) in paired(gradient.elements, expected) { #expect(abs(found - wanted) < 1e-9) }
    }

    @Test func keepsTheShapeOfItsArgument() {
        let x = NDArray<Double>(shape: [2, 3], elements: [1, 2, 3, 4, 5, 6])
        let gradient = numericalGradient(
            of: { $0.elements.enumerated().map { Double($0) * $1 }.reduce(0, +) }, at: x)
        #expect(gradient.shape == [2, 3])
        for (place, value) in gradient.elements.enumerated() { #expect(abs(value - Double(place)) < 1e-8) }
    }

    /// The derivatives are exact in the scalar's own digits: a step that is a power of two, squares of whole numbers.
    @Test(arguments: [1, 10, 100, 1000, 1e4, -1000] as [Float])
    func theStepFollowsFromPlaceAndTypeInFloat(x: Float) {
        let found = numericalDerivative(of: { (x: Float) in x * x }, at: x)
        #expect(abs(found - 2 * x) <= 1e-3 * abs(2 * x), "\(found) at \(x)")
    }

    @Test func theDerivativesOfTheFault() {
        #expect(numericalDerivative(of: { (x: Float) in x * x }, at: 1000) == 2000)
        #expect(numericalDerivative(of: { (x: Double) in x * x }, at: 1e8) == 2e8)
        // The notebook's own step is still there to be asked for: in Float it moves 1000 by 1.2e-4 or not at all.
        #expect(numericalDerivative(of: { (x: Float) in x * x }, at: 1000, step: 1e-4) != 2000)
        #expect(numericalDerivative(of: f, at: 5, step: 1e-4) == 0.1999999999990898)
    }

    /// exp at 0 is smooth on the scale of 1: the error of the best step is some e^(2/3).
    @Test func smoothFunctionsNearOne() {
        let single = numericalDerivative(
            of: { (x: Float) in Float(Mathematics.exponential(Double(x))) }, at: 0)
        #expect(abs(single - 1) < 1e-4, "\(single)")
        let double = numericalDerivative(of: { Mathematics.exponential($0) }, at: 0)
        #expect(abs(double - 1) < 1e-8, "\(double)")
        #expect(numericalDerivative(of: { (x: Double) in x }, at: .infinity).isNaN)
    }

    @Test func stepsArePowersOfTwoNearTheCubeRootOfTheLastDigit() {
        #expect(usualStep(at: 5.0, atLeast: 1e-4) == 1e-4 && usualStep(at: -16.0, atLeast: 1e-4) == 1e-4)
        for x in [0, 1, -17, 300, 1e5, -1e12] {
            let (single, double) = (usualStep(at: Float(x), atLeast: 1e-4), usualStep(at: x, atLeast: 0))
            #expect(single.significand == 1 && double.significand == 1)
            let size = max(1, abs(x))
            #expect((0.66...1.34).contains(Double(single) / (4.9216e-3 * size)), "\(single) at \(x)")
            #expect((0.66...1.34).contains(double / (6.0555e-6 * size)), "\(double) at \(x)")
        }
    }

    @Test func gradientsTakeEachElementsOwnStep() {
        let x = NDArray<Float>([1000, 0, -3])
        let gradient = numericalGradient(
            of: { (x: NDArray<Float>) -> Float in x.elements.reduce(0) { $0 + $1 * $1 } }, at: x)
        for (found, wanted) in paired(gradient.elements, [2000, 0, -6] as [Float]) {
            // Beside a square of a million a small one has few digits.
            #expect(abs(found - wanted) <= 1e-3 * max(abs(wanted), 8000), "\(found), \(wanted)")
        }
        #expect(gradient.elements[0] == 2000)
        let wide = numericalGradient(of: { $0[0] * $0[0] + $0[1] }, at: [1e8, 2.0])
        #expect(wide.elements[0] == 2e8)
        // Far away 1e-5 would not move a number at all.
        let check = checkGradients(at: [NDArray([1e12, -1e13])]) { ($0[0] * 3).sum() }
        #expect(check.passes(), "\(check.inputs[0].numerical)")
    }
}
