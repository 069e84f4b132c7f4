import Arrays
import Classification
import ExampleData
import Support
import Testing

@testable import Classical

/// What mistakes in a class cost, and settings that are searched for while learning.
@Suite struct ClassWeightsTests {
    @Test func textIsReadAndRefused() throws {
        #expect(try ClassWeights(parsing: "balanced") == .balanced)
        #expect(try ClassWeights(parsing: "3=2,8=0.5") == ["3": 2, "8": 0.5])
        #expect(try ClassWeights(parsing: "a=b=2") == ["a=b": 2])
        for text in ["", "3", "3=", "=2", "3=0", "3=-1", "3=x", "3=2,", "3=nan"] {
            #expect(throws: DescentError.self, "\(text)") { try ClassWeights(parsing: text) }
        }
    }

    /// 6 examples of one class, 2 of another: 8 / (2 * 6) and 8 / (2 * 2).
    @Test func balancedClassesCountTheSame() {
        let examples = LabeledExamples(
            .floats(NDArray(shape: [8, 1], elements: [0, 1, 2, 3, 4, 5, 6, 7])),
            classes: [0, 0, 0, 1, 0, 0, 0, 1], classNames: ["a", "b"])
        #expect(ClassWeights.balanced.values(for: examples) == [8.0 / 12, 8.0 / 4])
        let named: ClassWeights = ["b": 3]
        #expect(named.values(for: examples) == [1, 3])
    }

    /// The rare class is found by balanced weights, and what is learned is what the same named weights give.
    @Test func balancedIsWhatTheSameNumbersGive() throws {
        let all = clouds(120, classes: 2, features: 2, seed: 5)
        let kept = (0..<120).filter { all.classes[$0] == 0 || $0 % 10 == 1 }
        let examples = LabeledExamples(
            all.features.gathered(kept.map { Int32($0) }), classes: kept.map { all.classes[$0] },
            classNames: all.classNames)
        let values = ClassWeights.balanced.values(for: examples)
        var (balanced, named) = (SupportVectorMachine(cost: 0.2), SupportVectorMachine(cost: 0.2))
        balanced.classWeights = .balanced
        named.classWeights = .named(Dictionary(uniqueKeysWithValues: zip(examples.classNames, values)))
        let (one, other) = (try balanced.fit(examples), try named.fit(examples))
        #expect(
            one.coefficients.elements == other.coefficients.elements && one.thresholds == other.thresholds)
        let plain = try SupportVectorMachine(cost: 0.2).fit(examples)
        #expect(plain.thresholds != one.thresholds)
    }

    @Test func aSearchedMachineIsTheBestOfItsSearch() throws {
        let examples = clouds(90, classes: 3, features: 2, seed: 6)
        let search = SupportVectorGridSearch(costs: [0.01, 1, 100], gammas: [0.1, 10], folds: 3, seed: 2)
        var learner = SupportVectorMachine()
        learner.search = search
        let classifier = try learner.fit(examples)
        let result = try search.run(SupportVectorMachine(), on: examples)
        #expect(classifier.search?.trials.map(\.correct) == result.trials.map(\.correct))
        let best = try result.best.machine.fit(examples)
        #expect(classifier.coefficients.elements == best.coefficients.elements)
        #expect(classifier.thresholds == best.thresholds)
        // Without gammas the kernel keeps its own.
        let own = try SupportVectorGridSearch(costs: [1, 2], gammas: []).run(
            SupportVectorMachine(kernel: .rbf(gamma: 0.3)), on: examples)
        #expect(own.trials.map(\.cost) == [1, 2] && own.trials.allSatisfy { $0.gamma == nil })
        #expect("\(own.best.machine.kernel)" == "rbf:gamma=0.3")
    }
}
