import CKernels
import Support

/// What is to be learned from a table.
public enum TableTask: String, Sendable, Codable, CaseIterable {
    /// The class of a row.
    case classification
    /// A number.
    case regression
}

/// The label of a table: its column, and what it says of each row of the file.
struct TableTarget: Sendable {
    enum Values: Sendable {
        /// The class of each row of the file; -1 where it is missing.
        case classes([Int32], names: [String])
        /// The number of each row of the file; NaN where it is missing.
        case numbers([Double])
    }

    let column: Int
    let values: Values
    /// Why the task is this one.
    let reason: String

    var task: TableTask { if case .classes = values { .classification } else { .regression } }
    var classNames: [String] { if case .classes(_, let names) = values { names } else { [] } }

    func isMissing(_ row: Int32) -> Bool {
        switch values {
        case .classes(let classes, _): classes[Int(row)] < 0
        case .numbers(let numbers): numbers[Int(row)].isNaN
        }
    }
}

extension TableTarget {
    /// The label in `column`, for the task that is asked for or that its values suggest.
    ///
    /// `classNames`: those of a model, to which the classes are matched by name.
    ///
    /// - Throws: `badData` when it has no value, or a text or an infinite number where numbers are asked for.
    init(_ source: TableSource, column: Int, task: TableTask?, classNames: [String]? = nil) throws {
        self.column = column
        let place = "\(source.path), column \(column + 1) \"\(source.names[column])\""
        let label = LabelValues(source.values[column], decimal: source.format.decimal)
        let used = label.distinct(in: source.rows)
        guard !used.isEmpty else {
            throw DescentError(
                .badData, "a label without values", at: place, expected: "a class or a number in each row")
        }
        let judged = label.judged(used, rows: source.rows.count)
        reason = task == nil && classNames == nil ? judged.reason : "as asked"
        switch classNames == nil ? task ?? judged.task : .classification {
        case .regression:
            guard let numbers = label.numbers else {
                let row = source.rows.first { label.isText(row: Int($0)) } ?? 0
                throw DescentError(
                    .badData, "a label that is no number", at: source.place(row, column),
                    expected: "numbers for a regression",
                    got: "\"\(source.values[column].text(Int(row)) ?? "")\"")
            }
            if let row = source.rows.first(where: { numbers[Int($0)].isInfinite }) {
                throw DescentError(
                    .badData, "a label that is not finite", at: source.place(row, column),
                    got: "\(numbers[Int(row)])")
            }
            values = .numbers(numbers)
        case .classification:
            if let classNames {
                values = .classes(label.classes(named: classNames), names: classNames)
            } else {
                let (classes, names) = label.classes(used, known: source.classNames)
                values = .classes(classes, names: names)
            }
        }
    }
}

/// The values of a label column, as texts with their numbers or as numbers alone.
struct LabelValues {
    private let values: ColumnValues
    /// The number that each text is; nil if one is none.
    private let textNumbers: [Double]?

    init(_ values: ColumnValues, decimal: DelimitedFormat.DecimalSeparator) {
        self.values = values
        guard case .texts(_, let texts) = values else {
            textNumbers = nil
            return
        }
        var numbers: [Double] = []
        for text in texts {
            var number = 0.0
            let bytes = Array(text.utf8)
            guard ck_field_number(bytes, bytes.count, decimal.byte, &number) == 1 else { break }
            numbers.append(number)
        }
        textNumbers = numbers.count == texts.count ? numbers : nil
    }

    func isText(row: Int) -> Bool {
        guard let text = values.text(row) else { return false }
        return Double(text) == nil
    }

    /// One number for each row; nil for texts.
    var numbers: [Double]? {
        switch values {
        case .numbers(let numbers): Array(numbers.values)
        case .texts(let codes, _):
            textNumbers.map { numbers in codes.values.map { $0 < 0 ? .nan : numbers[Int($0)] } }
        }
    }

    /// A value that occurs.
    struct Value {
        let number: Double?
        let name: String
        /// The numbers of the texts that say it.
        let codes: [Int32]
    }

