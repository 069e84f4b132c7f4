import ArgumentParser
import Descent
import Glibc

@main
enum Main {
    static func main() async {
        // A reader that has seen enough (`descent predict ... | head`) ends the program quietly.
        signal(SIGPIPE, SIG_DFL)
        do {
            let arguments = HomeFolder.expanding(Array(CommandLine.arguments.dropFirst()))
            var command = try DescentCommand.parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            exit(Failure.report(error))
        }
    }
}

/// `descent` itself: its verbs, and what is said about all of them.
struct DescentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "descent",
        abstract: "Train, evaluate and use image classifiers.",
        discussion: """
            Begin with 'descent train': it makes its own digits to learn from and takes seconds.

            EXIT CODES
              0 done, 1 failed (a check did not hold, training diverged),
              64 wrong usage, 65 bad data, 66 missing input,
              69 not available (a download), 73 cannot write,
              74 reading or writing failed, 130 interrupted (a network is saved)
            """,
        version: "descent \(DescentVersion.text)",
        subcommands: [
            Train.self, Evaluate.self, Predict.self, NotesCommand.self, GradcheckCommand.self,
            SummaryCommand.self, RunsCommand.self, CompareCommand.self, TuneCommand.self,
            FeaturesCommand.self, BoundaryCommand.self, ConvertCommand.self,
        ])
}
