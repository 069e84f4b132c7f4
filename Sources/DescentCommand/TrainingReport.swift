import Descent

/// The output of `descent train` on standard output: a table and a summary, or JSON lines.
struct TrainingReport {
    let job: TrainingJob
    let data: ExampleParts
    let options: OutputOptions

    /// Announces the run, on standard error.
    func begin(_ model: TrainableNetwork, recipe: Recipe? = nil, _ source: DataOptions? = nil) throws {
        let examples = try job.summary(of: data)
        guard !options.quiet else { return }
        let network = model.architecture
        let tools = job.trainer.toolsSummary.isEmpty ? "" : "\n\(job.trainer.toolsSummary)"
        let remark = job.trainer.precision.remark().map { "\n\($0)" } ?? ""
        var resuming =
            job.resumption.map { "\ngoing on from \(($0.checkpoint.path ?? "").showingControlCharacters)" }
            ?? ""
        if job.resumption != nil, let directory = job.dataDirectory {
            resuming += "; data from \(directory.showingControlCharacters)"
        }
        if let recipe, data.name != DataName.mnist.rawValue {
            resuming +=
                "\nthe recipe \(recipe.name) was made for MNIST, and its accuracy is of MNIST; this is \(data.name)"
            resuming += source?.data == nil ? ": add --data mnist" : ""
        }
        Output.error.tryWrite(
            """
            \(network.name) (\(network.sizes), \(Numerals.grouped(network.parameterCount)) parameters) on \
            \(data.name): \(examples)
            \(job.trainer.optimizer.summary), batch \(job.trainer.batchSize), \
            \(Numerals.counted(job.trainer.epochs, "epoch")), seed \(job.trainer.seed), \
            \(Numerals.counted(Threads.count, "thread"))\(tools)\(remark)\(resuming)

            """)
    }

    /// Prints the JSON line of an epoch that has ended, with `--json`.
    func epochEnded(_ epoch: History.Epoch) {
        // A line that cannot be written is found out by the result line, which must be: the model comes first.
        if options.json { Output.standard.tryWrite(epochLine(epoch)) }
    }

    /// Returns the JSON line of one epoch.
    func epochLine(_ epoch: History.Epoch) -> String {
        // The fields are always the same; those not measured are null.
        let test = job.watched(of: data) == .test ? epoch.test : nil
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
        return line.with(validation: job.watched(of: data) == .validation ? epoch.test : nil).line + "\n"
    }

