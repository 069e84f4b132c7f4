import Arrays
import Support

/// A table's rows as numbers.
public struct PreparedTable: Sendable {
    /// The features: [N, D].
    public let features: NDArray<Float>
    /// What each feature is called.
    public let featureNames: [String]
    /// What was filled in, left out and not known, a sentence each.
    public let notes: [String]
}

extension TablePreprocessing {
    /// Makes features of the rows of a table, whose columns are found by their names; their order does not matter.
    ///
    /// - Throws: `badData` when a column is missing, holds texts instead of numbers, or holds a number that is not finite; when a
    ///   value is missing and may not be.
    /// - Complexity: O(N · D).
    public func applied(to table: Table) throws -> PreparedTable {
        let source = table.source
        let indices = try columns.map { column in
            guard let index = source.names.firstIndex(of: column.name) else {
                throw DescentError(
                    .badData, "a column is missing", at: source.path, expected: "\"\(column.name)\"",
                    got: "the columns \(LabelChoice.listed(source.names))",
                    advice: "give a table with the columns that the model was trained with")
            }
            if missing == .refuse { try table.refuseMissing(index) }
            return index
        }
        let (width, count) = (featureCount, table.count)
        var starts: [Int] = []
        var place = 0
        for column in columns {
            starts.append(place)
            place += column.featureCount
        }
        let fillers = try zip(columns, indices).enumerated().map { number, pair in
            try Filler(pair.0, source, pair.1, table.rows, start: starts[number])
        }
        let features = NDArray<Float>(shape: [count, width]) { target in
            guard let base = target.baseAddress else { return }
            base.initialize(repeating: 0, count: count * width)
            let memory = FeatureMemory(base: base, width: width)
            let rows = table.rows
            // A block of rows stays in the cache while all columns are put into it.
            let block = max(16, 1 << 15 / max(1, width))
            inParts((count + block - 1) / block) { part in
                let range = part * block..<min(count, (part + 1) * block)
                for filler in fillers { filler.fill(memory, rows, range) }
            }
        }
        try requireFinite(features, table, indices, starts)
        let notes = fillers.flatMap(\.notes) + unused(source)
        return PreparedTable(features: features, featureNames: featureNames, notes: notes)
    }

    /// Columns of a new table that nothing is made of.
    private func unused(_ source: TableSource) -> [String] {
        let known = Set(columns.map(\.name) + leftOut.map(\.name) + [labelName].compactMap { $0 })
        let extra = source.names.filter { !known.contains($0) }
        guard !extra.isEmpty else { return [] }
        return [
            "\(Numerals.counted(extra.count, "column")) that the model does not know: \(LabelChoice.listed(extra))"
        ]
    }

    private func requireFinite(
        _ features: NDArray<Float>, _ table: Table, _ indices: [Int], _ starts: [Int]
    ) throws {
        let width = featureCount
        let bad = features.withUnsafeElements { values in
            // A sum of products with 0 is 0 unless one is not finite.
            values.reduce(0) { $0 + $1 * 0 } == 0 ? nil : values.firstIndex { !$0.isFinite }
        }
        guard let bad else { return }
        let column = starts.lastIndex { $0 <= bad % width } ?? 0
        throw DescentError(
            .badData, "a number that is not finite, or too large",
            at: table.source.place(table.rows[bad / width], indices[column]),
            expected: "finite numbers of at most 1e38 after scaling",
            got: table.source.values[indices[column]].text(Int(table.rows[bad / width])) ?? "",
            advice: "leave the field empty if the value is missing")
    }
}

/// Memory that parts of the work fill, each its own rows.
struct FeatureMemory: @unchecked Sendable {
    let base: UnsafeMutablePointer<Float>
    let width: Int
}

/// Puts one column's features into rows.
private struct Filler: Sendable {
    private enum Work: Sendable {
        case number(ColumnBuffer<Double>, fill: Double, offset: Double, divisor: Double)
        /// By the number of the text: its feature, counted from the column's first.
        case category(ColumnBuffer<Int32>, places: [Int32], fill: Int32)
        /// Numbers where texts are known, by the row.
        case places([Int32])
    }

