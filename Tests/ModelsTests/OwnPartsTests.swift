import ArrayFiles
import Arrays
import Classical
import Datasets
import ExampleData
import Foundation
import ImageFeatures
import Support
import TestSupport
import Testing

@testable import Classification
@testable import Experiments
@testable import Models
@testable import Pipelines

/// Extractors, transforms and classifiers from outside: trained, compared, summed up, kept, read and refused; and features are
/// taken once for an answer.
@Suite(.serialized) struct OwnPartsTests {
    private static let training = ToyImages.make(80, seed: 1)
    private static let others = ToyImages.make(40, seed: 2)
    private static var components: PipelineComponents {
        var components = PipelineComponents.standard
        components.features.register(InkByRow.self)
        components.transforms.register(Centring.Settings.self)
        components.classifiers.register(FirstOfClass.self)
        return components
    }
    private static let pipeline = Pipeline(
        FeatureChoice(InkByRow(factor: 0.5)), FirstOfClass(), transforms: [Centring.Settings()])
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test func aPipelineOfOwnPartsIsKeptAndReadAndSummedUp() throws {
        let trained = try Self.pipeline.fit(Self.training)
        #expect(trained.name == "first-of-class on ink-by-row")
        #expect(trained.summary == "ink-by-row:0.5, centred, 4 first examples")
        let summary = try PipelineSummary(of: trained)
        #expect(summary.stages.map(\.name) == ["ink-by-row", "centring", "first-of-class"])
        #expect(summary.stages.map(\.detail) == ["ink-by-row:0.5", "12 means", "4 classes"])
        #expect(summary.stages.map(\.numberCount).suffix(2).first == 12)
        let path = try ModelFolder(trained, samples: Self.others.prefix(5).features)
            .write(to: .folder("\(directory.path)/own"))
        let loaded = try ModelFolder.load(path, components: Self.components).classifier
        let images = Self.others.images
        #expect(try loaded.answers(for: .bytes(images)) == trained.answers(for: .bytes(images)))
        #expect(loaded.summary == trained.summary && loaded.scoreKind == .scores)
        let pipeline = try #require(loaded as? PipelineClassifier)
        #expect(pipeline.features == FeatureChoice(InkByRow(factor: 0.5)))
        #expect(pipeline.stored().metadata == trained.stored().metadata)
        #expect(pipeline.stored().names == trained.stored().names)
    }

