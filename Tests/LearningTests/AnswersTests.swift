import Arrays
import Autodiff
import Classical
import Networks
import Testing

@testable import Learning

/// Classes and figures together, for the price of one of them.
@Suite struct AnswersTests {
    /// Passes its numbers on and counts how often.
    private final class Counting: Layer {
        var passes = 0
        func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
            passes += 1
            return input
        }
    }

    @Test func aNetworkLooksOnce() throws {
        let counting = Counting()
        let plain = Sequential { Dense(144, 4) }
        let network = Sequential {
            counting
            plain
        }
        var random = RandomState(1)
        for parameter in network.parameters { parameter.initialize(using: &random) }
        let classifier = try NetworkClassifier(
            architecture: try Architecture(of: plain, name: "counted"), network: network,
            labels: ["a", "b", "c", "d"], preprocessing: Preprocessing(height: 12, width: 12))
        let images = ToyImages.make(20, seed: 1).images
        // Compiling tries the shapes.
        counting.passes = 0
        let answers = try classifier.predictions(for: images)
        #expect(counting.passes == 1)
        #expect(answers.map(\.index) == (try classifier.classes(of: .bytes(images))))
        #expect(answers.flatMap(\.probabilities) == (try classifier.probabilities(of: images).elements))
    }

    /// Every classical classifier gives the same in one look as in two.
    @Test(arguments: PipelineTests.learners.keys.sorted())
    func aPipelineGivesTheSame(_ name: String) throws {
        let learner = try #require(PipelineTests.learners[name])
        let trained = try Pipeline(.pixels, learner).fit(ToyImages.make(80, seed: 1))
        let examples = Examples.bytes(ToyImages.make(40, seed: 2).images)
        let answers = try trained.answers(of: examples)
        #expect(answers.classes == (try trained.classes(of: examples)))
        #expect(answers.probabilities == (try trained.probabilities(of: examples)))
        let none = Examples.bytes(NDArray(shape: [0, 12, 12], elements: []))
        #expect(try trained.answers(of: none).classes.isEmpty)
    }
}
