import Support

/// The rows of a delimited text as texts, one after another: what Python's csv module gives.
///
/// ```swift
/// var reader = try DelimitedReader("wine.csv")
/// while let row = try reader.next() { print(row) }        // ["alcohol", "malic_acid", ...], ["14.23", ...]
/// ```
///
/// `Table` reads columns instead, many times faster.
package struct DelimitedReader: Sendable {
    /// The format: detected where it was not given.
    package let format: DelimitedFormat
    /// The encoding: detected where it was not given.
    package let encoding: TextEncoding
    private let text: TableText
    private var place: Int
    /// The number of the row that was read last, counted from 1; empty lines count.
    package private(set) var row: Int

    /// Opens a file: gzipped or not, in an encoding and a format that are detected unless they are given.
    ///
    /// - Throws: `missingInput`, `inputOutput`; `badData` for a file that is not text.
    package init(
        _ path: String, encoding: TextEncoding? = nil, delimiter: DelimitedFormat.Delimiter? = nil
    ) throws {
        try self.init(TableText(path: path, encoding: encoding), delimiter: delimiter)
    }

    /// Opens bytes in memory; `name` is used as the path in errors.
    ///
    /// - Throws: `badData` for bytes that are no text.
    package init(bytes: [UInt8], name: String) throws {
        try self.init(TableText(bytes: bytes, path: name))
    }

    init(_ text: TableText, delimiter: DelimitedFormat.Delimiter? = nil) throws {
        let found = try FormatDetection(text, delimiter: delimiter, decimal: nil, header: nil)
        self.text = text
        encoding = text.encoding
        format = found.format
        (place, row) = found.firstRow
    }

    /// The fields of the next row that is not an empty line; nil at the end.
    ///
    /// - Throws: `badData` for a quote that never closes, a NUL byte, a field of more than a mebibyte.
    package mutating func next() throws -> [String]? {
        // The scanner keeps a pointer to the text, which lives as long as this value does.
        var scanner = RecordScanner(text.bytes, from: place, delimiter: format.delimiter.byte)
        let before = row
        defer { (place, row) = (scanner.place, before + scanner.row) }
        do {
            while let fields = try scanner.next() {
                if !fields.isEmpty { return fields.map(\.text) }
            }
            return nil
        } catch let fault {
            throw fault.counting(from: before).error(text.path)
        }
    }
}

extension RecordScanner.Fault {
    /// The fault with rows before the scanner's first added.
    func counting(from rows: Int) -> RecordScanner.Fault {
        switch self {
        case .openQuote(let row, let field): .openQuote(row: rows + row, field: field)
        case .long(let row, let field): .long(row: rows + row, field: field)
        case .zero(let row, let field): .zero(row: rows + row, field: field)
        case .wide(let row): .wide(row: rows + row)
        }
    }
}
