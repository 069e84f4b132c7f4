import Descent

/// `descent train --model knn` and its like: a pipeline of features and a classical classifier, from data to a folder.
struct ClassicalTraining {
    let model: ClassicalModel
    let pipeline: Pipeline
    let place: ModelDestination
    let reservation: Reservation
    let arguments: [String]
    let seed: Int
    let started = RunRecord.now
    private let dataDirectory: String?

    /// Creates the run that the flags describe; nil when they describe a network.
    ///
    /// - Throws: `usage` for flags that do not fit together.
    init?(_ flags: Train, arguments: [String]) throws {
        guard let model = ClassicalModel(flags.network.model) else {
            if let flag = TrainFlag.names(.classical).first(where: { Flags.contain($0, arguments) }) {
                throw DescentError(
                    .usage, "networks see pixels and have no such settings",
                    at: "--model \(flags.network.model)",
                    expected:
                        "--model \((ClassicalModel.names + RegressionModel.own).joined(separator: ", "))",
                    advice: "name one of these, or leave out \(flag)")
            }
            return nil
        }
        // They would be passed over in silence.
        for flag in TrainFlag.names(.networks) where Flags.contain(flag, arguments) {
            throw DescentError(
                .usage, "\(model.name) is not a network and has no \(flag)", at: flag,
                advice: "leave it out; 'descent train --help' lists what \(model.name) has")
        }
        self.model = model
        self.arguments = arguments
        seed = flags.training.seed
        guard UInt32(exactly: seed) != nil else {
            throw DescentError(
                .usage, "impossible --seed", at: "--seed", expected: "0 to 4294967295", got: "\(seed)")
        }
        pipeline = try model.pipeline(flags.classical, seeing: flags.seen, seed: seed)
        try flags.folder.check()
        place = flags.folder.place(usualName: model.name)
        reservation = Reservation(place, started: started)
        dataDirectory = flags.source.dataDir.map { Files.resolved($0) ?? $0 }
    }

    /// Trains, keeps and reports.
    func run(on loaded: LoadedData, _ options: OutputOptions, _ interruption: Interruption) throws {
        let data = try loaded.inMemory(for: model.name, options)
        let clock = ContinuousClock()
        let start = clock.now
        if !options.quiet {
            Output.error.tryWrite(
                """
                \(model.name) on \(seen(data)), \(data.name): \
                \(Numerals.counted(data.train.count, "training example")), \(Numerals.counted(data.test.count, "test example"))

                """)
        }
        let display = LearningDisplay(options)
        defer { display.clear() }
        let classifier = try pipeline.fit(data.train, cancellation: interruption.cancellation) {
            display.show($0)
        }
        let trained = clock.now
        if data.test.count > 0 { display.show(LearningProgress(activity: "reading the test examples")) }
        let test =
            data.test.count > 0
            ? try classifier.evaluate(on: data.test, cancellation: interruption.cancellation) : nil
        let tested = clock.now
        display.clear()
        let scores = PipelineScores(trainSeconds: (trained - start).inSeconds, test: test)
        var record = RunRecord(
            arguments: arguments, started: started, seed: seed, dataName: data.name,
            dataChecksum: data.checksum,
            trainCount: data.train.count, testCount: data.test.count, optimizer: model.name, batchSize: 0,
            epochs: 0)
        record.dataDirectory = dataDirectory
        record.dataOrigin = loaded.origin
        let samples = (data.test.count > 0 ? data.test : data.train).prefix(8).features
        var folder = ModelFolder(classifier, run: record, scores: scores, samples: samples)
        (folder.input, folder.imageSplit) = (loaded.input, loaded.imageSplit)
        let model = folder
        let (made, problem) = try reservation.write {
            try model.writeOrRescue(to: place, reserved: reservation.folder)
        }
        for note in made.notes { Output.warn(note) }
        let seconds = (predict: (tested - trained).inSeconds, total: (clock.now - start).inSeconds)
        let error = problem?.advising("the model is saved in \(made.path) instead")
        do {
            try Output.standard.write(
                options.json
                    ? json(classifier, scores, data, made.path, total: seconds.total)
                    : text(classifier, scores, data, made, seconds.predict))
        } catch let failure {
            // Where the model is says more than that its report could not be printed.
            throw error ?? failure
        }
        if let error { throw error }
    }

    /// What the classifier sees, in words.
    private func seen(_ data: Dataset) -> String {
        data.train.exampleShape.count == 2
            ? pipeline.features.summary : Numerals.counted(data.train.featureCount, "feature")
    }

