import Arrays
import Support

extension TablePreprocessing {
    /// One value of a row that does not come from a file.
    public enum Value: Sendable, Equatable {
        /// A number.
        case number(Double)
        /// A text.
        case text(String)
        /// No value.
        case missing
    }

    /// The columns that a row has a value for, in their order: the name, and whether its values are texts.
    public var valueColumns: [(name: String, isText: Bool)] {
        columns.map { column in
            if case .category = column { (column.name, true) } else { (column.name, false) }
        }
    }

    /// Makes features of rows whose values are in the order of `valueColumns`: [N, D], the same as those of a file's rows.
    ///
    /// - Throws: `badData` that names the row, from 1, and the column: another number of values than columns, a text where training
    ///   had numbers, a number that is not finite after scaling, a missing value that may not be.
    /// - Complexity: O(N · D).
    public func features(of rows: [[Value]]) throws -> NDArray<Float> {
        let places = columns.map { column -> [String: Int] in
            guard case .category(let category) = column else { return [:] }
            return Dictionary(category.categories.enumerated().map { ($1, $0) }) { first, _ in first }
        }
        let width = featureCount
        var features = [Float](repeating: 0, count: rows.count * width)
        for (number, row) in rows.enumerated() {
            guard row.count == columns.count else {
                throw DescentError(
                    .badData, "a row with another number of values", at: "row \(number + 1)",
                    expected: "\(columns.count)", got: "\(row.count)")
            }
            var start = number * width
            for (index, column) in columns.enumerated() {
                let place = "row \(number + 1), column \"\(column.name)\""
                if missing == .refuse, row[index] == .missing {
                    throw DescentError(.badData, "a missing value", at: place, expected: "a value")
                }
                switch column {
                case .number(let settings):
                    features[start] = try Self.scaled(row[index], settings, at: place)
                case .category(let settings):
                    let text: String? =
                        switch row[index] {
                        case .text(let text): text
                        case .number(let number): ColumnValues.text(of: number)
                        case .missing: nil
                        }
                    let feature =
                        text.map { places[index][$0] ?? settings.categories.count }
                        ?? places[index][settings.fill] ?? 0
                    features[start + feature] = 1
                }
                start += column.featureCount
            }
        }
        return NDArray(shape: [rows.count, width], elements: features)
    }

    private static func scaled(_ value: Value, _ column: NumberColumn, at place: String) throws -> Float {
        let number: Double
        switch value {
        case .number(let given): number = given.isNaN ? column.fill : given
        case .missing: number = column.fill
        case .text(let text):
            guard let read = Double(text) else {
                throw DescentError(
                    .badData, "a text in a column of numbers", at: place, expected: "a number",
                    got: "\"\(text)\"")
            }
            number = read
        }
        let scaled = Float((number - column.offset) / column.divisor)
        guard scaled.isFinite else {
            throw DescentError(
                .badData, "a number that is not finite, or too large", at: place,
                expected: "finite numbers of at most 1e38 after scaling", got: "\(number)")
        }
        return scaled
    }
}
