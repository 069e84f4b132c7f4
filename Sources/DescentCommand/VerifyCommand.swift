import ArgumentParser
import Descent

/// `descent verify`: whether other programs answer as an exported file says.
struct VerifyCommand: ParsableCommand {
    /// Who is asked.
    enum Judge: String, ExpressibleByArgument, CaseIterable {
        case onnxruntime
    }

    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check that an ONNX file gives the answers that it keeps.",
        usage: "descent verify <file> [--with onnxruntime]",
        discussion: """
            A file of 'descent export' keeps samples with Descent's answers. Without \
            --with they are asked of Descent's own reader of such files, which has no \
            operator for the texts of tables. With it onnx checks the file, \
            and onnxruntime runs it: both are in the environment that './descent test \
            --interop' makes (the variable DESCENT_INTEROP names another). Ends with code 1 \
            where they do not agree.

            EXAMPLES
              descent export runs/latest --out digits.onnx
              descent verify digits.onnx
              descent verify digits.onnx --with onnxruntime
            """)

    @Argument(help: ArgumentHelp("An ONNX file.", valueName: "file"), completion: .file())
    var file: String

    @Option(help: ArgumentHelp("Another program that is asked.", valueName: "program"))
    var with: Judge?

    @OptionGroup(title: "Output") var options: OutputOptions

    func run() throws {
        options.apply()
        guard with != nil else { return try ExchangeProgram.run(["verify", file, "", ""], options: options) }
        guard let environment = Environment["DESCENT_INTEROP"] else {
            throw DescentError(
                .unavailable, "the environment with onnxruntime is not known", at: "DESCENT_INTEROP",
                advice: "start the program by ./descent, or set the variable to the folder of the environment"
            )
        }
        do {
            try ExchangeProgram.run(["verify", file, "onnxruntime", environment], options: options)
        } catch let error as DescentError where error.kind == .unavailable && error.place == environment {
            throw error.advising("remove it if it is there, and './descent test --interop' makes it")
        }
    }
}
