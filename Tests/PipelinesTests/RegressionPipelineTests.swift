import ArrayFiles
import Arrays
import Classical
import ExampleData
import Regression
import Support
import TestSupport
import Testing

@testable import Pipelines

@Suite struct RegressionPipelineTests {
    /// 60 rows of 3 features; the targets are far from 0 and large.
    private static func examples(scale: Float = 1) -> LabeledExamples {
        var random = RandomState(4)
        var (rows, targets): ([Float], [Float]) = ([], [])
        for _ in 0..<60 {
            let row = (0..<3).map { _ in Float(random.randn()) }
            rows += row
            targets.append(scale * (200_000 + 30_000 * row[0] - 9_000 * row[1] * row[2]))
        }
        return LabeledExamples(
            .floats(NDArray(shape: [60, 3], elements: rows)), values: NDArray(targets))
    }

    private static let learners: [any RegressionLearner] = [
        RidgeRegression(), NearestNeighborsRegression(k: 4), SupportVectorRegression(cost: 10),
    ]

    @Test(arguments: learners.indices) func everyRegressorIsKept(index: Int) throws {
        let examples = Self.examples()
        let pipeline = RegressionPipeline(Self.learners[index], scaling: .standard, componentCount: 2)
        let regressor = try pipeline.fit(examples)
        try withTemporaryDirectory { directory in
            let path = directory + "/model.safetensors"
            try regressor.stored().write(to: path)
            let loaded = try PipelineRegressor(from: SafeTensors(contentsOf: path))
            #expect(
                try loaded.predictions(for: examples.features)
                    == regressor.predictions(for: examples.features)
            )
            #expect(loaded.summary == regressor.summary && loaded.name == regressor.name)
            #expect(loaded.targetScaling == regressor.targetScaling && loaded.featureCount == 3)
        }
        #expect(regressor.summary.hasPrefix("3 features, standard scaling"), "\(regressor.summary)")
    }

    /// Settings count deviations of the targets, so that thousandfold targets have thousandfold answers.
    @Test(arguments: learners.indices) func theUnitOfTheTargetsDoesNotMatter(index: Int) throws {
        let (small, large) = (Self.examples(), Self.examples(scale: 1000))
        let pipeline = RegressionPipeline(Self.learners[index])
        let one = try pipeline.fit(small).predictions(for: small.features)
        let other = try pipeline.fit(large).predictions(for: large.features)
        for (one, other) in paired(one, other) {
            // Support vectors are solved to a thousandth of the targets' deviation, 30,000 or so.
            #expect(abs(other / 1000 - one) < 60, "\(one) \(other)")
        }
        #expect(try pipeline.fit(small).errors(on: small).rSquared > 0.4)
    }

    @Test func damagedFilesAreRefused() throws {
        let stored = try RegressionPipeline(RidgeRegression()).fit(Self.examples()).stored()
        let changes: [(String, String?)] = [
            ("target-scale", "0"), ("target-scale", "nan"), ("target-offset", nil), ("features", "0"),
            ("regressor", "forest"), ("transforms", "standard"), ("name", nil),
        ]
        try withTemporaryDirectory { directory in
            for (key, value) in changes {
                var file = stored
                file.metadata[key] = value
                let path = directory + "/model.safetensors"
                try file.write(to: path)
                let error = #expect(throws: DescentError.self, "\(key)") {
                    try PipelineRegressor(from: SafeTensors(contentsOf: path))
                }
                #expect(error?.kind == .badData && error?.description.contains(path) == true, "\(key)")
            }
        }
    }

    @Test func whatDoesNotFitIsSaid() throws {
        let examples = Self.examples()
        let classes = LabeledExamples(
            examples.features, classes: [Int32](repeating: 0, count: 60), classNames: ["a", "b"])
        let error = #expect(throws: DescentError.self) {
            try RegressionPipeline(RidgeRegression()).fit(classes)
        }
        #expect(error?.kind == .badData && error?.what == "targets that are classes")
        let regressor = try RegressionPipeline(RidgeRegression()).fit(examples)
        let width = #expect(throws: DescentError.self) {
            try regressor.predictions(for: .floats(NDArray(shape: [1, 2], elements: [1, 2])))
        }
        #expect(width?.kind == .badData && width?.place == "ridge")
        #expect(try regressor.predictions(for: .floats(NDArray(shape: [0, 3], elements: []))) == [])
        let cancellation = Cancellation()
        cancellation.cancel()
        let stopped = #expect(throws: DescentError.self) {
            try RegressionPipeline(RidgeRegression()).fit(examples, cancellation: cancellation)
        }
        #expect(stopped?.kind == .interrupted)
    }

    /// A pipeline of classes names the one of numbers.
    @Test func aPipelineOfClassesNamesItsSibling() throws {
        let error = #expect(throws: DescentError.self) {
            try Pipeline(.pixels, NearestNeighbors(k: 1)).fit(Self.examples())
        }
        #expect(error?.what == "targets that are numbers" && error?.place == "pipeline")
        #expect(error?.advice?.contains("RegressionPipeline") == true)
    }
}
