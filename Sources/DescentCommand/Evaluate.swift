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
            Prints accuracy, loss, the recall, precision and F1 score of each class and the \
            most frequent mistakes.

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

    @OptionGroup(title: "Output") var options: OutputOptions

    func validate() throws {
        if let minAccuracy, !(minAccuracy >= 0 && minAccuracy <= 1) {
            throw ValidationError(
                "--min-accuracy must be a ratio from 0 to 1, such as 0.9, not \(minAccuracy)")
        }
        if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more, not \(limit)") }
        try WrittenFile.svg.checkName(svg, of: "--svg")
    }

    func run() async throws {
        options.apply()
        try WrittenFile.svg.check(svg)
        if weights == nil { try ModelArgument.check(model, takesWeights: true) }
        let saved: (any TrainedClassifier)? = try weights == nil ? ModelFolder.load(model).classifier : nil
        if weights != nil {
            try byName { try Architecture.check(name: model, hidden: nil, activation: nil) }
        }
        let data = try ModelData(
            source, of: weights == nil ? model : nil, featureCount: saved?.exampleShape.reduce(1, *))
        let examples = try await data.load(part: split, limit: limit, options)
        let classifier = try saved ?? imported(for: examples)
        let evaluation = try DescentError.located(at: data.place) { try classifier.evaluate(on: examples) }
        let part = data.isWhole ? "all examples" : "\(split.rawValue) part"
        if let svg {
            let chart = ConfusionMatrixChart(
                counts: evaluation.confusion, classNames: evaluation.classes.map(\.label),
                title: "\(classifier.name) on \(data.name), \(part)")
            try WrittenFile.svg.write(chart.svg(), to: svg)
        }
        if options.json {
            try Output.standard.write(json(evaluation, data: data.name))
        } else {
            try Output.standard.write(
                """
                \(classifier.name.showingControlCharacters) (\(classifier.summary.showingControlCharacters)) on \(data.name.showingControlCharacters)\
                \(data.directory.map { " in \($0.showingControlCharacters)" } ?? ""), \(part)


                """ + Self.text(evaluation)
                    + (svg.map { "\nconfusion  \($0.showingControlCharacters)\n" } ?? ""))
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
    private func imported(for examples: LabeledExamples) throws -> NetworkClassifier {
        let architecture = try byName {
            try Architecture(named: model, inputs: examples.featureCount, classes: examples.classNames.count)
        }
        return try NetworkClassifier(
            architecture: architecture,
            network: try NumberedWeights(contentsOf: weights ?? "").network(of: architecture),
            classNames: examples.classNames, preprocessing: Preprocessing(of: examples.features))
    }

    /// Returns the evaluation as text.
    static func text(_ evaluation: Evaluation) -> String {
        var text = """
            accuracy   \(Numerals.percent(evaluation.accuracy))  \
            (\(Numerals.grouped(evaluation.correct)) of \(Numerals.grouped(evaluation.count)))

            """
        // A classifier that decides by votes has no loss.
        if !evaluation.loss.isNaN { text += "loss       \(Numerals.loss(evaluation.loss))\n" }
        let verdict = TrainingVerdict(evaluation)
        if verdict.kind == .notLearned { text += "\(verdict.sentence)\n" }
        text += "\n"
        var classes = Table(
            ["class", "examples", "correct", "recall", "precision", "F1"],
            alignments: [.left, .right, .right, .right, .right, .right])
        for (number, scores) in evaluation.classes.enumerated() {
            let measures = ClassMeasures(of: number, in: evaluation.confusion)
            classes.rows.append(
                [
                    scores.label.showingControlCharacters, Numerals.grouped(scores.count),
                    Numerals.grouped(scores.correct),
                ]
                    + [measures.recall, measures.precision, measures.f1].map {
                        $0.map(Numerals.percent) ?? "-"
                    })
        }
        text += classes.text
        let confusions = evaluation.topConfusions()
        guard !confusions.isEmpty else { return text }
        var mistakes = Table(["most frequent mistakes", ""], alignments: [.left, .right])
        for confusion in confusions {
            let mistake = "true \(confusion.actual) predicted as \(confusion.predicted)"
            mistakes.rows.append([mistake.showingControlCharacters, Numerals.grouped(confusion.count)])
        }
        return text + "\n" + mistakes.text
    }

    private func json(_ evaluation: Evaluation, data: String) -> String {
        let classes = evaluation.classes.enumerated().map { number, scores -> JSONText in
            let measures = ClassMeasures(of: number, in: evaluation.confusion)
            return [
                "label": .string(scores.label), "count": .integer(scores.count),
                "correct": .integer(scores.correct), "accuracy": .number(scores.accuracy),
                "recall": .number(measures.recall), "precision": .number(measures.precision),
                "f1": .number(measures.f1),
            ]
        }
        let line: JSONText = [
            "version": 1, "accuracy": .number(evaluation.accuracy),
            "loss": .rounded(evaluation.loss, decimals: 6), "count": .integer(evaluation.count),
            "correct": .integer(evaluation.correct), "model": .string(model), "data": .string(data),
            "split": .string(split.rawValue), "verdict": .string(TrainingVerdict(evaluation).kind.rawValue),
            "classes": .array(classes),
            "confusion": .array(evaluation.confusion.map { .array($0.map(JSONText.integer)) }),
        ]
        return line.line + "\n"
    }
}
