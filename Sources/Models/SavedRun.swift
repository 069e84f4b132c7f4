import ArrayFiles
import Arrays
import Autodiff
import FoundationEssentials
import Networks
import Support
import Training

/// A run on disk: its settings, its results, and the loss of every step.
///
/// ```swift
/// for run in try SavedRun.list(in: "runs") { print(run.name, run.testAccuracy ?? .nan) }
/// ```
package struct SavedRun: Sendable {
    /// One line of `history.csv`.
    package struct Epoch: Sendable, Equatable {
        /// The epoch's number, from 1.
        package var number: Int
        /// The scores on the training examples.
        package var training: Scores
        /// The scores on the watched examples (see `SavedRun.watched`); nil without any.
        package var test: Scores?
    }

    /// The path of the run's folder.
    package let path: String
    /// The folder's own name.
    package let name: String
    /// The network: "two-layer", and its sizes; or the pipeline: "svm on hog", and its summary.
    package let network: (name: String, sizes: String)
    /// Whether the run trained a network, in epochs, and not a pipeline.
    package let isNetwork: Bool
    /// The time of the run's beginning, in UTC as in ISO 8601; nil when unknown.
    package let started: String?
    /// The name and value of each setting that determines the result, in a fixed order.
    package let settings: [(name: String, value: String)]
    /// The epochs; none when there is no `history.csv`.
    package let epochs: [Epoch]
    /// The set on which the epochs were scored besides the training examples.
    package let watched: History.Watched
    /// The final scores.
    package let testAccuracy: Double?, trainAccuracy: Double?, trainLoss: Double?, testLoss: Double?
    /// The errors on the test examples of a model that predicts numbers; nil for others.
    package let testErrors: (mae: Double, rmse: Double, r2: Double?)?
    /// The seconds in training steps.
    package let trainSeconds: Double?
    /// The reason why the run ended early; nil when it did not.
    package let remark: String?
    /// The number of training steps.
    package let steps: Int?

    private static let limit = 64 << 20

    /// Reads the run in the folder `path`, or in the target of a link such as `runs/latest`.
    ///
    /// `layers`, `activations`: the kinds that its network may have.
    ///
    /// - Throws: `missingInput` when there is no run, `badData` that names the file when one is damaged.
    package init(
        at path: String, layers: LayerRegistry = .standard, activations: ActivationRegistry = .standard
    ) throws {
        let path = PathText.trimmed(path)
        let files = ModelFolder.FileName.self
        guard Files.isDirectory(path), Files.exists("\(path)/\(files.run)") else {
            throw DescentError(
                .missingInput,
                Files.isDirectory(path) ? "the folder has no run.json" : "there is no such run", at: path,
                advice: "give the folder of a trained model, such as runs/latest")
        }
        func read<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
            let file = "\(path)/\(name)"
            return try JSONFile.decode(type, from: Files.read(file, limit: Self.limit), path: file)
        }
        self.path = path
        name = PathText.name(of: Files.resolved(path) ?? path)
        let config = "\(path)/\(files.config)"
        let text = try Files.read(config, limit: Self.limit)
        if try ModelTask.of(config: text, path: config) == .regression {
            let regressor = try RegressorConfiguration(
                json: text, path: config, layers: layers, activations: activations)
            network = (regressor.names.name, regressor.names.summary)
            isNetwork = if case .network = regressor.method { true } else { false }
        } else if let pipeline = try PipelineConfiguration(json: text, path: config) {
            network = (pipeline.name, pipeline.summary)
            isNetwork = false
        } else {
            let architecture = try ModelConfiguration(
                json: text, path: config, layers: layers, activations: activations
            ).architecture
            network = (architecture.name, architecture.sizes)
            isNetwork = true
        }
        let run = try read(StoredRun.self, files.run)
        started = run.started
        settings = run.settings(model: "\(network.name) (\(network.sizes))", isNetwork: isNetwork)
        let metrics =
            Files.exists("\(path)/\(files.metrics)") ? try read(StoredMetrics.self, files.metrics) : nil
        (testAccuracy, trainAccuracy) = (metrics?.test_accuracy, metrics?.train_accuracy)
        (trainLoss, testLoss) = (metrics?.train_loss, metrics?.test_loss)
        testErrors = metrics.flatMap { metrics in
            guard let mae = metrics.test_mae, let rmse = metrics.test_rmse else { return nil }
            return (mae, rmse, metrics.test_r2)
        }
        (trainSeconds, remark, steps) = (metrics?.train_seconds, metrics?.remark, metrics?.steps)
        let history = "\(path)/\(files.history)"
        (watched, epochs) =
            Files.exists(history)
            ? try Self.epochs(Files.read(history, limit: Self.limit), path: history) : (.test, [])
    }

    /// Reads the loss of each step's batch, before its update, in order; nil for a run that did not store them.
    ///
    /// - Throws: `badData` when the file is damaged.
    package func stepLosses() throws -> [Float]? {
        let file = "\(path)/\(ModelFolder.FileName.losses)"
        guard Files.exists(file) else { return nil }
        let losses = try NPY.read(file, as: Float.self)
        guard losses.ndim == 1 else {
            throw DescentError(
                .badData, "losses have one axis", at: file, expected: "shape [steps]", got: "\(losses.shape)")
        }
        return losses.elements
    }

    /// Lists the runs below `directory`, by name, which is by age; skips what is no run, and reports damaged ones.
    ///
    /// - Throws: `missingInput` when there is no such directory.
    package static func list(
        in directory: String, layers: LayerRegistry = .standard,
        activations: ActivationRegistry = .standard, damaged: (DescentError) -> Void = { _ in }
    ) throws -> [SavedRun] {
        try Files.names(in: directory).compactMap { name in
            let path = "\(PathText.trimmed(directory))/\(name)"
            guard !Files.isLink(path), Files.exists("\(path)/\(ModelFolder.FileName.run)") else { return nil }
            do {
                return try SavedRun(at: path, layers: layers, activations: activations)
            } catch let error as DescentError {
                damaged(error)
                return nil
            }
        }
    }

    /// Reads the lines of `history.csv`.
    static func epochs(_ bytes: [UInt8], path: String) throws -> (watched: History.Watched, [Epoch]) {
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        let kinds: [History.Watched] = [.test, .validation]
        guard let watched = kinds.first(where: { lines.first.map(String.init) == History.csvHeader($0) })
        else {
            throw DescentError(
                .badData, "not a history", at: path, expected: History.csvHeader(.test))
        }
        let epochs = try lines.dropFirst().enumerated().map { index, line in
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            // Predicted numbers have no accuracy.
            func scores(_ loss: Substring, _ accuracy: Substring) -> Scores? {
                guard let loss = Double(loss) else { return nil }
                return accuracy.isEmpty
                    ? Scores(loss: loss) : Double(accuracy).map { Scores(loss: loss, accuracy: $0) }
            }
            guard fields.count == 7, let number = Int(fields[0]), let training = scores(fields[1], fields[2])
            else {
                throw DescentError(
                    .badData, "not a line of a history", at: "\(path), line \(index + 2)", got: "\(line)")
            }
            var epoch = Epoch(number: number, training: training)
            epoch.test = scores(fields[3], fields[4])
            return epoch
        }
        return (watched, epochs)
    }
}

