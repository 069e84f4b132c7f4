import Descent

/// What `descent train` prints on standard output: a table and a summary, or JSON lines.
struct TrainingReport {
    let job: TrainingJob
    let data: Dataset
    let options: OutputOptions

    /// Says what is about to happen, on standard error.
    func begin(_ classifier: NetworkClassifier) throws {
        let examples = try job.summary(of: data)
        guard !options.quiet else { return }
        let network = classifier.architecture
        let tools = job.trainer.toolsSummary.isEmpty ? "" : "\n\(job.trainer.toolsSummary)"
        let resuming =
            job.resumption.map { "\ngoing on from \($0.folder.last.showingControlCharacters)" } ?? ""
        Output.error.tryWrite(
            """
            \(network.name) (\(network.sizes), \(Numerals.grouped(network.parameterCount)) parameters) on \
            \(data.name): \(examples)
            \(job.trainer.optimizer.summary), batch \(job.trainer.batchSize), \
            \(Numerals.counted(job.trainer.epochs, "epoch")), seed \(job.trainer.seed), \
            \(Numerals.counted(Threads.count, "thread"))\(tools)\(resuming)

            """)
    }

    /// Prints the JSON line of an epoch that has ended, with `--json`.
    func epochEnded(_ epoch: History.Epoch) {
        // A line that cannot be written is found out by the result line, which must be: the model comes first.
        if options.json { Output.standard.tryWrite(epochLine(epoch)) }
    }

    /// The JSON line of one epoch.
    func epochLine(_ epoch: History.Epoch) -> String {
        // The fields are always the same; those of what was not measured are null.
        let test = job.watched == .test ? epoch.test : nil
        let line: JSONText = [
            "event": "epoch", "version": 1, "epoch": .integer(epoch.number),
            "epochs": .integer(job.trainer.epochs),
            "train_loss": .rounded(epoch.training.loss, decimals: 6),
            "train_accuracy": .number(epoch.training.accuracy),
            "test_loss": .rounded(test?.loss, decimals: 6),
            "test_accuracy": .number(test?.accuracy),
            "seconds": .rounded(epoch.seconds, decimals: 4),
            "samples_per_second": .rounded(epoch.samplesPerSecond, decimals: 0),
        ]
        return line.with(validation: job.watched == .validation ? epoch.test : nil).line + "\n"
    }

    /// The JSON line that ends a run.
    func resultLine(_ history: History, path: String, totalSeconds: Double) -> String {
        let line: JSONText = [
            "event": "result", "version": 1, "model": .string(path), "data": .string(data.name),
            "epochs": .integer(history.epochs.count),
            "train_accuracy": .rounded(history.training.accuracy, decimals: 6),
            "test_accuracy": .rounded(history.test?.accuracy, decimals: 6),
            "train_loss": .rounded(history.training.loss, decimals: 6),
            "test_loss": .rounded(history.test?.loss, decimals: 6),
            "train_seconds": .rounded(history.trainingSeconds, decimals: 4),
            "total_seconds": .rounded(totalSeconds, decimals: 4),
            "steps_per_second": .rounded(history.stepsPerSecond, decimals: 1),
        ]
        return line.with(validation: history.validation).line + "\n"
    }

    /// Prints the results.
    func end(_ outcome: TrainingOutcome, _ saved: TrainingJob.Saved, totalSeconds: Double) throws {
        let path = saved.path
        let history = outcome.history
        if options.json {
            return try Output.standard.write(resultLine(history, path: path, totalSeconds: totalSeconds))
        }
        var text = Self.table(history)
        text += text.isEmpty ? "" : "\n"
        text += summary(outcome, totalSeconds: totalSeconds)
        text += "\n" + next(saved, hasCurves: !history.epochs.isEmpty)
        try Output.standard.write(text)
    }

    /// The epochs as a table: all of up to 20, else about a dozen, with the first, the best and the last.
    static func table(_ history: History) -> String {
        guard !history.epochs.isEmpty else { return "" }
        var table = Table([
            "epoch", "training loss", "training accuracy", "\(history.watched.rawValue) accuracy", "seconds",
        ])
        let shown = shownEpochs(history)
        var last = 0
        for epoch in history.epochs where shown.contains(epoch.number) {
            if epoch.number > last + 1 { table.rows.append(["...", "", "", "", ""]) }
            last = epoch.number
            table.rows.append([
                String(epoch.number), Numerals.loss(epoch.training.loss),
                Numerals.percent(epoch.training.accuracy),
                epoch.test.map { Numerals.percent($0.accuracy) } ?? "-", Numerals.fixed(epoch.seconds, 2),
            ])
        }
        return table.text
    }

