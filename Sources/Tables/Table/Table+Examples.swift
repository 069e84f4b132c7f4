import Arrays
import ExampleData
import Support

// The one place where a table is handed over to what learns.

extension Table {
    /// Reads a table that a model is asked about, or tested with: columns of text are read as in training, and the label is matched
    /// to the model's classes if it is there.
    ///
    /// `labeledOnly`: whether rows without a label are left out, as they are in training; a note says how many.
    ///
    /// - Throws: as `init(_:label:)`, but for a label that is not there. Columns that the model needs are looked for when the
    ///   preprocessing is applied.
    public init(
        _ path: String, for preprocessing: TablePreprocessing, labeledOnly: Bool = false,
        options: TableOptions = TableOptions(), cancellation: Cancellation? = nil,
        progress: ((Double) -> Void)? = nil
    ) throws {
        try self.init(
            TableText(path: path, encoding: options.encoding, cancellation: cancellation), for: preprocessing,
            labeledOnly: labeledOnly, options: options, cancellation: cancellation, progress: progress)
    }

    init(
        _ text: TableText, for preprocessing: TablePreprocessing, labeledOnly: Bool = false,
        options: TableOptions = TableOptions(), cancellation: Cancellation? = nil,
        progress: ((Double) -> Void)? = nil
    ) throws {
        var options = options
        options.textColumns.formUnion(preprocessing.textColumns)
        let isClassified = preprocessing.task == .classification
        let source = try TableSource(text, options: options, cancellation: cancellation, progress: progress) {
            _ in
            isClassified ? Set([preprocessing.labelName].compactMap { $0 }) : []
        }
        var columns = ColumnAnalysis.columns(source, rows: source.rows)
        var target: TableTarget?
        if let name = preprocessing.labelName, let index = source.names.firstIndex(of: name) {
            let names = isClassified ? Self.names(of: source, index, preprocessing.classNames) : nil
            if columns[index].role != .leftOut(.empty) {
                target = try TableTarget(
                    source, column: index, task: preprocessing.task, classNames: names)
            }
            columns[index].role = .label
        }
        var (rows, notes) = (source.rows, source.notes)
        if labeledOnly, let target {
            // A class that was not learned is no missing one: it is refused where the examples are made.
            rows = rows.filter { source.values[target.column].text(Int($0)) != nil }
            if rows.count < source.rows.count {
                notes.append(
                    "\(Numerals.counted(source.rows.count - rows.count, "row")) without a label left out")
            }
        }
        self.init(source: source, target: target, rows: rows, columns: columns, notes: notes)
    }

    /// The model's classes; where a file's first row names them, its whole numbers stand for these.
    private static func names(of source: TableSource, _ column: Int, _ known: [String]) -> [String] {
        source.classNames == known ? known.indices.map { "\($0)" } : known
    }

    /// The table's rows with their classes or numbers, ready to be learned from.
    ///
    /// - Throws: as `TablePreprocessing.applied(to:)`; `badData` when the table has no label, or a row's is missing or a class that
    ///   the training table did not have.
    public func examples(_ preprocessing: TablePreprocessing) throws -> LabeledExamples {
        let features = FeatureMatrix.floats(try preprocessing.applied(to: self).features)
        guard let target else {
            throw DescentError(
                .badData, "no label", at: path,
                expected: "a column \"\(preprocessing.labelName ?? "label")\"",
                got: "the columns \(LabelChoice.listed(source.names))")
        }
        if let row = rows.first(where: { target.isMissing($0) }) {
            let got = source.values[target.column].text(Int(row))
            throw DescentError(
                .badData, got == nil ? "a row without a label" : "a class that was not learned",
                at: source.place(row, target.column),
                expected: preprocessing.classNames.isEmpty
                    ? "a number" : "one of \(LabelChoice.listed(preprocessing.classNames))",
                got: got.map { "\"\($0)\"" })
        }
        switch target.values {
        case .classes:
            return try LabeledExamples(
                validating: features, .classes(classes), classNames: classNames(preprocessing))
        case .numbers:
            let values = targetValues
            if let place = values.firstIndex(where: { !Float($0).isFinite }) {
                throw DescentError(
                    .badData, "a label that is too large", at: source.place(rows[place], target.column),
                    expected: "at most 3.4e38", got: "\(values[place])")
            }
            return try LabeledExamples(
                validating: features, .values(NDArray(shape: [count], elements: values.map { Float($0) })))
        }
    }

    private func classNames(_ preprocessing: TablePreprocessing) -> [String] {
        preprocessing.classNames.count == classNames.count ? preprocessing.classNames : classNames
    }
}
