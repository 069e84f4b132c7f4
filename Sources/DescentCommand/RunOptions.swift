import ArgumentParser
import Descent

/// The flags of a run: its seeds, repetitions, checkpoints and resumption.
struct RunOptions: ParsableArguments {
    @Flag(help: "Say what would be done and how long it takes; train nothing.")
    var dryRun = false

    @Option(
        name: .customLong("repeat"), parsing: .unconditional,
        help: ArgumentHelp(
            "Train so many times, with seeds one after another; mean and standard deviation.", valueName: "n")
    )
    var repeats: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Checkpoints every n epochs, or as often as 5m or 90s say (default: each epoch, at most every 30 s).",
            valueName: "n"), transform: { try CheckpointPolicy.Interval(parsing: $0) })
    var checkpointEvery: CheckpointPolicy.Interval?

    @Option(
        defaultAsFlag: "",
        help: ArgumentHelp(
            "Go on with an interrupted run, the newest unless given, to the same weights; with more --epochs also with a finished one.",
            valueName: "run"),
        completion: .directory)
    var resume: String? = nil

    func validate() throws {
        if let repeats, !(2...1000).contains(repeats) {
            throw ValidationError("--repeat must be 2 to 1000, not \(repeats)")
        }
    }
}
