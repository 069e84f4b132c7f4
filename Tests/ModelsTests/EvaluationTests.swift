import Arrays
import ExampleData
import Models
import Networks
import Support
import TestSupport
import Testing

@testable import Classification

@Suite struct EvaluationTests {
    // Worked by hand: six examples of three classes, two mistaken.
    private let evaluation = Evaluation(
        classNames: ["a", "b", "c"], actual: [0, 0, 1, 1, 1, 2], predicted: [0, 1, 1, 1, 0, 2], loss: 0.5)

    @Test func countsByClass() {
        #expect(evaluation.confusion == [[1, 1, 0], [1, 2, 0], [0, 0, 1]])
        #expect(evaluation.count == 6)
        #expect(evaluation.correct == 4)
        #expect(evaluation.accuracy == 4.0 / 6)
        #expect(evaluation.classes.map(\.accuracy) == [0.5, 2.0 / 3, 1])
        #expect(evaluation.classes.map(\.label) == ["a", "b", "c"])
    }

    @Test func confusionsComeMostFrequentFirst() {
        let many = Evaluation(
            classNames: ["a", "b", "c"], actual: [0, 2, 2, 1, 1], predicted: [1, 0, 0, 1, 2], loss: 0)
        #expect(
            many.topConfusions(2) == [
                .init(actual: "c", predicted: "a", count: 2), .init(actual: "a", predicted: "b", count: 1),
            ])
    }

    @Test func nothingIsNoAccuracy() {
        let none = Evaluation(classNames: ["a"], actual: [], predicted: [], loss: .nan)
        #expect(none.accuracy == 0)
        #expect(none.classes[0].accuracy == nil)
    }

    @Test func classesAreMatchedByName() throws {
        let network = Sequential { Dense(144, 2) }
        // Zero weights and a bias decide: always the first label, "kind 1".
        network.parameters[1].value = NDArray(shape: [2], elements: [1, 0])
        let classifier = try NetworkClassifier(
            network, classNames: ["kind 1", "kind 0"], preprocessing: Preprocessing(height: 12, width: 12))
        let data = ToyImages.make(10, classes: 2, seed: 1)
        let evaluation = try classifier.evaluate(on: data)
        #expect(evaluation.confusion == [[5, 0], [5, 0]])
        #expect(evaluation.classes.map(\.label) == ["kind 1", "kind 0"])
        let error = #expect(throws: DescentError.self) {
            try classifier.evaluate(on: ToyImages.make(10, classes: 3, seed: 1))
        }
        #expect(error?.kind == .badData)
        #expect(error?.what == "the model does not know the class 'kind 2'")
    }

    /// Examples whose features are handed out when they are asked for.
    private struct Unread: ExampleSource {
        let base: LabeledExamples
        var count: Int { base.count }
        var exampleShape: [Int] { base.exampleShape }
        var targets: Targets { base.targets }
        var classNames: [String] { base.classNames }
        var contentChecksum: String { base.contentChecksum }
        func features(of rows: [Int32]) -> FeatureMatrix { base.features.gathered(rows) }
    }

    /// More examples than are read at once.
    @Test func examplesThatAreReadAreEvaluatedAsThoseInMemory() throws {
        let network = Sequential {
            Dense(144, 9, activation: .sigmoid)
            Dense(9, 3)
        }
        var random = RandomState(3)
        network.initialize(using: &random)
        let classifier = try NetworkClassifier(
            network, classNames: ["kind 2", "kind 0", "kind 1"],
            preprocessing: Preprocessing(height: 12, width: 12))
        let data = ToyImages.make(2500, classes: 3, seed: 1)
        let source = Unread(base: data)
        #expect(source.readingRanges.count == 3)
        let (read, held) = (try classifier.evaluate(on: source), try classifier.evaluate(on: data))
        #expect(read.confusion == held.confusion && read.classNames == held.classNames)
        #expect(abs(read.loss - held.loss) < 1e-6 && held.correct < 2500)
        let answers = try classifier.answers(for: data.features)
        #expect(try classifier.answers(for: source) == answers)
        #expect(try classifier.classes(of: source) == answers.classes)
        #expect(try classifier.evaluate(on: Unread(base: data.prefix(0))).count == 0)
        let cancellation = Cancellation()
        cancellation.cancel()
        #expect(throws: DescentError.self) {
            try classifier.evaluate(on: source, cancellation: cancellation)
        }
    }

    @Test func imagesOfAnotherSizeAreRefused() throws {
        let classifier = try NetworkClassifier(
            Sequential { Dense(100, 2) }, classNames: ["a", "b"],
            preprocessing: Preprocessing(height: 10, width: 10))
        let error = #expect(throws: DescentError.self) {
            try classifier.predictions(for: ToyImages.make(2, seed: 1).images)
        }
        #expect(error?.kind == .badData)
        #expect(error?.expected == "10x10")
        #expect(error?.got == "12x12")
        #expect(try classifier.predictions(for: NDArray(shape: [0, 10, 10], elements: [])).isEmpty)
    }
}
