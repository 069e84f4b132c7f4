import ArrayFiles
import Arrays
import Classical
import Classification
import ExampleData
import Support
import TestSupport
import Testing

@testable import Pipelines

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

/// Kinds of one's own whose names are taken, or cannot stand in a file.
@Suite struct PipelineKindTests {
    private let training = ToyImages.make(80, seed: 1)
    private let others = ToyImages.make(40, seed: 2)

    /// Halved pixels under the name of an extractor of the library.
    private struct OwnHOG: FeatureExtractor {
        static let kind = "hog"
        init() {}
        init(from settings: inout SettingText) throws {}
        func featureCount(height: Int, width: Int) throws -> Int { height * width }
        func rows(of images: NDArray<UInt8>, cancellation: Cancellation?) throws -> FeatureMatrix {
            .floats(images.asType(Float.self).reshaped(images.shape[0], -1) / 2)
        }
    }

    @Test func anExtractorMayHaveTheNameOfOneOfTheLibrary() throws {
        let trained = try Pipeline(FeatureChoice(OwnHOG()), NearestCentroid()).fit(training)
        let stored = trained.stored()
        #expect(stored.metadata["features.kind"] == "hog")
        var components = PipelineComponents.standard
        components.features.register(OwnHOG.self)
        let loaded = try PipelineClassifier(from: stored, components: components)
        #expect(loaded.features == trained.features)
        #expect(
            try loaded.answers(for: .bytes(others.images))
                == trained.answers(for: .bytes(others.images)))
        // Files of the library's own extractors are what they were.
        for text in PipelineTests.features {
            let file = try Pipeline(try FeatureChoice(parsing: text), NearestCentroid()).fit(training)
                .stored()
            #expect(file.metadata["features.kind"] == nil, "\(text)")
        }
    }

    private struct Twofold: RowTransform, RowTransformLearner {
        typealias Fitted = Twofold
        static let kind = "two,fold"
        init() {}
        init(from settings: inout SettingText) throws {}
        init(from file: SafeTensors, prefix: String) throws {}
        var featureCount: Int { 144 }
        var outputCount: Int { 144 }
        var summary: String { "" }
        func apply(to rows: NDArray<Float>) throws -> NDArray<Float> { rows * 2 }
        func store(in file: inout SafeTensors, prefix: String) {}
        func fit(_ rows: NDArray<Float>, cancellation: Cancellation?) throws -> Twofold { self }
    }

    @Test func aTransformThatNoFileCouldNameIsRefused() {
        let pipeline = Pipeline(.pixels, NearestCentroid(), transforms: [Twofold()])
        let found = #expect(throws: DescentError.self) { try pipeline.fit(training) }
        #expect(found?.kind == .usage && found?.got == "'two,fold'")
    }
}
