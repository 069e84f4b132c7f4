import ArgumentParser
import Descent

/// `descent export`: a trained model in another program's format.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a model in another program's format, such as ONNX.",
        usage: "descent export <model> --out <file> [--format <format>] [<options>]",
        discussion: """
            An ONNX file takes raw pixels (uint8 [N, H, W], or [N, H, W, 3] in colour) \
            or a table's raw columns, holds the preprocessing and the names of the \
            classes, and keeps samples with their answers; 'descent verify' checks it. \
            safetensors and npz have what was learned, by name; libsvm takes support \
            vector machines on pixels; coreml (.mlmodel) takes all but hog, sift and \
            surf, deskewed digits, and neighbours of other votes than equal ones.

            EXAMPLES
              descent export runs/latest --out digits.onnx
              descent export runs/latest --format safetensors --out weights.safetensors
              descent export runs/latest --out Digits.mlmodel
              descent export models/svm --format libsvm --out digits.model
            """)

    @Argument(help: ArgumentHelp("A model folder.", valueName: "model"), completion: .directory)
    var model: String

    @Option(
        help: ArgumentHelp("The format (default: by the name of --out).", valueName: "format"),
        completion: .list(Completions.exportFormats))
    var format: String?

    @Option(
        name: [.short, .long], help: ArgumentHelp("Where the file goes.", valueName: "file"),
        completion: .file())
    var out: String

    @Flag(help: "Replace the file in --out.")
    var force = false

    @OptionGroup(title: "Output") var options: OutputOptions

    func validate() throws {
        if out.isEmpty { throw ValidationError("--out is empty") }
    }

    func run() throws {
        options.apply()
        try ModelArgument.check(model)
        try OtherProgramsFile.refuseExisting(out, force: force)
        try ExchangeProgram.run(["export", model, out, format ?? ""], options: options)
    }
}

/// Files in the formats of other programs, which carry no mark of Descent.
enum OtherProgramsFile {
    /// Refuses to replace an existing file without the user's word.
    ///
    /// - Throws: `cannotCreate`.
    static func refuseExisting(_ path: String, force: Bool) throws {
        guard !force, let target = AtomicFile.replaced(by: path), Files.identity(target)?.size != 0 else {
            return
        }
        throw DescentError(
            .cannotCreate, "there is a file already", at: path,
            advice: "replace it with --force, or give another --out")
    }
}