    /// The different values of some rows: numbers in their order, texts in that of their UTF-8.
    func distinct(in rows: [Int32]) -> [Value] {
        switch values {
        case .numbers(let numbers):
            let found = Set(rows.lazy.map { numbers[Int($0)] }.filter { !$0.isNaN })
            return found.sorted().map { Value(number: $0, name: ColumnValues.text(of: $0), codes: []) }
        case .texts(let codes, let texts):
            var isUsed = [Bool](repeating: false, count: texts.count)
            for row in rows where codes[Int(row)] >= 0 { isUsed[Int(codes[Int(row)])] = true }
            let used = texts.indices.filter { isUsed[$0] }
            guard let textNumbers else {
                return used.sorted { texts[$0].utf8.lexicographicallyPrecedes(texts[$1].utf8) }
                    .map { Value(number: nil, name: texts[$0], codes: [Int32($0)]) }
            }
            // 1 and 1.0 are one class, under the text that comes first.
            return Dictionary(grouping: used) { textNumbers[$0] + 0 }.sorted { $0.key < $1.key }.map {
                Value(number: $0.key, name: texts[$0.value[0]], codes: $0.value.map { Int32($0) })
            }
        }
    }

    /// The task that values suggest.
    ///
    /// Texts are classes. Whole numbers are classes, unless there are more than 20 with fewer than five rows each, more than 1,000, or
    /// all are different in five rows or more. Numbers with fractions are a regression, unless there are at most ten with at least
    /// ten rows each.
    func judged(_ used: [Value], rows: Int) -> (task: TableTask, reason: String) {
        let numbers = used.compactMap(\.number)
        guard numbers.count == used.count else {
            return (.classification, Numerals.counted(used.count, "different text"))
        }
        let words = "\(Numerals.grouped(used.count)) different "
        if numbers.contains(where: { $0 != $0.rounded() }) {
            let isClasses = used.count <= 10 && rows >= 10 * used.count
            return (isClasses ? .classification : .regression, words + "numbers, not all whole")
        }
        let isRegression =
            used.count > 20 && rows < 5 * used.count || used.count > 1_000 || used.count == rows && rows >= 5
        return (isRegression ? .regression : .classification, words + "whole numbers")
    }

    /// The class of each row, and the names. `known`: names for the whole numbers from 0.
    func classes(_ used: [Value], known: [String]?) -> (classes: [Int32], names: [String]) {
        var names = used.map(\.name)
        if let known, known.count == used.count, used.enumerated().allSatisfy({ $1.number == Double($0) }) {
            names = known
        }
        switch values {
        case .numbers(let numbers):
            let places = Dictionary(
                uniqueKeysWithValues: used.enumerated().map { ($1.number ?? .nan, Int32($0)) })
            return (numbers.values.map { places[$0] ?? -1 }, names)
        case .texts(let codes, let texts):
            var places = [Int32](repeating: -1, count: texts.count)
            for (place, value) in used.enumerated() {
                for code in value.codes { places[Int(code)] = Int32(place) }
            }
            return (codes.values.map { $0 < 0 ? -1 : places[Int($0)] }, names)
        }
    }

    /// The class of each row by names that are given; -1 where the row's is none of them.
    func classes(named names: [String]) -> [Int32] {
        let places = Dictionary(names.enumerated().map { ($1, Int32($0)) }) { first, _ in first }
        // 1.0 is the class that was called 1.
        let numbers = Dictionary(
            names.enumerated().compactMap { entry in Double(entry.1).map { ($0, Int32(entry.0)) } }
        ) {
            first, _ in first
        }
        func place(_ text: String) -> Int32 {
            places[text] ?? Double(text).flatMap { numbers[$0] } ?? -1
        }
        switch values {
        case .numbers(let column):
            return column.values.map { $0.isNaN ? -1 : place(ColumnValues.text(of: $0)) }
        case .texts(let codes, let texts):
            let known = texts.map(place)
            return codes.values.map { $0 < 0 ? -1 : known[Int($0)] }
        }
    }
}
