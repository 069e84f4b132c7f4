import CKernels
import Support

/// Reads all columns of a table, in parallel parts.
///
/// The sample says which columns hold numbers. One that turns out to hold something else is read again, as text: the memory is
/// that of the numbers alone, and no field becomes a string unless it is a text of its own.
struct ColumnReading {
    /// The columns, one value for each row of the file.
    let values: [ColumnValues]
    /// The empty lines among the rows.
    let blankRows: [Int32]

    /// Parts between two looks at a cancellation.
    private static let batch = 32

    /// - Throws: `IrregularQuotes`; `badData` for a row of another length, a field that is too long; `interrupted`.
    init(
        _ layout: TableLayout, textColumns: Set<String>, cancellation: Cancellation?,
        progress: ((Double) -> Void)?
    ) throws {
        let (count, width) = (layout.rowCount, layout.names.count)
        guard let rows = Int32(exactly: count) else {
            throw DescentError(
                .badData, "too many rows", at: layout.text.path, expected: "at most \(Int32.max)",
                got: "\(count)")
        }
        // A row of values takes a byte for each field; many more cells than bytes are empty lines.
        let (cells, overflow) = count.multipliedReportingOverflow(by: width)
        guard !overflow, cells <= 2 * layout.text.bytes.count + 1 << 20 else {
            throw DescentError(
                .badData, "more empty lines than rows", at: layout.text.path,
                expected: "rows of \(width) fields", got: "\(Numerals.grouped(Int(rows))) lines",
                advice: "take the empty lines out")
        }
        let isText = layout.names.indices.map { column in
            textColumns.contains(layout.names[column])
                || layout.sample.contains {
                    column < $0.count && FormatDetection.number($0[column], layout.format.decimal) < 0
                }
        }
        var kinds = isText.map { $0 ? CK_FIELD_TEXT : CK_FIELD_NUMBER }
        let blank = try ColumnBuffer<UInt8>(count: count)
        blank.base.update(repeating: 0, count: count)
        var read = try Self.pass(layout, kinds, blank, cancellation) { progress?(0.9 * $0) }
        if read.contains(where: { $0 == nil }) {
            // Numbers that are kept are not read again.
            kinds = read.map { $0 == nil ? CK_FIELD_TEXT : CK_FIELD_SKIPPED }
            let again = try Self.pass(layout, kinds, blank, cancellation) { progress?(0.9 + 0.1 * $0) }
            for (column, values) in again.enumerated() where read[column] == nil { read[column] = values }
        }
        progress?(1)
        values = read.compactMap { $0 }
        blankRows = blank.values.indices.compactMap { blank[$0] == 1 ? Int32($0) : nil }
    }

