import Descent

/// The training of a regressor, and the choice among several methods (`--model auto`) on a table of either task: from data to a
/// folder.
struct TableTraining {
    /// What is trained.
    enum Way {
        /// A classical regressor.
        case pipeline(RegressionPipeline)
        /// A network for numbers.
        case network(TrainingJob)
        /// The best of several methods.
        case automatic
    }

    let way: Way
    let name: String
    let task: TableTask
    let place: ModelDestination
    let reservation: Reservation
    let arguments: [String]
    let seed: Int
    let started = RunRecord.now
    let options: OutputOptions
    let groupColumn: String?

    /// Flags that a network for numbers, or a choice among methods, has not.
    private static let unsupported = [
        "--dry-run", "--repeat", "--emit-python", "--checkpoint-every", "--recipe", "--augment", "--digits",
        "--resume",
    ]

    /// The task, where this is what trains: of numbers as a label, and of `auto` on a table, unless flags of networks say that
    /// `auto` is a network.
    static func task(of loaded: LoadedData, _ model: String, _ arguments: [String]) -> TableTask? {
        if loaded.isRegression { return .regression }
        let isChoice = model == Architecture.automatic && loaded.trainingTable != nil && isChoice(arguments)
        return isChoice ? .classification : nil
    }

    /// Whether no flag is about one network.
    private static func isChoice(_ arguments: [String]) -> Bool {
        !TrainFlag.names(.networks).contains { Flags.contain($0, arguments) }
    }

    /// Creates the run that the flags describe.
    ///
    /// - Throws: `usage` for flags that do not fit together.
    init(_ flags: Train, arguments: [String], task: TableTask) throws {
        self.arguments = arguments
        self.task = task
        options = flags.options
        seed = flags.training.seed
        groupColumn = flags.own.groupBy
        guard UInt32(exactly: seed) != nil else {
            throw DescentError(
                .usage, "impossible --seed", at: "--seed", expected: "0 to 4294967295", got: "\(seed)")
        }
        func refuse(_ flags: [String], _ why: String, _ advice: String = "leave it out") throws {
            guard let flag = flags.first(where: { Flags.contain($0, arguments) }) else { return }
            throw DescentError(.usage, why, at: flag, advice: advice)
        }
        let what = task == .regression ? "a regression" : "--model auto on a table"
        try refuse(Self.unsupported, "\(what) has no such flag")
        let named = flags.network.model
        if named == Architecture.automatic, Self.isChoice(arguments) {
            try refuse(
                TrainFlag.names(.classical), "--model auto chooses the settings itself",
                "leave it out, or name a model, such as --model \(RegressionModel.names[0])")
            (way, name) = (.automatic, named)
        } else if let model = RegressionModel(named) {
            try refuse(
                TrainFlag.names(.networks), "\(named) is not a network and has no such flag")
            way = .pipeline(try model.pipeline(flags.classical, seeing: flags.seen, seed: seed))
            name = named
        } else if ClassicalModel(named) != nil {
            throw DescentError(
                .usage, "\(named) tells classes, and the label is a number", at: "--model",
                expected:
                    "\(RegressionModel.names.joined(separator: ", ")), a network such as mlp:64, or auto",
                got: named,
                advice: named.hasSuffix("svm") ? "svr is the machine for numbers" : "--task decides otherwise"
            )
        } else {
            try refuse(
                TrainFlag.names(.classical), "networks have no such setting",
                "name one of \(RegressionModel.names.joined(separator: ", "))")
            let job = try TrainingJob(flags.flags, arguments: arguments)
            guard !Flags.contain("--loss", arguments) || job.trainer.loss != .crossEntropy else {
                throw DescentError(
                    .usage, "cross-entropy compares classes", at: "--loss",
                    expected: "mean-squared-error or huber:1")
            }
            (way, name) = (.network(job), named)
        }
        try flags.folder.check()
        place = flags.folder.place(usualName: name)
        reservation = Reservation(place, started: started)
    }

    /// Trains, keeps and reports.
    func run(on loaded: LoadedData) throws {
        options.apply()
        try place.check()
        defer { reservation.release() }
        guard loaded.isRegression == (task == .regression) else {
            throw DescentError(
                .usage, "the examples have classes, not numbers", at: "--task",
                expected: "a table, an npz archive or libsvm text",
                got: loaded.split.name, advice: "leave it out, and take a model of classes")
        }
        let reservation = reservation
        let interruption = Interruption(saying: options) { reservation.quit($0) }
        defer { interruption.end() }
        Output.warn(try reservation.begin())
        if !options.quiet {
            let data = loaded.split
            Output.error.tryWrite(
                """
                \(name) on \(Numerals.counted(data.train.featureCount, "feature")), \(data.name): \
                \(Numerals.counted(data.train.count, "training example")), \
                \(Numerals.counted(data.test.count, "test example"))

                """)
        }
        switch way {
        case .automatic: try MethodChoice(training: self, loaded: loaded).run(interruption)
        case .pipeline(let pipeline):
            let display = LearningDisplay(options)
            defer { display.clear() }
            let clock = ContinuousClock()
            let start = clock.now
            let regressor = try pipeline.fit(
                loaded.split.inMemory().train, cancellation: interruption.cancellation
            ) { display.show($0) }
            let seconds = (clock.now - start).inSeconds
            display.clear()
            try finish(
                regressor, nil, loaded, seconds: seconds, interruption, remarks: regressor.regressor.remarks)
        case .network(let job): try train(job.suited(to: loaded.split), loaded, interruption)
        }
    }

