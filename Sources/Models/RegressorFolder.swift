import ArrayFiles
import Arrays
import DataSources
import EvaluationMetrics
import ExampleData
import Pipelines
import Regression
import Support
import Training

/// The scores of a trained regressor, and the time of its training.
package struct RegressionScores: Equatable, Sendable {
    /// The seconds of training; nil where they are not known.
    package var trainSeconds: Double?
    /// The metrics on the training examples.
    package var training: RegressionMetrics?
    /// The metrics on the test examples; nil without any.
    package var test: RegressionMetrics?

    /// Creates scores from their parts.
    package init(trainSeconds: Double?, training: RegressionMetrics? = nil, test: RegressionMetrics? = nil) {
        (self.trainSeconds, self.training, self.test) = (trainSeconds, training, test)
    }
}

extension RegressorModel {
    /// Writes a model folder, whole or not at all, with the model's errors on `examples`, the first of which are stored with it and
    /// compared on each load.
    ///
    /// ```swift
    /// try RegressorModel(regressor, target: RegressionTarget(column: "price (EUR)"), input: nil)
    ///     .write(to: .folder("models/houses"), testing: others)
    /// ```
    ///
    /// - Returns: its path.
    /// - Throws: `cannotCreate` or `inputOutput`, with the path; `badData` for examples with classes; `usage` without examples, or for
    ///   a regressor that no folder can keep; nothing is left behind then.
    @discardableResult
    public func write(to place: ModelDestination, testing examples: LabeledExamples) throws -> String {
        let targets = try RegressionChecks.single(examples, for: regressor.name)
        let metrics = try RegressionMetrics(
            actual: targets.map(Double.init),
            predicted: regressor.predictions(for: examples.features).map(Double.init))
        return try RegressorFolder(
            self, samples: examples.prefix(8).features,
            scores: RegressionScores(trainSeconds: nil, test: metrics)
        ).write(to: place)
    }
}

