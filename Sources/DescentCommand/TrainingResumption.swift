import ArgumentParser
import Descent

/// A run resumed from its last checkpoint.
struct TrainingResumption {
    /// The checkpoint.
    let checkpoint: Checkpoint
    let folder: RunFolder
    /// The arguments that the run was started with.
    let arguments: [String]

    /// Returns what a checkpoint must hold so that its run can be resumed.
    static func information(arguments: [String], started: Int) -> [String: String] {
        var information = ["started": String(started)]
        for (index, argument) in arguments.enumerated() { information["argument \(1000 + index)"] = argument }
        return information
    }

    /// Finds the run at `path`, or the newest one for the empty path.
    ///
    /// `epochs`: how many it is to have, if another number than before.
    ///
    /// - Throws: `missingInput` when there is none, or it is complete and no more epochs are requested; `badData` when
    ///   its checkpoint is damaged; `usage` when other flags are given.
    init(path: String, arguments given: [String], epochs: Int?) throws {
        let free = TrainFlag.names(.resume)
        let names = given.filter { $0.hasPrefix("--") }.map { String($0.prefix { $0 != "=" }) }
        if let other = names.first(where: { !free.contains($0) }) {
            throw DescentError(
                .usage, "--resume goes on with the run's own settings", at: other,
                advice: "leave it out, or begin a new run")
        }
        // A run's name below runs/, as `runs` prints it, is a run as well.
        let below = "\(RunsCommand.usualPlace)/\(path)"
        let place = !Files.exists(path) && Files.isDirectory(below) ? below : path
        folder = try RunFolder.unfinished(at: path.isEmpty ? nil : place)
        var checkpoint = try Checkpoint(contentsOf: folder.isFinished ? folder.end : folder.last)
        let done = try checkpoint.epochsDone()
        let more =
            "\(Invocation.program) train --resume \(Shell.quoted(folder.path)) --epochs \(done + max(1, done))"
        guard !folder.isFinished || epochs != nil else {
            throw DescentError(
                .missingInput, "the run has come to its end", at: folder.path,
                got: Numerals.counted(done, "epoch"), advice: "more epochs go on with it, as in \(more)")
        }
        var arguments = checkpoint.information.filter { $0.key.hasPrefix("argument ") }.sorted {
            $0.key < $1.key
        }.map(\.value)
        if let epochs {
            guard (1...1 << 30).contains(epochs) else {
                throw DescentError(
                    .usage, "not a possible number of epochs", at: "--epochs",
                    expected: "\(done + 1) to \(1 << 30): the run has \(done)", got: "\(epochs)",
                    advice: "as in \(more)")
            }
            guard epochs > done else {
                throw DescentError(
                    .usage, "the run has that many epochs already", at: "--epochs",
                    expected: "more than \(done)", got: "\(epochs)", advice: "as in \(more)")
            }
            arguments = Flags.removing("--epochs", from: arguments) + ["--epochs", "\(epochs)"]
            checkpoint.mayHaveOtherEpochs = true
        }
        self.checkpoint = checkpoint
        self.arguments = arguments
    }

    /// The time at which the run began.
    var started: Int? { checkpoint.information["started"].flatMap { Int($0) } }

    /// The destination of the model: the folder that was given, whatever the checkpoint says. `latest` follows where the
    /// folder is among runs.
    var place: ModelDestination {
        Self.place(of: folder.path, arguments)
    }

    /// Returns the same for the folder at `path`.
    static func place(of path: String, _ arguments: [String]) -> ModelDestination {
        let parent = PathText.parent(of: path)
        // The name of "." shows whether it is where runs are kept.
        let name = PathText.name(of: parent == "." ? Files.resolved(".") ?? "." : parent)
        let isAmongRuns = name == "runs" || Files.isLink("\(parent)/latest")
        return isAmongRuns && !Flags.contain("--out", arguments)
            ? .run(in: parent, name: "run") : .folder(path, replacing: true)
    }

    /// Returns the run's own command, with the output flags of this one.
    ///
    /// A checkpoint may come from anywhere: only its data and its training settings count. Where
    /// something is written is this command's to say.
    func command(_ options: OutputOptions) throws -> Train {
        // Flags that are not known any more are the checkpoint's fault, not those of this command.
        guard arguments.first == "train",
            var command = try? DescentCommand.parseAsRoot(Self.settings(arguments)) as? Train,
            ClassicalModel(command.network.model) == nil,
            !TrainFlag.names(.classical).contains(where: { Flags.contain($0, arguments) })
        else {
            throw DescentError(
                .badData, "the checkpoint does not say how its run was started", at: checkpoint.path,
                expected: "a command of this version of descent train that trains a network",
                got: arguments.isEmpty ? "none" : Shell.line(arguments),
                advice: "go on with the program that wrote it, or begin anew")
        }
        command.options = options
        return command
    }

    /// Of a run's command line what says how it trains, and on what: what else `descent train` has is dropped, and what it
    /// has not stays, to be refused.
    static func settings(_ arguments: [String]) -> [String] {
        TrainFlag.all.filter { !$0.has(.data) && !$0.has(.setting) && !$0.has(.classical) }
            .reduce(Synonyms.resolved(arguments)) {
                Flags.removing($1.name, takingValue: $1.takesValue, from: $0)
            }
    }
}
