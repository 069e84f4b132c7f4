import Descent
import Synchronization

/// The folder of `--out` around those of the seeds, for this process alone; it goes with the last copy if nothing has come
/// into it.
private final class FolderAround: Sendable {
    let lock: RunLock
    private let missing: [String]

    /// Nil where each run has a name of its own.
    ///
    /// - Throws: `cannotCreate`; `usage` when another process trains there.
    init?(_ place: ModelDestination) throws {
        guard case .folder(let path, _) = place else { return nil }
        missing = ModelDestination.missing(path)
        do {
            try AtomicFile.createDirectory(at: path)
            lock = try RunLock(path)
        } catch {
            // A folder that is not made yet has no last copy that would tidy up.
            Files.removeEmpty(missing)
            throw error
        }
    }

    deinit { release() }

    /// Removes the folder if it is empty.
    func release() { Files.removeEmpty(missing) }
}

/// The place of the run that is being trained.
private final class CurrentReservation: Sendable {
    private let reservation = Mutex<Reservation?>(nil)

    /// - Throws: as `Reservation.begin`.
    func begin(_ next: Reservation) throws {
        reservation.withLock { $0 = next }
        _ = try next.begin()
    }

    func release() {
        reservation.withLock { current in
            current?.release()
            current = nil
        }
    }

    /// Ends the program by `end`, as `Reservation.quit` does.
    func quit(_ end: () -> Void) {
        if let current = reservation.withLock(\.self) { current.quit(end) } else { end() }
    }
}

/// `descent train --repeat N`: the same training with seeds one after another, each run kept in a folder of its own.
struct RepeatedTraining {
    let train: Train
    let job: TrainingJob
    let count: Int

    /// The result of one run.
    struct Run {
        var seed: Int
        var outcome: TrainingOutcome
        var saved: TrainingJob.Saved
        /// Whether it ran to its end.
        var isWhole: Bool { outcome.history.ending == .finished && verdict.kind != .diverged }
        /// The verdict on it.
        var verdict: TrainingVerdict
    }

    /// Returns the job of run number `index`, from 0: its seed, and its folder beside the others.
    private func job(_ index: Int) throws -> TrainingJob {
        var one = train
        one.training.seed += index
        switch job.place {
        case .folder(let path, _): one.folder.out = "\(path)/seed-\(one.training.seed)"
        case .run(_, let name): one.folder.name = "\(name)-seed-\(one.training.seed)"
        }
        // `--resume` and the model's card are of this one run.
        var arguments = ["--repeat", "--seed", "--out", "--name"].reduce(job.arguments) {
            Flags.removing($1, from: $0)
        }
        arguments += ["--seed", "\(one.training.seed)"]
        if let out = one.folder.out { arguments += ["--out", out] }
        if let name = one.folder.name { arguments += ["--name", name] }
        return try TrainingJob(one.flags, arguments: arguments)
    }

    /// Requires possible seeds and folders that can be made.
    func check() throws {
        let last = job.trainer.seed + count - 1
        guard UInt32(exactly: last) != nil else {
            throw DescentError(
                .usage, "the last of the seeds is not possible", at: "--repeat",
                expected: "at most 4294967295",
                got: "\(last)")
        }
        // Of an empty path "/seed-1" would be made.
        if case .folder("", _) = job.place { try job.place.check() }
        for index in 0..<count { try job(index).place.check() }
    }

    /// Trains them all, and prints one table of them.
    ///
    /// One folder is taken at a time: a lock is an open file, and a process may have some hundred. The folder around those of
    /// `--out` is locked throughout, so that no second repetition trains for the same places.
    func run(on loaded: LoadedData) throws {
        let data = loaded.split
        try job.check(loaded)
        let options = train.options
        let around = try FolderAround(job.place)
        defer { withExtendedLifetime(around) {} }
        let current = CurrentReservation()
        defer { current.release() }
        let interruption = train.takeSignals { end in
            current.quit {
                around?.release()
                end()
            }
        }
        defer { interruption.end() }
        Output.warn(around?.lock.caveat)
        var runs: [Run] = []
        var refusal: (any Error)?
        for index in 0..<count where !interruption.cancellation.isCancelled {
            let job = try job(index).suited(to: data)
            do {
                try current.begin(job.reservation)
            } catch {
                // Another process has taken the place since it was looked at. What has been trained is reported all the same.
                refusal = error
                break
            }
            let model = try job.makeModel(for: data)
            let report = TrainingReport(job: job, data: data, options: options)
            try report.begin(model)
            try job.tellWarnings(model, data)
            let outcome = try train.train(model, data, job, report, interruption)
            let saved = try job.save(try model.classifier(), outcome, loaded)
            current.release()
            for note in saved.notes { Output.warn(note) }
            runs.append(
                Run(
                    seed: job.trainer.seed, outcome: outcome, saved: saved,
                    verdict: report.verdict(outcome.history)))
            if options.json {
                let line = report.resultLine(
                    outcome.history, path: saved.path, totalSeconds: outcome.history.trainingSeconds)
                try Output.standard.write(line)
            }
        }
        if let refusal, runs.isEmpty { throw refusal }
        try Output.standard.write(options.json ? json(runs) : text(runs))
        if let refusal { throw refusal }
        if let run = runs.first(where: { $0.saved.problem != nil }), let problem = run.saved.problem {
            throw problem.advising("the model of seed \(run.seed) is saved in \(run.saved.path) instead")
        }
        if interruption.cancellation.isCancelled {
            // One that was cut short is saved, and does not count among those requested.
            let whole = runs.count { $0.outcome.history.ending.isCancelled == false }
            throw DescentError(
                .interrupted, "interrupted after \(Numerals.counted(whole, "run")) of \(count)",
                advice: runs.isEmpty
                    ? "nothing was trained"
                    : "what was trained is saved: \(runs.map(\.saved.path).joined(separator: ", "))")
        }
        let diverged = runs.filter { $0.verdict.kind == .diverged }
        if let first = diverged.first {
            let error = first.outcome.divergence?.error
            let place = error?.place.map { ", \($0)" } ?? ""
            throw DescentError(
                .diverged,
                "\(diverged.count) of \(runs.count) runs: \(error?.what ?? "the training diverged")",
                at: "seed \(first.seed)\(place)", expected: error?.expected,
                got: error?.got ?? "a training loss of \(Numerals.loss(first.outcome.history.training.loss))",
                advice: error?.advice ?? job.divergenceRemedy)
        }
    }

