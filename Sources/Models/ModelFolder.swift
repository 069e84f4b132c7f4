import ArrayFiles
import Arrays
import Classification
import DataSources
import EvaluationMetrics
import ExampleData
import ImageFolders
import Pipelines
import Support
import Training

/// A trained model on disk: a folder that documents its contents and origin, and can be checked for damage.
///
/// | file | what it holds |
/// |---|---|
/// | `model.safetensors` | the weights |
/// | `config.json` | architecture, labels, preprocessing, format version |
/// | `samples.safetensors` | a few inputs and the probabilities [N, K] that they must give |
/// | `losses.npy` | the loss of every training step, float32 |
/// | `metrics.json`, `history.csv` | the scores, at the end and epoch by epoch |
/// | `input.json` | what is made of pictures or tables before the model takes them |
/// | `split.json` | the pictures that it was trained and tested on, with their contents' checksums |
/// | `run.json` | arguments, seed, data and its checksum, versions, threads |
/// | `novelty.safetensors` | training examples' features, by which an example is told that is unlike all of them |
/// | `leaderboard.json` | the methods among which it was chosen, if it was, with their scores |
/// | `calibration.json` | the temperature of its probabilities, once it has been calibrated |
/// | `plots/*.svg` | the plots that the caller gave |
/// | `README.md` | all of this in plain words |
/// | `checksums.json` | a checksum of each of these files, checked when the model is loaded |
///
/// ```swift
/// let folder = try ModelFolder(classifier, history: history, run: record, samples: images)
///     .write(to: .run(name: "two-layer"))
/// let same = try ModelFolder.load("runs/latest").classifier
/// ```
public struct ModelFolder: Sendable {
    /// The classifier.
    public var classifier: any TrainedClassifier
    /// The history of its training; nil when a loaded folder does not say.
    package var history: History?
    /// The scores of a pipeline; nil for a network, whose history has them.
    package var scores: PipelineScores?
    /// The record of its run; nil when it was not made by a run.
    package var run: RunRecord?
    /// The examples whose probabilities are stored with the model and compared on each load.
    public var samples: FeatureMatrix
    /// The plots as SVG texts by file name, for `plots/`.
    package var plots: [String: String]
    /// The reason why the run ended before its last epoch, in words; nil when it did not.
    package var remark: String?
    /// What the model makes of pictures and tables before it takes examples; nil where it is given examples as they are.
    public var input: ModelInput?
    /// The division of the pictures that it was trained on; nil without any.
    package var imageSplit: ImageSplit?
    /// What tells examples that are unlike all that was learned; nil where nothing was fitted, as in folders of older versions.
    public var novelty: ModelNovelty?
    /// The methods among which it was chosen; nil where it was named.
    package var leaderboard: Leaderboard?

    /// Creates a folder's contents, not yet written.
    ///
    /// `samples`: images [N, H, W].
    ///
    /// - Precondition: the samples have the height and width that the model expects.
    public init(
        _ classifier: any TrainedClassifier, history: History? = nil, run: RunRecord? = nil,
        scores: PipelineScores? = nil, samples: NDArray<UInt8>, plots: [String: String] = [:],
        remark: String? = nil
    ) {
        self.init(
            classifier, history: history, run: run, scores: scores, samples: .bytes(samples), plots: plots,
            remark: remark)
    }

    /// Creates a folder's contents, not yet written.
    ///
    /// - Precondition: the samples have the shape that the model expects.
    public init(
        _ classifier: any TrainedClassifier, history: History? = nil, run: RunRecord? = nil,
        scores: PipelineScores? = nil, samples: FeatureMatrix, plots: [String: String] = [:],
        remark: String? = nil
    ) {
        self.classifier = classifier
        self.scores = scores
        self.history = history
        self.run = run
        self.samples = samples
        self.plots = plots
        self.remark = remark
    }

    /// The verdict on the run, as it is written into the folder; nil for a pipeline.
    package var verdict: TrainingVerdict? {
        history.map { TrainingVerdict($0, testCount: run?.testCount) }
    }

    /// Writes the folder, whole or not at all. Files at its place that are not Descent's are carried over.
    ///
    /// `warning`: called with each note for the user, one line: `latest` could not be made to point to the folder, a file
    /// that was not Descent's was renamed.
    ///
    /// - Returns: its path.
    /// - Throws: `cannotCreate` or `inputOutput`, with the path; `usage` without samples; nothing is left behind
    ///   then.
    @discardableResult
    public func write(to place: ModelDestination, warning: ((String) -> Void)? = nil) throws -> String {
        let made = try write(to: place, reserved: nil)
        made.notes.forEach { warning?($0) }
        return made.path
    }

