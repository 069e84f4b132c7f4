import ArgumentParser
import Descent

/// A run that goes on where its last checkpoint was written.
struct TrainingResumption {
    let checkpoint: Checkpoint
    let folder: RunFolder
    /// What the run was started with.
    let arguments: [String]

    /// What a checkpoint must know to be gone on with.
    static func information(arguments: [String], started: Int) -> [String: String] {
        var information = ["started": String(started)]
        for (index, argument) in arguments.enumerated() { information["argument \(1000 + index)"] = argument }
        return information
    }

    /// The run at `path`, or the newest one for the empty path.
    ///
    /// - Throws: `missingInput` when there is none, `badData` when its checkpoint is damaged, `usage` when other flags
    ///   are given.
    init(path: String, arguments given: [String]) throws {
        let free = ["--resume", "--json", "--quiet", "--no-color", "--threads"]
        let names = given.filter { $0.hasPrefix("--") }.map { String($0.prefix { $0 != "=" }) }
        if let other = names.first(where: { !free.contains($0) }) {
            throw DescentError(
                .usage, "--resume goes on with the run's own settings", at: other,
                advice: "leave it out, or begin a new run")
        }
        folder = try RunFolder.unfinished(at: path.isEmpty ? nil : path)
        checkpoint = try Checkpoint(contentsOf: folder.last)
        arguments = checkpoint.information.filter { $0.key.hasPrefix("argument ") }.sorted { $0.key < $1.key }
            .map(\.value)
    }

    /// When the run began.
    var started: Int? { checkpoint.information["started"].flatMap { Int($0) } }

    /// The run's own command, with the output flags of this one.
    func command(_ options: OutputOptions) throws -> Train {
        // Flags that are not known any more are the checkpoint's fault, not those of this command.
        guard arguments.first == "train",
            var command = try? DescentCommand.parseAsRoot(Synonyms.resolved(arguments)) as? Train
        else {
            throw DescentError(
                .badData, "the checkpoint does not say how its run was started", at: folder.last,
                expected: "a command of this version of descent train",
                got: arguments.isEmpty ? "none" : Shell.line(arguments),
                advice: "go on with the program that wrote it, or begin anew")
        }
        command.options = options
        return command
    }
}
