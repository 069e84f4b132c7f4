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

            EXAMPLES
              descent predict runs/latest
                  the first ten test images, each with its true class
              descent predict runs/latest --data mnist --index 0-4
              descent predict runs/latest cat.jpg holiday/
                  a picture, and those in a folder
              descent predict runs/latest new-rows.csv
                  a model of a table, on rows that it has not seen: classes, or numbers
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
            """)

    @Argument(
        help: ArgumentHelp("A model folder, such as runs/latest.", valueName: "model"), completion: .directory
    )
    var model: String

    @Argument(
        help: ArgumentHelp(
            "IDX files of images, or files of rows for a model of rows (default: the test examples).",
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
            "How many images of each file (default: 10, with --json all).", valueName: "n"))
    var limit: Int?

    @OptionGroup(title: "Output") var options: OutputOptions

    func validate() throws {
        if !files.isEmpty, source.data != nil || source.dataDir != nil {
            throw ValidationError("give files, or --data for the test images of a data set, not both")
        }
        if index != nil, limit != nil { throw ValidationError("--index and --limit exclude each other") }
        if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more, not \(limit)") }
    }

    func run() async throws {
        options.apply()
        try ModelArgument.check(model)
        if RegressorModel.isStored(at: model) { return try await predictNumbers() }
        let loaded = try ClassifierModel(contentsOf: model)
        let classifier = loaded.classifier
        if files.isEmpty { return try await predictTestExamples(loaded) }
        if classifier.imageSize != nil {
            let pictures = try Pictures(files)
            if !pictures.paths.isEmpty {
                if index != nil || limit != nil {
                    throw DescentError(
                        .usage, "each picture is predicted", at: index != nil ? "--index" : "--limit",
                        advice: "give the pictures that are wanted")
                }
                return try predict(pictures, by: loaded)
            }
        }
        if many {
            throw DescentError(
                .usage, "several digits are read on pictures", at: "--many",
                expected: "PNG, JPEG or WebP files",
                got: "'\(files[0])'")
        }
        guard classifier.imageSize != nil else { return try await predictFiles(of: loaded) }
        // All files are looked at before the first answer: an error leaves no half of an output behind.
        for file in files { try check(file, for: loaded) }
        for file in files {
            let images = FeatureMatrix.bytes(try Self.read(file))
            try predict(loaded.input?.prepared(images) ?? images, named: file, by: classifier)
        }
    }

    /// Predicts the rows of files, for a model of rows: all are read before the first answer.
    private func predictFiles(of model: ClassifierModel) async throws {
        let classifier = model.classifier
        var loaded: [(data: ModelData, examples: LabeledExamples)] = []
        var tables: [(name: String, rows: FeatureMatrix, notes: [String])] = []
        for file in files {
            var options = source
            options.data = DataName(argument: file)
            guard options.data?.isFile == true else {
                throw DescentError(.missingInput, "no such file", at: file)
            }
            if let input = model.input, case .table = input {
                let read = try input.rows(ofTableAt: file)
                tables.append((PathText.name(of: file), read.features, read.notes))
                continue
            }
            let data = try ModelData(
                options, of: self.model, featureCount: classifier.exampleShape.reduce(1, *),
                input: model.input)
            loaded.append(
                (data, try await data.load(part: .test, limit: nil, self.options).examples.labeledExamples()))
        }
        for (name, rows, notes) in tables {
            for note in notes where !self.options.quiet {
                Output.error.tryWrite("\(note.showingControlCharacters)\n")
            }
            try predict(rows, named: name, by: classifier)
        }
        for (data, examples) in loaded { try predict(examples, of: data, by: classifier) }
    }

    private func predict(
        _ examples: LabeledExamples, of data: ModelData, by classifier: any TrainedClassifier,
        total: Int? = nil
    ) throws {
        try DescentError.located(at: data.place) { try classifier.check(examples.features) }
        try predict(
            examples.features, named: data.name, by: classifier,
            of: data.isBuiltIn ? 10_000 : total ?? examples.count,
            truth: examples.classes.map { examples.classNames[Int($0)] })
    }

    /// Predicts the test examples of the data that the model was trained on, or of --data: a model can be tried without any file.
    private func predictTestExamples(_ model: ClassifierModel) async throws {
        let classifier = model.classifier
        let data = try ModelData(
            source, of: self.model, featureCount: classifier.exampleShape.reduce(1, *), input: model.input)
        let last =
            index.map { $0.last < 10_000 ? $0.last + 1 : 10_000 } ?? limit ?? (options.json ? 10_000 : 10)
        // Built-in digits are drawn one by one: no more of them than are shown.
        let examples = try await data.load(
            part: .test, limit: data.isBuiltIn ? min(last, 10_000) : nil, options
        ).examples
        // Of pictures that are read when they are needed, no more are read than are shown.
        let first = examples.residentFeatures == nil ? examples.first(last) : examples
        try predict(first.labeledExamples(), of: data, by: classifier, total: examples.count)
    }

    /// Prints the answers for the requested `examples`.
    ///
    /// `total`: how many there are, where `examples` are only the first; `truth`: their true classes, where those are known.
    private func predict(
        _ examples: FeatureMatrix, named name: String, by classifier: any TrainedClassifier,
        of total: Int? = nil,
        truth: [String]? = nil
    ) throws {
        let count = total ?? examples.count
        let range = try chosen(of: count, in: name)
        let chosen = examples[range]
        let predictions = try DescentError.located(at: name) { try classifier.predictions(for: chosen) }
        for (offset, prediction) in predictions.enumerated() {
            let input = "\(name)#\(range.lowerBound + offset)"
            let actual = truth?[range.lowerBound + offset]
            if options.json {
                try Output.standard.write(
                    Self.json(prediction, input: input, classifier.scoreKind, actual: actual))
                continue
            }
            var answer = classifier.scoreKind.answer(prediction).showingControlCharacters
            if let actual, actual != prediction.label {
                answer += "   (true class: \(actual.showingControlCharacters))"
            }
            guard classifier.imageSize != nil else {
                try Output.standard.write("\(input.showingControlCharacters)  \(answer)\n")
                continue
            }
            let picture = picture(of: chosen, at: offset)
            try Output.standard.write("\(input.showingControlCharacters)\n\(picture)\(answer)\n\n")
        }
        if index == nil, limit == nil, range.count < count, !options.quiet {
            Output.error.tryWrite(
                "\(range.count) of \(Numerals.grouped(count)) \(classifier.imageSize == nil ? "examples" : "images") shown; --index or --limit for others\n"
            )
        }
    }

    /// Returns the images of an IDX file, [N, H, W].
    static func read(_ file: String) throws -> NDArray<UInt8> {
        try explained(file) { try IDX.read(file, rank: 3) }
    }

    /// Checks a file's header, the size of its images, and that it has the requested ones.
    private func check(_ file: String, for model: ClassifierModel) throws {
        let shape = try Self.explained(file) { try IDX.shape(of: file, rank: 3) }
        guard shape[0] > 0 else {
            throw DescentError(.badData, "there are no images in the file", at: file, expected: "one or more")
        }
        // Digits on paper may have any size.
        if case .images(let form)? = model.input, form.digits != nil {
        } else {
            try DescentError.located(at: file) { try model.classifier.check(shape: shape) }
        }
        _ = try chosen(of: shape[0], in: file)
    }

    private static func explained<Result>(_ file: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as DescentError where error.kind == .badData && (try? IDX.isIDX(file)) == false {
            throw DescentError(
                .badData,
                "the model takes pictures (PNG, JPEG, WebP) and IDX files of images",
                at: file, expected: error.expected, got: error.got,
                advice: "without a file it shows test images")
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

    /// Returns one prediction as a JSON line; `basis` in it is the meaning of the figures called probabilities.
    static func json(
        _ prediction: Prediction, input: String, _ scoreKind: ScoreKind, actual: String? = nil
    ) -> String {
        let all = zip(prediction.classNames, prediction.probabilities).map {
            JSONText.Member($0, .rounded(Double($1), decimals: 6))
        }
        let line: JSONText = [
            "version": 1, "input": .string(input), "label": .string(prediction.label),
            "probability": .rounded(Double(prediction.probability), decimals: 6),
            "probabilities": .object(all), "basis": .string(scoreKind.name), "true_label": .string(actual),
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
