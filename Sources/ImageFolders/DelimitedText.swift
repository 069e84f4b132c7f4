import Support

/// Fields between commas, semicolons or tabulators, with quotes as in RFC 4180: as much as `labels.csv` needs.
///
/// Columns of numbers, other encodings and compressed files belong to the library for tables.
enum DelimitedText {
    struct Record: Equatable {
        /// The line on which it begins, from 1.
        let line: Int
        let fields: [String]
    }

    /// More than any path or label has; a quote that never closes would make one field of the whole file.
    static let maximumFieldLength = 1 << 16

    /// The rows; empty lines are none.
    ///
    /// - Throws: `badData` with line and byte: not UTF-8, a NUL byte, an endless field, a quote that is not closed.
    static func records(_ bytes: [UInt8], name: String) throws -> [Record] {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw DescentError(
                .badData, "the file is UTF-16", at: name, expected: "UTF-8", advice: "save it as UTF-8")
        }
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var reader = Reader(bytes: bytes, name: name, place: start, separator: separator(of: bytes[start...]))
        var records: [Record] = []
        while let record = try reader.next() { records.append(record) }
        return records
    }

    /// The character that the first line has most of, outside quotes; a comma if there is none.
    private static func separator(of bytes: ArraySlice<UInt8>) -> UInt8 {
        var counts: [UInt8: Int] = [:]
        var isQuoted = false
        for byte in bytes {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if isQuoted { continue }
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { break }
            counts[byte, default: 0] += 1
        }
        // The first of the most frequent, in this order.
        let candidates = [",", ";", "\t"].compactMap { $0.utf8.first }
        return candidates.reduce(UInt8(ascii: ",")) {
            counts[$1, default: 0] > counts[$0, default: 0] ? $1 : $0
        }
    }

    private struct Reader {
        let bytes: [UInt8]
        let name: String
        var place: Int
        let separator: UInt8
        var line = 1

        private static let (quote, feed, back) = (UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"))

        /// The next row that is not an empty line; nil at the end.
        mutating func next() throws -> Record? {
            while place < bytes.count {
                let begin = line
                var fields = [try field(begin, 1)]
                while place < bytes.count, bytes[place] == separator {
                    place += 1
                    fields.append(try field(begin, fields.count + 1))
                }
                endLine()
                if fields != [""] { return Record(line: begin, fields: fields) }
            }
            return nil
        }

        /// Steps over the end of a line: CRLF, LF, or CR as old programs have it.
        private mutating func endLine() {
            guard place < bytes.count else { return }
            if bytes[place] == Self.back {
                place += 1
                if place < bytes.count, bytes[place] == Self.feed { place += 1 }
            } else if bytes[place] == Self.feed {
                place += 1
            }
            line += 1
        }

        private mutating func field(_ begin: Int, _ column: Int) throws -> String {
            var text: [UInt8] = []
            if place < bytes.count, bytes[place] == Self.quote {
                try quoted(&text, begin, column)
            } else {
                let start = place
                while place < bytes.count, bytes[place] != separator, bytes[place] != Self.feed,
                    bytes[place] != Self.back
                {
                    place += 1
                }
                text = Array(bytes[start..<min(place, start + DelimitedText.maximumFieldLength + 1)])
            }
            func refused(_ what: String, _ expected: String? = nil) -> DescentError {
                DescentError(
                    .badData, what, at: "\(name), line \(begin), column \(column)", expected: expected)
            }
            guard text.count <= DelimitedText.maximumFieldLength else {
                throw refused("a field is too long", "at most \(DelimitedText.maximumFieldLength) bytes")
            }
            guard !text.contains(0) else { throw refused("a NUL byte in a field", "text") }
            guard let string = String(validating: text, as: UTF8.self) else {
                throw refused("a field is not UTF-8", "UTF-8").advising("save the file as UTF-8")
            }
            return string
        }

        /// A field in quotes; two quotes are one.
        private mutating func quoted(_ text: inout [UInt8], _ begin: Int, _ column: Int) throws {
            let position = "\(name), line \(begin), column \(column)"
            place += 1
            while true {
                guard place < bytes.count, text.count <= DelimitedText.maximumFieldLength else {
                    throw DescentError(.badData, "a quote that is not closed", at: position)
                }
                let byte = bytes[place]
                place += 1
                if byte == Self.quote {
                    guard place < bytes.count, bytes[place] == Self.quote else { break }
                    place += 1
                } else if byte == Self.feed
                    || (byte == Self.back && !(place < bytes.count && bytes[place] == Self.feed))
                {
                    line += 1
                }
                text.append(byte)
            }
            guard place == bytes.count || [separator, Self.feed, Self.back].contains(bytes[place]) else {
                throw DescentError(
                    .badData, "text after a closing quote", at: position,
                    expected: "a separator or the line's end")
            }
        }
    }
}
