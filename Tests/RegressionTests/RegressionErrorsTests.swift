import Arrays
import ExampleData
import Support
import TestSupport
import Testing

@testable import Regression

@Suite struct RegressionErrorsTests {
    /// By hand: errors 0, 0, -2; mean 8/3; spread 26/3.
    @Test func figuresAreThoseOfTheirFormulas() {
        let errors = RegressionErrors(predicted: [1, 2, 3], actual: [1, 2, 5])
        #expect(errors.count == 3)
        #expect(abs(errors.meanAbsolute - 2.0 / 3) < 1e-12)
        #expect(abs(errors.rootMeanSquare - (4.0 / 3).squareRoot()) < 1e-12)
        #expect(abs(errors.rSquared - (1 - 4 / (26.0 / 3))) < 1e-12)
    }

    @Test func eachOutputHasItsOwn() {
        let errors = RegressionErrors(
            predicted: [[1, 10], [2, 10], [3, 10]], actual: [[1, 0], [2, 10], [3, 20]])
        #expect(errors.outputs[0] == .init(meanAbsolute: 0, rootMeanSquare: 0, rSquared: 1))
        #expect(abs(errors.outputs[1].meanAbsolute - 20.0 / 3) < 1e-12 && errors.outputs[1].rSquared == 0)
        #expect(errors.rSquared == 0.5)
    }

    /// scikit-learn's r2_score: 1 where constant targets are met, else 0.
    @Test func constantTargetsHaveNoSpread() {
        #expect(RegressionErrors(predicted: [4, 4], actual: [4, 4]).rSquared == 1)
        #expect(RegressionErrors(predicted: [4, 5], actual: [4, 4]).rSquared == 0)
        #expect(RegressionErrors(predicted: [], actual: []).meanAbsolute == 0)
    }

    private struct First: Regressor {
        var outputCount = 1
        func values(for examples: FeatureMatrix, cancellation: Cancellation?) throws -> NDArray<Float> {
            examples.unscaledFloats[.all, 0..<1]
        }
    }

    @Test func aRegressorIsHeldAgainstTargets() throws {
        let rows = FeatureMatrix.floats([[1, 9], [2, 9], [3, 9]])
        let examples = LabeledExamples(rows, values: [1, 2, 5])
        #expect(
            try First().errors(on: examples) == RegressionErrors(predicted: [1, 2, 3], actual: [1, 2, 5]))
        let classes = LabeledExamples(rows, classes: [0, 1, 0], classNames: ["a", "b"])
        let error = #expect(throws: DescentError.self) { try First().errors(on: classes) }
        #expect(error?.kind == .badData && error?.what == "targets that are classes")
        let two = LabeledExamples(rows, values: [[1, 2], [2, 3], [5, 6]])
        #expect(throws: DescentError.self) { try First().errors(on: two) }
        #expect(throws: DescentError.self) { try First(outputCount: 2).errors(on: two) }
    }

    @Test func whatCannotBeLearnedFromIsNamed() throws {
        let rows = FeatureMatrix.floats(NDArray(shape: [2, 2], elements: [1, 9, 2, .nan]))
        let feature = #expect(throws: DescentError.self) {
            try RegressionChecks.require(LabeledExamples(rows, values: [1, 2]), for: "x")
        }
        #expect(feature?.place == "x, row 1, column 1")
        let whole = FeatureMatrix.floats([[1, 9], [2, 8]])
        let target = #expect(throws: DescentError.self) {
            try RegressionChecks.require(
                LabeledExamples(whole, values: NDArray(shape: [2, 2], elements: [1, 2, .infinity, 0])),
                for: "x")
        }
        #expect(target?.place == "x, row 1, output 0")
        let several = #expect(throws: DescentError.self) {
            try RegressionChecks.single(LabeledExamples(whole, values: [[1, 2], [3, 0]]), for: "x")
        }
        #expect(several?.what == "several targets for each example")
        let none = LabeledExamples(.floats(NDArray(shape: [0, 2], elements: [])), values: NDArray([Float]()))
        #expect(throws: DescentError.self) { try RegressionChecks.require(none, for: "x") }
    }
}
