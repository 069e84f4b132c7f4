import Descent

/// The outcome of a training: its history, and how it diverged if it did.
struct TrainingOutcome {
    var history: History
    var divergence: TrainingDiverged?

    /// A remark in the model folder on a run that did not get to its end.
    var remark: String? {
        if let divergence {
            let number = history.resultEpoch?.number
            let which =
                number == nil
                ? "the first ones"
                : "those of \(history.keptEpoch == nil ? "the last good" : "the best") epoch"
            return "Training stopped: \(divergence.error.naming.description). These weights are \(which)"
                + "\(number.map { " (\($0))" } ?? "")."
        }
        guard let place = history.ending.place else { return nil }
        let kept = history.keptEpoch.map { " The weights are those of the best epoch (\($0))." } ?? ""
        return "Training was interrupted \(place).\(kept)"
    }
}

/// The flags of `descent train`, checked and made into values before any work starts.
struct TrainingJob {
    private(set) var trainer: Trainer
    /// Whether the data are files of one's own.
    let isOwnData: Bool
    let place: ModelDestination
    let network: NetworkOptions
    let arguments: [String]
    let started: Int
    /// The directory of the data's files, from the root, if it was given.
    let dataDirectory: String?
    /// The dropout rate, if it was given.
    let dropout: Double?
    /// The checkpoint that the run resumes from, if any.
    let resumption: TrainingResumption?
    let checkpoints: CheckpointPolicy
    /// The size of the validation set.
    let heldBack: HeldBack
    /// The flag that said so, and whether it was given.
    let heldFlag: String
    let isHeldBackGiven: Bool
    /// Whether the test examples are measured once only, though nothing is held back: a recipe's accuracy is of images that
    /// were used once.
    let testsAtEnd: Bool
    let reservation: Reservation

    init(_ flags: TrainingFlags, arguments: [String], resuming resumption: TrainingResumption? = nil) throws {
        try Self.check(flags)
        let (training, folder) = (flags.training, flags.folder)
        var network = flags.network
        if let recipe = flags.recipe { network.model = recipe.model }
        self.network = network
        dropout = flags.tools.dropout
        isOwnData = try flags.source.source().isOwn
        self.resumption = resumption
        self.arguments = arguments
        var trainer = Trainer(
            optimizer: training.optimizer.configuration(
                learningRate: training.lr, momentum: training.momentum),
            batchSize: training.batchSize, epochs: training.epochs, seed: training.seed,
            reinitializesWeights: true)
        flags.tools.apply(to: &trainer)
        if let recipe = flags.recipe {
            try recipe.check(arguments)
            trainer = recipe.trainer
            trainer.seed = training.seed
            if let precision = flags.tools.precision { trainer.precision = precision }
        }
        if let count = flags.limits.scoreTraining { trainer.trainingSample = count }
        self.trainer = trainer
        heldBack = try Self.heldBack(flags, trainer)
        heldFlag = flags.limits.heldFlag
        isHeldBackGiven = flags.limits.validation != nil || flags.limits.valSplit != nil
        testsAtEnd = flags.recipe != nil
        let started = resumption?.started ?? RunRecord.now
        self.started = started
        place = resumption?.place ?? folder.place(usualName: flags.recipe?.name ?? network.model)
        let reservation = Reservation(place, started: started, folder: resumption?.folder)
        self.reservation = reservation
        checkpoints = CheckpointPolicy(
            every: flags.run.checkpointEvery ?? .automatic,
            information: TrainingResumption.information(arguments: arguments, started: started),
            writing: { try reservation.write($0) }
        ) { try reservation.checkpoints() }
        dataDirectory = flags.source.dataDir.map { Files.resolved($0) ?? $0 }
    }

