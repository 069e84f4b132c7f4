import Descent

/// The training of a regressor, and the choice among several methods (`--model auto`) on a table of either task: from data to a
/// folder.
struct TableTraining {
    /// What is trained.
    enum Way {
        /// A classical regressor.
        case pipeline(RegressionPipeline)
        /// A network for numbers, with its job's trainer.
        case network(TrainingJob, NetworkRegression)
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
        // Without a name, a label of numbers has the choice: the usual network is made for classes.
        let isNamed = Flags.contain("--model", arguments)
        let hasNetwork = TrainFlag.names(.networks).contains { Flags.contain($0, arguments) }
        let named = isNamed ? flags.network.model : hasNetwork ? "mlp:64,32" : "auto"
        if named == "auto" {
            let settings = TrainFlag.names(.networks) + TrainFlag.names(.classical)
            try refuse(
                settings, "--model auto chooses the settings itself",
                "leave it out, or name a model, such as --model mlp:64")
            (way, name) = (.automatic, "auto")
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
            let network = NetworkRegression(
                named, hidden: flags.network.hidden, activation: flags.network.activation,
                dropout: flags.tools.dropout, trainer: job.trainer)
            (way, name) = (.network(job, network), named)
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
                .usage, "the examples have classes, not numbers", at: "--task", expected: "a table",
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
                loaded.split.train, cancellation: interruption.cancellation
            ) { display.show($0) }
            let seconds = (clock.now - start).inSeconds
            display.clear()
            try finish(
                regressor, nil, loaded, seconds: seconds, interruption, remarks: regressor.regressor.remarks)
        case .network(let job, let network): try train(network, job, loaded, interruption)
        }
    }

    private func train(
        _ network: NetworkRegression, _ job: TrainingJob, _ loaded: LoadedData, _ interruption: Interruption
    ) throws {
        let parts = try job.parts(of: loaded.split)
        let display = ProgressDisplay(ProgressDisplay.style(options), watching: job.watched)
        defer { display.clear() }
        let testsOnce = parts.validation != nil
        let fitted: (regressor: NetworkRegressor, history: History)
        do {
            fitted = try network.fit(
                parts.training, validating: testsOnce ? parts.validation : parts.test,
                testing: testsOnce ? parts.test : nil, cancellation: interruption.cancellation
            ) { display.show($0) }
        } catch let divergence as TrainingDiverged {
            throw divergence.error.advising(
                "\(divergence.error.advice ?? job.divergenceRemedy); nothing was saved")
        }
        display.clear()
        try finish(
            fitted.regressor, fitted.history, loaded, seconds: fitted.history.trainingSeconds, interruption,
            job: job)
    }

    /// The record of the run, as it is stored.
    func record(_ loaded: LoadedData, optimizer: String, job: TrainingJob? = nil) throws -> RunRecord {
        let data = loaded.split
        let held = try job?.heldCount(of: data) ?? 0
        var record = RunRecord(
            arguments: arguments, started: started, seed: seed, dataName: data.name,
            dataChecksum: data.checksum, trainCount: data.train.count - held, testCount: data.test.count,
            optimizer: job?.trainer.optimizer.summary ?? optimizer, batchSize: job?.trainer.batchSize ?? 0,
            epochs: job?.trainer.epochs ?? 0, tools: job?.trainer.toolsSummary ?? "")
        record.validationCount = held
        record.dataOrigin = loaded.origin
        return record
    }

    /// Measures a regressor, writes its folder and reports.
    func finish(
        _ regressor: any TrainedRegressor, _ history: History?, _ loaded: LoadedData, seconds: Double,
        _ interruption: Interruption, job: TrainingJob? = nil, leaderboard: Leaderboard? = nil,
        remark: String? = nil, remarks: [String] = []
    ) throws {
        let data = loaded.split
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
            history: history, run: try record(loaded, optimizer: name, job: job), leaderboard: leaderboard,
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
                .interrupted, remark.map { "interrupted: \($0)" } ?? "interrupted after the training",
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
