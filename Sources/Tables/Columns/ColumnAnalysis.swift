import Arrays
import CKernels
import Support
import Synchronization

/// Finds what a column is, by its values in some rows.
enum ColumnAnalysis {
    /// The most texts that become features.
    static let mostCategories = 1_000

    /// Names of columns whose numbers count the rows.
    private static let countingNames: Set<String> = [
        "id", "index", "idx", "no", "no.", "nr", "number", "row", "rowid", "row_id", "rownum", "rownames",
        "#",
        "unnamed: 0", "key", "uid", "record", "record_id", "sample_id", "seq", "serial",
    ]

    /// All columns, none of them the label yet.
    static func columns(_ source: TableSource, rows: [Int32]) -> [TableColumn] {
        let isAll = source.isAll(rows)
        let found = FoundColumns(count: source.names.count)
        inParts(source.names.count) { index in
            let column = column(source, index, rows: rows, isAll: isAll)
            found.columns.withLock { $0[index] = column }
        }
        return found.columns.withLock { $0.compactMap { $0 } }
    }

    static func column(_ source: TableSource, _ index: Int, rows: [Int32], isAll: Bool) -> TableColumn {
        let name = source.names[index]
        switch source.values[index] {
        case .numbers(let numbers):
            let summary = source.summary(numbers, rows: rows, isAll: isAll)
            let hasValues = summary.missing < rows.count
            let role: TableColumn.Role =
                if !hasValues {
                    .leftOut(.empty)
                } else if summary.smallest == summary.largest {
                    .leftOut(.constant)
                } else if isCounting(name, index, numbers, rows, summary) {
                    .leftOut(.identifier)
                } else { .number }
            return TableColumn(
                name: name, role: role, isText: false, missingCount: summary.missing,
                range: hasValues ? summary.smallest...summary.largest : nil, textCount: nil)
        case .texts(let codes, let texts):
            var counts = [Int32](repeating: 0, count: texts.count)
            var missing = 0
            for row in rows {
                let code = codes[Int(row)]
                if code < 0 { missing += 1 } else { counts[Int(code)] += 1 }
            }
            let used = counts.indices.filter { counts[$0] > 0 }
            let role: TableColumn.Role =
                if used.isEmpty {
                    .leftOut(.empty)
                } else if used.allSatisfy({ DateText.isDate(texts[$0]) }) {
                    .leftOut(.date)
                } else if used.count == 1 {
                    .leftOut(.constant)
                } else if used.count == rows.count - missing, used.count > 2 {
                    .leftOut(.identifier)
                } else if used.count > mostCategories
                    || used.count > 50 && 2 * used.count > rows.count - missing
                {
                    .leftOut(.manyTexts(used.count))
                } else { .category }
            return TableColumn(
                name: name, role: role, isText: true, missingCount: missing, range: nil, textCount: used.count
            )
        }
    }

    /// Whole numbers that go up by one from row to row under a name that says so, or under none in the first column, as pandas
    /// writes its index; or all different ones under a name that ends with "id".
    private static func isCounting(
        _ name: String, _ index: Int, _ numbers: ColumnBuffer<Double>, _ rows: [Int32],
        _ summary: ck_number_summary
    ) -> Bool {
        let key = name.lowercased()
        let isCountingName = countingNames.contains(key) || (index == 0 && key == "column 1")
        let isKey = key == "id" || key.hasSuffix("_id") || key.hasSuffix(" id") || name.hasSuffix("Id")
        guard isCountingName || isKey, summary.has_fractions == 0, summary.missing == 0,
            summary.infinite == 0,
            rows.count > 2
        else { return false }
        if isCountingName, summary.largest - summary.smallest == Double(rows.count - 1) {
            if zip(rows, rows.dropFirst()).allSatisfy({ numbers[Int($1)] == numbers[Int($0)] + 1 }) {
                return true
            }
        }
        guard isKey else { return false }
        return Set(rows.lazy.map { numbers[Int($0)] }).count == rows.count
    }
}

/// Columns that are found on several threads.
private final class FoundColumns: Sendable {
    let columns: Mutex<[TableColumn?]>
    init(count: Int) { columns = Mutex(Array(repeating: nil, count: count)) }
}
