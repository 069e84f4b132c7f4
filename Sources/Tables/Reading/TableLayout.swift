import Support

/// Thrown where quotes are not as RFC 4180 has them, so that rows may end elsewhere than the survey saw.
struct IrregularQuotes: Error {}

/// A text that the vectorised reader takes, with the place where its values begin and the columns' names.
struct TableLayout {
    let text: TableText
    let format: DelimitedFormat
    let names: [String]
    /// Where the first row of values begins, from the text's start.
    let firstByte: Int
    /// The number of rows before it, empty lines included.
    let rowsBefore: Int
    /// The rows of the sample that hold values.
    let sample: [[RecordScanner.Field]]
    /// The names of the classes that the first row says, and the number of rows: scikit-learn's files.
    let counts: (rows: Int, classNames: [String])?
    /// What should be said of the names.
    let notes: [String]

    /// The number of rows after the header, empty lines included.
    var rowCount: Int { text.survey.rowCount - rowsBefore }

    /// - Throws: `IrregularQuotes`; `badData` for a header that cannot be read, a NUL byte, a quote that never closes.
    init(_ original: TableText, options: TableOptions, isRegular: Bool = false) throws {
        var text = original
        var found = try FormatDetection(
            text, delimiter: options.delimiter, decimal: options.decimal, header: options.header)
        if text.survey.hasZeros { throw Self.zeroFault(text, found.format.delimiter.byte) }
        if !isRegular, text.survey.hasLoneReturns || text.survey.endsInQuotes {
            text = try text.regular(delimiter: found.format.delimiter.byte)
            found = try FormatDetection(
                text, delimiter: found.format.delimiter, decimal: found.format.decimal,
                header: found.format.header)
        }
        let format = found.format
        var rows = found.rows
        var (place, before) = found.firstRow
        let first = rows[0]
        if format.header != .none {
            var scanner = RecordScanner(text.bytes, from: place, delimiter: format.delimiter.byte)
            do { _ = try scanner.next() } catch { throw error.counting(from: before).error(text.path) }
            place = scanner.place
            before += 1
            rows.removeFirst()
        }
        if !isRegular, !Self.agrees(text.bytes[..<place], rows: before) { throw IrregularQuotes() }
        (self.text, self.format) = (text, format)
        (firstByte, rowsBefore, sample) = (place, before, rows)
        guard let width = rows.first?.count else {
            throw DescentError(
                .badData, "no rows below the header", at: text.path, expected: "a row for each example")
        }
        switch format.header {
        case .names:
            counts = nil
            (names, notes) = Self.uniqueNames(first.map(\.text))
        case .none:
            counts = nil
            names = (1...width).map { "column \($0)" }
            notes = ["the first row holds values: columns are named column 1 to column \(width)"]
        case .counts:
            counts = (Int(first.first?.text ?? "") ?? 0, first.dropFirst(2).map(\.text))
            names = (1..<max(2, width)).map { "feature \($0)" } + ["target"]
            notes = ["the first row holds the numbers of rows and features and the names of the classes"]
        }
    }

    /// Whether the survey, to which every quote opens or closes, sees as many rows end before the first values.
    private static func agrees(_ bytes: Slice<UnsafeBufferPointer<UInt8>>, rows: Int) -> Bool {
        var (count, isInside) = (0, false)
        for byte in bytes {
            if byte == UInt8(ascii: "\"") { isInside.toggle() }
            if byte == UInt8(ascii: "\n"), !isInside { count += 1 }
        }
        return count == rows && !isInside
    }

    /// Names without spaces around them; empty ones and repeated ones get a number.
    private static func uniqueNames(_ given: [String]) -> (names: [String], notes: [String]) {
        var seen: Set<String> = []
        var (names, notes) = ([String](), [String]())
        for (place, name) in given.enumerated() {
            let trimmed = String(name.drop { $0 == " " || $0 == "\t" })
            var plain = String(trimmed.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
            if plain.isEmpty {
                plain = "column \(place + 1)"
                notes.append("column \(place + 1) has no name")
            }
            var unique = plain
            var number = 2
            while !seen.insert(unique).inserted {
                unique = "\(plain) (\(number))"
                number += 1
            }
            if unique != plain {
                notes.append("column \(place + 1) is called \"\(plain)\" again: named \"\(unique)\"")
            }
            names.append(unique)
        }
        return (names, notes)
    }

    private static func zeroFault(_ text: TableText, _ delimiter: UInt8) -> DescentError {
        var scanner = RecordScanner(text.bytes, delimiter: delimiter)
        do {
            while try scanner.next() != nil {}
        } catch {
            return error.error(text.path)
        }
        return RecordScanner.Fault.zero(row: 1, field: 0).error(text.path)
    }
}
