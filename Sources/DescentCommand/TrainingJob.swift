import Descent
import Synchronization

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
        return history.ending.place.map { "Training was interrupted \($0)." }
    }
}

/// The flags of `descent train`, checked and made into values before any work starts.
struct TrainingJob {
    let trainer: Trainer
    let place: ModelPlace
    let network: NetworkOptions
    let arguments: [String]
    let started: Int
    /// What must be added to `descent evaluate` so that it finds the same data; it remembers the name itself.
    let dataFlags: String
    /// The share that dropout leaves out, if it was asked for.
    let dropout: Double?
    /// What the run goes on from, if it does.
    let resumption: TrainingResumption?
    let checkpoints: Checkpoints
    /// How many of the training examples are held back and watched.
    let heldBack: HeldBack
    /// The flag that said so.
    let heldFlag: String
    /// Whether the test examples are measured once only, though nothing is held back: a recipe's accuracy is of images that
    /// were used once.
    let testsAtEnd: Bool
    private let reservation: Reservation

    init(_ flags: Train, arguments: [String], resuming resumption: TrainingResumption? = nil) throws {
        try Self.check(flags)
        let (training, folder) = (flags.training, flags.folder)
        var network = flags.network
        if let recipe = flags.study.recipe { network.model = recipe.model }
        self.network = network
        dropout = flags.tools.dropout
        self.resumption = resumption
        self.arguments = arguments
        var trainer = Trainer(
            optimizer: training.optimizer.configuration(
                learningRate: training.lr, momentum: training.momentum),
            batchSize: training.batchSize, epochs: training.epochs, seed: training.seed)
        flags.tools.apply(to: &trainer)
        if let recipe = flags.study.recipe {
            try recipe.check(arguments)
            trainer = recipe.trainer
            trainer.seed = training.seed
            if let precision = flags.tools.precision { trainer.precision = precision }
        }
        if let count = flags.limits.scoreTraining { trainer.trainingSample = count }
        self.trainer = trainer
        heldBack = try Self.heldBack(flags, trainer)
        heldFlag = flags.limits.heldFlag
        testsAtEnd = flags.study.recipe != nil
        let started = resumption?.started ?? RunRecord.now
        self.started = started
        place = folder.place(usualName: flags.study.recipe?.name ?? network.model)
        let reservation = Reservation(place, started: started, folder: resumption?.folder)
        self.reservation = reservation
        checkpoints = Checkpoints(
            every: flags.tools.checkpointEvery ?? .automatic,
            information: TrainingResumption.information(arguments: arguments, started: started)
        ) { try reservation.take().checkpoints }
        dataFlags =
            flags.source.dataDir.map {
                " --data \(flags.source.name().rawValue) --data-dir \(Shell.quoted($0))"
            } ?? ""
    }

    private static func check(_ flags: Train) throws {
        func check(_ flag: String, _ holds: Bool, _ expected: String, _ got: Any?) throws {
            guard !holds else { return }
            throw DescentError(
                .usage, "not a possible value", at: flag, expected: expected, got: got.map { "\($0)" })
        }
        let (training, folder, limits) = (flags.training, flags.folder, flags.limits)
        let counts = 1...(1 << 30)
        let range = "1 to \(counts.upperBound)"
        try check("--epochs", counts.contains(training.epochs), range, training.epochs)
        try check("--batch-size", counts.contains(training.batchSize), range, training.batchSize)
        try check("--train-limit", limits.trainLimit ?? 1 >= 1, "1 or more", limits.trainLimit)
        try check("--score-training", limits.scoreTraining ?? 1 >= 1, "1 or more", limits.scoreTraining)
        let share = limits.valSplit ?? 0
        try check("--val-split", share >= 0 && share < 1, "0 or more, below 1", limits.valSplit)
        try check("--test-limit", limits.testLimit ?? 1 >= 1, "1 or more", limits.testLimit)
        // Training computes in single precision: a rate must be a positive number there too.
        let rate = Float(training.lr ?? 1)
        try check("--lr", rate > 0 && rate.isFinite, "a number above 0", training.lr)
        let momentum = training.momentum ?? 0
        try check("--momentum", momentum >= 0 && momentum < 1, "0 or more, below 1", training.momentum)
        try check("--seed", UInt32(exactly: training.seed) != nil, "0 to 4294967295", training.seed)
        guard training.momentum == nil || [.momentum, .nesterov].contains(training.optimizer) else {
            throw DescentError(
                .usage, "\(training.optimizer.rawValue) has no momentum", at: "--momentum",
                advice: "add --optimizer momentum or --optimizer nesterov")
        }
        try folder.check()
        guard folder.emitPython?.isEmpty != true else {
            throw DescentError(
                .usage, "an empty path", at: "--emit-python", advice: "give a file, such as run.py")
        }
        // What trains nothing must not be overruled by what trains.
        let study = flags.study
        let instead = [
            ("--dry-run", flags.tools.dryRun), ("--overfit-one-batch", flags.tools.overfitOneBatch),
            ("--find-lr", study.findLr), ("--profile", study.profile), ("--repeat", study.repeats != nil),
        ].filter(\.1).map(\.0)
        guard instead.count < 2 else {
            throw DescentError(
                .usage, "\(instead[0]) and \(instead[1]) exclude each other", at: instead[1],
                advice: "give one of the two")
        }
        guard folder.emitPython == nil || instead.isEmpty else {
            throw DescentError(
                .usage, "--emit-python is for one run that is trained", at: "--emit-python",
                advice: "leave it or \(instead.first ?? "") out")
        }
        try flags.tools.check(optimizer: training.optimizer)
        // The name and the sizes; those of the data are not known yet.
        try ModelArgument.checkNetwork(
            flags.network.model, hidden: flags.network.hidden, activation: flags.network.activation)
    }