    /// Of the runs that came to their end: the accuracy of one that diverged or was cut short does not bear on the
    /// settings.
    private func statistics(_ runs: [Run], _ value: (History) -> Double?) -> SampleStatistics {
        SampleStatistics(runs.filter(\.isWhole).compactMap { value($0.outcome.history) })
    }

    /// Returns the runs as a table, their mean and deviation below.
    private func text(_ runs: [Run]) -> String {
        var table = TextTable(
            ["seed", "test accuracy", "test loss", "training accuracy", "seconds", "model"],
            alignments: [.right, .right, .right, .right, .right, .left])
        for run in runs {
            let history = run.outcome.history
            table.rows.append([
                String(run.seed), history.test.map { Numerals.percent($0.accuracy) } ?? "-",
                history.test.map { Numerals.loss($0.loss) } ?? "-",
                Numerals.percent(history.training.accuracy),
                Numerals.fixed(history.trainingSeconds, 2), run.saved.path.showingControlCharacters,
            ])
        }
        let columns = [
            (statistics(runs) { $0.test?.accuracy }, Numerals.percent),
            (statistics(runs) { $0.test?.loss }, Numerals.loss),
            (statistics(runs) { $0.training.accuracy }, Numerals.percent),
            (statistics(runs, \.trainingSeconds), { Numerals.fixed($0, 2) }),
        ]
        table.rows.append(["mean"] + columns.map { $0.0.count > 0 ? $0.1($0.0.mean) : "-" } + [""])
        table.rows.append(
            ["standard deviation"] + columns.map { column in column.0.deviation.map(column.1) ?? "-" } + [""])
        let accuracy = columns[0].0
        let spread = accuracy.deviation.map { " ± \(Numerals.fixed(100 * $0, 2))" } ?? ""
        let sentence =
            accuracy.count > 0
            ? "\nTest accuracy \(Numerals.fixed(100 * accuracy.mean, 2))\(spread) % over "
                + "\(Numerals.counted(accuracy.count, "seed")) (mean and standard deviation).\n" : ""
        let left = runs.filter { !$0.isWhole }.map { String($0.seed) }
        let remark =
            left.isEmpty
            ? ""
            : "\nNot in the mean, because they diverged or were interrupted: seed \(left.joined(separator: ", ")).\n"
        // Remarks beside the accuracies.
        let verdicts = runs.filter { ![.fits, .unknown].contains($0.verdict.kind) }
            .map { "Seed \($0.seed): \($0.verdict.sentence)\n" }
        return table.text + sentence + remark + (verdicts.isEmpty ? "" : "\n" + verdicts.joined())
    }

    private func json(_ runs: [Run]) -> String {
        func pair(_ statistics: SampleStatistics) -> JSONText {
            [
                "mean": .rounded(statistics.mean, decimals: 6),
                "deviation": .rounded(statistics.deviation, decimals: 6),
                "count": .integer(statistics.count),
            ]
        }
        let line: JSONText = [
            "event": "repeat", "version": 1, "seeds": .array(runs.map { .integer($0.seed) }),
            "unfinished_seeds": .array(runs.filter { !$0.isWhole }.map { .integer($0.seed) }),
            "verdicts": .array(runs.map { .string($0.verdict.kind.rawValue) }),
            "models": .array(runs.map { .string($0.saved.path) }),
            "test_accuracy": pair(statistics(runs) { $0.test?.accuracy }),
            "test_loss": pair(statistics(runs) { $0.test?.loss }),
            "train_accuracy": pair(statistics(runs) { $0.training.accuracy }),
            "train_loss": pair(statistics(runs) { $0.training.loss }),
            "train_seconds": pair(statistics(runs, \.trainingSeconds)),
        ]
        return line.line + "\n"
    }
}
