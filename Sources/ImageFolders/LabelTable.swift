import Support

/// The contents of `labels.csv`: the class of each file, the subset where a column has it, and the other columns.
///
/// Commas, semicolons or tabulators between the fields, quotes as in RFC 4180, UTF-8. The first line is a header when it names
/// both columns; a table of two columns may have none.
struct LabelTable {
    struct Row: Equatable {
        /// The line in the file on which the row begins, from 1.
        let line: Int
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

    /// - Throws: `badData` with line and column.
    init(_ bytes: [UInt8], name: String) throws {
        let records = try DelimitedText.records(bytes, name: name)
        guard let first = records.first else {
            throw DescentError(
                .badData, "the file is empty", at: name, expected: "the columns file and label")
        }
        let header = first.fields.map { $0.trimmed.lowercased() }
        func column(_ names: [String]) -> Int? {
            names.lazy.compactMap { header.firstIndex(of: $0) }.first
        }
        let places: (file: Int, label: Int, subset: Int?)
        let body: ArraySlice<DelimitedText.Record>
        if let label = column(Self.labelColumns), let file = column(Self.fileColumns), file != label {
            places = (file, label, column(Self.subsetColumns))
            body = records.dropFirst()
        } else if first.fields.count == 2, column(Self.labelColumns + Self.fileColumns) == nil {
            places = (0, 1, nil)
            body = records[...]
        } else {
            throw DescentError(
                .badData, "no columns of files and labels", at: "\(name), line 1",
                expected: "a header with file and label",
                got: first.fields.prefix(8).joined(separator: ", "),
                advice: "name the columns in the first line")
        }
        let hasHeader = body.startIndex > 0
        let attributes =
            hasHeader
            ? first.fields.indices.filter { ![places.file, places.label, places.subset].contains($0) } : []
        attributeNames = attributes.map { first.fields[$0].trimmed }
        rows = try body.map { record in
            guard record.fields.count == first.fields.count else {
                throw DescentError(
                    .badData, "a row of another length", at: "\(name), line \(record.line)",
                    expected: "\(first.fields.count) fields", got: "\(record.fields.count)")
            }
            func field(_ column: Int, _ what: String) throws -> String {
                let text = record.fields[column].trimmed
                guard !text.isEmpty else {
                    throw DescentError(
                        .badData, "no \(what) in this row",
                        at: "\(name), line \(record.line), column \(column + 1)")
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
                        at: "\(name), line \(record.line), column \(column + 1)",
                        expected: "train, validation or test", got: String(text.prefix(40)))
                }
            }
            return Row(
                line: record.line, file: try field(places.file, "file"),
                label: try field(places.label, "label"), subset: subset,
                attributes: attributes.map { record.fields[$0].trimmed })
        }
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
