import CKernels
import Support

/// The first rows of a text, and the format that they show.
struct FormatDetection {
    typealias Field = RecordScanner.Field

    let format: DelimitedFormat
    /// The rows of the sample that are not empty, the header included.
    let rows: [[Field]]
    /// Where the first row that is not empty begins: after a line `sep=;` too.
    let firstRow: (place: Int, number: Int)

    /// Rows and bytes that are looked at.
    private static let (sampleRows, sampleBytes) = (200, 1 << 18)

    /// Looks at the beginning of a text; what the caller knows is not detected.
    ///
    /// - Throws: `badData` when a row of the sample cannot be read, or there is none.
    init(
        _ text: TableText, delimiter: DelimitedFormat.Delimiter?, decimal: DelimitedFormat.DecimalSeparator?,
        header: DelimitedFormat.Header?
    ) throws {
        let bytes = text.bytes
        var (start, skipped) = (0, 0)
        var known = delimiter
        // Excel's own way of saying the delimiter.
        if let line = Self.separatorLine(bytes) {
            known = known ?? line.delimiter
            (start, skipped) = (line.end, 1)
        }
        while start < bytes.count, bytes[start] == UInt8(ascii: "\n") || bytes[start] == UInt8(ascii: "\r") {
            skipped += bytes[start] == UInt8(ascii: "\n") ? 1 : 0
            start += 1
        }
        firstRow = (start, skipped)
        let candidates =
            if let known { [known] } else {
                // A tab or a semicolon that each row has as often is no part of the text; a comma may be a decimal one.
                [DelimitedFormat.Delimiter.tab, .semicolon, .pipe, .comma]
            }
        var best: (delimiter: DelimitedFormat.Delimiter, rows: [[Field]], score: Double)?
        for candidate in candidates {
            let rows: [[Field]]
            do {
                rows = try Self.sample(bytes, from: start, candidate)
            } catch {
                if candidates.count == 1 || candidate == .comma && best == nil {
                    throw error.error(text.path)
                }
                continue
            }
            let score = Self.agreement(rows)
            if best == nil || score > (best?.score ?? 0) { best = (candidate, rows, score) }
        }
        guard let best, let first = best.rows.first else {
            throw DescentError(.badData, "no rows", at: text.path, expected: "a table")
        }
        // Nothing separates: one column, whose text may hold commas.
        let chosen = best.score == 0 && known == nil ? .comma : best.delimiter
        rows =
            chosen == best.delimiter ? best.rows : (try? Self.sample(bytes, from: start, chosen)) ?? best.rows
        let point = decimal ?? Self.decimal(rows, chosen)
        let names = header ?? Self.header(rows.first ?? first, Array(rows.dropFirst()), point)
        format = DelimitedFormat(delimiter: chosen, decimal: point, header: names)
    }

    /// The share of rows that have as many fields as the first; 0 where there is one field.
    private static func agreement(_ rows: [[Field]]) -> Double {
        guard let width = rows.first?.count, rows.count > 0 else { return 0 }
        // scikit-learn's first row has another number of fields than the rest.
        let others = rows.dropFirst()
        if let second = others.first?.count, second > 1, hasCounts(rows[0], width: second),
            others.allSatisfy({ $0.count == second })
        {
            return 1
        }
        guard width > 1 else { return 0 }
        return Double(rows.count { $0.count == width }) / Double(rows.count)
    }

    /// The first rows that are not empty: at least three, if there are so many, however long they are.
    private static func sample(
        _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, _ delimiter: DelimitedFormat.Delimiter
    ) throws(RecordScanner.Fault) -> [[Field]] {
        var size = sampleBytes
        while true {
            let end = min(bytes.count, start + size)
            let isCut = end < bytes.count
            var scanner = RecordScanner(
                UnsafeBufferPointer(rebasing: bytes[..<end]), from: start, delimiter: delimiter.byte)
            var rows: [[Field]] = []
            do {
                while rows.count < sampleRows, let row = try scanner.next() {
                    // The row at which the sample is cut may go on.
                    if isCut, scanner.place >= end { break }
                    if !row.isEmpty { rows.append(row) }
                }
            } catch {
                guard case .openQuote = error, isCut else { throw error }
            }
            if !isCut || rows.count >= 3 { return rows }
            size *= 4
        }
    }

    private static func separatorLine(
        _ bytes: UnsafeBufferPointer<UInt8>
    ) -> (delimiter: DelimitedFormat.Delimiter, end: Int)? {
        let line = bytes.prefix(8).prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard line.count == 5, line.starts(with: Array("sep=".utf8)) || line.starts(with: Array("SEP=".utf8)),
            let delimiter = DelimitedFormat.Delimiter.allCases.first(where: { $0.byte == line[4] })
        else { return nil }
        var end = 5
        if bytes[end] == UInt8(ascii: "\r") { end += 1 }
        if end < bytes.count, bytes[end] == UInt8(ascii: "\n") { end += 1 }
        return (delimiter, end)
    }

    /// A decimal comma: fields such as `1,5` and none such as `1.5`. Between commas there is none.
    private static func decimal(
        _ rows: [[Field]], _ delimiter: DelimitedFormat.Delimiter
    ) -> DelimitedFormat.DecimalSeparator {
        guard delimiter != .comma else { return .point }
        var commas = false
        for field in rows.joined() {
            if field.bytes.contains(UInt8(ascii: ".")), number(field, .point) == 1 { return .point }
            if field.bytes.contains(UInt8(ascii: ",")), number(field, .comma) == 1 { commas = true }
        }
        return commas ? .comma : .point
    }

    /// Names in the first row: no field of it is a number, and it has some text. A first row of numbers is values, or the counts of
    /// scikit-learn's files.
    private static func header(
        _ first: [Field], _ others: [[Field]], _ decimal: DelimitedFormat.DecimalSeparator
    ) -> DelimitedFormat.Header {
        if let width = others.first?.count, hasCounts(first, width: width) { return .counts }
        if first.contains(where: { number($0, decimal) == 1 }) { return .none }
        // Questions marks and the like are values; an empty name is what pandas gives its index.
        if first.contains(where: { !$0.bytes.isEmpty && number($0, decimal) == 0 }) { return .none }
        return .names
    }

    /// `150,4,setosa,versicolor,virginica` above rows of five.
    private static func hasCounts(_ first: [Field], width: Int) -> Bool {
        guard first.count >= 3, let rows = Int(first[0].text), rows > 0, Int(first[1].text) == width - 1
        else { return false }
        return first.dropFirst(2).allSatisfy { number($0, .point) < 0 }
    }

    /// 1 for a number, 0 for what is missing, -1 for text.
    static func number(_ field: Field, _ decimal: DelimitedFormat.DecimalSeparator) -> Int32 {
        var value = 0.0
        return field.bytes.withUnsafeBufferPointer {
            ck_field_number($0.baseAddress, $0.count, decimal.byte, &value)
        }
    }
}

extension TableText {
    /// The text after a byte order mark.
    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: storage.bytes[start...]) }
}
