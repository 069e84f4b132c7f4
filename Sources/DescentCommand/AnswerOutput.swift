import ArgumentParser
import Descent

/// The flags by which `predict` says how answers are given.
struct AnswerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write the answers as a CSV table into this file; - for standard output.", valueName: "file"),
        completion: .file(extensions: ["csv"]))
    var csv: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The k classes with the highest scores of each answer (text: default 3).", valueName: "k"))
    var top: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Answer \"unknown\" where the probability is below this, 0 to 1, or what is asked is unlike all training examples.",
            valueName: "probability"))
    var reject: Float?

    func validate() throws {
        if let top, top < 1 { throw ValidationError("--top must be 1 or more, not \(top)") }
        if let reject, !(0...1).contains(reject) {
            throw ValidationError("--reject must be a probability from 0 to 1, such as 0.8, not \(reject)")
        }
        if csv != "-" { try WrittenFile.csv.checkName(csv, of: "--csv") }
    }
}

/// One thing that was asked, and the answer.
struct GivenAnswer {
    /// The file, or the name of the data.
    let file: String
    /// The number of the row or image in it, from 0; nil for a picture.
    var row: Int?
    /// The part of a picture, as `x,y,WxH`.
    var box: String?
    let prediction: Prediction
    /// The true class, where it is known.
    var actual: String?

    /// `digits.idx#7`, `page.jpg#10,12,20x28`, `cat.jpg`.
    var input: String { (box ?? row.map(String.init)).map { "\(file)#\($0)" } ?? file }
}

/// The table of `--csv`: kept until all rows are there.
final class AnswerTable {
    private let target: String
    private let isQuiet: Bool
    private var lines: [String] = []

    /// nil where none is asked for.
    ///
    /// - Throws: `cannotCreate` where the file may not be written.
    init?(_ options: AnswerOptions, _ output: OutputOptions) throws {
        guard let target = options.csv else { return nil }
        (self.target, isQuiet) = (target, output.quiet)
        if let file { try WrittenFile.csv.check(file) }
    }

    private var file: String? { target == "-" ? nil : target }

    /// Whether there are no rows yet.
    var isEmpty: Bool { lines.isEmpty }

    /// Adds a row.
    func add(_ fields: [String]) { lines.append(DelimitedText.line(fields)) }

    /// Writes the table.
    func end(header: [String]) throws {
        let text = DelimitedText.line(header) + lines.joined()
        guard let file else { return try Output.standard.write(text) }
        try WrittenFile.csv.write(text, to: file)
        guard !isQuiet else { return }
        Output.error.tryWrite(
            "\(Numerals.counted(lines.count, "answer")) in \(target.showingControlCharacters)\n")
    }
}

/// The answers of `predict` as they are asked for: text or JSON at once, a CSV table when all are there.
final class AnswerOutput {
    private let options: AnswerOptions
    private let isJSON: Bool
    private let scoreKind: ScoreKind
    private let classCount: Int
    private let table: AnswerTable?
    private var hasTruth = false

    /// - Throws: `cannotCreate` where the CSV file may not be written.
    init(_ options: AnswerOptions, _ output: OutputOptions, for classifier: any TrainedClassifier) throws {
        (self.options, isJSON) = (options, output.json)
        (scoreKind, classCount) = (classifier.scoreKind, classifier.classNames.count)
        table = try AnswerTable(options, output)
    }

    /// Whether answers are text, which pictures may go with.
    var isText: Bool { !isJSON && table == nil }

    /// Gives an answer. `text`: makes of the answer in words what is printed.
    func give(_ answer: GivenAnswer, text: (String) -> String) throws {
        if let table {
            if table.isEmpty { hasTruth = answer.actual != nil }
            table.add(fields(of: answer))
        } else if isJSON {
            try Output.standard.write(json(answer))
        } else {
            let prediction = answer.prediction
            var words = scoreKind.answer(prediction, count: options.top ?? 3).showingControlCharacters
            if let actual = answer.actual, actual != prediction.className {
                words += "   (true class: \(actual.showingControlCharacters))"
            }
            try Output.standard.write(text(words))
        }
    }

    /// Writes the table, if one is asked for.
    func end() throws { try table?.end(header: header) }

    // MARK: CSV

    private var topCount: Int { min(options.top ?? 0, classCount) }

    private var header: [String] {
        WrittenFile.answerColumns + (options.reject == nil ? [] : ["reason"])
            + (hasTruth ? ["true_label"] : [])
            + (0..<topCount).flatMap { ["top_\($0 + 1)", "top_\($0 + 1)_probability"] }
    }

    private func fields(of answer: GivenAnswer) -> [String] {
        let prediction = answer.prediction
        return [
            answer.file, answer.box ?? answer.row.map(String.init) ?? "", Self.label(of: prediction),
            Self.figure(prediction.probability),
        ] + (options.reject == nil ? [] : [prediction.rejection?.rawValue ?? ""])
            + (hasTruth ? [answer.actual ?? ""] : [])
            + prediction.top(topCount).flatMap { [$0.className, Self.figure($0.probability)] }
    }

    private static func label(of prediction: Prediction) -> String {
        prediction.isUnknown ? "unknown" : prediction.className
    }

    private static func figure(_ score: Float) -> String {
        score.isFinite ? JSONText.rounded(Double(score), decimals: 6).line : ""
    }

    // MARK: JSON

    /// One answer as a line; `basis` in it is the meaning of the figures called probabilities.
    private func json(_ answer: GivenAnswer) -> String {
        let prediction = answer.prediction
        func figure(_ score: Float) -> JSONText { .rounded(Double(score), decimals: 6) }
        var members: [JSONText.Member] = [
            .init("version", 1), .init("input", .string(answer.input)),
            .init("label", .string(Self.label(of: prediction))),
            .init("probability", figure(prediction.probability)),
            .init(
                "probabilities",
                .object(
                    zip(prediction.classNames, prediction.probabilities).map { .init($0, figure($1)) })),
            .init("basis", .string(scoreKind.name)), .init("true_label", .string(answer.actual)),
        ]
        if options.top != nil {
            members.append(
                .init(
                    "top",
                    .array(
                        prediction.top(topCount).map {
                            ["label": .string($0.className), "probability": figure($0.probability)]
                        })))
        }
        if options.reject != nil {
            members.append(.init("unknown", .bool(prediction.isUnknown)))
            members.append(.init("reason", .string(prediction.rejection?.rawValue)))
        }
        return JSONText.object(members).line + "\n"
    }
}

extension WrittenFile {
    /// The first columns of answers that are classes, and of those that are numbers: such a file is known again by them.
    static let answerColumns = ["file", "row", "label", "probability"]
    static let numberColumns = ["file", "row", "prediction"]
}
