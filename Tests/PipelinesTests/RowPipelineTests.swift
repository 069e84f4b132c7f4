import Arrays
import Classical
import Classification
import ExampleData
import Support
import TestSupport
import Testing

@testable import Pipelines

/// Pipelines on rows of features, dense and sparse.
@Suite struct RowPipelineTests {
    /// Two classes told apart by one of 40 features, of which two are not zero.
    private func rows(_ count: Int, sparse: Bool) -> LabeledExamples {
        var random = RandomState(3)
        var (columns, values): ([Int32], [Float]) = ([], [])
        for row in 0..<count {
            columns += [row % 2 == 0 ? 0 : 1, Int32(2 + row % 38)]
            values += [2 + Float(random.rand()), Float(random.rand())]
        }
        let rows = CompressedRows(
            width: 40, starts: (0...count).map { 2 * $0 }, columns: columns, values: values)
        return LabeledExamples(
            sparse ? .sparse(rows) : .floats(rows.dense()), classes: (0..<count).map { Int32($0 % 2) },
            classNames: ["even", "odd"])
    }

    private static let learners: [any Learner] = [
        NearestNeighbors(k: 3), SupportVectorMachine(cost: 5), LinearSupportVectorMachine(cost: 1),
        LogisticRegression(), NearestCentroid(), GaussianNaiveBayes(),
    ]

    /// Sparse rows give what the same rows give with their zeros, from a file too.
    @Test(arguments: learners.indices, [Pipeline.Scaling.none, .standard])
    func sparseRowsAreRows(learner: Int, scaling: Pipeline.Scaling) throws {
        let pipeline = Pipeline(.pixels, Self.learners[learner], scaling: scaling)
        let (dense, sparse) = (rows(60, sparse: false), rows(60, sparse: true))
        let one = try pipeline.fit(dense)
        let other = try pipeline.fit(sparse)
        #expect(one.exampleShape == [40] && one.imageSize == nil)
        #expect(one.summary.contains("40 features") && !one.name.contains("pixels"))
        let scores = try paired(
            one.probabilities(of: dense.features).elements, other.probabilities(of: sparse.features).elements)
        for (a, b) in scores { #expect(abs(a - b) < 1e-5) }
        #expect(try one.evaluate(on: dense).accuracy == 1 && other.evaluate(on: sparse).accuracy == 1)
        let again = try PipelineClassifier(from: one.stored())
        #expect(again.exampleShape == [40])
        #expect(try again.answers(for: sparse.features).classes == one.classes(of: dense.features))
    }

    @Test func whatDoesNotFitRowsIsRefused() throws {
        let examples = rows(20, sparse: false)
        func refusal(_ pipeline: Pipeline, _ examples: LabeledExamples) -> DescentError? {
            #expect(throws: DescentError.self) { try pipeline.fit(examples) }
        }
        let hog = refusal(Pipeline(try FeatureChoice(parsing: "hog"), NearestCentroid()), examples)
        #expect(hog?.kind == .usage && hog?.got == "hog")
        #expect(refusal(Pipeline(.pixels, NearestCentroid(), deskews: true), examples)?.kind == .usage)
        let channels = LabeledExamples(
            .bytes(NDArray<UInt8>(shape: [2, 5, 4, 4], repeating: 1)), classes: [0, 1],
            classNames: ["a", "b"])
        #expect(refusal(Pipeline(.pixels, NearestCentroid()), channels)?.kind == .badData)
        let numbers = LabeledExamples(examples.features, values: NDArray<Float>(shape: [20], repeating: 1))
        #expect(refusal(Pipeline(.pixels, NearestCentroid()), numbers)?.kind == .badData)
        let trained = try Pipeline(.pixels, NearestCentroid()).fit(examples)
        let narrow = FeatureMatrix.floats(NDArray(shape: [1, 39], repeating: 0))
        let error = #expect(throws: DescentError.self) { try trained.answers(for: narrow) }
        #expect(error?.expected == "[N, 40]" && error?.got == "[1, 39]")
    }

    /// Pixels keep colours; features that are taken of images see the grey of ITU-R BT.601, here computed in doubles.
    @Test func featuresSeeColoursInGrey() throws {
        var random = RandomState(5)
        let bytes = (0..<12 * 3 * 64).map { _ in UInt8(random.randint(0, 256)) }
        let colour = LabeledExamples(
            .bytes(NDArray(shape: [12, 3, 8, 8], elements: bytes)), classes: (0..<12).map { Int32($0 % 2) },
            classNames: ["a", "b"])
        let grey = (0..<12 * 64).map { place -> UInt8 in
            let (image, pixel) = (place / 64, place % 64)
            func plane(_ channel: Int) -> Double { Double(bytes[image * 192 + channel * 64 + pixel]) }
            return UInt8((0.299 * plane(0) + 0.587 * plane(1) + 0.114 * plane(2)).rounded())
        }
        let found = try #require(colour.features.greyImages)
        #expect(found.shape == [12, 8, 8])
        for (a, b) in zip(found.elements, grey) { #expect(abs(Int(a) - Int(b)) <= 1) }
        let hog = Pipeline(try FeatureChoice(parsing: "hog:cell=4"), NearestCentroid())
        let trained = try hog.fit(colour)
        #expect(trained.exampleShape == [3, 8, 8])
        let inGrey = LabeledExamples(.bytes(found), classes: colour.classes, classNames: ["a", "b"])
        let other = try hog.fit(inGrey)
        #expect(
            try trained.rows(of: colour.features).unscaledFloats
                == other.rows(of: inGrey.features).unscaledFloats)
        let pixels = try Pipeline(.pixels, NearestCentroid()).fit(colour)
        #expect(try pixels.rows(of: colour.features).featureCount == 192)
        let stored = try PipelineClassifier(from: pixels.stored())
        #expect(stored.exampleShape == [3, 8, 8])
    }

    /// A method that would unpack sixteen billion bytes says so; one that skips zeros asks for its weights.
    @Test func memoryIsSaidBeforeItIsTaken() throws {
        let wide = CompressedRows(
            width: 2_000_000_000, starts: [0, 1, 2], columns: [0, 1_999_999_999], values: [1, 2])
        let examples = LabeledExamples(.sparse(wide), classes: [0, 1], classNames: ["a", "b"])
        for learner in Self.learners {
            let error = #expect(throws: DescentError.self) { try Pipeline(.pixels, learner).fit(examples) }
            #expect(error?.kind == .badData && error?.what.contains("too much memory") == true)
        }
        let scaled = Pipeline(.pixels, LinearSupportVectorMachine(), scaling: .standard)
        #expect(throws: DescentError.self) { try scaled.fit(examples) }
    }
}
