import Arrays
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
        for (found, wanted) in zip(gradient.elements, expected) { #expect(abs(found - wanted) < 1e-9) }
    }

    @Test func keepsTheShapeOfItsArgument() {
        let x = NDArray<Double>(shape: [2, 3], elements: [1, 2, 3, 4, 5, 6])
        let gradient = numericalGradient(
            of: { $0.elements.enumerated().map { Double($0) * $1 }.reduce(0, +) }, at: x)
        #expect(gradient.shape == [2, 3])
        for (place, value) in gradient.elements.enumerated() { #expect(abs(value - Double(place)) < 1e-8) }
    }
}
