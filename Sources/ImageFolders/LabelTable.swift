import Support
import Tables

/// The contents of `labels.csv`: the class of each file, the subset where a column has it, and the other columns.
///
/// Delimiter and encoding are detected as those of every table. The first row is a header when it names both columns; a table of
/// two columns may have none.
struct LabelTable {
    struct Row: Equatable {
        /// The number of the row as a spreadsheet counts, from 1.
        let number: Int
        let file: String
        let label: String
        let subset: ImageSubset?
        /// The fields of the columns `attributeNames`.
        let attributes: [String]
    }

    let rows: [Row]
    /// The names of the columns that are neither file, label nor subset.
    let attributeNames: [String]

    static let fileColumns = [
        "file", "filename", "file_name", "path", "filepath", "image", "picture", "name", "id",
    ]
    static let labelColumns = ["label", "class", "target", "category", "species", "y"]
    static let subsetColumns = ["split", "subset", "set", "side"]

    /// - Throws: `missingInput`, `inputOutput`; `badData` with row and column.
    init(contentsOf path: String) throws { try self.init(DelimitedReader(path), name: path) }

    /// - Throws: `badData` with row and column.
    init(_ bytes: [UInt8], name: String) throws {
        try self.init(DelimitedReader(bytes: bytes, name: name), name: name)
    }

    private init(_ reader: DelimitedReader, name: String) throws {
        var reader = reader
        guard let first = try reader.next() else {
            throw DescentError(
                .badData, "an empty file", at: name, expected: "the columns file and label")
        }
        let firstNumber = reader.row
        let header = first.map { $0.trimmed.lowercased() }
        func column(_ names: [String]) -> Int? {
            names.lazy.compactMap { header.firstIndex(of: $0) }.first
        }
        let places: (file: Int, label: Int, subset: Int?)
        let hasHeader: Bool
        if let label = column(Self.labelColumns), let file = column(Self.fileColumns), file != label {
            places = (file, label, column(Self.subsetColumns))
            hasHeader = true
        } else if first.count == 2, column(Self.labelColumns + Self.fileColumns) == nil {
            places = (0, 1, nil)
            hasHeader = false
        } else {
            throw DescentError(
                .badData, "no columns of files and labels", at: "\(name), row \(firstNumber)",
                expected: "a header with file and label",
                got: first.prefix(8).joined(separator: ", "),
                advice: "name the columns in the first line")
        }
        let attributes =
            hasHeader
            ? first.indices.filter { ![places.file, places.label, places.subset].contains($0) } : []
        attributeNames = attributes.map { first[$0].trimmed }
        func row(_ number: Int, _ fields: [String]) throws -> Row {
            guard fields.count == first.count else {
                throw DescentError(
                    .badData, "a row of another length", at: "\(name), row \(number)",
                    expected: "\(first.count) fields", got: "\(fields.count)")
            }
            func field(_ column: Int, _ what: String) throws -> String {
                let text = fields[column].trimmed
                guard !text.isEmpty else {
                    throw DescentError(
                        .badData, "no \(what) in this row",
                        at: "\(name), row \(number), column \(column + 1)")
                }
                return text
            }
            var subset: ImageSubset?
            if let column = places.subset {
                let text = try field(column, "subset")
                subset = ImageSubset(folderName: text)
                if subset == nil {
                    throw DescentError(
                        .badData, "no subset has this name",
                        at: "\(name), row \(number), column \(column + 1)",
                        expected: "train, validation or test", got: String(text.prefix(40)))
                }
            }
            return Row(
                number: number, file: try field(places.file, "file"),
                label: try field(places.label, "label"), subset: subset,
                attributes: attributes.map { fields[$0].trimmed })
        }
        var rows = hasHeader ? [] : [try row(firstNumber, first)]
        while let fields = try reader.next() { rows.append(try row(reader.row, fields)) }
        self.rows = rows
        guard !rows.isEmpty else {
            throw DescentError(.badData, "there is a header and no row", at: name)
        }
    }
}

extension String {
    /// The text without spaces at its ends.
    fileprivate var trimmed: String {
        var utf8 = self.utf8[...]
        while let last = utf8.last, last == 0x20 || last == 0x09 { utf8.removeLast() }
        while let first = utf8.first, first == 0x20 || first == 0x09 { utf8.removeFirst() }
        return String(Substring(utf8))
    }
}
