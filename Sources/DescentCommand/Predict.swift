import ArgumentParser
import Descent

/// `descent predict`: what a model sees in images.
struct Predict: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what images show.", usage: "descent predict <model> <file> ... [<options>]",
        discussion: """
            Reads images from IDX files (MNIST's format, gzipped or not), draws each in
            the terminal, and prints the label, how sure the model is, and the next two: a
            probability, or how many votes or neighbours the label has where the model
            decides by those.

            EXAMPLES
              descent predict runs/latest t10k-images-idx3-ubyte.gz
                  the first ten
              descent predict runs/latest t10k-images-idx3-ubyte.gz --index 7
                  one of them
              descent predict runs/latest t10k-images-idx3-ubyte.gz --index 0-99
              descent predict runs/latest t10k-images-idx3-ubyte.gz --json
                  all, a JSON line each
            """)

    @Argument(help: ArgumentHelp("A model folder, such as runs/latest.", valueName: "model"))
    var model: String

    @Argument(help: ArgumentHelp("IDX files of images.", valueName: "file"))
    var files: [String]

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Which images of each file, from 0: 7, or 0-9.", valueName: "index"))
    var index: IndexRange?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How many images of each file (default: 10, with --json all).", valueName: "n"))
    var limit: Int?

    @OptionGroup(title: "Output") var options: OutputOptions

    func validate() throws {
        if files.isEmpty { throw ValidationError("Missing expected argument '<file>'") }
        if index != nil, limit != nil { throw ValidationError("--index and --limit exclude each other") }
        if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more, not \(limit)") }
    }

    func run() async throws {
        options.apply()
        let classifier = try ModelFolder.load(model).classifier
        // All files are looked at before the first answer: an error leaves no half of an output behind.
        for file in files { try check(file, for: classifier) }
        for file in files {
            let images = try Self.read(file)
            let range = try chosen(of: images.shape[0], in: file)
            let chosen = images[range]
            let predictions = try DescentError.located(at: file) { try classifier.predictions(for: chosen) }
            for (offset, prediction) in predictions.enumerated() {
                let input = "\(file)#\(range.lowerBound + offset)"
                if options.json {
                    try Output.standard.write(Self.json(prediction, input: input, classifier.basis))
                } else {
                    let picture = TerminalPicture.text(
                        of: chosen[offset], style: options.pictureStyle,
                        maximumColumns: max(2, min(80, Output.standard.columns)))
                    let answer = classifier.basis.answer(prediction).showingControlCharacters
                    try Output.standard.write("\(input.showingControlCharacters)\n\(picture)\(answer)\n\n")
                }
            }
            if index == nil, limit == nil, range.count < images.shape[0], !options.quiet {
                Output.error.tryWrite(
                    "\(range.count) of \(Numerals.grouped(images.shape[0])) images shown;"
                        + " --index or --limit for others\n")
            }
        }
    }

    /// The images of an IDX file, [N, H, W].
    static func read(_ file: String) throws -> NDArray<UInt8> {
        try explained(file) { try IDX.read(file, rank: 3) }
    }

    /// Checks a file's header, the size of its images, and that it has those that are asked for.
    private func check(_ file: String, for classifier: any ImageClassifier) throws {
        let shape = try Self.explained(file) { try IDX.shape(of: file, rank: 3) }
        try DescentError.located(at: file) { try classifier.check(shape: shape) }
        _ = try chosen(of: shape[0], in: file)
    }

    private static func explained<Result>(_ file: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as DescentError where error.kind == .badData && (try? IDX.isIDX(file)) == false {
            throw error.advising(
                "predict reads IDX files; pictures such as PNG and JPEG come in a later version")
        }
    }

    private func chosen(of count: Int, in file: String) throws -> Range<Int> {
        if let index {
            guard index.last < count else {
                throw DescentError(
                    .usage, "there is no image \(index.last) in \(file)", at: "--index",
                    expected: count == 0 ? "no index: the file is empty" : "0 to \(count - 1)",
                    got: "\(index.last)")
            }
            return index.first..<(index.last + 1)
        }
        return 0..<min(count, limit ?? (options.json ? count : 10))
    }

    /// One prediction as a JSON line; `basis` says what the figures called probabilities are.
    static func json(_ prediction: Prediction, input: String, _ basis: AnswerBasis) -> String {
        let all = zip(prediction.labels, prediction.probabilities).map {
            JSONText.Member($0, .rounded(Double($1), decimals: 6))
        }
        let line: JSONText = [
            "input": .string(input), "label": .string(prediction.label),
            "probability": .rounded(Double(prediction.probability), decimals: 6),
            "probabilities": .object(all), "basis": .string(basis.name),
        ]
        return line.line + "\n"
    }
}

/// The value of `--index`: one index, or a range with both ends in it.
struct IndexRange: ExpressibleByArgument, Equatable {
    let first: Int
    let last: Int

    init?(argument: String) {
        let parts = argument.split(separator: "-", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let first = Int(parts[0]),
            let last = Int(parts[parts.count - 1]),
            first >= 0, first <= last, last < Int.max
        else { return nil }
        self.first = first
        self.last = last
    }
}