    private static func shownEpochs(_ history: History) -> Set<Int> {
        let count = history.epochs.count
        guard count > 20 else { return Set(1...count) }
        let stride = (count + 9) / 10
        var shown = Set((1...count).filter { $0.isMultiple(of: stride) })
        shown.formUnion([1, count])
        if let best = history.best { shown.insert(best.number) }
        return shown
    }

    private func summary(_ outcome: TrainingOutcome, totalSeconds: Double) -> String {
        let history = outcome.history
        var text = ""
        if let test = history.test {
            text += "Test accuracy \(Numerals.percent(test.accuracy))"
            if history.watched == .test, let best = history.best, let score = best.test,
                score.accuracy > test.accuracy
            {
                text += " (best: \(Numerals.percent(score.accuracy)) after epoch \(best.number))"
            }
            if let validation = history.validation {
                text += ", validation accuracy \(Numerals.percent(validation.accuracy))"
            }
            text += ", training accuracy \(Numerals.percent(history.training.accuracy))"
            text += history.trainingSample.map { " (of \(Numerals.counted($0, "example")))" } ?? ""
            text += ".\n"
        } else {
            text += "Training accuracy \(Numerals.percent(history.training.accuracy)).\n"
        }
        if let kept = history.keptEpoch, let last = history.epochs.last?.number {
            let why =
                last < job.trainer.epochs
                ? "Ended after epoch \(last) of \(job.trainer.epochs): no better since; the" : "The"
            text += "\(why) weights are those of epoch \(kept).\n"
        }
        if history.watched == .validation {
            text +=
                "The epochs were watched by \(Numerals.grouped(history.validationCount)) training examples held back;"
            text += " the test examples were used once.\n"
        }
        if history.epochs.count > 1, history.epochs.last?.test != nil {
            text += Overfitting(history, testCount: data.test.count).sentence + "\n"
        }
        text += "\(Numerals.counted(history.steps, "step")) in \(Numerals.duration(history.trainingSeconds))"
        text += " (\(Numerals.grouped(Int(history.stepsPerSecond))) per second);"
        return text + " \(Numerals.duration(totalSeconds)) in all.\n"
    }

    /// Where the model lies, and what can be done with it.
    private func next(_ saved: TrainingJob.Saved, hasCurves: Bool) -> String {
        let path = saved.path.showingControlCharacters
        var name = saved.path
        var place = path
        if case .run(let parent, _) = job.place, saved.warning == nil {
            name = "\(parent)/latest"
            place += "  (also \(name))"
        }
        let curves = hasCurves ? "curves     \(path)/plots/learning-curve.svg\n" : ""
        return """
            model      \(place)
            \(curves)evaluate   ./descent evaluate \(Shell.quoted(name))\(job.dataFlags)
            predict    ./descent predict \(Shell.quoted(name)) IMAGES.idx --index 0-4

            """
    }

    /// The error that a run ends with that was interrupted or diverged; nil when it was neither.
    ///
    /// `isInterrupted`: whether a signal came before the model was saved, perhaps after the training.
    func error(_ outcome: TrainingOutcome, _ saved: TrainingJob.Saved, isInterrupted: Bool) -> DescentError? {
        let path = saved.path
        if let place = outcome.history.ending.place {
            let goOn = saved.canGoOn ? "; go on with --resume \(Shell.quoted(path))" : ""
            return DescentError(
                .interrupted, "interrupted \(place)", advice: "the model is saved in \(path)\(goOn)")
        }
        guard let divergence = outcome.divergence else {
            guard isInterrupted else { return nil }
            return DescentError(
                .interrupted, "interrupted after the training", advice: "the model is saved in \(path)")
        }
        let error = divergence.error
        let good = divergence.history.epochs.isEmpty ? "the first weights are" : "the last good model is"
        return error.advising("\(error.advice ?? ""); \(good) saved in \(path)")
    }
}

extension JSONText {
    /// The object with two more members about examples that were held back, if some were.
    fileprivate func with(validation scores: Scores?) -> JSONText {
        guard case .object(let members) = self, let scores else { return self }
        return .object(
            members + [
                .init("validation_loss", .rounded(scores.loss, decimals: 6)),
                .init("validation_accuracy", .rounded(scores.accuracy, decimals: 6)),
            ])
    }
}