    /// Returns the JSON line that ends a run.
    func resultLine(_ history: History, path: String, totalSeconds: Double) -> String {
        let line: JSONText = [
            "event": "result", "version": 1, "model": .string(path), "data": .string(data.name),
            "epochs": .integer(history.epochs.count),
            "kept_epoch": history.keptEpoch.map(JSONText.integer) ?? .null,
            "verdict": .string(verdict(history).kind.rawValue),
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

    /// Returns the verdict on the run.
    func verdict(_ history: History) -> TrainingVerdict {
        TrainingVerdict(history, testCount: data.test.count)
    }

    /// Prints the results.
    func end(
        _ outcome: TrainingOutcome, _ saved: TrainingJob.Saved, _ script: [NumPyScript.Written] = [],
        totalSeconds: Double
    ) throws {
        let path = saved.path
        let history = outcome.history
        if options.json {
            return try Output.standard.write(resultLine(history, path: path, totalSeconds: totalSeconds))
        }
        // Where both streams are one, the epochs are above, as they ended.
        let isShown = ProgressDisplay.style(options) == .lines && Output.areOne
        var text = isShown ? "" : Self.table(history)
        text += text.isEmpty && !isShown ? "" : "\n"
        text += summary(outcome, totalSeconds: totalSeconds)
        text +=
            "\n"
            + ModelHints(
                path: path, isLatest: saved.isLatest, hasCurves: !history.epochs.isEmpty, script: script
            ).text
        try Output.standard.write(text)
    }

    /// Returns the epochs as a table: all of up to 20, else about a dozen, with the first, the best and the last. The
    /// epoch whose weights were kept has a star, and the figure that patience watched has its column.
    static func table(_ history: History) -> String {
        guard !history.epochs.isEmpty else { return "" }
        let watched = history.watched.rawValue
        let showsLoss = history.measure == .loss && history.keptEpoch != nil
        var table = TextTable(
            ["epoch", "training loss", "training accuracy"] + (showsLoss ? ["\(watched) loss"] : [])
                + ["\(watched) accuracy", "seconds"])
        let shown = shownEpochs(history)
        var last = 0
        for epoch in history.epochs where shown.contains(epoch.number) {
            if epoch.number > last + 1 {
                table.rows.append(["..."] + [String](repeating: "", count: showsLoss ? 5 : 4))
            }
            last = epoch.number
            let loss = epoch.test.map { Numerals.loss($0.loss) } ?? "-"
            table.rows.append(
                [
                    String(epoch.number) + (epoch.number == history.keptEpoch ? "*" : ""),
                    Numerals.loss(epoch.training.loss), Numerals.percent(epoch.training.accuracy),
                ] + (showsLoss ? [loss] : []) + [
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
            let isOver = outcome.history.ending == .finished && last < job.trainer.epochs
            let by = "\(history.watched.rawValue) \(history.measure.rawValue)"
            let why =
                isOver
                ? "Ended after epoch \(last) of \(job.trainer.epochs): no better \(by) since; the" : "The"
            text += "\(why) weights are those of epoch \(kept)*, the best by \(by).\n"
        }
        if history.watched == .validation {
            text +=
                "The epochs were watched by \(Numerals.grouped(history.validationCount)) "
                + (data.validation == nil ? "training examples held back;" : "validation examples;")
            text += " the test examples were used once.\n"
        }
        text += verdict(history).sentence + "\n"
        text += "\(Numerals.counted(history.steps, "step")) in \(Numerals.duration(history.trainingSeconds))"
        text += " (\(Numerals.rate(history.stepsPerSecond)) per second);"
        return text + " \(Numerals.duration(totalSeconds)) in all.\n"
    }

    /// Returns the error at the end of a run that was interrupted or diverged, or whose model could not be put in its
    /// place; nil when all is well.
    ///
    /// `isInterrupted`: whether a signal came before the model was saved, perhaps after the training.
    func error(_ outcome: TrainingOutcome, _ saved: TrainingJob.Saved, isInterrupted: Bool) -> DescentError? {
        let history = outcome.history
        let model = "the model is saved in \(saved.path)"
        let goOn =
            saved.unfinished.map { "; go on with \(Invocation.program) train --resume \(Shell.quoted($0))" }
            ?? ""
        if let problem = saved.problem {
            return problem.advising("\(model) instead\(goOn)")
        }
        if let divergence = outcome.divergence {
            let error = divergence.error
            let which =
                history.keptEpoch.map { "the best model (epoch \($0)) is" }
                ?? (history.epochs.isEmpty ? "the first weights are" : "the last good model is")
            return error.advising("\(error.advice ?? ""); \(which) saved in \(saved.path)")
        }
        if let place = history.ending.place {
            return DescentError(.interrupted, "interrupted \(place)", advice: model + goOn)
        }
        if isInterrupted {
            return DescentError(.interrupted, "interrupted after the training", advice: model)
        }
        let verdict = verdict(history)
        guard verdict.kind == .diverged else { return nil }
        return DescentError(
            .diverged, "the training diverged",
            got: "a training loss of \(Numerals.loss(history.training.loss))",
            advice: "\(job.divergenceRemedy); \(model)")
    }
}

extension JSONText {
    /// Returns the object with two more members about examples that were held back, if some were.
    fileprivate func with(validation scores: Scores?) -> JSONText {
        guard case .object(let members) = self, let scores else { return self }
        return .object(
            members + [
                .init("validation_loss", .rounded(scores.loss, decimals: 6)),
                .init("validation_accuracy", .rounded(scores.accuracy, decimals: 6)),
            ])
    }
}
