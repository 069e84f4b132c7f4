import Arrays
import ExampleData
import Support
import Testing

@testable import Classification

@Suite struct PredictionTests {
    /// Says the same of everything.
    private struct Fixed: Classifier {
        let classNames = ["a", "b"]
        let said: Answers
        func answers(for examples: FeatureMatrix, cancellation: Cancellation?) throws -> Answers { said }
    }

    @Test func answersOfAnotherShapeAreNoPredictions() throws {
        let images = NDArray<UInt8>(shape: [2, 1, 1], elements: [1, 2])
        func predictions(_ classes: [Int32], _ shape: [Int]) throws -> [Prediction] {
            let scores = NDArray<Float>(shape: shape, repeating: 0.5)
            return try Fixed(said: Answers(classes: classes, scores: scores)).predictions(for: images)
        }
        #expect(try predictions([0, 1], [2, 2]).map(\.label) == ["a", "b"])
        for (classes, shape) in [
            ([0, 1], [2, 1]), ([0, 1], [1, 2]), ([0, 1], [2, 3]), ([0, 1], [4]), ([0], [2, 2]),
            ([0, 1, 1], [2, 2]), ([0, 2], [2, 2]), ([-1, 0], [2, 2]),
        ] as [([Int32], [Int])] {
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
