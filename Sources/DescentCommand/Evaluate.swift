import ArgumentParser
import Descent

/// A part of a data set.
enum SplitName: String, CaseIterable, ExpressibleByArgument {
    case test, train
}

/// `descent evaluate`: how good a model is on labelled examples.
struct Evaluate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure a model on labelled examples.", usage: "descent evaluate <model> [<options>]",
        discussion: """
            Prints accuracy with its 95 % interval, loss, the recall, precision and F1 score of each class, \
            the confusion matrix, the most frequent mistakes, and which class to collect more examples of. \
            --report also writes all of it, with calibration and the surest mistakes, as one page. \
            Of a model that predicts numbers: MAE with its interval, RMSE beside that of the mean, \
            R2, the largest errors.

            EXAMPLES
              descent evaluate runs/latest
                  on the data that it was trained on, test part
              descent evaluate runs/latest --data mnist
                  on real digits
              descent evaluate runs/latest --split train
              descent evaluate runs/latest --data wine.t
                  on a file of libsvm's text
              descent evaluate models/seven --min-accuracy 0.9
                  exit code 1 when it is worse
              descent evaluate runs/latest --svg confusion.svg
                  the confusion matrix as a picture
              descent evaluate runs/latest --report report.html --lang ko
                  a page to read and to pass on, in Korean
              descent evaluate runs/latest --against runs/old
                  which of two models is better, and whether that may be chance
              descent evaluate runs/latest --calibrate
                  makes the probabilities mean what they say, from now on
              descent evaluate simple-conv --weights params.pkl --data mnist
                  the textbook's weights
              descent evaluate runs/latest --json
            """)

    @Argument(
        help: ArgumentHelp("A model folder, such as runs/latest.", valueName: "model"), completion: .directory
    )
    var model: String

    @Option(
        help: ArgumentHelp(
            "Weights W1, b1, ... as a pickled dictionary; <model> is then an architecture's name.",
            valueName: "file"),
        completion: .file())
    var weights: String?

    @OptionGroup(title: "Data") var source: DataOptions

    @Option(help: ArgumentHelp("The part of the data: test or train.", valueName: "part"))
    var split = SplitName.test

    @Option(parsing: .unconditional, help: ArgumentHelp("Use the first n examples only.", valueName: "n"))
    var limit: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Exit with code 1 when the accuracy is below this, 0 to 1.", valueName: "ratio"))
    var minAccuracy: Double?

    @Option(
        help: ArgumentHelp("Draw the confusion matrix into this file.", valueName: "file"),
        completion: .file(extensions: ["svg"]))
    var svg: String?

    @OptionGroup(title: "Report") var judging: JudgingOptions

    @OptionGroup(title: "Output") var options: OutputOptions

    func validate() throws {
        if let minAccuracy, !(minAccuracy >= 0 && minAccuracy <= 1) {
            throw ValidationError(
                "--min-accuracy must be a ratio from 0 to 1, such as 0.9, not \(minAccuracy)")
        }
        if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more, not \(limit)") }
        try WrittenFile.svg.checkName(svg, of: "--svg")
        try judging.check(hasWeights: weights != nil)
    }

    func run() async throws {
        options.apply()
        try WrittenFile.svg.check(svg)
        try WrittenFile.html.check(judging.report)
        if weights == nil { try ModelArgument.check(model, takesWeights: true) }
        if weights == nil, RegressorModel.isStored(at: model) { return try await evaluateNumbers() }
        let folder = try weights == nil ? ModelFolder.load(model) : nil
        let saved = folder?.classifier
        if weights != nil {
            try byName { try Architecture.check(name: model, hidden: nil, activation: nil) }
        }
        let data = try ModelData(
            source, of: weights == nil ? model : nil, featureCount: saved?.exampleShape.reduce(1, *),
            input: folder?.input)
        let loaded = try await data.load(part: split, limit: limit, options)
        let examples = loaded.examples
        let classifier = try saved ?? imported(for: examples)
        let part = loaded.isWhole ? "all examples" : "\(split.rawValue) part"
        let judged = try DescentError.located(at: data.place) {
            try judging.judge(
                classifier, at: weights == nil ? model : nil, input: folder?.input,
                of: .init(model: model, data: data.name, split: loaded.isWhole ? "" : split.rawValue),
                on: examples)
        }
        let evaluation = judged.evaluation
        var written = ""
        if let svg {
            let chart = ConfusionMatrixChart(
                counts: evaluation.confusion, classNames: evaluation.classes.map(\.label),
                title: "\(classifier.name) on \(data.name), \(part)")
            try WrittenFile.svg.write(chart.svg(), to: svg)
            written += "\nconfusion  \(svg.showingControlCharacters)\n"
        }
        if let page = judging.report {
            try WrittenFile.html.write(judged.page(in: judging.language), to: page)
            written += "\nreport  \(page.showingControlCharacters)\n"
        }
        if let calibration = judged.fitted {
            try ModelFolder.store(calibration, at: model)
            written += "\n" + judged.words(for: calibration)
        }
        if options.json {
            try Output.standard.write(json(judged, data: data.name))
        } else {
            try Output.standard.write(
                """
                \(classifier.name.showingControlCharacters) (\(classifier.summary.showingControlCharacters)) on \(data.name.showingControlCharacters)\
                \(data.directory.map { " in \($0.showingControlCharacters)" } ?? ""), \(part)


                """ + judged.text + written)
        }
        if let minAccuracy, evaluation.accuracy < minAccuracy {
            throw DescentError(
                .failed, "the accuracy is too low", at: model, expected: "at least \(minAccuracy)",
                got: "\(evaluation.accuracy)")
        }
    }

    /// Returns the result of `body`; an error about the name, which here is an argument and not a flag, names the argument.
    private func byName<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as DescentError where error.place == "`named`" {
            throw DescentError(
                error.kind, error.what, at: "model", expected: error.expected, got: error.got,
                advice: "--weights goes with a network's name, such as simple-conv")
        }
    }

    /// Returns a classifier of the named architecture with the weights of the file.
    private func imported(for examples: any ExampleSource) throws -> NetworkClassifier {
        let architecture = try byName {
            try Architecture(named: model, inputs: examples.featureCount, classes: examples.classNames.count)
        }
        return try NetworkClassifier(
            architecture: architecture,
            network: try NumberedWeights(contentsOf: weights ?? "").network(of: architecture),
            classNames: examples.classNames,
            preprocessing: examples.residentFeatures.map(Preprocessing.init(of:))
                ?? Preprocessing(exampleShape: examples.exampleShape))
    }

    private func json(_ judged: JudgedModel, data: String) throws -> String {
        let evaluation = judged.evaluation
        let classes = judged.report.classification?.classes ?? []
        let line: JSONText = [
            "version": 1, "accuracy": .number(evaluation.accuracy),
            "loss": .rounded(evaluation.loss, decimals: 6), "count": .integer(evaluation.count),
            "correct": .integer(evaluation.correct), "model": .string(model), "data": .string(data),
            "split": .string(split.rawValue), "verdict": .string(TrainingVerdict(evaluation).kind.rawValue),
            "classes": .array(
                classes.map { one in
                    [
                        "label": .string(one.name), "count": .integer(one.support),
                        "correct": .integer(one.correct), "accuracy": .number(one.recall),
                        "recall": .number(one.recall), "precision": .number(one.precision),
                        "f1": .number(one.f1),
                    ]
                }),
            "confusion": .array(evaluation.confusion.map { .array($0.map(JSONText.integer)) }),
            "report": try judged.report.jsonText(),
        ]
        return line.line + "\n"
    }
}
