import ArgumentParser
import Descent

/// The flags that all verbs have.
struct OutputOptions: ParsableArguments {
    @Flag(name: .long, help: "Print JSON instead of text.")
    var json = false

    @Flag(name: [.short, .long], help: "No progress on standard error.")
    var quiet = false

    @Flag(name: .customLong("no-color"), help: "No colours; the variable NO_COLOR does the same.")
    var noColor = false

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp(
            "Threads to compute with (default: all processors). Results do not depend on it.",
            valueName: "n"))
    var threads: Int?

    func validate() throws {
        if let threads, !(1...Threads.largestCount).contains(threads) {
            throw ValidationError("--threads must be 1 to \(Threads.largestCount), not \(threads)")
        }
    }

    /// Returns whether colours may be used on a stream.
    func usesColor(on output: Output) -> Bool {
        !noColor && Environment["NO_COLOR"] == nil && output.isTerminal
    }

    /// Puts the number of threads into force.
    func apply() {
        if let threads { Threads.setCount(threads) }
    }

    /// The style of pictures on standard output.
    var pictureStyle: TerminalStyle {
        .suited(
            to: Environment.terminal,
            isTerminal: Output.standard.isTerminal && !noColor)
    }
}
