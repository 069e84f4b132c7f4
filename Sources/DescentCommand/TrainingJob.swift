import ArgumentParser
import Descent

/// Optimisers as `--optimizer` names them.
enum OptimizerName: String, CaseIterable, ExpressibleByArgument {
    case sgd, momentum, nesterov, adagrad, rmsprop, adam, adamw

    /// The optimiser, with a learning rate that suits it when none is given.
    func configuration(learningRate: Double?, momentum: Double?) -> Optimizer {
        let rate = Float(learningRate ?? usualLearningRate)
        let momentum = Float(momentum ?? 0.9)
        switch self {
        case .sgd: return .sgd(learningRate: rate)
        case .momentum: return .momentum(learningRate: rate, momentum: momentum)
        case .nesterov: return .nesterov(learningRate: rate, momentum: momentum)
        case .adagrad: return .adaGrad(learningRate: rate)
        case .rmsprop: return .rmsProp(learningRate: rate)
        case .adam: return .adam(learningRate: rate)
        case .adamw: return .adamW(learningRate: rate)
        }
    }

    private var usualLearningRate: Double {
        switch self {
        case .sgd: 0.1
        case .momentum, .nesterov, .adagrad: 0.01
        case .rmsprop, .adam, .adamw: 0.001
        }
    }
}

extension Activation: ExpressibleByArgument {}

/// What came of a training: its history, and how it diverged if it did.
struct TrainingOutcome {
    var history: History
    var divergence: TrainingDiverged?

    /// What the model folder says about a run that did not get to its end.
    var remark: String? {
        if let divergence {
            return "Training stopped: \(divergence.error.description). These are the weights of the last good"
                + " epoch (\(history.epochs.count))."
        }
        if case .cancelled(let epoch, let step) = history.ending {
            return "Training was interrupted in epoch \(epoch), after \(step) of its steps."
        }
        return nil
    }
}

/// The flags of `descent train`, checked and made into values before any work starts.
struct TrainingJob {
    let trainer: Trainer
    let place: ModelPlace
    let modelName: String
    let hidden: Int?
    let activation: Activation?
    let arguments: [String]
    let started: Int
    /// What must be added to `descent evaluate` so that it finds the same data; it remembers the name itself.
    let dataFlags: String

    init(_ flags: Train) throws {
        func check(_ flag: String, _ holds: Bool, _ expected: String, _ got: Any?) throws {
            guard !holds else { return }
            throw DescentError(
                .usage, "not a possible value", at: flag, expected: expected, got: got.map { "\($0)" })
        }
        let limit = 1 << 30
        try check("--epochs", (1...limit).contains(flags.epochs), "1 or more", flags.epochs)
        try check("--batch-size", (1...limit).contains(flags.batchSize), "1 or more", flags.batchSize)
        try check("--train-limit", flags.trainLimit ?? 1 >= 1, "1 or more", flags.trainLimit)
        try check("--test-limit", flags.testLimit ?? 1 >= 1, "1 or more", flags.testLimit)
        try check("--lr", flags.lr.map { $0 > 0 && $0.isFinite } ?? true, "a number above 0", flags.lr)
        try check(
            "--momentum", flags.momentum.map { $0 >= 0 && $0 < 1 } ?? true, "0 or more, below 1", flags.momentum)
        try check("--seed", UInt32(exactly: flags.seed) != nil, "0 to 4294967295", flags.seed)
        let usesMomentum = [.momentum, .nesterov].contains(flags.optimizer)
        guard flags.momentum == nil || usesMomentum else {
            throw DescentError(
                .usage, "\(flags.optimizer.rawValue) has no momentum", at: "--momentum",
                advice: "add --optimizer momentum or --optimizer nesterov")
        }
        guard flags.out == nil || flags.name == nil else {
            throw DescentError(.usage, "--name is for folders under runs/", at: "--name", advice: "leave one out")
        }
        guard flags.out != nil || !flags.force else {
            throw DescentError(.usage, "--force replaces the folder of --out", at: "--force", advice: "add --out")
        }
        // The name and the sizes; those of the data are not known yet.
        _ = try Architecture(
            named: flags.model, inputs: 1, classes: 1, hidden: flags.hidden, activation: flags.activation)

        trainer = Trainer(
            optimizer: flags.optimizer.configuration(learningRate: flags.lr, momentum: flags.momentum),
            batchSize: flags.batchSize, epochs: flags.epochs, seed: flags.seed)
        modelName = flags.model
        hidden = flags.hidden
        activation = flags.activation
        arguments = Array(CommandLine.arguments.dropFirst())
        started = RunRecord.now
        dataFlags = flags.source.dataDir.map {
            " --data \(flags.source.name().rawValue) --data-dir \($0.contains(" ") ? "'\($0)'" : $0)"
        } ?? ""
        if let out = flags.out {
            place = .folder(out, replacing: flags.force)
        } else {
            let usual = String(flags.model.map { ":,".contains($0) ? "-" : $0 })
            place = .run(in: "runs", name: flags.name ?? usual)
        }
    }

    /// A model that has learned nothing yet, with the sizes of the data.
    func makeClassifier(for data: Dataset) throws -> NetworkClassifier {
        let shape = data.train.images.shape
        let architecture = try Architecture(
            named: modelName, inputs: shape[1] * shape[2], classes: data.train.classNames.count, hidden: hidden,
            activation: activation)
        return NetworkClassifier(
            architecture: architecture, labels: data.train.classNames,
            preprocessing: Preprocessing(height: shape[1], width: shape[2]))
    }

    /// Writes the model folder and returns its path.
    func save(_ classifier: NetworkClassifier, _ outcome: TrainingOutcome, _ data: Dataset) throws -> String {
        let record = RunRecord(
            arguments: arguments, started: started, seed: trainer.seed, dataName: data.name,
            dataChecksum: data.checksum, trainCount: data.train.count, testCount: data.test.count,
            optimizer: trainer.optimizer.summary, batchSize: trainer.batchSize, epochs: trainer.epochs)
        let folder = ModelFolder(
            classifier, history: outcome.history, run: record, samples: data.test.prefix(8).images,
            plots: try TrainingPlots.make(classifier, outcome.history, dataName: data.name), remark: outcome.remark)
        return try folder.write(to: place)
    }
}
