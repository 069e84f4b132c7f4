import Support

/// The fields of one row after another, by the rules of Python's csv module, which read RFC 4180 and what differs from it.
///
/// A quote at a field's beginning opens it; within, a doubled quote is a quote, and delimiters and ends of lines are text. A quote
/// elsewhere, and text after a closing quote, stand for themselves. A row ends with a line feed, a carriage return, or both.
///
/// This scanner goes byte by byte. It reads samples, finds the places of faults and rewrites what the vectorised reader does not
/// take.
struct RecordScanner {
    /// A field as it stands in the text.
    struct Field: Equatable {
        /// Without its quotes.
        var bytes: [UInt8] = []
        var isQuoted = false

        /// The text.
        var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    /// A fault, with the field counted from 0.
    enum Fault: Error, Equatable {
        case openQuote(row: Int, field: Int)
        case long(row: Int, field: Int)
        case zero(row: Int, field: Int)
        case wide(row: Int)
    }

    /// The longest field, in bytes.
    static let longestField = 1 << 20
    /// The most fields of a row.
    static let mostFields = 1 << 18

    private let bytes: UnsafeBufferPointer<UInt8>
    private let delimiter: UInt8
    /// The next byte.
    private(set) var place: Int
    /// The number of rows read.
    private(set) var row = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int = 0, delimiter: UInt8) {
        self.bytes = bytes
        self.delimiter = delimiter
        place = start
    }

    /// The next row; no fields for an empty line, nil at the end.
    mutating func next() throws(Fault) -> [Field]? {
        guard place < bytes.count else { return nil }
        row += 1
        var fields: [Field] = []
        var field = Field()
        var (isStart, isInside) = (true, false)
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            if byte == 0 { throw .zero(row: row, field: fields.count) }
            if isInside {
                if byte != UInt8(ascii: "\"") {
                    field.bytes.append(byte)
                } else if place < bytes.count, bytes[place] == byte {
                    field.bytes.append(byte)
                    place += 1
                } else {
                    isInside = false
                }
            } else if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                if byte == UInt8(ascii: "\r"), place < bytes.count, bytes[place] == UInt8(ascii: "\n") {
                    place += 1
                }
                if fields.isEmpty, field == Field() { return [] }
                return fields + [field]
            } else if byte == delimiter {
                fields.append(field)
                guard fields.count < Self.mostFields else { throw .wide(row: row) }
                field = Field()
                isStart = true
                continue
            } else if isStart, byte == UInt8(ascii: "\"") {
                field.isQuoted = true
                isInside = true
            } else {
                field.bytes.append(byte)
            }
            isStart = false
            if field.bytes.count > Self.longestField { throw .long(row: row, field: fields.count) }
        }
        if isInside { throw .openQuote(row: row, field: fields.count) }
        return fields + [field]
    }
}

extension RecordScanner.Fault {
    /// The error, with the file and what its columns are called.
    func error(_ path: String, columns: [String] = []) -> DescentError {
        func place(_ row: Int, _ field: Int) -> String {
            TableText.place(path, row: row, column: field, columns)
        }
        return switch self {
        case .openQuote(let row, let field):
            DescentError(
                .badData, "a quote that never closes", at: place(row, field),
                expected: "a closing quote before the end of the file",
                advice: "close it; a quote within a quoted field is doubled")
        case .long(let row, let field):
            DescentError(
                .badData, "too long a field", at: place(row, field),
                expected: "at most \(Numerals.grouped(RecordScanner.longestField)) bytes",
                advice: "a quote before it may not be closed")
        case .zero(let row, let field):
            DescentError(
                .badData, "a NUL byte", at: place(row, field), expected: "text",
                advice: "the file is damaged or not a text; UTF-16 needs its byte order mark, or its name")
        case .wide(let row):
            DescentError(
                .badData, "too many fields", at: "\(path), row \(row)",
                expected: "at most \(Numerals.grouped(RecordScanner.mostFields))")
        }
    }
}

extension TableText {
    /// The location of a field: rows are counted from 1, the header and empty lines included, as a spreadsheet counts them.
    static func place(_ path: String, row: Int, column: Int, _ names: [String] = []) -> String {
        let name = names.indices.contains(column) ? " \"\(names[column])\"" : ""
        return "\(path), row \(row), column \(column + 1)\(name)"
    }
}
