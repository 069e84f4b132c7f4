import ExampleData
import Support

/// Parts of a table: to learn from, to choose settings by, and to test with.
public struct TableSplit: Sendable {
    /// The rows to learn from.
    public let train: Table
    /// The rows to choose settings by; nil where none were asked for.
    public let validation: Table?
    /// The rows to test with; nil where none were asked for.
    public let test: Table?
}

extension Table {
    /// Cuts the table by chance, each class in the same shares, and in each part where it has rows enough; every part keeps the
    /// order of the rows.
    ///
    /// - Parameters:
    ///   - test: the share that is tested with, 0 to 1.
    ///   - validation: the share that settings are chosen by.
    ///   - seed: the same seed cuts the same table alike, on every machine.
    ///   - column: rows with the same value in it (one person's, one day's) stay together. Shares are then met as nearly as whole
    ///     groups allow; the column is no feature of the parts. A row without a value is a group of its own.
    /// - Throws: `usage` for shares that leave nothing to learn from, or a column that is not there; `badData` when a part would be empty.
    public func split(
        test: Double, validation: Double = 0, seed: Int = 0, groupBy column: String? = nil
    ) throws -> TableSplit {
        guard test >= 0, validation >= 0, test + validation > 0, test + validation < 1 else {
            throw DescentError(
                .usage, "shares that cannot be held back", at: path, expected: "between 0 and 1 together",
                got: "\(test) for the test, \(validation) for the validation")
        }
        let parts = Stratification(
            labels: classes.isEmpty ? [Int32](repeating: 0, count: count) : classes,
            groups: try column.map { try groupNumbers($0) }, shares: [test, validation], seed: seed
        ).parts()
        var table = self
        if let column, let index = source.names.firstIndex(of: column), table.columns[index].role != .label {
            table.columns[index].role = .leftOut(.asked)
        }
        func rows(_ part: UInt8) -> [Int32] { parts.indices.filter { parts[$0] == part }.map { Int32($0) } }
        func part(_ number: UInt8, _ share: Double) throws -> Table? {
            guard share > 0 else { return nil }
            let rows = rows(number)
            guard !rows.isEmpty else {
                throw DescentError(
                    .badData, "too few rows to hold some back", at: path,
                    expected: "at least one for each part", got: "\(count) in all")
            }
            return table.gathered(rows)
        }
        let train = rows(0)
        guard !train.isEmpty else {
            throw DescentError(.badData, "no row left to learn from", at: path, got: "\(count) in all")
        }
        return TableSplit(
            train: table.gathered(train), validation: try part(2, validation), test: try part(1, test))
    }

    /// A number for each row, equal for those of one group.
    private func groupNumbers(_ column: String) throws -> [Int] {
        var numbers = [Int](repeating: 0, count: count)
        for (number, group) in try groups(by: column).enumerated() {
            for row in group { numbers[row] = number }
        }
        return numbers
    }

    /// The rows of each value of a column, in the order of their first rows; a row without a value by itself.
    ///
    /// - Throws: `usage` when there is no such column.
    func groups(by column: String) throws -> [[Int]] {
        try Self.requireColumn(column, source.names, path)
        let index = source.names.firstIndex(of: column) ?? 0
        var groups: [[Int]] = []
        var places: [String: Int] = [:]
        for row in 0..<count {
            guard let text = text(row: row, column: index) else {
                groups.append([row])
                continue
            }
            if let place = places[text] {
                groups[place].append(row)
            } else {
                places[text] = groups.count
                groups.append([row])
            }
        }
        return groups
    }
}
