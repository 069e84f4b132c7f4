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
        #expect(try predictions([0, 1], [2, 2]).map(\.className) == ["a", "b"])
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
        #expect(prediction.className == "b")
        #expect(prediction.top(3).map(\.className) == ["b", "c", "d"])
    }

    @Test func confidenceIsAShareOfWhatCanBeHad() {
        #expect(ScoreKind.probabilities.confidence(0.25) == 0.25)
        #expect(ScoreKind.neighbors(5).confidence(0.6) == 0.6)
        #expect(ScoreKind.votes(most: 9, decisions: 45).confidence(0.2) == 1)
        #expect(ScoreKind.votes(most: 2, decisions: 3).confidence(Float(1) / 3) == 0.5)
        #expect(ScoreKind.scores.confidence(1) == nil)
    }

    @Test func unknownAnswersSayWhy() {
        var prediction = Prediction(classNames: ["a", "b", "c"], probabilities: [0.2, 0.5, 0.3])
        let kind = ScoreKind.probabilities
        #expect(kind.answer(prediction) == "b  50.00 %   then c 30.00 %, a 20.00 %")
        #expect(kind.answer(prediction, count: 1) == "b  50.00 %")
        #expect(!prediction.isUnknown)
        prediction.rejection = .unsure
        #expect(kind.answer(prediction, count: 2) == "unknown (unsure): b  50.00 %   then c 30.00 %")
        prediction.rejection = .novel
        #expect(kind.answer(prediction, count: 1) == "unknown (unlike the training examples): b  50.00 %")
        #expect(prediction.isUnknown && prediction.className == "b")
    }
}