    @Test func withoutBeingRegisteredEachIsRefusedByName() throws {
        let path = try ModelFolder(
            Self.pipeline.fit(Self.training), samples: Self.others.prefix(5).features
        ).write(to: .folder("\(directory.path)/own"))
        var (without, known) = (PipelineComponents.standard, Self.components)
        known.features = .standard
        let all: [(PipelineComponents, String, String)] = [
            (known, "features", "ink-by-row"),
            (
                {
                    without = Self.components; without.transforms = .standard; return without
                }(), "transform", "centring"
            ),
            (
                {
                    without = Self.components; without.classifiers = .standard; return without
                }(), "classifier",
                "first-of-class"
            ),
        ]
        for (components, component, kind) in all {
            let error = #expect(throws: DescentError.self) {
                try ModelFolder.load(path, components: components)
            }
            #expect(error?.kind == .badData && error?.what == "the model has an unknown kind of \(component)")
            #expect(error?.got == "'\(kind)'" && error?.place == "\(path)/model.safetensors")
            #expect(error?.expected?.isEmpty == false && error?.advice?.contains("registers") == true)
        }
        for text in ["ink-by-row", "ink-by-row:0.5"] {
            #expect(throws: DescentError.self) { try FeatureChoice(parsing: text) }
            #expect(try FeatureChoice(parsing: text, in: Self.components.features).name == "ink-by-row")
        }
        let small = #expect(throws: DescentError.self) {
            let flat = LabeledExamples(
                .bytes(NDArray(shape: [4, 1, 9], repeating: 7)), classes: [0, 1, 0, 1],
                classNames: ["a", "b"])
            return try Self.pipeline.fit(flat)
        }
        #expect(small?.what == "an image of one row")
    }

    @Test func damagedSettingsOfAnOwnExtractorAreRefused() throws {
        let stored = try Self.pipeline.fit(Self.training).stored()
        let path = "\(directory.path)/model.safetensors"
        for (key, value) in [
            ("features.settings", nil), ("features.settings", "hog:4"), ("features.settings", "ink-by-row:x"),
            ("features.kind", nil), ("features.kind", "hog"), ("features.kind", "none"),
        ] as [(String, String?)] {
            var file = stored
            file.metadata[key] = value
            try file.write(to: path)
            let error = #expect(throws: DescentError.self, "\(key) \(value ?? "")") {
                try PipelineClassifier(from: SafeTensors(contentsOf: path), components: Self.components)
            }
            #expect(error?.kind == .badData && error?.place == path, "\(String(describing: error))")
        }
    }

    @Test func ownPartsAreCompared() throws {
        let data = BuiltInDigits.dataset(trainCount: 200, testCount: 60)
        let wrong = Pipeline(FeatureChoice(InkByRow()), FirstOfClass(shift: 10))
        let comparison = try MethodComparison(
            of: [
                ComparedMethod("ink", "first", .pipeline(Self.pipeline)),
                ComparedMethod("ink", "wrong", .pipeline(wrong)),
            ], on: data)
        #expect(comparison.rows.map(\.name) == ["first on ink"])
        #expect(comparison.rows[0].remark == nil && comparison.rows[0].modelBytes > 10 * 28 * 4)
        // An answer that there is not is an error of this method, and ends nothing.
        #expect(comparison.failures.map(\.name) == ["wrong on ink"])
        #expect(comparison.failures[0].reason.kind == .failed)
        #expect(
            comparison.failures[0].reason.what == "the classifier answers with a class that there is not")
        // What has not converged is told, whatever it is.
        let trained = try Pipeline(.pixels, FirstOfClass(shift: 1)).fit(Self.training)
        #expect(trained.convergence == Convergence(isReached: false, description: "shifted by 1"))
        #expect(trained.remarks(measuring: Self.others.features) == ["shifted by 1"])
    }

    /// What parts say of their own outputs is checked, not believed.
    @Test func partsThatGiveAnotherShapeThanTheySayAreCalledWrong() throws {
        struct Wide: FeatureExtractor {
            static let kind = "wide"
            init() {}
            init(from settings: inout SettingText) throws {}
            func featureCount(height: Int, width: Int) throws -> Int { 3 }
            func rows(of images: NDArray<UInt8>, cancellation: Cancellation?) throws -> FeatureMatrix {
                .floats(NDArray(shape: [images.shape[0], 4], repeating: 1))
            }
        }
        let features = #expect(throws: DescentError.self) {
            try Pipeline(FeatureChoice(Wide()), FirstOfClass()).fit(Self.training)
        }
        #expect(features?.kind == .failed && features?.expected == "[80, 3]" && features?.got == "[80, 4]")
        struct Doubling: RowTransformLearner {
            typealias Fitted = Doubled
            init() {}
            init(from settings: inout SettingText) throws {}
            func fit(_ rows: NDArray<Float>, cancellation: Cancellation?) throws -> Doubled { Doubled() }
        }
        let rows = #expect(throws: DescentError.self) {
            try Pipeline(.pixels, FirstOfClass(), transforms: [Doubling()]).fit(Self.training)
        }
        #expect(rows?.kind == .failed && rows?.expected == "[80, 144]" && rows?.got == "[80, 288]")
    }

    /// By counting: each way to ask takes the features of its images once.
    @Test func featuresAreTakenOnce() throws {
        let trained = try Self.pipeline.fit(Self.training)
        let images = Self.others.images
        let examples = FeatureMatrix.bytes(images)
        #expect(try InkByRow.counting { _ = try Self.pipeline.fit(Self.training) } == [80])
        #expect(try InkByRow.counting { _ = try trained.predictions(for: images) } == [40])
        #expect(try InkByRow.counting { _ = try trained.answers(for: examples) } == [40])
        #expect(try InkByRow.counting { _ = try trained.probabilities(of: examples) } == [40])
        #expect(try InkByRow.counting { _ = try trained.classes(of: examples) } == [40])
        #expect(try InkByRow.counting { _ = try trained.evaluate(on: Self.others) } == [40])
        let folder = ModelFolder(trained, samples: Self.others.prefix(5).features)
        let path = "\(directory.path)/own"
        #expect(try InkByRow.counting { try folder.write(to: .folder(path)) } == [5])
        // Each sample is asked alone.
        #expect(
            try InkByRow.counting { _ = try ModelFolder.load(path, components: Self.components) }
                == [1, 1, 1, 1, 1])
        let data = BuiltInDigits.dataset(trainCount: 100, testCount: 30)
        let method = ComparedMethod("ink", "first", .pipeline(Self.pipeline))
        #expect(try InkByRow.counting { _ = try MethodComparison(of: [method], on: data) } == [100, 30])
    }

    @Test func featureTextsGoThereAndBack() throws {
        #expect(FeatureChoice.names == ["pixels", "hog", "sift", "surf"])
        for (text, again, width) in [
            ("pixels", "pixels", 144), ("hog:3", "hog:3", 324),
            (
                "hog:cell=3,block=1,orientations=6,norm=l1,signed=true",
                "hog:3,orientations=6,block=1,norm=L1,signed=true", 96
            ),
            ("hog:4,interpolation=Trilinear", "hog:4,interpolation=trilinear", 144),
            ("sift:words=12,step=2", "sift:words=12,step=2,grid=2", 48),
            ("surf:6,enlarge=3", "surf:words=6,grid=2,enlarge=3", 24),
        ] {
            let choice = try FeatureChoice(parsing: text)
            #expect("\(choice)" == again)
            #expect(try FeatureChoice(parsing: again) == choice)
            // Before anything is learned or taken.
            #expect(try choice.extractor.featureCount(height: 12, width: 12) == width, "\(text)")
        }
        #expect(
            FeatureChoice.hog(HistogramOfOrientedGradients(cellSize: 4))
                == (try FeatureChoice(parsing: "hog")))
        #expect(FeatureChoice.sift(words: 7) != FeatureChoice.sift(words: 8))
        let unlearned = FeatureChoice.sift(words: 7)
        let error = #expect(throws: DescentError.self) {
            try unlearned.extractor.rows(of: Self.others.images, cancellation: nil)
        }
        #expect(error?.what == "visual words that have not been learned")
    }
}
