import ArgumentParser
import Descent

/// `descent evaluate` of a model that predicts numbers.
extension Evaluate {
    /// Measures a regressor on the rows of a table.
    func evaluateNumbers() async throws {
        for (flag, isGiven) in [
            ("--calibrate", judging.calibrate), ("--top", judging.top != nil), ("--svg", svg != nil),
            ("--min-accuracy", minAccuracy != nil), ("--reject", judging.reject != nil),
        ] where isGiven {
            throw DescentError(
                .usage, "the model predicts numbers, and that is about classes", at: flag,
                advice: "leave it out")
        }
        let model = try RegressorModel(contentsOf: self.model)
        let data = try ModelData(
            source, of: self.model, featureCount: model.regressor.featureCount, input: model.input,
            predictsNumbers: true)
        let loaded = try await data.load(part: split, limit: limit, options)
        let part = loaded.isWhole ? "all examples" : "\(split.rawValue) part"
        let subject = EvaluationReport.Subject(
            model: self.model, data: data.name, split: loaded.isWhole ? "" : split.rawValue)
        var judged = try DescentError.located(at: data.place) {
            try JudgedNumbers(model, of: subject, on: loaded.examples.labeledExamples())
        }
        if let against = judging.against {
            judged.report.regressionComparison = try judged.comparison(with: against, input: model.input)
        }
        if judging.report != nil {
            judged.report.importance = try judged.importance(of: model)
        }
        var written = ""
        if let page = judging.report {
            let text = try EvaluationPage(
                judged.report, language: judging.language, predicted: judged.predicted,
                residuals: RegressionMetrics.residuals(actual: judged.actual, predicted: judged.predicted)
            ).html()
            try WrittenFile.html.write(text, to: page)
            written += "\nreport  \(page.showingControlCharacters)\n"
        }
        if options.json {
            let line: JSONText = [
                "version": 1, "task": "regression", "model": .string(self.model),
                "target": .string(model.target.name), "unit": .string(model.target.unit),
                "data": .string(data.name), "split": .string(split.rawValue),
                "count": .integer(judged.report.count),
                "mae": .number(judged.report.regression?.meanAbsoluteError),
                "rmse": .number(judged.report.regression?.rootMeanSquaredError),
                "r2": .number(judged.report.regression?.r2),
                "baseline_rmse": .number(judged.report.regression?.baselineError),
                "report": try judged.report.jsonText(),
            ]
            return try Output.standard.write(line.line + "\n")
        }
        let columns = Output.standard.isTerminal ? Output.standard.columns : 80
        try Output.standard.write(
            """
            \(model.regressor.name.showingControlCharacters) (\(model.regressor.summary.showingControlCharacters)) on \
            \(data.name.showingControlCharacters), \(part): predicts \(model.target.name.showingControlCharacters)


            """ + EvaluationText(judged.report, columns: columns).text + written)
    }
}

/// The numbers that a regressor predicts for examples, and the report on them.
struct JudgedNumbers {
    let examples: LabeledExamples
    let actual: [Double]
    let predicted: [Double]
    var report: EvaluationReport

    /// Predicts, and measures.
    ///
    /// - Throws: `badData` when the examples have classes.
    init(
        _ model: RegressorModel, of subject: EvaluationReport.Subject, on examples: LabeledExamples
    ) throws {
        guard case .values(let targets) = examples.targets else {
            throw DescentError(
                .badData, "examples with classes", at: subject.data,
                expected: "a table with numbers in \"\(model.target.name)\"", got: "classes",
                advice: "the model predicts numbers")
        }
        self.examples = examples
        actual = targets.elements.map(Double.init)
        predicted = try model.regressor.predictions(for: examples.features).map(Double.init)
        report = try EvaluationReport(of: subject, actual: actual, predicted: predicted)
        (report.targetName, report.unit) = (model.target.name, model.target.unit)
    }

    /// Compares with the model at `path`.
    ///
    /// - Throws: `usage` when it prepares its rows in another way.
    func comparison(with path: String, input: ModelInput?) throws -> RegressionComparison {
        try ModelArgument.check(path)
        let other = try DescentError.located(at: "--against") { try RegressorModel(contentsOf: path) }
        guard other.input == input else {
            throw DescentError(
                .usage, "the models prepare their examples in different ways", at: "--against",
                expected: "a model that was trained on the same part of the same data", got: path,
                advice: "evaluate each by itself")
        }
        return try RegressionComparison(
            name: path, actual: actual, first: predicted,
            second: other.regressor.predictions(for: examples.features).map(Double.init))
    }

    /// How much R² falls when a column is shuffled; empty for more columns than one can read.
    func importance(of model: RegressorModel) throws -> [FeatureImportance] {
        let groups = JudgingOptions.groups(of: examples.features.featureCount, input: model.input)
        let some = examples.prefix(JudgingOptions.importanceLimits.examples)
        let actual = Array(actual.prefix(some.count))
        // R² has no meaning where all targets are the same.
        guard groups.count <= JudgingOptions.importanceLimits.features, report.regression?.r2 != nil,
            actual.contains(where: { $0 != actual[0] })
        else { return [] }
        return try PermutationImportance.measure(some.features.unscaledFloats, groups: groups) { features in
            let predicted = try model.regressor.predictions(for: .floats(features)).map(Double.init)
            return try RegressionMetrics(actual: actual, predicted: predicted).r2 ?? 0
        }
    }
}
