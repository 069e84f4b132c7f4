import Arrays
import CKernels
import Support
import Synchronization

extension TablePreprocessing {
    /// The most features: a row of as many floats is a megabyte.
    static let mostFeatures = 1 << 18

    /// Fits to the rows of a table.
    ///
    /// - Throws: `badData` when a number is not finite, a value is missing and may not be, or no column is a feature.
    /// - Complexity: O(rows · columns).
    public init(
        fittedTo table: Table, scaling: Scaling = .standard, missing: MissingValues = .fill
    ) throws {
        self.scaling = scaling
        self.missing = missing
        labelName = table.labelName
        task = table.task
        classNames = table.classNames
        let found = NumberMeasures(table)
        var columns: [Column] = []
        var leftOut: [LeftOut] = []
        for (index, column) in table.columns.enumerated() {
            switch column.role {
            case .label: break
            case .leftOut(let reason): leftOut.append(LeftOut(name: column.name, reason: reason.words))
            case .number, .category:
                if missing == .refuse { try table.refuseMissing(index) }
                let fitted =
                    switch table.source.values[index] {
                    case .numbers(let numbers):
                        try Self.number(table, index, numbers, scaling, found[index]).map(Column.number)
                    case .texts(let codes, let texts):
                        Self.category(column.name, codes, texts, table.rows).map(Column.category)
                    }
                if let fitted {
                    columns.append(fitted)
                } else {
                    leftOut.append(LeftOut(name: column.name, reason: "no two values in the training rows"))
                }
            }
        }
        self.columns = columns
        self.leftOut = leftOut
        guard !columns.isEmpty else {
            throw DescentError(
                .badData, "no column is a feature", at: table.path,
                expected: "a column of numbers or of texts",
                got: leftOut.map { "\"\($0.name)\": \($0.reason)" }.joined(separator: ", "))
        }
        guard featureCount <= Self.mostFeatures else {
            throw DescentError(
                .badData, "too many features", at: table.path,
                expected: "at most \(Numerals.grouped(Self.mostFeatures))",
                got: Numerals.grouped(featureCount),
                advice: "leave out columns of many texts")
        }
    }

    private static func number(
        _ table: Table, _ index: Int, _ numbers: ColumnBuffer<Double>, _ scaling: Scaling,
        _ measures: NumberMeasures.Measure
    ) throws -> NumberColumn? {
        let summary = measures.summary
        guard table.count > summary.missing, summary.smallest < summary.largest else { return nil }
        guard summary.infinite == 0 else { throw table.notFinite(index, numbers) }
        var (offset, divisor) = (0.0, 1.0)
        switch scaling {
        // Rows that are filled with the mean count, as they do where scikit-learn fills and then scales.
        case .standard:
            (offset, divisor) = (measures.mean, (measures.squares / Double(table.count)).squareRoot())
        case .minmax: (offset, divisor) = (summary.smallest, summary.largest - summary.smallest)
        case .none: break
        }
        // Differences may be too small or too large to be squared.
        if !(divisor > 0 && divisor.isFinite) { divisor = summary.largest / 2 - summary.smallest / 2 }
        if !(divisor > 0) { divisor = 1 }
        return NumberColumn(
            name: table.source.names[index], fill: measures.mean, offset: offset, divisor: divisor)
    }

    private static func category(
        _ name: String, _ codes: ColumnBuffer<Int32>, _ texts: [String], _ rows: [Int32]
    ) -> CategoryColumn? {
        var counts = [Int](repeating: 0, count: texts.count)
        for row in rows where codes[Int(row)] >= 0 { counts[Int(codes[Int(row)])] += 1 }
        let used = texts.indices.filter { counts[$0] > 0 }
        // Of equals the first: `max` would give the last.
        guard used.count > 1, let commonest = used.min(by: { counts[$0] > counts[$1] }) else { return nil }
        return CategoryColumn(name: name, fill: texts[commonest], categories: used.map { texts[$0] })
    }
}

/// Means and squares of the columns of numbers that are features, measured in parallel.
private final class NumberMeasures: Sendable {
    struct Measure: Sendable {
        var summary = ck_number_summary()
        var mean = 0.0
        /// The sum of the squared differences from the mean.
        var squares = 0.0
    }

    private let measures: Mutex<[Measure]>

    init(_ table: Table) {
        measures = Mutex(Array(repeating: Measure(), count: table.columns.count))
        let isAll = table.source.isAll(table.rows)
        inParts(table.columns.count) { index in
            guard table.columns[index].role == .number,
                case .numbers(let numbers) = table.source.values[index]
            else { return }
            let summary = table.source.summary(numbers, rows: table.rows, isAll: isAll)
            let count = table.count - summary.missing
            // A sum may overflow where no number does.
            let mean =
                summary.sum.isFinite
                ? summary.sum / Double(max(1, count)) : summary.smallest / 2 + summary.largest / 2
            let squares =
                isAll
                ? ck_number_square_sum(numbers.base, nil, numbers.count, mean)
                : ck_number_square_sum(numbers.base, table.rows, table.rows.count, mean)
            self.measures.withLock { $0[index] = Measure(summary: summary, mean: mean, squares: squares) }
        }
    }

    subscript(index: Int) -> Measure { measures.withLock { $0[index] } }
}

extension Table {
    func notFinite(_ index: Int, _ numbers: ColumnBuffer<Double>) -> DescentError {
        let row = rows.first { numbers[Int($0)].isInfinite } ?? 0
        return DescentError(
            .badData, "a number that is not finite", at: source.place(row, index),
            got: "\(numbers[Int(row)])",
            advice: "leave the field empty if the value is missing")
    }

    func refuseMissing(_ index: Int) throws {
        let values = source.values[index]
        guard let row = rows.first(where: { values.isMissing(Int($0)) }) else { return }
        let count = rows.count { values.isMissing(Int($0)) }
        throw DescentError(
            .badData, "a missing value", at: source.place(row, index), expected: "a value in every row",
            got: "\(Numerals.counted(count, "missing value")) in this column")
    }
}
