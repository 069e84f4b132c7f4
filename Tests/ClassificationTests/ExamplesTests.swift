import Arrays
import ExampleData
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

    @Test func topLabelsComeMostProbableFirst() {
        let prediction = Prediction(classNames: ["a", "b", "c", "d"], probabilities: [0.1, 0.3, 0.3, 0.3])
        #expect(prediction.label == "b")
        #expect(prediction.top(3).map(\.label) == ["b", "c", "d"])
    }
}
