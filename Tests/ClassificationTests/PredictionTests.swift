import Testing

@testable import Classification

@Suite struct PredictionTests {
    @Test func topLabelsComeMostProbableFirst() {
        let prediction = Prediction(classNames: ["a", "b", "c", "d"], probabilities: [0.1, 0.3, 0.3, 0.3])
        #expect(prediction.label == "b")
        #expect(prediction.top(3).map(\.label) == ["b", "c", "d"])
    }
}
