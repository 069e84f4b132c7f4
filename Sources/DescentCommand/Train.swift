import ArgumentParser
import Descent
import Glibc

/// `descent train`: from a data set to a model folder.
struct Train: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train a network or another classifier and keep it in a model folder.",
        // Lines of up to 78 columns: longer ones are wrapped without their indentation.
        discussion: """
            Without arguments: the network 784-50-10 of the notebook (see 'descent notes') on \
            built-in digits (sigmoid, softmax with cross-entropy, stochastic gradient descent).

            EXAMPLES
              descent train
                  built-in digits: no network, seconds
              descent train --data mnist
                  MNIST, downloaded once
              descent train --data mnist --data-dir ~/mnist
                  MNIST from files
              descent train --data photos
                  your own pictures: photos/CLASS/*.jpg, or photos/train and test;
                  network and settings are chosen by their number and size
              descent train --data wine.csv --model svm
                  your own table; --label names the column to predict
              descent train --data houses.csv --label price
                  a column of numbers: several regressors by cross-validation,
                  the best is kept; --model ridge, knn, svr or mlp:64 for one
              descent train --data heart.svm --model svm
                  a file of libsvm's text, gzipped or not: a fifth is held
                  out for the test, or --test-data names another file
              descent train --train-limit 300 --epochs 200
                  see overfitting
              descent train --model mlp:256,128 --optimizer adam
                  a larger network
              descent train --emit-python run.py
                  and the same run in NumPy, explained line by line
              descent train --seed 7 --out models/seven
                  another start, a folder of your choice
              descent train --data mnist --model lenet --optimizer adam \\
                --schedule one-cycle --augment digits --average ema:0.999
                  a schedule, augmentation, averaged weights
              descent train --resume
                  go on with a run that was interrupted
              descent train --resume runs/latest --epochs 40
                  train a finished run further
              descent train --data mnist --recipe fast-99
                  a network and its settings that reach 99 % in seconds
              descent train --epochs 4 --repeat 5
                  five seeds: mean and standard deviation, each run kept
              descent train --model svm --features hog --c 10
                  a classical classifier: designed features, and a support
                  vector machine; knn, linear-svm, logistic ... as well
              descent train --data mnist --model knn --k 3 --deskew
                  the nearest of upright digits
              descent train --data photos --features onnx:efficientnet.onnx
                  your photographs as a network of yours sees them, and logistic
                  regression (--model linear-svm, knn ...): few are enough

            Ctrl-C, SIGTERM or a closed terminal stops after the current step and saves \
            the model; a second one stops at once. The verdict (diverged, has not \
            learned, underfitting, overfitting) is explained in Documentation/Verdicts.md.

            'descent find-lr', 'descent overfit' and 'descent profile' take the same \
            settings and find something out about them; they keep nothing.

            'descent help models' lists all models and explains layers of your own.
            """)

    @OptionGroup(title: "Data") var source: DataOptions
    @OptionGroup(title: "Data") var limits: LimitOptions
    @OptionGroup(title: "Your own pictures and tables") var own: OwnDataOptions
    @OptionGroup(title: "Network") var network: NetworkOptions
    @OptionGroup(title: "Training") var training: TrainingOptions
    @OptionGroup(title: "Classical classifiers") var seen: FeatureOptions
    @OptionGroup(title: "Classical classifiers") var classical: ClassicalOptions
    @OptionGroup(title: "Regularisation and schedules") var tools: ToolOptions
    @OptionGroup(title: "Presets and experiments") var preset: RecipeOptions
    @OptionGroup(title: "Presets and experiments") var progress: RunOptions
    @OptionGroup(title: "Model folder") var folder: FolderOptions
    @OptionGroup(title: "Output") var options: OutputOptions

    func run() async throws {
        // A reader that has seen enough (`descent train --json | head -1`) must not cost the model.
        signal(SIGPIPE, SIG_IGN)
        let arguments = Invocation.arguments
        guard let path = progress.resume else { return try await run(arguments, nil) }
        let resumption = try TrainingResumption(
            path: path, arguments: arguments,
            epochs: Flags.contain("--epochs", arguments) ? training.epochs : nil)
        try await resumption.command(options).run(resumption.arguments, resumption)
    }

    /// Trains as `arguments` say, from the beginning or from a checkpoint.
    private func run(_ arguments: [String], _ resumption: TrainingResumption?) async throws {
        var command = self
        try command.network.choose(for: source, preset.recipe, arguments)
        // What a network has seen is told apart by a line; no second network is meant.
        if seen.features?.hasPrefix("onnx:") == true, !Flags.contain("--model", arguments) {
            command.network.model = LogisticRegression.kind
        }
        try await command.train(arguments, resumption)
    }

    private func train(_ arguments: [String], _ resumption: TrainingResumption?) async throws {
        let clock = ContinuousClock()
        let start = clock.now
        if resumption == nil, let asked = try RegressionModel.asked(by: self) {
            return try await asked.run(arguments)
        }
        if let classical = try ClassicalTraining(self, arguments: arguments) {
            options.apply()
            try classical.place.check()
            let loaded = try await sized(for: classical.pipeline.features).loadData()
            // The label's values say so where no flag does.
            if loaded.isRegression {
                return try TableTraining(self, arguments: arguments, task: .regression).run(on: loaded)
            }
            defer { classical.reservation.release() }
            let interruption = takeSignals(classical.reservation)
            defer { interruption.end() }
            Output.warn(try classical.reservation.begin())
            return try classical.run(on: loaded, options, interruption)
        }
        var job = try TrainingJob(flags, arguments: arguments, resuming: resumption)
        options.apply()
        if resumption == nil, let count = progress.repeats {
            let repeated = RepeatedTraining(train: self, job: job, count: count)
            try repeated.check()
            let loaded = try await loadData(validation: job.heldBack)
            if loaded.isRegression { _ = try TableTraining(self, arguments: arguments, task: .regression) }
            return try repeated.run(on: loaded)
        }
        if resumption == nil && !progress.dryRun { try job.place.check() }
        defer { job.reservation.release() }

        let loaded = try await loadData(validation: job.heldBack)
        if resumption == nil, let task = TableTraining.task(of: loaded, network.model, arguments) {
            return try TableTraining(self, arguments: arguments, task: task).run(on: loaded)
        }
        let data = loaded.split
        try job.check(loaded)
        job = job.suited(to: data)
        let model = try job.makeModel(for: data)
        if progress.dryRun { return try DryRun(job: job, data: data, options: options).run(model) }
        // A resumed run has its script already, which the user may have changed since; and a checkpoint's word is no
        // leave to write somewhere.
        let script =
            try resumption == nil && folder.emitPython != nil
            ? job.script(of: model, data, source) : nil
        let report = TrainingReport(job: job, data: data, options: options)
        try report.begin(model, recipe: preset.recipe, source)
        try job.tellWarnings(model, data)

        // Until the model is saved a signal must not end the program half-way.
        let interruption = takeSignals(job.reservation)
        defer { interruption.end() }
        Output.warn(try job.reservation.begin())
        // Now that nothing is left to refuse the run: one that is refused leaves no file behind.
        let written = try folder.emitPython.flatMap { try script?.write(to: $0) } ?? []
        let outcome = try train(model, data, job, report, interruption)
        let saved = try job.save(try model.classifier(), outcome, loaded)
        let isInterrupted = interruption.cancellation.isCancelled
        interruption.end()

        for note in saved.notes { Output.warn(note) }
        if let failure = outcome.history.checkpointFailure, saved.problem == nil {
            Output.warn(
                "the last checkpoint could not be written, and the run cannot go on from here:"
                    + " \(failure.naming.description)")
        }
        let error = report.error(outcome, saved, isInterrupted: isInterrupted)
        do {
            try report.end(outcome, saved, written, totalSeconds: (clock.now - start).inSeconds)
        } catch let failure {
            // How the training ended says more than that its report could not be printed.
            if let error { throw error }
            throw failure
        }
        if let error { throw error }
    }

    /// The command with the size of pictures that the features would have, where none is given.
    private func sized(for features: FeatureChoice) -> Train {
        var sized = self
        sized.own.take(features.pictureSize)
        return sized
    }

    /// `validation`: what a network's training chooses by, where the data have no part for it.
    func loadData(validation: HeldBack? = nil) async throws -> LoadedData {
        let loaded = try await loadExamples(validation)
        guard let normalization = preset.recipe?.normalization else { return loaded }
        // The recipe's own digits come besides; those that are given go through its step.
        let split = try loaded.inMemory(for: "the recipe", options)
        let input = ModelInput.images(ImageInput(digits: normalization))
        let given = split.name == DataSource.builtIn ? nil : split.train
        var prepared = loaded
        prepared.split = ExampleParts(
            name: split.name, train: try Recipe.digits(adding: given, normalization: normalization),
            test: try input.prepared(split.test), checksum: split.checksum)
        prepared.input = input
        return prepared
    }

    private func loadExamples(_ validation: HeldBack?) async throws -> LoadedData {
        let loaded = try await source.load(
            trainLimit: limits.trainLimit, testLimit: limits.testLimit, testFile: limits.testData,
            seed: training.seed, validation: validation, own: own, options)
        if try source.source().isOwn { try loaded.requireTwoClasses(at: source.source().text) }
        return loaded
    }

    /// Takes over Ctrl-C, SIGTERM and SIGHUP. A second one does not leave the place behind where that is still empty.
    func takeSignals(_ reservation: Reservation) -> Interruption {
        takeSignals { reservation.quit($0) }
    }

    /// Does the same; `quit` is called, on another thread, where the program is to end at once, which its argument does.
    func takeSignals(quit: @escaping @Sendable (_ end: () -> Void) -> Void) -> Interruption {
        Interruption(saying: options, quit: quit)
    }

    /// Trains, showing the progress, until the end, a signal, or divergence.
    func train(
        _ model: TrainableNetwork, _ data: ExampleParts, _ job: TrainingJob, _ report: TrainingReport,
        _ interruption: Interruption
    ) throws -> TrainingOutcome {
        let display = ProgressDisplay(ProgressDisplay.style(options), watching: job.watched(of: data))
        defer { display.clear() }
        do {
            let history = try job.fit(
                model.network, on: data, cancellation: interruption.cancellation
            ) { event in
                display.show(event)
                if case .epoch(let epoch, _) = event {
                    // Standard output may be the same terminal.
                    if options.json { display.clear() }
                    report.epochEnded(epoch)
                }
            }
            return TrainingOutcome(history: history, divergence: nil)
        } catch let divergence as TrainingDiverged {
            return TrainingOutcome(history: divergence.history, divergence: divergence)
        }
    }
}
