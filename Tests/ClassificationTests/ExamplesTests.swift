import Arrays
import ExampleData
import Support
import Testing

@testable import Classification

@Suite("Examples")
struct ExamplesTests {
    @Test("a part of the examples is the same rows, as bytes and as numbers")
    func parts() {
        let images = NDArray<UInt8>(shape: [3, 2, 2], elements: Array(1...12))
        let examples = Examples.bytes(images)
        #expect(examples.count == 3)
        #expect(examples.featureCount == 4)
        let part = examples[1..<3].numbers
        #expect(part.shape == [2, 4])
        #expect(part.elements == [5, 6, 7, 8, 9, 10, 11, 12])
    }

    /// Says the same of everything.
    private struct Fixed: Classifier {
        let classNames = ["a", "b"]
        let said: Answers
        func answers(for examples: Examples, cancellation: Cancellation?) throws -> Answers { said }
    }

    @Test func answersOfAnotherShapeAreNoPredictions() throws {
        let images = NDArray<UInt8>(shape: [2, 1, 1], elements: [1, 2])
        func predictions(_ classes: [Int], _ shape: [Int]) throws -> [Prediction] {
            let scores = NDArray<Float>(shape: shape, repeating: 0.5)
            return try Fixed(said: Answers(classes: classes, scores: scores)).predictions(for: images)
        }
        #expect(try predictions([0, 1], [2, 2]).map(\.label) == ["a", "b"])
        for (classes, shape) in [
            ([0, 1], [2, 1]), ([0, 1], [1, 2]), ([0, 1], [2, 3]), ([0, 1], [4]), ([0], [2, 2]),
            ([0, 1, 1], [2, 2]), ([0, 2], [2, 2]), ([-1, 0], [2, 2]),
        ] {
            let error = #expect(throws: DescentError.self, "\(classes) \(shape)") {
                try predictions(classes, shape)
            }
            #expect(error?.kind == .failed && error?.place?.hasPrefix("Fixed") == true)
        }
    }

    @Test func topLabelsComeMostProbableFirst() {
        let prediction = Prediction(classNames: ["a", "b", "c", "d"], probabilities: [0.1, 0.3, 0.3, 0.3])
        #expect(prediction.label == "b")
        #expect(prediction.top(3).map(\.label) == ["b", "c", "d"])
    }
}
