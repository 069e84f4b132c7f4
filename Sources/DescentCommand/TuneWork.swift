import ArgumentParser
import Descent

/// The flags of `descent tune`, checked, and one trial's training.
struct TuneWork {
    let command: TuneCommand
    let search: SettingsSearch

    init(_ command: TuneCommand) throws {
        self.command = command
        let ranges = try command.ranges.map(SearchRange.init(parsing:))
        for word in command.fixed where word.hasPrefix("--") {
            let name = String(word.prefix { $0 != "=" })
            try Self.refuse(name, at: name)
        }
        var seen: Set<String> = []
        for range in ranges {
            try Self.refuse("--" + range.name, at: "--range \(range.name)")
            guard TrainFlag.named("--" + range.name) != nil else {
                throw DescentError(
                    .usage, "unknown name of a setting", at: "--range \(range.name)",
                    expected: "a flag of 'descent train' without its dashes, such as lr or hidden",
                    advice: "see 'descent tune --help'")
            }
            guard seen.insert(range.name).inserted else {
                throw DescentError(.usage, "a range is given twice", at: "--range \(range.name)")
            }
        }
        search = SettingsSearch(
            ranges: ranges,
            plan: SuccessiveHalving(trials: command.trials, epochs: command.epochs, factor: command.halving),
            seed: command.seed)
        // An unknown flag, or an invalid value, ends the search before it begins.
        for settings in search.settings { _ = try flags(settings, epochs: command.epochs) }
    }

    /// Refuses flags of `tune` itself, of one run, of no training, or of other models than networks. What `train` does not
    /// know, it refuses itself.
    private static func refuse(_ name: String, at place: String) throws {
        let isOfAll = ["--help", "--version"].contains(name)
        guard isOfAll || TrainFlag.named(name)?.has(.searchable) == false else { return }
        throw DescentError(
            .usage, "not a setting that a search can have", at: place,
            expected: "a flag of 'descent train' about the training",
            advice: "see 'descent tune --help'")
    }

    /// Returns the arguments of `descent train` for some settings.
    func arguments(_ settings: [SearchSetting], epochs: Int) -> [String] {
        command.fixed + settings.flatMap { ["--\($0.name)", $0.value] }
            + ["--epochs", "\(epochs)", "--seed", "\(command.seed)"]
    }

    private func flags(_ settings: [SearchSetting], epochs: Int) throws -> Train {
        do {
            return try Train.parse(arguments(settings, epochs: epochs))
        } catch {
            throw DescentError(
                .usage, "'descent train' does not take this: \(Failure.oneLine(Train.message(for: error)))",
                at: "descent tune", got: Shell.line(settings.map { "\($0.name)=\($0.value)" } + command.fixed)
            )
        }
    }

    /// Trains with some settings; nil when interrupted.
    func evaluate(
        _ settings: [SearchSetting], _ epochs: Int, on data: ExampleParts, _ cancellation: Cancellation
    ) throws -> SearchResult.Outcome? {
        guard !cancellation.isCancelled else { return nil }
        do {
            let job = try TrainingJob(
                flags(settings, epochs: epochs).flags, arguments: arguments(settings, epochs: epochs)
            ).suited(to: data, isOwn: command.source.source().isOwn)
            let model = try job.makeModel(for: data)
            let history = try job.trainer.fit(
                model.network, on: data.train, validating: data.test, cancellation: cancellation)
            guard !cancellation.isCancelled, let scores = history.test else { return nil }
            let verdict = TrainingVerdict(history, testCount: data.test.count)
            return scores.loss.isFinite && verdict.kind != .diverged ? .scored(scores) : .diverged
        } catch is TrainingDiverged {
            return .diverged
        } catch let error as DescentError where error.kind == .usage {
            // Such as a momentum for an optimiser that has none.
            return .refused(error.naming.description)
        }
    }

    /// Returns the journal's first line: all that decides the results.
    func title(_ examples: any ExampleSource, held: Int) -> JSONText {
        [
            "search": 1, "ranges": .array(search.ranges.map { .string($0.description) }),
            "trials": .integer(command.trials), "epochs": .integer(command.epochs),
            "halving": .integer(command.halving),
            "seed": .integer(command.seed), "data": .string(command.source.name().name),
            "examples": .integer(examples.count), "checksum": .string(examples.contentChecksum),
            "held": .integer(held),
            "flags": .array(command.fixed.map(JSONText.string)),
        ]
    }

    /// The plan in a line.
    var rounds: String {
        let words = search.plan.rungs.map {
            "\(Numerals.counted($0.trials, "trial")) of \(Numerals.counted($0.epochs, "epoch"))"
        }
        let total = Numerals.counted(search.plan.totalEpochs, "epoch")
        return words.joined(separator: ", ") + ": \(total) in all"
    }
}