    private func train(_ job: TrainingJob, _ loaded: LoadedData, _ interruption: Interruption) throws {
        let network = NetworkRegression(
            job.network.model, hidden: job.network.hidden, activation: job.network.activation,
            dropout: job.dropout, trainer: job.trainer)
        if !options.quiet {
            let trainer = network.trainer
            Output.error.tryWrite(
                """
                \(trainer.optimizer.summary), batch \(trainer.batchSize), \(Numerals.counted(trainer.epochs, "epoch")), \
                seed \(trainer.seed)\(trainer.toolsSummary.isEmpty ? "" : "\n\(trainer.toolsSummary)")

                """)
        }
        let parts = try job.parts(of: loaded.split)
        let display = ProgressDisplay(ProgressDisplay.style(options), watching: job.watched(of: loaded.split))
        defer { display.clear() }
        let testsOnce = parts.validation != nil
        let fitted: (regressor: NetworkRegressor, history: History)
        do {
            fitted = try network.fit(
                parts.training.labeledExamples(),
                validating: (testsOnce ? parts.validation : parts.test)?.labeledExamples(),
                testing: testsOnce ? parts.test.labeledExamples() : nil,
                cancellation: interruption.cancellation
            ) { display.show($0) }
        } catch let divergence as TrainingDiverged {
            throw divergence.error.advising(
                "\(divergence.error.advice ?? job.divergenceRemedy); nothing was saved")
        }
        display.clear()
        try finish(
            fitted.regressor, fitted.history, loaded, seconds: fitted.history.trainingSeconds, interruption,
            trainer: network.trainer)
    }

    /// What an interruption is called: the remark in the folder, which is a sentence.
    static func words(_ remark: String?) -> String {
        guard let remark else { return "interrupted after the training" }
        let sentence = remark.hasSuffix(".") ? String(remark.dropLast()) : remark
        return sentence.prefix(1).lowercased() + sentence.dropFirst()
    }

    /// The record of the run, as it is stored. `trainer`: that of a network.
    func record(_ loaded: LoadedData, trainer: Trainer?, _ history: History?) -> RunRecord {
        let data = loaded.split
        let held = history?.validationCount ?? 0
        var record = RunRecord(
            arguments: arguments, started: started, seed: seed, dataName: data.name,
            dataChecksum: data.checksum, trainCount: data.train.count - held, testCount: data.test.count,
            optimizer: trainer?.optimizer.summary ?? name, batchSize: trainer?.batchSize ?? 0,
            epochs: trainer?.epochs ?? 0, tools: trainer?.toolsSummary ?? "")
        record.validationCount = held
        record.dataOrigin = loaded.origin
        return record
    }

    /// Measures a regressor, writes its folder and reports.
    func finish(
        _ regressor: any TrainedRegressor, _ history: History?, _ loaded: LoadedData, seconds: Double,
        _ interruption: Interruption, trainer: Trainer? = nil, leaderboard: Leaderboard? = nil,
        remark: String? = nil, remarks: [String] = []
    ) throws {
        let data = try loaded.split.inMemory()
        func metrics(_ part: LabeledExamples) throws -> RegressionMetrics? {
            guard part.count > 0, case .values(let targets) = part.targets else { return nil }
            return try RegressionMetrics(
                actual: targets.elements.map(Double.init),
                predicted: regressor.predictions(for: part.features).map(Double.init))
        }
        var column = "target"
        if case .table(let preprocessing)? = loaded.input { column = preprocessing.labelName ?? column }
        let target = RegressionTarget(column: column)
        let scores = RegressionScores(
            trainSeconds: seconds, training: try metrics(data.train), test: try metrics(data.test))
        var remark = remark
        if let place = history?.ending.place { remark = "Training was interrupted \(place)." }
        let folder = RegressorFolder(
            RegressorModel(regressor, target: target, input: loaded.input),
            samples: (data.test.count > 0 ? data.test : data.train).prefix(8).features, scores: scores,
            history: history, run: record(loaded, trainer: trainer, history), leaderboard: leaderboard,
            remark: remark)
        let (made, problem) = try reservation.write {
            try folder.writeOrRescue(to: place, reserved: reservation.folder)
        }
        let isInterrupted = interruption.cancellation.isCancelled
        interruption.end()
        for note in made.notes { Output.warn(note) }
        var error = problem?.advising("the model is saved in \(made.path) instead")
        if error == nil, isInterrupted {
            error = DescentError(
                .interrupted, Self.words(remark),
                advice: "the model is saved in \(made.path)")
        }
        let report = RegressionTrainingText(
            regressor: regressor, target: target, scores: scores, leaderboard: leaderboard, made: made,
            history: history, remarks: remarks)
        do {
            try Output.standard.write(options.json ? report.json(data: data.name) : report.text)
        } catch let failure {
            throw error ?? failure
        }
        if let error { throw error }
    }
}
