import Arrays
import Datasets
import ExampleData
import Networks
import Testing

@testable import Training

/// `Trainer.automatic`: the rule that its documentation states, at its edges.
@Suite struct AutomaticTrainerTests {
    /// Examples that are nothing but their number and shape.
    private struct Shell: ExampleSource {
        var count: Int
        var exampleShape: [Int]
        var isRegression = false
        var targets: Targets {
            isRegression
                ? .values(.zeros(count, 1)) : .classes([Int32](repeating: 0, count: count))
        }
        var classNames: [String] { isRegression ? [] : ["a", "b"] }
        var contentChecksum: String { "" }
        func features(of rows: [Int32]) throws -> FeatureMatrix {
            .floats(.zeros(shape: [rows.count] + exampleShape))
        }
    }

    @Test(arguments: [
        (1, 32, 60), (666, 32, 60), (667, 32, 60), (1_000, 32, 40), (3_999, 32, 11), (4_000, 64, 10),
        (20_000, 128, 10), (60_000, 128, 10),
    ])
    func fewExamplesAreSeenMoreOften(count: Int, batchSize: Int, epochs: Int) {
        let trainer = Trainer.automatic(for: Shell(count: count, exampleShape: [3, 32, 32]), seed: 7)
        #expect(trainer.batchSize == batchSize && trainer.epochs == epochs && trainer.seed == 7)
        #expect(trainer.trainingSample == (count > 5_000 ? 2_000 : nil))
        #expect(trainer.reinitializesWeights && "\(trainer.optimizer)" == "\(Adam(learningRate: 0.005))")
        #expect(trainer.schedule == .oneCycle)
    }

    @Test func imagesAreChangedAsTheirKindStandsIt() {
        func trainer(_ shape: [Int], isRegression: Bool = false) -> Trainer {
            .automatic(for: Shell(count: 100, exampleShape: shape, isRegression: isRegression))
        }
        #expect(trainer([3, 32, 32]).augmentation == .photographs)
        let grey = trainer([28, 28]).augmentation
        #expect(grey?.flipProbability == 0 && grey?.rotation == 8 && grey?.scaling == 0.1)
        #expect(trainer([13]).augmentation == nil)
        #expect(trainer([28, 28]).loss == .crossEntropy(smoothing: 0.05))
        #expect(trainer([13]).loss == .crossEntropy)
        #expect(trainer([13], isRegression: true).loss == .meanSquaredError)
    }
}
