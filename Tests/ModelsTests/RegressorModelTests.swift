import ArrayFiles
import Arrays
import Classical
import DataSources
import EvaluationMetrics
import ExampleData
import Foundation
import Networks
import Pipelines
import Regression
import Support
import Tables
import TestSupport
import Testing
import Training

@testable import Models

/// Model folders of what predicts numbers.
@Suite struct RegressorModelTests {
    private let directory: TemporaryDirectory
    private let table: Table
    private let preprocessing: TablePreprocessing
    private let examples: LabeledExamples

    init() throws {
        directory = try TemporaryDirectory()
        let lines = (0..<40).map { row in
            let (x, kind) = (Double(row % 11), ["red", "blue"][row % 2])
            return "\(x),\(kind),\(150_000 + 2_500 * x + (row % 2 == 0 ? 9_000.5 : 0))"
        }
        let text = (["x,kind,price (EUR)"] + lines).joined(separator: "\n") + "\n"
        try AtomicFile.write(text, to: directory.path + "/houses.csv")
        table = try Table(directory.path + "/houses.csv", label: "price (EUR)")
        preprocessing = try TablePreprocessing(fittedTo: table)
        examples = try table.examples(preprocessing)
    }

    private func regressor(_ name: String) throws -> any TrainedRegressor {
        switch name {
        case "ridge": try RegressionPipeline(RidgeRegression()).fit(examples)
        case "knn": try RegressionPipeline(NearestNeighborsRegression(k: 3)).fit(examples)
        case "svr": try RegressionPipeline(SupportVectorRegression(cost: 10)).fit(examples)
        default: try network().regressor
        }
    }

    private func network(epochs: Int = 60) throws -> (regressor: NetworkRegressor, history: History) {
        let trainer = Trainer(optimizer: .adam(learningRate: 0.01), batchSize: 8, epochs: epochs, seed: 1)
        return try NetworkRegression("mlp:8", trainer: trainer).fit(examples, validating: examples)
    }

    private func write(_ regressor: any TrainedRegressor, history: History? = nil) throws -> String {
        let model = RegressorModel(
            regressor, target: RegressionTarget(column: "price (EUR)"), input: .table(preprocessing))
        let metrics = try RegressionMetrics(actual: [1, 2], predicted: [1, 3])
        return try RegressorFolder(
            model, samples: examples.prefix(8).features,
            scores: RegressionScores(trainSeconds: 1, test: metrics), history: history,
            run: RunRecord(
                seed: 1, dataName: "houses.csv", trainCount: 40, testCount: 0, optimizer: "x", batchSize: 8,
                epochs: 60)
        ).write(to: .folder(directory.path + "/m", replacing: true))
    }

