import Descent
import Foundation

/// The program `descent-exchange`, which alone links the messages of other programs' formats.
///
/// A program of its own, so that the first start, and whoever only trains, builds none of them. It stands beside this one;
/// the script `./descent` builds it when a verb needs it.
enum ExchangeProgram {
    /// An hour: other programs are asked about large files.
    private static let timeLimit = 3600.0

    /// Asks it, and prints its answer as `options` say.
    ///
    /// - Throws: its error; `unavailable` when it is not there.
    static func run(_ arguments: [String], options: OutputOptions) throws {
        let path = PathText.sibling("descent-exchange", of: Files.resolved("/proc/self/exe") ?? "")
        guard Files.exists(path) else {
            throw DescentError(
                .unavailable, "the program that reads and writes other programs' formats is not built",
                at: path,
                advice: "start by ./descent, which builds it, or "
                    + "'swift build -c release --product descent-exchange'")
        }
        let outcome = try Child.run(
            path, [options.threads.map { "\($0)" } ?? ""] + arguments, environment: [:], timeLimit: timeLimit)
        // Ctrl-C reaches both; what ended the other one is no fault of an answer.
        if outcome.status == 128 + 2 { throw DescentError(.interrupted, "interrupted") }
        let answer = try ProgramAnswer(of: outcome, from: path)
        let line = options.json ? answer.json : answer.text
        if !line.isEmpty { try Output.standard.write(line + "\n") }
        if let error = answer.error { throw error }
    }
}
