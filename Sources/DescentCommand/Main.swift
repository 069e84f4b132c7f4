import ArgumentParser
import Descent
import Glibc

@main
enum Main {
    static func main() async {
        if let problem = ProcessLimits.prepare() {
            Output.error.tryWrite(problem + "\n")
            exit(ProcessLimits.exitCode)
        }
        // A reader that has seen enough (`descent predict ... | head`) ends the program quietly.
        signal(SIGPIPE, SIG_DFL)
        do {
            if Invocation.arguments == ["help", "models"] {
                return try Output.standard.write(ModelsText.text)
            }
            try Invocation.check(Invocation.arguments)
            var command = try DescentCommand.parseAsRoot(Invocation.arguments)
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

/// `descent` itself: its verbs, and the help about all of them.
struct DescentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "descent",
        abstract: "Train, evaluate and use image classifiers.",
        discussion: """
            Begin with 'descent train': it makes its own digits to learn from and takes seconds.

            './descent serve <model>' serves models over HTTP, and './descent lab' shows a
            network that learns in a browser: a program of its own, which is built when it is
            first asked for.

            EXIT CODES
              0    done
              1    failed: a check did not hold
              2    training diverged (the model is saved all the same)
              64   wrong usage
              65   bad data
              66   missing input
              69   not available, such as a download
              71   too little memory, or too few open files
              73   cannot write
              74   reading or writing failed
              130  interrupted (a network is saved)

            COMPLETION
              descent --generate-completion-script bash > descent.bash
                  then 'source descent.bash'; zsh and fish as well

            Every command takes --json; the fields are in Documentation/CommandLine.md.
            """,
        version: "descent \(DescentVersion.text)",
        subcommands: [
            Train.self, Evaluate.self, Predict.self, DataCommand.self, NotesCommand.self, SummaryCommand.self,
            FindRateCommand.self, OverfitCommand.self, ProfileCommand.self, GradcheckCommand.self,
            RunsCommand.self, CompareCommand.self, TuneCommand.self,
            FeaturesCommand.self, BoundaryCommand.self, ConvertCommand.self,
            ImportCommand.self, ExportCommand.self, VerifyCommand.self,
        ])
}
