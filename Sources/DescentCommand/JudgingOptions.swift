import ArgumentParser
import Descent

/// What `evaluate` looks at beyond the classes: scores, another model, the temperature, the page.
struct JudgingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Write a report as one HTML page into this file.", valueName: "file"),
        completion: .file(extensions: ["html"]))
    var report: String?

    @Option(
        help: ArgumentHelp(
            "The language of the page: en or ko (default: that of the environment).", valueName: "language"))
    var lang: Language?

    @Option(
        help: ArgumentHelp("Compare with another model on the same examples.", valueName: "model"),
        completion: .directory)
    var against: String?

    @Flag(
        help:
            "Fit the temperature of the probabilities to half of the examples, measure on the other half, and store it in the model."
    )
    var calibrate = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Count an answer as right when its class is among the k with the highest scores, too.",
            valueName: "k"))
    var top: Int?

    /// The language of the page.
    var language: Language { lang ?? .ofEnvironment }

    /// Whether the scores of the classes are needed, which cost a second pass.
    private var needsScores: Bool { report != nil || calibrate || top != nil }

    func check(hasWeights: Bool) throws {
        if let top, top < 1 { throw ValidationError("--top must be 1 or more, not \(top)") }
        try WrittenFile.html.checkName(report, of: "--report")
        if lang != nil, report == nil {
            throw ValidationError("--lang is the language of the page that --report writes")
        }
        if calibrate, hasWeights {
            throw ValidationError(
                "--calibrate stores the temperature in a model folder, and --weights has none")
        }
    }

    /// Measures the classifier on the examples.
    ///
    /// `path`: its folder; nil when it has none. `input`: what it makes of tables, whose columns have names.
    func judge(
        _ classifier: any TrainedClassifier, at path: String?, input: ModelInput?,
        of subject: EvaluationReport.Subject, on examples: any ExampleSource
    ) throws -> JudgedModel {
        var (examples, fitted): (any ExampleSource, Calibration?) = (examples, nil)
        if calibrate { (fitted, examples) = try fit(classifier, to: examples) }
        let evaluation = try classifier.evaluate(on: examples)
        var judged = JudgedModel(
            evaluation: evaluation, report: try Self.empty(evaluation, subject), examples: examples,
            fitted: fitted)
        if needsScores {
            let temperature =
                try fitted
                ?? (classifier.scoreKind == .probabilities
                    ? path.flatMap { try ModelFolder.calibration(at: $0) } : nil)
            let answers = try classifier.answers(for: examples)
            judged.report = try EvaluationReport(
                of: subject, classNames: classifier.classNames,
                actual: try classifier.actualClasses(of: examples), predicted: answers.classes,
                scores: answers.scores, areProbabilities: classifier.scoreKind == .probabilities,
                calibration: temperature, topCounts: top.map { [$0] } ?? [2, 3, 5])
        }
        if report != nil {
            judged.report.importance = try importance(for: classifier, input: input, on: examples)
        }
        if let against {
            judged.report.comparison = try compare(classifier, with: against, on: examples, input)
        }
        return judged
    }

    private static func empty(
        _ evaluation: Evaluation, _ subject: EvaluationReport.Subject
    ) throws -> EvaluationReport {
        EvaluationReport(
            of: subject,
            try ClassificationMetrics(confusion: evaluation.confusion, classNames: evaluation.classNames))
    }

    /// Fits a temperature to every second example of each class; the others are left to measure on.
    ///
    /// The same examples for both would say of the temperature what was made so.
    private func fit(
        _ classifier: any TrainedClassifier, to examples: any ExampleSource
    ) throws -> (Calibration, any ExampleSource) {
        guard classifier.scoreKind == .probabilities else {
            throw DescentError(
                .usage, "the scores of the model are no probabilities, and cannot be calibrated",
                at: "--calibrate", expected: "a model with probabilities", got: classifier.scoreKind.name)
        }
        var seen = [Int](repeating: 0, count: examples.classNames.count)
        var parts: [[Int32]] = [[], []]
        for (row, number) in examples.classes.enumerated() {
            parts[seen[Int(number)] % 2].append(Int32(row))
            seen[Int(number)] += 1
        }
        guard !parts[1].isEmpty else {
            throw DescentError(
                .usage, "too few examples to fit a temperature and to measure", at: "--calibrate",
                expected: "two examples of a class or more", got: "\(examples.count)")
        }
        let half = examples.selecting(parts[0])
        let answers = try classifier.answers(for: half)
        let calibration = try Calibration(
            fitting: answers.scores, actual: classifier.actualClasses(of: half))
        return (calibration, examples.selecting(parts[1]))
    }

    /// Classes are matched by name; one that only the other model knows is never right.
    private func compare(
        _ classifier: any TrainedClassifier, with path: String, on examples: any ExampleSource,
        _ input: ModelInput?
    ) throws -> ModelComparison {
        try ModelArgument.check(path)
        let folder = try ModelFolder.load(path)
        guard folder.input == input else {
            throw DescentError(
                .usage, "the models prepare their examples in different ways", at: "--against",
                expected: "a model that was trained on the same part of the same data", got: path,
                advice: "evaluate each by itself")
        }
        let other = folder.classifier
        let names = other.classNames.map { name in
            classifier.classNames.firstIndex(of: name).map { Int32($0) } ?? -1
        }
        let answers = try DescentError.located(at: path) { try other.classes(of: examples) }
        return try ModelComparison(
            name: path, actual: classifier.actualClasses(of: examples),
            first: classifier.classes(of: examples), second: answers.map { names[Int($0)] })
    }

    /// The examples and the features beyond which importance would take minutes.
    static let importanceLimits = (examples: 2000, features: 100)

    /// How much the accuracy falls when a column is shuffled; empty for pictures, and for more columns than one can read.
    private func importance(
        for classifier: any TrainedClassifier, input: ModelInput?, on examples: any ExampleSource
    ) throws -> [FeatureImportance] {
        let width = examples.featureCount
        guard classifier.imageSize == nil, width > 0 else { return [] }
        let groups = Self.groups(of: width, input: input)
        guard groups.count <= Self.importanceLimits.features else { return [] }
        let some = try examples.first(Self.importanceLimits.examples).labeledExamples()
        let actual = try classifier.actualClasses(of: some)
        return try PermutationImportance.measure(some.features.unscaledFloats, groups: groups) { features in
            let classes = try classifier.classes(of: .floats(features))
            return Double(zip(classes, actual).count { $0 == $1 }) / Double(actual.count)
        }
    }

    /// The columns that are shuffled together, by name.
    static func groups(of width: Int, input: ModelInput?) -> [PermutationImportance.Group] {
        var groups = (0..<width).map { PermutationImportance.Group("feature \($0 + 1)", columns: [$0]) }
        if case .table(let preprocessing)? = input, preprocessing.featureCount == width {
            var start = 0
            // The columns of a text belong together.
            groups = preprocessing.columns.map { column in
                defer { start += column.featureCount }
                return .init(column.name, columns: Array(start..<start + column.featureCount))
            }
        }
        return groups
    }
}