    @Test(arguments: ["ridge", "knn", "svr", "network"]) func everyKindIsLoadedByOneFunction(name: String)
        throws
    {
        let regressor = try regressor(name)
        let path = try write(regressor)
        let model = try RegressorModel(contentsOf: path)
        #expect(model.target == RegressionTarget(name: "price (EUR)", unit: "EUR"))
        #expect(
            try model.regressor.predictions(for: examples.features)
                == regressor.predictions(for: examples.features))
        // Answers have the label's own units.
        let errors = try model.regressor.errors(on: examples)
        #expect(errors.rSquared > 0.9 && errors.meanAbsolute < 4_000, "\(errors)")
        // A table without the label, its columns in another order.
        let other = directory.path + "/new.csv"
        try AtomicFile.write("kind,x\nblue,3\ngreen,4\nred,\n", to: other)
        let answers = try model.predict(tableAt: other)
        #expect(answers.count == 3 && answers.allSatisfy { (120_000...220_000).contains($0) })
        #expect(try directory.text("m/config.json").contains("\"task\": \"regression\""))
        let card = try directory.text("m/README.md")
        #expect(card.contains("price (EUR)") && card.contains("in EUR"))
        #expect(RegressorModel.isStored(at: path) && !RegressorModel.isStored(at: directory.path))
    }

    /// What a program writes without a run.
    @Test func aProgramWritesAFolder() throws {
        let model = RegressorModel(
            try regressor("ridge"), target: RegressionTarget(column: "price (EUR)"), input: nil)
        let path = try model.write(to: .folder(directory.path + "/own"), testing: examples)
        let loaded = try RegressorModel(contentsOf: path)
        #expect(
            try loaded.regressor.predictions(for: examples.features)
                == model.regressor.predictions(for: examples.features))
        #expect(try directory.text("own/metrics.json").contains("\"train_seconds\": null"))
        #expect(throws: DescentError.self) {
            try model.write(to: .folder(directory.path + "/none"), testing: examples.prefix(0))
        }
        #expect(!Files.exists(directory.path + "/none"))
    }

    /// A network's targets are standardised inside: it would learn nothing of targets around 160,000 otherwise.
    @Test func aNetworkLearnsLargeTargets() throws {
        let (regressor, history) = try network(epochs: 150)
        #expect(try regressor.errors(on: examples).rSquared > 0.95)
        #expect(history.epochs.count == 150 && !history.training.hasAccuracy)
        #expect(history.training.loss < 0.05)
        let path = try write(regressor, history: history)
        let run = try SavedRun(at: path)
        #expect(run.isNetwork && run.network.name == "mlp:8" && run.epochs.count == 150)
        #expect(run.epochs.allSatisfy { !$0.training.hasAccuracy && $0.test?.hasAccuracy == false })
        #expect(run.testErrors?.mae == 0.5 && run.testErrors?.rmse == 0.5.squareRoot())
        #expect(run.testAccuracy == nil)
    }

    @Test func eachLoaderRefusesTheOthersFolders() throws {
        let path = try write(regressor("ridge"))
        let error = #expect(throws: DescentError.self) { try ModelFolder.load(path) }
        #expect(error?.kind == .usage && error?.what == "the model predicts a number, not a class")
        #expect(error?.advice?.contains("RegressorModel") == true)
        #expect(throws: DescentError.self) { try ClassifierModel(contentsOf: path) }
        let network = Sequential { Dense(3, 2) }
        let classifier = try NetworkClassifier(
            network, classNames: ["a", "b"], preprocessing: Preprocessing(exampleShape: [3]))
        let other = try ModelFolder(classifier, samples: examples.prefix(2).features[0..<2].prefix3())
            .write(to: .folder(directory.path + "/c"))
        let classes = #expect(throws: DescentError.self) { try RegressorModel(contentsOf: other) }
        #expect(classes?.kind == .usage && classes?.what == "the model predicts classes")
        let missing = #expect(throws: DescentError.self) {
            try RegressorModel(contentsOf: directory.path + "/none")
        }
        #expect(missing?.kind == .missingInput)
    }

    @Test func damagedFoldersAreRefused() throws {
        for name in ["ridge", "network"] {
            let path = try write(regressor(name))
            for file in ["config.json", "model.safetensors", "samples.safetensors", "input.json"] {
                let place = "\(path)/\(file)"
                let before = try Files.read(place, limit: 1 << 20)
                var bytes = before
                bytes[bytes.count / 2] ^= 4
                try AtomicFile.write(bytes, to: place)
                let error = #expect(throws: DescentError.self, "\(name) \(file)") {
                    try RegressorModel(contentsOf: path)
                }
                #expect(error?.kind == .badData, "\(name) \(file)")
                try AtomicFile.write(before, to: place)
            }
            _ = try RegressorModel(contentsOf: path)
        }
    }

    /// Without checksums, as a person edits it.
    @Test(arguments: [
        (#""task": "regression""#, #""task": "clustering""#), (#""scale": "#, #""scale": -"#),
        (#""features": 4"#, #""features": 5"#), (#""format_version": 1"#, #""format_version": 2"#),
        (#""name": "price (EUR)""#, #""nome": "x""#), (#""architecture": "#, #""forest": "#),
    ])
    func editedConfigurationsAreRefused(from: String, to: String) throws {
        let path = try write(regressor("network"))
        try FileManager.default.removeItem(atPath: path + "/checksums.json")
        let text = try directory.text("m/config.json")
        #expect(text.contains(from), "\(text)")
        try AtomicFile.write(text.replacing(from, with: to), to: path + "/config.json")
        let error = #expect(throws: DescentError.self) { try RegressorModel(contentsOf: path) }
        #expect(
            error?.kind == .badData && error?.place?.contains(path) == true, "\(String(describing: error))")
    }

    /// Answers that another version computes differently are found when the model is loaded.
    @Test func samplesAreProved() throws {
        let path = try write(regressor("ridge"))
        try FileManager.default.removeItem(atPath: path + "/checksums.json")
        let place = path + "/samples.safetensors"
        var file = try SafeTensors(contentsOf: place)
        var values = try file.array(named: "values", as: Float.self).elements
        values[3] += 100
        file.set(NDArray(values), named: "values")
        try file.write(to: place)
        let error = #expect(throws: DescentError.self) { try RegressorModel(contentsOf: path) }
        #expect(error?.what == "the model does not give the answers that are stored with it")
    }

    @Test func aLeaderboardIsKept() throws {
        let model = RegressorModel(
            try regressor("ridge"), target: RegressionTarget(column: "price (EUR)"),
            input: .table(preprocessing))
        let board = Leaderboard(
            measure: .rmse, folds: 2, seed: 1, exampleCount: 40, trainCount: 40,
            entries: [
                .init(name: "ridge", settings: [.init("model", "ridge")], scores: [1, 2], seconds: 0.1)
            ])
        var folder = RegressorFolder(
            model, samples: examples.prefix(2).features, scores: RegressionScores(trainSeconds: 1))
        folder.leaderboard = board
        let path = try folder.write(to: .folder(directory.path + "/board"))
        let text = try directory.text("board/leaderboard.json")
        #expect(text.contains("\"measure\": \"rmse\"") && text.contains("\"train_count\": 40"))
        // It is Descent's own, and replaced with the model.
        folder.leaderboard = nil
        try folder.write(to: .folder(path, replacing: true))
        #expect(!Files.exists(path + "/leaderboard.json"))
    }
}

extension FeatureMatrix {
    /// The first three columns.
    fileprivate func prefix3() -> FeatureMatrix { .floats(unscaledFloats[.all, 0..<3].contiguousCopy()) }
}
