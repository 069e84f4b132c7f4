import Support

/// A table of text: its columns, what each is, and which of them is the label.
///
/// ```swift
/// let table = try Table("wine.csv", label: "label")
/// table.count                          // 178
/// table.classNames                     // ["0", "1", "2"]
/// let (train, test) = try table.split(test: 0.2, seed: 1)
/// let preprocessing = try TablePreprocessing(fittedTo: train)
/// let examples = try train.examples(preprocessing)       // [142, 13], standardised
/// ```
///
/// Commas, tabs, semicolons and pipes; quotes by RFC 4180; UTF-8, UTF-16 and CP949; gzipped or not: all are detected
/// (`TableOptions` says what the caller knows better). Values that are missing are empty, or NA, N/A, NaN, #N/A, null or None in upper
/// or lower case, a question mark, a hyphen.
///
/// A table is a value; parts of it share the columns of the file.
public struct Table: Sendable {
    let source: TableSource
    let target: TableTarget?
    /// The rows of the file, in order.
    let rows: [Int32]
    /// The columns, in the file's order.
    public internal(set) var columns: [TableColumn]
    /// What was found and done, a sentence each: for people.
    public let notes: [String]

    init(
        source: TableSource, target: TableTarget?, rows: [Int32], columns: [TableColumn], notes: [String]
    ) {
        self.source = source
        self.target = target
        self.rows = rows
        self.columns = columns
        self.notes = notes
    }

    /// The file, as the caller named it.
    package var path: String { source.path }
    /// How it is cut into rows, fields and numbers.
    package var format: DelimitedFormat { source.format }
    /// Its encoding.
    package var encoding: TextEncoding { source.encoding }
    /// The number of rows with a label, or of all where there is none.
    public var count: Int { rows.count }
    /// The name of the label's column.
    package var labelName: String? { target.map { source.names[$0.column] } }
    /// What is to be learned; nil without a label.
    package var task: TableTask? { target?.task }
    /// The names of the classes, sorted as numbers where all are, else as text; empty for a regression.
    public var classNames: [String] { target?.classNames ?? [] }

    /// The class of each row, an index into `classNames`; empty where there are none.
    package var classes: [Int32] {
        guard case .classes(let classes, _) = target?.values else { return [] }
        return rows.map { classes[Int($0)] }
    }

    /// The number to be learned of each row; empty where classes are learned.
    package var targetValues: [Double] {
        guard case .numbers(let numbers) = target?.values else { return [] }
        return rows.map { numbers[Int($0)] }
    }

    /// The rows' numbers in the file, counted from 1 with the header and empty lines, as a spreadsheet counts them.
    package var rowNumbers: [Int] { rows.map { source.rowNumber($0) } }

    /// The value of a row and a column as text; nil where it is missing.
    ///
    /// - Precondition: both are in range.
    package func text(row: Int, column: Int) -> String? { source.values[column].text(Int(rows[row])) }

    /// The numbers of a column, NaN where they are missing; nil for a column of text.
    package func numbers(ofColumn name: String) -> [Double]? {
        guard let index = source.names.firstIndex(of: name), case .numbers(let numbers) = source.values[index]
        else { return nil }
        return rows.map { numbers[Int($0)] }
    }

    /// The rows `places`, in that order.
    ///
    /// - Precondition: every place is in 0 ..< count.
    package func gathered(_ places: [Int32]) -> Table {
        require(places.allSatisfy { $0 >= 0 && Int($0) < count }, "a row outside of 0 ..< \(count)")
        return Table(
            source: source, target: target, rows: places.map { rows[Int($0)] }, columns: columns, notes: [])
    }
}
