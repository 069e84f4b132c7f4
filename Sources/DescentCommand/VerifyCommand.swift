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
        usage: "descent verify <file> --with onnxruntime",
        discussion: """
            A file of 'descent export' keeps samples with Descent's answers. Here another \
            program gives its own: onnx checks the file, onnxruntime runs it. Both are in \
            the environment that './descent test --interop' makes (the variable \
            DESCENT_INTEROP names another). Ends with code 1 where they do not agree.

            EXAMPLES
              descent export runs/latest --out digits.onnx
              descent verify digits.onnx --with onnxruntime
            """)

    @Argument(help: ArgumentHelp("An ONNX file.", valueName: "file"), completion: .file())
    var file: String

    @Option(help: ArgumentHelp("The program that is asked.", valueName: "program"))
    var with: Judge

    @OptionGroup(title: "Output") var options: OutputOptions

    func run() throws {
        options.apply()
        guard let environment = Environment["DESCENT_INTEROP"] else {
            throw DescentError(
                .unavailable, "the environment with onnxruntime is not known", at: "DESCENT_INTEROP",
                advice: "start the program by ./descent, or set the variable to the folder of the environment"
            )
        }
        let found: ONNXVerification
        do {
            found = try ONNXVerification(of: file, with: .onnxruntime(environment: environment))
        } catch let error as DescentError where error.kind == .unavailable {
            throw error.advising("remove it if it is there, and './descent test --interop' makes it")
        }
        try Output.standard.write(options.json ? json(found) : "\(found)\n")
        guard !found.agrees else { return }
        throw DescentError(
            .failed, "\(found.runtime) does not give the answers that the file keeps", at: file,
            expected: "equal labels, differences that rounding explains", got: "\(found)")
    }

    private func json(_ found: ONNXVerification) -> String {
        let line: JSONText = [
            "version": 1, "path": .string(file), "runtime": .string(found.runtime),
            "checker": .string(found.checker), "agrees": .bool(found.agrees), "count": .integer(found.count),
            "equal_labels": found.hasLabels ? .integer(found.equalLabels) : .null,
            "outputs": .array(
                found.outputs.map {
                    [
                        "name": .string($0.name), "largest_difference": .number($0.largest),
                        "tolerance": .number($0.tolerance),
                    ]
                }),
        ]
        return line.line + "\n"
    }
}