    /// Writes the folder to a place that the run has taken already.
    package func write(to place: ModelDestination, reserved: RunFolder?) throws -> ModelDestination.Made {
        try place.make(started: run?.started ?? RunRecord.now, reserved: reserved) { folder in
            try AtomicFile.write(
                try writeModel(to: "\(folder)/\(FileName.weights)").document,
                to: "\(folder)/\(FileName.config)")
            try ModelSamples(inputs: samples, probabilities: classifier.probabilities(of: samples))
                .write(to: "\(folder)/\(FileName.samples)")
            try novelty?.write(to: "\(folder)/\(FileName.novelty)", samples: samples)
            if let history {
                try AtomicFile.write(history.csv, to: "\(folder)/\(FileName.history)")
                if !history.stepLosses.isEmpty {
                    try NPY.write(
                        NDArray(shape: [history.stepLosses.count], elements: history.stepLosses),
                        to: "\(folder)/\(FileName.losses)")
                }
                try AtomicFile.write(metrics(history).document, to: "\(folder)/\(FileName.metrics)")
            }
            if let scores {
                try AtomicFile.write(
                    scores.json(remark: remark).document, to: "\(folder)/\(FileName.metrics)")
            }
            if let input {
                try AtomicFile.write(
                    JSONText(encoding: input).document, to: "\(folder)/\(FileName.input)")
            }
            if let imageSplit { try imageSplit.write(to: "\(folder)/\(FileName.split)") }
            try leaderboard?.write(to: "\(folder)/\(FileName.leaderboard)")
            if let run { try AtomicFile.write(run.json.document, to: "\(folder)/\(FileName.run)") }
            if !plots.isEmpty {
                try AtomicFile.createDirectory(at: "\(folder)/\(FileName.plots)")
                for (name, text) in plots.sorted(by: { $0.key < $1.key }) {
                    try AtomicFile.write(text, to: "\(folder)/\(FileName.plots)/\(name)")
                }
            }
            try AtomicFile.write(modelCard, to: "\(folder)/\(FileName.card)")
            try AtomicFile.write(
                FolderChecksums(of: folder).json.document, to: "\(folder)/\(FolderChecksums.fileName)")
        }
    }

    /// Writes the model itself; returns the text of `config.json`.
    private func writeModel(to path: String) throws -> JSONText {
        switch classifier {
        case let network as NetworkClassifier:
            try ModelWeights.write(network.weights, to: path)
            return try network.configuration.json()
        case let pipeline as PipelineClassifier:
            try pipeline.classifier.checkStorable()
            try pipeline.stored().write(to: path)
            return PipelineConfiguration(pipeline).json
        default:
            throw DescentError(
                .usage, "a model folder cannot keep this classifier", at: classifier.name,
                expected: "a network or a pipeline", got: "\(type(of: classifier))")
        }
    }

    /// Returns the classifier as a network, where only a network will do.
    ///
    /// - Throws: `usage` when it is a pipeline.
    public func networkClassifier() throws -> NetworkClassifier {
        guard let network = classifier as? NetworkClassifier else {
            throw DescentError(
                .usage, "the model is not a network", at: classifier.name,
                expected: "a network, such as two-layer",
                got: classifier.summary)
        }
        return network
    }

    /// The classifier as a pipeline; nil when it is a network.
    package var pipelineClassifier: PipelineClassifier? { classifier as? PipelineClassifier }

    /// The names in the folder.
    enum FileName {
        static let weights = "model.safetensors"
        static let config = "config.json"
        static let samples = "samples.safetensors"
        static let metrics = "metrics.json"
        static let history = "history.csv"
        static let run = "run.json"
        static let losses = "losses.npy"
        static let plots = "plots"
        /// What the model makes of pictures and tables, and the pictures that it was trained and tested on.
        static let input = "input.json"
        static let split = "split.json"
        /// The training examples' features by which novelty is told.
        static let novelty = "novelty.safetensors"
        /// The temperature of its probabilities, which comes after the rest: a folder is written without one.
        static let calibration = "calibration.json"
        /// The methods among which `--model auto` chose.
        static let leaderboard = "leaderboard.json"
        static let card = "README.md"

        /// The files of a folder; `plots` is a directory besides.
        static let files: Set = [
            weights, config, samples, metrics, history, run, losses, card, input, split, novelty, calibration,
            leaderboard, FolderChecksums.fileName,
        ]
    }

    private func metrics(_ history: History) -> JSONText {
        let judgement = TrainingVerdict(history, testCount: run?.testCount)
        let validation: [JSONText.Member] =
            history.validation.map {
                [
                    .init("validation_loss", .rounded($0.loss, decimals: 6)),
                    .init("validation_accuracy", .number($0.accuracy)),
                ]
            } ?? []
        let sample = history.trainingSample.map { [JSONText.Member("train_scored", .integer($0))] } ?? []
        let metrics: JSONText = [
            "version": 1, "epochs": .integer(history.epochs.count), "steps": .integer(history.steps),
            "train_loss": .rounded(history.training.loss, decimals: 6),
            "train_accuracy": .number(history.training.accuracy),
            "test_loss": .rounded(history.test?.loss, decimals: 6),
            "test_accuracy": .number(history.test?.accuracy),
            "best_epoch": history.best.map { .integer($0.number) } ?? .null,
            "kept_epoch": history.keptEpoch.map(JSONText.integer) ?? .null,
            "best_\(history.watched.rawValue)_accuracy": .number(history.best?.test?.accuracy),
            "verdict": .string(judgement.kind.rawValue),
            // The key of older readers: the gap alone, in a word.
            "overfitting": [
                "verdict": .string(judgement.gapWord), "gap": .rounded(judgement.gap, decimals: 6),
                "sentence": .string(judgement.sentence),
            ],
            "train_seconds": .rounded(history.trainingSeconds, decimals: 3),
            "steps_per_second": .rounded(history.stepsPerSecond, decimals: 1),
            "remark": .string(remark),
        ]
        guard case .object(let members) = metrics else { return metrics }
        return .object(members + validation + sample)
    }
}
