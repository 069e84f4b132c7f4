import CKernels
import Support

/// A file's columns, shared by all tables that are parts of it.
final class TableSource: Sendable {
    /// The name of the file in errors.
    let path: String
    let names: [String]
    let values: [ColumnValues]
    /// The number of rows before the first value.
    let rowsBefore: Int
    /// The rows that are not empty lines.
    let rows: [Int32]
    let format: DelimitedFormat
    let encoding: TextEncoding
    /// The names of the classes that the file's first row says.
    let classNames: [String]?
    /// What should be said of the file.
    let notes: [String]

    /// Reads a file.
    ///
    /// `labelText`: the columns whose values are kept as texts, found by the names and the sample.
    init(
        _ original: TableText, options: TableOptions, cancellation: Cancellation?,
        progress: ((Double) -> Void)?,
        labelText: (TableLayout) throws -> Set<String>
    ) throws {
        func read(_ layout: TableLayout) throws -> ColumnReading {
            try ColumnReading(
                layout, textColumns: options.textColumns.union(labelText(layout)), cancellation: cancellation,
                progress: progress)
        }
        var layout: TableLayout
        let reading: ColumnReading
        do {
            layout = try TableLayout(original, options: options)
            reading = try read(layout)
        } catch is IrregularQuotes {
            var known = options
            let format = try FormatDetection(
                original, delimiter: options.delimiter, decimal: options.decimal, header: options.header
            ).format
            (known.delimiter, known.decimal, known.header) = (format.delimiter, format.decimal, format.header)
            layout = try TableLayout(
                original.regular(delimiter: format.delimiter.byte), options: known, isRegular: true)
            do {
                reading = try read(layout)
            } catch is IrregularQuotes {
                throw DescentError(
                    .badData, "rows that cannot be told apart", at: original.path,
                    expected: "quotes by RFC 4180")
            }
        }
        path = original.path
        names = layout.names
        values = reading.values
        rowsBefore = layout.rowsBefore
        format = layout.format
        encoding = original.encoding
        let blank = Set(reading.blankRows)
        let all = (0..<Int32(layout.rowCount))
        rows = blank.isEmpty ? Array(all) : all.filter { !blank.contains($0) }
        guard !rows.isEmpty else {
            throw DescentError(
                .badData, "no rows below the header", at: path, expected: "a row for each example")
        }
        var notes = layout.notes
        if original.isEncodingDetected { notes.append("read as \(encoding.rawValue)") }
        if layout.format.decimal == .comma { notes.append("numbers have a decimal comma") }
        self.notes = notes
        classNames = layout.counts?.classNames
        if let counts = layout.counts, counts.rows != rows.count {
            throw DescentError(
                .badData, "another number of rows than the first row says", at: path,
                expected: "\(counts.rows)", got: "\(rows.count)",
                advice: "if the first row holds names or values, say so")
        }
    }

    /// Row number `row` as a spreadsheet counts.
    func rowNumber(_ row: Int32) -> Int { rowsBefore + Int(row) + 1 }

    /// The location of a value, for an error.
    func place(_ row: Int32, _ column: Int) -> String {
        TableText.place(path, row: rowNumber(row), column: column, names)
    }

    /// Whether `rows` are all rows of the file, in order.
    func isAll(_ rows: [Int32]) -> Bool {
        guard let first = values.first else { return false }
        let count =
            switch first {
            case .numbers(let numbers): numbers.count
            case .texts(let codes, _): codes.count
            }
        return rows.count == count && rows.indices.allSatisfy { rows[$0] == Int32($0) }
    }

    /// What the numbers of a column are like in some rows.
    func summary(_ numbers: ColumnBuffer<Double>, rows: [Int32], isAll: Bool) -> ck_number_summary {
        // All rows, which lie one after another, need no list of them.
        isAll
            ? ck_number_summarize(numbers.base, nil, numbers.count)
            : ck_number_summarize(numbers.base, rows, rows.count)
    }
}
