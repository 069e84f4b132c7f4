import ArgumentParser
import Descent

/// `descent convert`: models of libsvm's files, data to them.
struct ConvertCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Read a support vector machine of libsvm; write data for libsvm.",
        usage: """
            descent convert <file> --image-size <h>x<w> --out <dir>
            descent convert --data <name> --out <file>
            """,
        discussion: """
            A file of libsvm's svm-train becomes a model folder; a data set becomes \
            libsvm's text. Pixels are numbers from 0 to 1. 'descent export' writes a \
            model for libsvm's svm-predict.

            EXAMPLES
              descent export models/svm --out digits.model
              descent convert --data mnist --split test --out mnist.t
                  svm-predict mnist.t digits.model answers.txt
              descent convert digits.model --image-size 28x28 --out models/libsvm
                  descent evaluate models/libsvm --data mnist
            """)

    @Argument(
        help: ArgumentHelp("A model file of libsvm.", valueName: "file"),
        completion: .file())
    var input: String?

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Where the result goes: a file, or the folder of a model.", valueName: "path"),
        completion: .file())
    var out: String

    @Flag(help: "Replace the file or the model in --out.")
    var force = false

    @Option(
        help: ArgumentHelp("Height and width of the images that libsvm's model sees.", valueName: "hxw"))
    var imageSize: ImageSize?

    @OptionGroup(title: "Data") var source: DataOptions

    @Option(help: ArgumentHelp("The part of the data: test or train (default: train).", valueName: "part"))
    var split: SplitName?

    @Option(parsing: .unconditional, help: ArgumentHelp("Use the first n examples only.", valueName: "n"))
    var limit: Int?

    @OptionGroup(title: "Output") var options: OutputOptions

    func validate() throws {
        if out.isEmpty { throw ValidationError("--out is empty") }
        if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more, not \(limit)") }
        let isData = source.data != nil || source.dataDir != nil
        if (input == nil) != isData {
            throw ValidationError("give a model, or --data for a data set")
        }
        if !isData, split != nil || limit != nil {
            throw ValidationError("--split and --limit are for data sets")
        }
        if isData, imageSize != nil {
            throw ValidationError("--image-size is for models of libsvm")
        }
    }

    func run() async throws {
        options.apply()
        let result = if let input { try libSVMModel(input) } else { try await data() }
        try Output.standard.write(options.json ? result.json : result.text)
    }

    private func libSVMModel(_ path: String) throws -> Conversion {
        guard !Files.isDirectory(path) else {
            throw DescentError(
                .usage, "this is a folder, and a model file of libsvm is converted", at: path,
                advice: "'\(Invocation.program) export' writes a model folder for other programs")
        }
        guard let imageSize else {
            throw DescentError(
                .usage, "a model of libsvm does not say how large its images are", at: path,
                expected: "--image-size, such as 28x28")
        }
        let size = (height: imageSize.height, width: imageSize.width)
        let pipeline = try PipelineClassifier(libSVMModel: path, imageSize: size)
        let blank = NDArray(
            shape: [1, size.height, size.width],
            elements: [UInt8](repeating: 0, count: size.height * size.width))
        let written = try ModelFolder(pipeline, samples: .bytes(blank)).write(
            to: .folder(out, replacing: force))
        let count = (pipeline.classifier as? SupportVectorClassifier)?.supportVectors.count ?? 0
        return Conversion(what: Numerals.counted(count, "support vector"), count: count, path: written)
    }

    private func data() async throws -> Conversion {
        try OtherProgramsFile.refuseExisting(out, force: force)
        let examples = try await source.load(
            part: split ?? .train, limit: limit, default: .builtin, options
        ).examples.labeledExamples()
        for note in try LibSVMText.write(examples, to: out, byteScale: 1 / 255) where !options.quiet {
            Output.error.tryWrite("\(note.showingControlCharacters)\n")
        }
        return Conversion(what: Numerals.counted(examples.count, "example"), count: examples.count, path: out)
    }

    /// The files written.
    private struct Conversion {
        let what: String
        let count: Int
        let path: String
        var text: String { "\(what) in \(path.showingControlCharacters)\n" }
        var json: String {
            let line: JSONText = ["version": 1, "path": .string(path), "count": .integer(count)]
            return line.line + "\n"
        }
    }
}

/// Height and width, as in 28x28.
struct ImageSize: ExpressibleByArgument {
    let height: Int
    let width: Int

    init?(argument: String) {
        let parts = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let height = parts[0], let width = parts[1],
            (1...16384).contains(height), (1...16384).contains(width)
        else { return nil }
        (self.height, self.width) = (height, width)
    }
}