    /// A model that has learned nothing yet, with the sizes of the data.
    func makeClassifier(for data: Dataset) throws -> NetworkClassifier {
        let shape = data.train.images.shape
        let architecture = try Architecture(
            named: network.model, inputs: shape[1] * shape[2], classes: data.train.classNames.count,
            hidden: network.hidden, activation: network.activation)
        return NetworkClassifier(
            architecture: dropout.map(architecture.with(dropout:)) ?? architecture,
            labels: data.train.classNames,
            preprocessing: Preprocessing(height: shape[1], width: shape[2]),
            basis: trainer.loss.answerBasis)
    }

    /// The same run in NumPy. It reads the files of `--data-dir` themselves; any other data are written beside it.
    func script(of classifier: NetworkClassifier, _ data: Dataset, _ source: DataOptions) throws
        -> NumPyScript
    {
        // EMNIST's images lie transposed in their files.
        let files = source.name() == .emnistDigits ? nil : source.dataDir.flatMap(Files.absolute)
        return try NumPyScript(
            trainer, classifier.network, name: classifier.architecture.name,
            source: files.map { .idx($0) } ?? .npz(data), trainCount: data.train.count,
            testCount: data.test.count)
    }

    /// A model folder that was written.
    struct Saved {
        var path: String
        /// Why `latest` does not point to it, in one line; nil when it does.
        var warning: String?
        /// Whether it has a checkpoint to go on from.
        var canGoOn = false
    }

    /// Writes the model folder.
    func save(_ classifier: NetworkClassifier, _ outcome: TrainingOutcome, _ data: Dataset) throws -> Saved {
        let held = try heldCount(of: data)
        var record = RunRecord(
            arguments: arguments, started: started, seed: trainer.seed, dataName: data.name,
            dataChecksum: data.checksum, trainCount: data.train.count - held, testCount: data.test.count,
            optimizer: trainer.optimizer.summary, batchSize: trainer.batchSize, epochs: trainer.epochs,
            tools: trainer.toolsSummary)
        record.validationCount = held
        let plots = try TrainingPlots.make(
            classifier, outcome.history, loss: trainer.loss, dataName: data.name)
        // A folder without samples cannot be checked when it is loaded: data may have no test part.
        let samples = (data.test.count > 0 ? data.test : data.train).prefix(8).images
        var warning: String?
        var folder = reservation.folder
        folder?.isFinished = outcome.history.ending == .finished && outcome.divergence == nil
        let path = try ModelFolder(
            classifier, history: outcome.history, run: record, samples: samples, plots: plots,
            remark: outcome.remark
        ).write(to: place, reserved: folder) { warning = $0 }
        return Saved(path: path, warning: warning, canGoOn: folder.map { !$0.isFinished } ?? false)
    }
}

/// The place of the model folder, taken when the first checkpoint asks for it.
final class Reservation: Sendable {
    private let place: ModelPlace
    private let started: Int
    private let taken: Mutex<RunFolder?>

    init(_ place: ModelPlace, started: Int, folder: RunFolder?) {
        self.place = place
        self.started = started
        taken = Mutex(folder)
    }

    /// The folder, if it has been taken.
    var folder: RunFolder? { taken.withLock { $0 } }

    /// The folder, taken now if it has not been before.
    func take() throws -> RunFolder {
        try taken.withLock { folder in
            if let folder { return folder }
            let new = try place.reserve(started: started)
            folder = new
            return new
        }
    }
}
