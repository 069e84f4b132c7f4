import Descent

/// `descent predict` of a model that predicts numbers.
extension Predict {
    /// The rows of one file, or of the test part.
    private struct Rows {
        let name: String
        let features: FeatureMatrix
        let notes: [String]
        /// Their true numbers, where those are known.
        let targets: [Float]?
    }

    /// Predicts the rows of tables: all are read before the first answer.
    func predictNumbers() async throws {
        let model = try RegressorModel(contentsOf: self.model)
        if many {
            throw DescentError(
                .usage, "the model takes rows of a table, not pictures", at: "--many", advice: "leave it out")
        }
        for (flag, isGiven) in [("--top", answers.top != nil), ("--reject", answers.reject != nil)]
        where isGiven {
            throw DescentError(
                .usage, "the model predicts a number, and has no classes", at: flag, advice: "leave it out")
        }
        let table = try AnswerTable(answers, options)
        var all: [Rows] = []
        for file in files {
            guard Files.exists(file) else {
                throw DescentError(.missingInput, "no such file", at: file)
            }
            guard let input = model.input else {
                all.append(try await rows(of: file, for: model))
                continue
            }
            let read = try input.rows(ofTableAt: file)
            all.append(
                Rows(name: PathText.name(of: file), features: read.features, notes: read.notes, targets: nil))
        }
        if files.isEmpty {
            all.append(try await rows(from: source, for: model))
        }
        let chosen = try all.map { try range(of: $0.features.count, in: $0.name) }
        let predictions = try zip(all, chosen).map { rows, range in
            try DescentError.located(at: rows.name) {
                try model.regressor.predictions(for: rows.features[range])
            }
        }
        for (index, rows) in all.enumerated() {
            for note in rows.notes where !options.quiet {
                Output.error.tryWrite("\(note.showingControlCharacters)\n")
            }
            try show(predictions[index], chosen[index], of: rows, model.target, table)
        }
        try table?.end(
            header: WrittenFile.numberColumns + (all.first?.targets == nil ? [] : ["true_value"]))
    }

    /// The rows of a file that holds features as they are: NumPy's arrays, libsvm's text.
    private func rows(of file: String, for model: RegressorModel) async throws -> Rows {
        if ArrayFile.recognizes(file), !ArrayFile.hasLabels(file) {
            let features = try ArrayFile.examples(in: file, for: [model.regressor.featureCount])
            return Rows(name: PathText.name(of: file), features: features, notes: [], targets: nil)
        }
        var options = source
        options.data = DataName(argument: file)
        return try await rows(from: options, for: model)
    }

    /// The rows of the test part, or of a file without parts.
    private func rows(from options: DataOptions, for model: RegressorModel) async throws -> Rows {
        let data = try ModelData(
            options, of: self.model, featureCount: model.regressor.featureCount, input: model.input,
            predictsNumbers: true)
        let examples = try await data.load(part: .test, limit: nil, self.options).examples.labeledExamples()
        var targets: [Float]?
        if case .values(let values) = examples.targets { targets = values.elements }
        return Rows(name: data.name, features: examples.features, notes: [], targets: targets)
    }

    private func show(
        _ predictions: [Float], _ range: Range<Int>, of rows: Rows, _ target: RegressionTarget,
        _ table: AnswerTable?
    ) throws {
        let unit = target.unit.map { " \($0.showingControlCharacters)" } ?? ""
        for (offset, prediction) in predictions.enumerated() {
            let row = range.lowerBound + offset
            let (input, truth) = ("\(rows.name)#\(row)", rows.targets?[row])
            if let table {
                table.add([rows.name, "\(row)", "\(prediction)"] + (truth.map { ["\($0)"] } ?? []))
                continue
            }
            if options.json {
                let line: JSONText = [
                    "version": 1, "input": .string(input), "target": .string(target.name),
                    "prediction": .number(Double("\(prediction)")), "unit": .string(target.unit),
                    "true_value": .number(truth.flatMap { Double("\($0)") }),
                ]
                try Output.standard.write(line.line + "\n")
                continue
            }
            let known = truth.map { "   (true: \(Numerals.measure(Double($0))))" } ?? ""
            try Output.standard.write(
                "\(input.showingControlCharacters)  \(Numerals.measure(Double(prediction)))\(unit)\(known)\n")
        }
        let count = rows.features.count
        if index == nil, limit == nil, range.count < count, !options.quiet {
            Output.error.tryWrite(
                "\(range.count) of \(Numerals.grouped(count)) rows shown; --index or --limit for others\n")
        }
    }

    private func range(of count: Int, in file: String) throws -> Range<Int> {
        if let index {
            guard index.last < count else {
                throw DescentError(
                    .usage, "there is no row \(index.last) in \(file)", at: "--index",
                    expected: count == 0 ? "no index: the file is empty" : "0 to \(count - 1)",
                    got: "\(index.last)")
            }
            return index.first..<(index.last + 1)
        }
        return 0..<min(count, limit ?? (isForPrograms ? count : 10))
    }
}