/// The part of `run.json` by which runs are compared. What an older version did not write is nil.
private struct StoredRun: Decodable {
    struct Data: Decodable {
        var name: String
        var checksum: String?
        var train_count: Int?
        var validation_count: Int?
        var test_count: Int?
    }
    struct Versions: Decodable { var descent: String? }
    var started: String?
    var seed: Int
    var data: Data
    var optimizer: String?
    var batch_size: Int?
    var epochs: Int?
    var threads: Int?
    var tools: String?
    var arguments: [String]?
    var versions: Versions?

    /// Returns the settings. A pipeline has the same ones, so that it can be compared with a network; those of epochs are
    /// "-".
    func settings(model: String, isNetwork: Bool) -> [(name: String, value: String)] {
        let number = { (value: Int?) in value.map(String.init) ?? "?" }
        return [
            ("network", model), ("data", data.name), ("data checksum", data.checksum ?? "?"),
            ("training examples", number(data.train_count)),
            ("validation examples", number(data.validation_count ?? 0)),
            ("test examples", number(data.test_count)),
            ("optimizer", isNetwork ? optimizer ?? "?" : "-"),
            ("batch size", isNetwork ? number(batch_size) : "-"),
            ("epochs", isNetwork ? number(epochs) : "-"),
            ("tools", tools.map { $0.isEmpty ? "none" : $0 } ?? "?"),
            ("seed", String(seed)), ("arguments", Shell.line(arguments ?? [])), ("threads", number(threads)),
            ("version", versions?.descent ?? "?"),
        ]
    }
}

/// The final figures in `metrics.json`.
private struct StoredMetrics: Decodable {
    var steps: Int?
    var train_loss: Double?
    var train_accuracy: Double?
    var test_loss: Double?
    var test_accuracy: Double?
    var test_mae: Double?
    var test_rmse: Double?
    var test_r2: Double?
    var train_seconds: Double?
    var remark: String?
}