/// A trained regressor to be kept on disk: the files of ``ModelFolder``, for a model that predicts numbers.
/// ``RegressorModel`` reads it.
///
/// `config.json` says the task, the label's name and unit; `samples.safetensors` has rows and the numbers that they must give;
/// `metrics.json` has MAE, RMSE and R².
package struct RegressorFolder: Sendable {
    /// The model.
    package var model: RegressorModel
    /// Rows whose answers are stored with the model and compared on each load.
    package var samples: FeatureMatrix
    /// Its scores.
    package var scores: RegressionScores
    /// The history of a network's training; nil for others.
    package var history: History?
    /// The record of its run; nil when it was not made by a run.
    package var run: RunRecord?
    /// The methods among which it was chosen; nil where it was named.
    package var leaderboard: Leaderboard?
    /// The plots as SVG texts by file name, for `plots/`.
    package var plots: [String: String]
    /// The reason why the run ended early, in words; nil when it did not.
    package var remark: String?

    /// Creates a folder's contents, not yet written.
    package init(
        _ model: RegressorModel, samples: FeatureMatrix, scores: RegressionScores, history: History? = nil,
        run: RunRecord? = nil, leaderboard: Leaderboard? = nil, plots: [String: String] = [:],
        remark: String? = nil
    ) {
        (self.model, self.samples, self.scores, self.history) = (model, samples, scores, history)
        (self.run, self.leaderboard, self.plots, self.remark) = (run, leaderboard, plots, remark)
    }

    /// Writes the folder, whole or not at all. Files at its place that are not Descent's are carried over.
    ///
    /// `warning`: called with each note for the user, one line.
    ///
    /// - Returns: its path.
    /// - Throws: `cannotCreate` or `inputOutput`, with the path; `usage` without samples, or for a regressor that no folder can
    ///   keep; nothing is left behind then.
    @discardableResult
    package func write(to place: ModelDestination, warning: ((String) -> Void)? = nil) throws -> String {
        let made = try write(to: place, reserved: nil)
        made.notes.forEach { warning?($0) }
        return made.path
    }

    /// Writes the folder to its place, or, where that cannot be written any more, to another.
    package func writeOrRescue(
        to place: ModelDestination, reserved: RunFolder?
    ) throws -> (made: ModelDestination.Made, problem: DescentError?) {
        try ModelRescue.write(
            name: model.regressor.name, started: run?.started ?? RunRecord.now, to: place, reserved: reserved,
            elsewhere: ModelFolder.otherPlaces, write)
    }

    private func write(to place: ModelDestination, reserved: RunFolder?) throws -> ModelDestination.Made {
        typealias Name = ModelFolder.FileName
        return try place.make(started: run?.started ?? RunRecord.now, reserved: reserved) { folder in
            try writeRegressor(to: "\(folder)/\(Name.weights)")
            try AtomicFile.write(
                RegressorConfiguration(model.regressor, target: model.target).json().document,
                to: "\(folder)/\(Name.config)")
            try RegressorSamples(rows: samples, values: model.regressor.predictions(for: samples))
                .write(to: "\(folder)/\(Name.samples)")
            try AtomicFile.write(metrics.document, to: "\(folder)/\(Name.metrics)")
            if let history {
                try AtomicFile.write(history.csv, to: "\(folder)/\(Name.history)")
                if !history.stepLosses.isEmpty {
                    try NPY.write(NDArray(history.stepLosses), to: "\(folder)/\(Name.losses)")
                }
            }
            if let input = model.input {
                try AtomicFile.write(JSONText(encoding: input).document, to: "\(folder)/\(Name.input)")
            }
            if let run { try AtomicFile.write(run.json.document, to: "\(folder)/\(Name.run)") }
            try leaderboard?.write(to: "\(folder)/\(Name.leaderboard)")
            if !plots.isEmpty {
                try AtomicFile.createDirectory(at: "\(folder)/\(Name.plots)")
                for (name, text) in plots.sorted(by: { $0.key < $1.key }) {
                    try AtomicFile.write(text, to: "\(folder)/\(Name.plots)/\(name)")
                }
            }
            try AtomicFile.write(card, to: "\(folder)/\(Name.card)")
            try AtomicFile.write(
                FolderChecksums(of: folder).json.document, to: "\(folder)/\(FolderChecksums.fileName)")
        }
    }

    private func writeRegressor(to path: String) throws {
        switch model.regressor {
        case let network as NetworkRegressor: try ModelWeights.write(network.weights, to: path)
        case let pipeline as PipelineRegressor:
            try pipeline.regressor.checkStorable()
            try pipeline.stored().write(to: path)
        default:
            throw DescentError(
                .usage, "a model folder cannot keep this regressor", at: model.regressor.name,
                expected: "a network or a pipeline", got: "\(type(of: model.regressor))")
        }
    }

    private var metrics: JSONText {
        let network: [JSONText.Member] =
            history.map {
                [
                    .init("epochs", .integer($0.epochs.count)), .init("steps", .integer($0.steps)),
                    .init("train_loss", .rounded($0.training.loss, decimals: 6)),
                    .init("test_loss", .rounded($0.test?.loss, decimals: 6)),
                    .init("best_epoch", $0.best.map { .integer($0.number) } ?? .null),
                ]
            } ?? []
        return .object(
            [
                .init("version", 1), .init("task", .string(ModelTask.regression.rawValue)),
                .init("target", .string(model.target.name)),
                .init("test_mae", .number(scores.test?.meanAbsoluteError)),
                .init("test_rmse", .number(scores.test?.rootMeanSquaredError)),
                .init("test_r2", .number(scores.test?.r2)),
                .init("test_baseline_rmse", .number(scores.test?.baselineError)),
                .init("train_mae", .number(scores.training?.meanAbsoluteError)),
                .init("train_rmse", .number(scores.training?.rootMeanSquaredError)),
                .init("train_r2", .number(scores.training?.r2)),
                .init("train_seconds", .rounded(scores.trainSeconds, decimals: 3)),
                .init("remark", .string(remark)),
            ] + network)
    }

    /// The text of the folder's README.md.
    private var card: String {
        let (name, target) = (model.regressor.name, model.target.name.showingControlCharacters)
        let features = Numerals.counted(model.regressor.featureCount, "feature")
        var text = """
            # \(name)

            \(model.regressor.summary.prefix(1).uppercased() + model.regressor.summary.dropFirst()): predicts `\(target)`\
            \(model.target.unit.map { ", in \($0.showingControlCharacters)," } ?? "") from rows of \(features).

            """
        if let remark { text += "\n**\(remark.showingControlCharacters)**\n" }
        text += "\n## How good it is\n\n| | examples | MAE | RMSE | R² |\n|---|---:|---:|---:|---:|\n"
        for (part, metrics) in [("training", scores.training), ("test", scores.test)] {
            guard let metrics else { continue }
            text +=
                "| \(part) | \(Numerals.grouped(metrics.count)) | \(Numerals.measure(metrics.meanAbsoluteError))"
            text += " | \(Numerals.measure(metrics.rootMeanSquaredError))"
            text += " | \(metrics.r2.map { Numerals.fixed($0, 4) } ?? "-") |\n"
        }
        if let test = scores.test {
            text += "\nAlways answering the mean has an RMSE of \(Numerals.measure(test.baselineError)).\n"
        }
        if let seconds = scores.trainSeconds { text += "\nIt learned in \(Numerals.duration(seconds)).\n" }
        if let run {
            text += "\n## How it was made\n\nTrained on `\(run.dataName)`, "
            text += "\(Numerals.grouped(run.trainCount)) examples, seed \(run.seed).\n"
            if !run.arguments.isEmpty { text += "\n    ./descent \(Shell.line(run.arguments))\n" }
        }
        return text + """

            ## How to use it

            ```sh
            ./descent evaluate MODEL                # this folder in place of MODEL
            ./descent predict MODEL rows.csv
            ```

            ## What it cannot do

            It always answers with a number, also for a row unlike all that it learned from. The figures above hold for rows like
            those that it was tested on.

            """
    }
}