    private func json(
        _ classifier: PipelineClassifier, _ scores: PipelineScores, _ data: Dataset, _ path: String,
        total: Double
    ) -> String {
        let line: JSONText = [
            "event": "result", "version": 1, "model": .string(path), "data": .string(data.name), "epochs": 0,
            "train_accuracy": .null, "test_accuracy": .rounded(scores.test?.accuracy, decimals: 6),
            "train_loss": .null, "test_loss": .null,
            "train_seconds": .rounded(scores.trainSeconds, decimals: 4),
            "total_seconds": .rounded(total, decimals: 4), "steps_per_second": .null,
            "verdict": .string(scores.test.map { TrainingVerdict($0).kind.rawValue }),
            "search": Self.search(classifier).map(SearchText.json) ?? .null,
            "converged": classifier.convergence.map { .bool($0.isReached) } ?? .null,
        ]
        return line.line + "\n"
    }

    private func text(
        _ classifier: PipelineClassifier, _ scores: PipelineScores, _ data: Dataset,
        _ made: ModelDestination.Made,
        _ predictSeconds: Double
    ) -> String {
        var text = (Self.search(classifier).map(SearchText.table) ?? "") + "\(classifier.summary)\n"
        if let test = scores.test {
            let each = predictSeconds / Double(max(1, test.count)) * 1e6
            text += "Test accuracy \(Numerals.percent(test.accuracy)) (\(Numerals.grouped(test.correct)) of "
            text +=
                "\(Numerals.grouped(test.count))), \(Numerals.fixed(each, 1)) microseconds an \(data.train.exampleShape.count > 1 ? "image" : "example")\n"
        }
        if let test = scores.test {
            let verdict = TrainingVerdict(test)
            if verdict.kind == .notLearned { text += verdict.sentence + "\n" }
        }
        text += "Learned in \(Numerals.duration(scores.trainSeconds)).\n"
        // Exact search for a thousand examples gives a graph's recall.
        let asked = (data.test.count > 0 ? data.test : data.train).prefix(1000).features
        for line in classifier.remarks(measuring: asked) { text += LearningDisplay.readable(line) + "\n" }
        return text + "\n" + ModelHints(path: made.path, isLatest: made.isLatest).text
    }

    /// Returns the result of a search for settings; nil without one.
    private static func search(_ classifier: PipelineClassifier) -> SupportVectorGridSearch.Result? {
        (classifier.classifier as? SupportVectorClassifier)?.search
    }
}

/// One line of progress that is written again and again on a terminal; a line for each new activity elsewhere.
final class LearningDisplay {
    private let style: ProgressDisplay.Style
    private let clock = ContinuousClock()
    private var last: ContinuousClock.Instant
    private var activity = ""

    init(_ options: OutputOptions) {
        style = ProgressDisplay.style(options)
        last = clock.now - .seconds(1)
    }

    func show(_ progress: LearningProgress) {
        guard style != .none, clock.now - last > .milliseconds(style == .lines ? 2000 : 100) else { return }
        last = clock.now
        var text = Self.readable(progress.activity)
        if let fraction = progress.fraction { text += "  \(Numerals.fixed(100 * fraction, 0)) %" }
        // How far a solver has come is said by its violation only where it cannot say it in percent.
        if progress.fraction == nil, let violation = progress.violation {
            text += "  violation \(Numerals.loss(violation))"
        }
        guard text != activity else { return }
        activity = text
        guard style != .lines else { return Output.error.tryWrite(text + "\n") }
        // A line that is wider than the terminal cannot be taken away again.
        Output.error.tryWrite("\r\u{1B}[K" + String(text.prefix(max(1, Output.error.columns - 1))))
    }

    /// Text of a solver with its numbers in readable form: thousands parted, four digits of a fraction.
    static func readable(_ text: String) -> String {
        text.replacing(/[0-9]+\.[0-9]{5,}(e-?[0-9]+)?/) { match in
            Double(match.output.0).map(Numerals.twoDigits) ?? String(match.output.0)
        }.replacing(/(^|[^0-9.,])([0-9]{5,})(?![0-9.])/) { match in
            String(match.output.1) + (Int(match.output.2).map(Numerals.grouped) ?? String(match.output.2))
        }
    }

    func clear() {
        if style != .lines && style != .none { Output.error.tryWrite("\r\u{1B}[K") }
    }
}