    private static func check(_ flags: TrainingFlags) throws {
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
        try check("--lr", rate > 0 && rate.isFinite, "1.4e-45 to 3.4e38", training.lr)
        let momentum = training.momentum ?? 0
        try check("--momentum", momentum >= 0 && momentum < 1, "0 or more, below 1", training.momentum)
        try check("--seed", UInt32(exactly: training.seed) != nil, "0 to 4294967295", training.seed)
        guard training.momentum == nil || training.optimizer.hasMomentum else {
            throw DescentError(
                .usage, "\(training.optimizer) has no momentum", at: "--momentum",
                advice: "add --optimizer momentum or --optimizer nesterov")
        }
        try folder.check()
        guard folder.emitPython?.isEmpty != true else {
            throw DescentError(
                .usage, "an empty path", at: "--emit-python", advice: "give a file, such as run.py")
        }
        let instead = [("--dry-run", flags.run.dryRun), ("--repeat", flags.run.repeats != nil)]
            .filter(\.1).map(\.0)
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

    /// Returns the job with the settings that no flag gives chosen by the examples, where the model is `auto`; colour pictures of
    /// one's own are augmented as photographs with every network.
    ///
    /// `isOwn`: whether the data are one's own, where the flags of the job do not say so.
    func suited(to data: ExampleParts, isOwn: Bool? = nil) -> TrainingJob {
        var job = self
        let chosen = Trainer.automatic(for: data.train, seed: trainer.seed)
        func isOpen(_ flags: String...) -> Bool {
            !flags.contains { Flags.contain($0, arguments) } && !Flags.contain("--recipe", arguments)
        }
        guard network.model == Architecture.automatic else {
            let isColor = data.train.exampleShape.count == 3
            if isOwn ?? isOwnData, isColor, isOpen("--augment") {
                job.trainer.augmentation = chosen.augmentation
            }
            return job
        }
        if isOpen("--optimizer", "--lr", "--momentum", "--weight-decay") {
            job.trainer.optimizer = chosen.optimizer
            if isOpen("--schedule") { job.trainer.schedule = chosen.schedule }
        }
        if isOpen("--loss") { job.trainer.loss = chosen.loss }
        if isOpen("--batch-size") { job.trainer.batchSize = chosen.batchSize }
        if isOpen("--epochs") { job.trainer.epochs = chosen.epochs }
        if isOpen("--augment") { job.trainer.augmentation = chosen.augmentation }
        if isOpen("--score-training") { job.trainer.trainingSample = chosen.trainingSample }
        return job
    }

    /// A remedy for divergence.
    var divergenceRemedy: String {
        DivergenceRemedy(trainer.optimizer, learningRate: Double(trainer.optimizer.learningRate)).sentence
    }

    /// Returns a model that has learned nothing yet, with the sizes of the data.
    func makeModel(for data: ExampleParts) throws -> TrainableNetwork {
        try TrainableNetwork(
            named: network.model, for: data.train, hidden: network.hidden, activation: network.activation,
            dropout: dropout, scoreKind: trainer.loss.scoreKind)
    }

    /// Warns on standard error of unusual settings.
    func tellWarnings(_ model: TrainableNetwork, _ data: ExampleParts) throws {
        let network = model.architecture.makeNetwork()
        for warning in try trainer.warnings(for: network, on: data.train, holding: drawnCount(of: data)) {
            Output.warn(warning)
        }
    }

    /// Returns the same run in NumPy. It reads the files of `--data-dir` themselves; any other data are written beside
    /// it.
    func script(of model: TrainableNetwork, _ data: ExampleParts, _ source: DataOptions) throws
        -> NumPyScript
    {
        // Written beside the script, all of them at once.
        let data = try data.inMemory()
        guard data.train.exampleShape.count == 2, case .bytes = data.train.features.storage else {
            throw DescentError(
                .usage, "a NumPy script trains on grey images", at: "--emit-python",
                advice: "leave it out for data in a file")
        }
        // EMNIST's images are transposed in their files.
        let files = source.name().rawValue == "emnist-digits" ? nil : source.dataDir.flatMap(Files.resolved)
        return try NumPyScript(
            trainer, model.network, name: model.architecture.name,
            source: files.map { .idx($0) } ?? .npz(data), trainCount: data.train.count,
            testCount: data.test.count)
    }

    /// A model folder that was written.
    struct Saved {
        var path: String
        /// Whether `latest` points to it.
        var isLatest: Bool
        /// Notes for the user, a line each.
        var notes: [String] = []
        /// Why it is not where it was to be; nil when it is.
        var problem: DescentError?
        /// The folder with a checkpoint to go on from; nil without one.
        var unfinished: String?
    }

    /// Writes the model folder.
    func save(_ classifier: NetworkClassifier, _ outcome: TrainingOutcome, _ loaded: LoadedData) throws
        -> Saved
    {
        let data = loaded.split
        let held = try drawnCount(of: data)
        var record = RunRecord(
            arguments: arguments, started: started, seed: trainer.seed, dataName: data.name,
            dataChecksum: data.checksum, trainCount: data.train.count - held, testCount: data.test.count,
            optimizer: trainer.optimizer.summary, batchSize: trainer.batchSize, epochs: trainer.epochs,
            tools: trainer.toolsSummary)
        record.validationCount = try validationCount(of: data)
        record.dataDirectory = dataDirectory
        record.dataOrigin = loaded.origin
        let plots = try TrainingPlots.make(
            classifier, outcome.history, TrainingVerdict(outcome.history, testCount: data.test.count),
            loss: trainer.loss, dataName: data.name)
        // A folder without samples cannot be checked when it is loaded: data may have no test part.
        let samples = try data.samples(8)
        var folder = reservation.folder
        folder?.isFinished = outcome.history.ending == .finished
        var model = ModelFolder(
            classifier, history: outcome.history, run: record, samples: samples, plots: plots,
            remark: outcome.remark)
        (model.input, model.imageSplit) = (loaded.input, loaded.imageSplit)
        model.novelty = ModelNovelty.fitted(to: data.train, of: classifier, seed: trainer.seed)
        do {
            let (made, problem) = try reservation.write {
                try model.writeOrRescue(to: place, reserved: folder)
            }
            return Saved(
                path: made.path, isLatest: made.isLatest, notes: made.notes, problem: problem,
                unfinished: folder.flatMap { $0.canGoOn ? $0.path : nil })
        } catch let error as DescentError {
            guard let folder, folder.canGoOn else { throw error }
            throw error.advising(
                "the last good checkpoint is \(folder.last); make room, then go on with"
                    + " \(Invocation.program) train --resume \(Shell.quoted(folder.path))")
        }
    }
}