    /// Reads the columns of these kinds; nil for a column of numbers that holds something else, and for those that are skipped.
    private static func pass(
        _ layout: TableLayout, _ kinds: [ck_field_kind], _ blank: ColumnBuffer<UInt8>,
        _ cancellation: Cancellation?, _ progress: (Double) -> Void
    ) throws -> [ColumnValues?] {
        let (rows, width) = (layout.rowCount, kinds.count)
        let textColumns = kinds.indices.filter { kinds[$0] == CK_FIELD_TEXT }
        let parts = ReadingParts(
            layout.text.survey.parts.filter { $0.end > layout.firstByte }, columns: width,
            texts: textColumns.count
        ).parts
        let numbers = try kinds.map { try $0 == CK_FIELD_NUMBER ? ColumnBuffer<Double>(count: rows) : nil }
        let codes = try kinds.map { try $0 == CK_FIELD_TEXT ? ColumnBuffer<Int32>(count: rows) : nil }
        let lists = try TextLists(parts: parts.count, columns: textColumns.count)
        // The copies of its lists that are merged hold its memory.
        defer { withExtendedLifetime(lists) {} }
        var listOfColumn = [Int32](repeating: -1, count: width)
        for (list, column) in textColumns.enumerated() { listOfColumn[column] = Int32(list) }
        var others = [UInt8](repeating: 0, count: parts.count * width)
        let kindBytes = kinds.map { UInt8($0.rawValue) }
        let numberBases = numbers.map { $0?.base }
        let codeBases = codes.map { $0?.base }
        for first in stride(from: 0, to: parts.count, by: batch) {
            try Cancellation.check(cancellation, at: layout.text.path)
            var jobs = (first..<min(parts.count, first + batch)).map { index in
                let part = parts[index]
                let firstRow = max(0, part.firstRow - layout.rowsBefore)
                let next = index + 1 < parts.count ? parts[index + 1].firstRow - layout.rowsBefore : rows
                return ck_table_part(
                    start: max(part.start, layout.firstByte), end: part.end, first_row: firstRow,
                    row_count: next - firstRow, has_quotes: part.hasQuotes ? 1 : 0,
                    fault: 0, fault_column: 0, fault_row: 0, fault_place: 0)
            }
            kindBytes.withUnsafeBufferPointer { kinds in
                numberBases.withUnsafeBufferPointer { numbers in
                    codeBases.withUnsafeBufferPointer { codes in
                        listOfColumn.withUnsafeBufferPointer { listOfColumn in
                            var columns = ck_table_columns(
                                text: layout.text.bytes.baseAddress,
                                delimiter: layout.format.delimiter.byte, point: layout.format.decimal.byte,
                                count: Int32(width), longest_field: RecordScanner.longestField,
                                kinds: kinds.baseAddress, numbers: numbers.baseAddress,
                                codes: codes.baseAddress, lists: listOfColumn.baseAddress,
                                list_count: Int32(textColumns.count), blank: blank.base)
                            others.withUnsafeMutableBufferPointer { others in
                                guard let others = others.baseAddress else { return }
                                ck_table_read(
                                    &columns, Int32(jobs.count), &jobs, others + first * width,
                                    lists.base + first * textColumns.count)
                            }
                        }
                    }
                }
            }
            if let stopped = jobs.first(where: { $0.fault != 0 }) { throw error(stopped, layout) }
            progress(Double(min(parts.count, first + batch)) / Double(parts.count))
        }
        return (0..<width).map { column in
            if let numbers = numbers[column] {
                let isOther = parts.indices.contains { others[$0 * width + column] != 0 }
                return isOther ? nil : .numbers(numbers)
            }
            guard let codes = codes[column] else { return nil }
            return TextMerging.merged(
                codes, lists: lists.lists(ofColumn: Int(listOfColumn[column])),
                firstRows: parts.map { max(0, $0.firstRow - layout.rowsBefore) },
                text: layout.text.bytes)
        }
    }

    private static func error(_ part: ck_table_part, _ layout: TableLayout) -> any Error {
        let path = layout.text.path
        let (row, column) = (layout.rowsBefore + part.fault_row + 1, Int(part.fault_column))
        switch UInt32(bitPattern: part.fault) {
        case CK_TABLE_IRREGULAR.rawValue: return IrregularQuotes()
        case CK_TABLE_LONG.rawValue:
            return RecordScanner.Fault.long(row: row, field: column).error(path, columns: layout.names)
        case CK_TABLE_NO_MEMORY.rawValue:
            return DescentError(
                .inputOutput, "not enough memory for the texts of a column",
                at: TableText.place(path, row: row, column: column, layout.names))
        default:
            var scanner = RecordScanner(
                layout.text.bytes, from: part.fault_place, delimiter: layout.format.delimiter.byte)
            let width = layout.names.count
            let fields = ((try? scanner.next()) ?? nil)?.count ?? 0
            return DescentError(
                .badData, "a row of another length",
                at: TableText.place(path, row: row, column: min(fields, width + 1) - 1, layout.names),
                expected: Numerals.counted(width, "field"), got: "\(fields)",
                advice: fields > width
                    ? "a field that contains the delimiter needs quotes"
                    : "fill in the fields that are missing")
        }
    }
}
