import Arrays
import Classical
import Classification
import ExampleData
import Pipelines
import TestSupport
import Testing

/// Classes and scores together, for the price of one of them.
@Suite struct PipelineAnswersTests {
    /// Every classical classifier gives the same in one look as in two.
    @Test(arguments: PipelineTests.learners.keys.sorted())
    func aPipelineGivesTheSame(_ name: String) throws {
        let learner = try #require(PipelineTests.learners[name])
        let trained = try Pipeline(.pixels, learner).fit(ToyImages.make(80, seed: 1))
        let examples = FeatureMatrix.bytes(ToyImages.make(40, seed: 2).images)
        let answers = try trained.answers(for: examples)
        #expect(answers.classes == (try trained.classes(of: examples)))
        #expect(answers.scores == (try trained.probabilities(of: examples)))
        let none = FeatureMatrix.bytes(NDArray(shape: [0, 12, 12], elements: []))
        #expect(try trained.answers(for: none).classes.isEmpty)
    }
}