    private let work: Work
    private let start: Int
    let notes: [String]

    init(
        _ column: TablePreprocessing.Column, _ source: TableSource, _ index: Int, _ rows: [Int32], start: Int
    ) throws {
        self.start = start
        let values = source.values[index]
        let missing = rows.count { values.isMissing(Int($0)) }
        var notes: [String] = []
        switch (column, values) {
        case (.number(let column), .numbers(let numbers)):
            work = .number(numbers, fill: column.fill, offset: column.offset, divisor: column.divisor)
            if missing > 0 {
                notes.append(Self.filled(column.name, missing, "the mean, \(Numerals.fixed(column.fill, 4))"))
            }
        case (.number(let column), .texts(let codes, let texts)):
            if let row = rows.first(where: { codes[Int($0)] >= 0 }) {
                throw DescentError(
                    .badData, "texts in a column of numbers", at: source.place(row, index),
                    expected: "a number",
                    got: "\"\(texts[Int(codes[Int(row)])])\"",
                    advice: "\"\(column.name)\" held numbers in training")
            }
            let nothing = try ColumnBuffer<Double>(count: codes.count)
            nothing.base.update(repeating: .nan, count: codes.count)
            work = .number(nothing, fill: column.fill, offset: column.offset, divisor: column.divisor)
            notes.append(Self.filled(column.name, missing, "the mean, \(Numerals.fixed(column.fill, 4))"))
        case (.category(let column), _):
            let places = Dictionary(column.categories.enumerated().map { ($1, Int32($0)) }) { first, _ in
                first
            }
            let (other, fill) = (Int32(column.categories.count), places[column.fill] ?? 0)
            var unknown: Set<String> = []
            func place(_ text: String) -> Int32 {
                if let place = places[text] { return place }
                return other
            }
            switch values {
            case .texts(let codes, let texts):
                let known = texts.map(place)
                work = .category(codes, places: known, fill: fill)
                for row in rows where codes[Int(row)] >= 0 && known[Int(codes[Int(row)])] == other {
                    unknown.insert(texts[Int(codes[Int(row)])])
                }
            case .numbers:
                work = .places(
                    (0..<Self.count(values)).map { row in values.text(row).map(place) ?? fill })
                for row in rows {
                    if let text = values.text(Int(row)), places[text] == nil { unknown.insert(text) }
                }
            }
            if missing > 0 {
                notes.append(Self.filled(column.name, missing, "the commonest, \"\(column.fill)\""))
            }
            if !unknown.isEmpty {
                notes.append(
                    "column \"\(column.name)\": \(Numerals.counted(unknown.count, "text")) not seen in training: "
                        + unknown.sorted().prefix(5).map { "\"\($0)\"" }.joined(separator: ", "))
            }
        }
        self.notes = notes
    }

    private static func count(_ values: ColumnValues) -> Int {
        switch values {
        case .numbers(let numbers): numbers.count
        case .texts(let codes, _): codes.count
        }
    }

    private static func filled(_ name: String, _ count: Int, _ what: String) -> String {
        "column \"\(name)\": \(Numerals.counted(count, "missing value")) filled with \(what)"
    }

    func fill(_ memory: FeatureMemory, _ rows: [Int32], _ range: Range<Int>) {
        let (base, width) = (memory.base + start, memory.width)
        rows.withUnsafeBufferPointer { rows in
            switch work {
            case .number(let numbers, let fill, let offset, let divisor):
                let values = numbers.base
                for row in range {
                    let value = values[Int(rows[row])]
                    base[row * width] = Float(((value.isNaN ? fill : value) - offset) / divisor)
                }
            case .category(let codes, let places, let fill):
                for row in range {
                    let code = codes.base[Int(rows[row])]
                    base[row * width + Int(code < 0 ? fill : places[Int(code)])] = 1
                }
            case .places(let places):
                for row in range { base[row * width + Int(places[Int(rows[row])])] = 1 }
            }
        }
    }
}
