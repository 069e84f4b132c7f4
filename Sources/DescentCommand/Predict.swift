import ArgumentParser
import Descent

/// `descent predict`: a model's predictions for images.
struct Predict: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what pictures show, and what a table's rows are.",
        usage: "descent predict <model> [<file> ...] [<options>]",
        discussion: """
            Takes pictures (PNG, JPEG, WebP, of any size), folders of them, IDX files (MNIST's \
            format), and tables for a model of tables. Draws each picture as the model sees it, \
            and prints the class, how sure the model is, and the next two: a probability, or how \
            many votes or neighbours the class has where the model decides by those. Without a \
            file: the test examples of the data that the model was trained on, or of --data.
            NumPy's arrays (npy; of an npz x, x_test, images, features, data or its only one) \
            are images or rows like those that the model was trained on.

            EXAMPLES
              descent predict runs/latest
                  the first ten test images, each with its true class
              descent predict runs/latest --data mnist --index 0-4
              descent predict runs/latest cat.jpg holiday/
                  a picture, and those in a folder
              descent predict runs/latest new-rows.csv
                  a model of a table, on rows that it has not seen: classes, or numbers
              descent predict runs/latest holiday/ --csv answers.csv --top 3
                  a table: file, row, label, probability, the three best classes
              descent predict runs/latest holiday/ --reject 0.8
                  "unknown" where the model is not sure, or has seen nothing alike
              descent predict runs/latest batch.npy --json
                  NumPy's arrays, a JSON line for each example
              descent predict runs/latest - < cat.jpg
                  from standard input
              descent predict runs/latest page.jpg --many
                  all digits on a picture (a model trained with --digits)
              descent predict runs/latest t10k-images-idx3-ubyte.gz
                  the first ten of a file
              descent predict runs/latest t10k-images-idx3-ubyte.gz --index 7
                  one of them
              descent predict runs/latest t10k-images-idx3-ubyte.gz --index 0-99
              descent predict runs/latest t10k-images-idx3-ubyte.gz --json
                  all, a JSON line each
              descent predict runs/latest wine.t
                  a model of rows, on a file of libsvm's text
              descent predict resnet50.onnx cat.jpg --class-names imagenet.txt
                  a network of another program; 'descent help import' says how
                  its pictures are prepared
            """)

    @Argument(
        help: ArgumentHelp("A model folder, such as runs/latest, or an ONNX file.", valueName: "model"),
        completion: .file()
    )
    var model: String

    @Argument(
        help: ArgumentHelp(
            "Pictures, folders of them, IDX, npy or npz files, or tables and rows for a model of those (default: the test examples).",
            valueName: "file"),
        completion: .file())
    var files: [String] = []

    @Flag(help: "Read several digits on each picture, line by line (models of digits on paper).")
    var many = false

    @OptionGroup(title: "Data") var source: DataOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Which images of each file, from 0: 7, or 0-9.", valueName: "index"))
    var index: IndexRange?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How many images of each file (default: 10, with --json or --csv all).", valueName: "n"))
    var limit: Int?

    @OptionGroup(title: "ONNX files") var onnx: ONNXOptions

    @OptionGroup(title: "Answers") var answers: AnswerOptions

    @OptionGroup(title: "Output") var options: OutputOptions

    mutating func validate() throws {
        files = files.map { $0 == "-" ? "/dev/stdin" : $0 }
        if !files.isEmpty, source.data != nil || source.dataDir != nil {
            throw ValidationError("give files, or --data for the test images of a data set, not both")
        }
        if index != nil, limit != nil { throw ValidationError("--index and --limit exclude each other") }
        if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more, not \(limit)") }
        if answers.csv != nil, options.json { throw ValidationError("--csv and --json exclude each other") }
    }

    func run() async throws {
        options.apply()
        let isFile = ONNXFile.isNamed(model)
        if !isFile {
            try ModelArgument.check(model)
            try onnx.refuse(for: model)
        }
        if !isFile, RegressorModel.isStored(at: model) { return try await predictNumbers() }
        let loaded =
            isFile
            ? try ClassifierModel(onnx.open(model, options), fit: onnx.fit ?? .crop)
            : try ClassifierModel(contentsOf: model)
        if let reject = answers.reject {
            try loaded.requireConfidence(for: reject)
            if loaded.novelty == nil {
                Output.warn(
                    "the model folder has nothing to tell unlike examples by (older folders, and rows of very many features); only unsure answers are rejected"
                )
            }
        }
        let output = try AnswerOutput(answers, options, for: loaded.classifier)
        try await answer(by: loaded, output)
        try output.end()
    }

    private func answer(by loaded: ClassifierModel, _ output: AnswerOutput) async throws {
        if files.isEmpty { return try await predictTestExamples(loaded, output) }
        if loaded.classifier.imageSize != nil {
            let pictures = try Pictures(files)
            if !pictures.paths.isEmpty {
                if index != nil || limit != nil {
                    throw DescentError(
                        .usage, "each picture is predicted", at: index != nil ? "--index" : "--limit",
                        advice: "give the pictures that are wanted")
                }
                return try predict(pictures, by: loaded, output)
            }
        }
        if many {
            throw DescentError(
                .usage, "several digits are read on pictures", at: "--many",
                expected: "PNG, JPEG or WebP files",
                got: "'\(files[0])'")
        }
        guard loaded.classifier.imageSize != nil else { return try await predictRows(by: loaded, output) }
        try predictImages(by: loaded, output)
    }

    /// Predicts the test examples of the data that the model was trained on, or of --data: a model can be tried without any file.
    private func predictTestExamples(_ model: ClassifierModel, _ output: AnswerOutput) async throws {
        let classifier = model.classifier
        let data = try ModelData(
            source, of: self.model, featureCount: classifier.exampleShape.reduce(1, *), input: model.input)
        let last =
            index.map { $0.last < 10_000 ? $0.last + 1 : 10_000 } ?? limit ?? (isForPrograms ? 10_000 : 10)
        // Built-in digits are drawn one by one: no more of them than are shown.
        let examples = try await data.load(
            part: .test, limit: data.isBuiltIn ? min(last, 10_000) : nil, options
        ).examples
        // Of pictures that are read when they are needed, no more are read than are shown.
        guard examples.residentFeatures != nil else {
            let range = try chosen(of: examples.count, in: data.name)
            return try predict(
                examples.labeledExamples(range), of: data, by: model, output, total: examples.count,
                from: range.lowerBound)
        }
        try predict(examples.labeledExamples(), of: data, by: model, output)
    }

    func predict(
        _ examples: LabeledExamples, of data: ModelData, by model: ClassifierModel, _ output: AnswerOutput,
        total: Int? = nil, from start: Int? = nil
    ) throws {
        try DescentError.located(at: data.place) { try model.classifier.check(examples.features) }
        try predict(
            examples.features, named: data.name, by: model, output,
            of: data.isBuiltIn ? 10_000 : total ?? examples.count, from: start,
            truth: examples.classes.map { examples.classNames[Int($0)] })
    }

    /// Gives the answers for the requested `examples`.
    ///
    /// `total`: how many there are, where `examples` are not all; `start`: the number of the first, where they are just those that are
    /// wanted; `truth`: their true classes, where those are known.
    func predict(
        _ examples: FeatureMatrix, named name: String, by model: ClassifierModel, _ output: AnswerOutput,
        of total: Int? = nil, from start: Int? = nil, truth: [String]? = nil
    ) throws {
        let count = total ?? examples.count
        let range = try start.map { $0..<($0 + examples.count) } ?? chosen(of: count, in: name)
        let chosen = start == nil ? examples[range] : examples
        let isImage = model.classifier.imageSize != nil
        let predictions = try DescentError.located(at: name) {
            try inParts(of: chosen.count, isImage ? "image" : "example") { part, cancellation in
                try model.predictions(
                    for: chosen[part], rejectingBelow: answers.reject, cancellation: cancellation)
            }
        }
        for (offset, prediction) in predictions.enumerated() {
            let row = range.lowerBound + offset
            let answer = GivenAnswer(
                file: name, row: row, prediction: prediction, actual: truth?[row - (start ?? 0)])
            try output.give(answer) { words in
                let input = answer.input.showingControlCharacters
                guard isImage else { return "\(input)  \(words)\n" }
                return "\(input)\n\(picture(of: chosen, at: offset))\(words)\n\n"
            }
        }
        if index == nil, limit == nil, range.count < count, !options.quiet {
            Output.error.tryWrite(
                "\(range.count) of \(Numerals.grouped(count)) \(isImage ? "images" : "examples") shown; --index or --limit for others\n"
            )
        }
    }

    /// The most examples that are answered between two looks at Ctrl-C.
    private static let partLength = 1024

    /// Returns what `body` gives for all parts of `count` things, in order: Ctrl-C ends it, and after a second progress is shown.
    func inParts<Result>(
        of count: Int, _ noun: String, length: Int = partLength,
        _ body: (Range<Int>, Cancellation?) throws -> [Result]
    ) throws -> [Result] {
        // A few end at once, and need no second thread.
        guard count > 16 else { return try body(0..<count, nil) }
        let interruption = Interruption(saying: options)
        let display = LearningDisplay(options, isPatient: true)
        defer {
            display.clear()
            interruption.end()
        }
        var results: [Result] = []
        for start in stride(from: 0, to: count, by: length) {
            try Cancellation.check(interruption.cancellation, at: "predict")
            let end = min(start + length, count)
            results += try body(start..<end, interruption.cancellation)
            display.show(
                LearningProgress(
                    activity: "predicted \(end) of \(Numerals.counted(count, noun))",
                    fraction: Double(end) / Double(count)))
        }
        return results
    }

    func chosen(of count: Int, in file: String) throws -> Range<Int> {
        if let index {
            guard index.last < count else {
                throw DescentError(
                    .usage, "there is no image \(index.last) in \(file)", at: "--index",
                    expected: count == 0 ? "no index: the file is empty" : "0 to \(count - 1)",
                    got: "\(index.last)")
            }
            return index.first..<(index.last + 1)
        }
        return 0..<min(count, limit ?? (isForPrograms ? count : 10))
    }

    /// Whether the answers are for a program, which wants all.
    var isForPrograms: Bool { options.json || answers.csv != nil }
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
