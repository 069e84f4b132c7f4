import Arrays
import Support

/// One of several ways to cut a table in two: rows to learn from, and rows to measure on.
public struct TableFold: Sendable {
    /// The rows to learn from.
    public let train: Table
    /// The rows to measure on.
    public let held: Table
}

extension Table {
    /// Cuts the table into `count` folds for cross-validation: each row is measured on once.
    ///
    /// Each class is dealt out evenly by chance; the only row of a class is in all training parts, because nothing could be learned
    /// of it otherwise. Every part keeps the order of the rows.
    ///
    /// - Parameters:
    ///   - count: the number of folds.
    ///   - seed: the same seed cuts the same table alike, on every machine.
    ///   - column: rows with the same value in it stay together; the column is no feature then. A row without a value is a group
    ///     of its own.
    /// - Throws: `usage` for fewer than two folds, or a column that is not there; `badData` when there are fewer rows, or groups, than
    ///   folds.
    /// - Complexity: O(rows · folds).
    public func folds(_ count: Int, seed: Int = 0, groupBy column: String? = nil) throws -> [TableFold] {
        guard count >= 2 else {
            throw DescentError(.usage, "too few folds", at: path, expected: "2 or more", got: "\(count)")
        }
        var random = RandomState(seed)
        var table = self
        let parts: [Int]
        if let column {
            parts = try groupedFolds(column, count, &random)
            if let index = source.names.firstIndex(of: column), table.columns[index].role != .label {
                table.columns[index].role = .leftOut(.asked)
            }
        } else {
            parts = classFolds(count, &random)
        }
        return try (0..<count).map { fold in
            let held = parts.indices.filter { parts[$0] == fold }
            guard !held.isEmpty, held.count < parts.count else {
                throw DescentError(
                    .badData, "too few rows for \(count) folds", at: path,
                    expected: "a row, or a group of rows, for each", got: "\(self.count) rows")
            }
            return TableFold(
                train: table.gathered(parts.indices.filter { parts[$0] != fold }.map { Int32($0) }),
                held: table.gathered(held.map { Int32($0) }))
        }
    }

    /// The fold in which each row is measured on; -1 for none. Classes follow one another, each where the one before ended: the
    /// folds differ in size by one at most.
    private func classFolds(_ count: Int, _ random: inout RandomState) -> [Int] {
        let classes = classes
        var strata = [[Int]](repeating: [], count: max(1, classNames.count))
        for row in 0..<self.count { strata[classes.isEmpty ? 0 : Int(max(0, classes[row]))].append(row) }
        var folds = [Int](repeating: -1, count: self.count)
        var next = 0
        for rows in strata {
            let order = random.permutationIndices(rows.count)
            if !classes.isEmpty, rows.count < 2 { continue }
            for place in order {
                folds[rows[Int(place)]] = next
                next = (next + 1) % count
            }
        }
        return folds
    }

    /// The groups, the largest first, each into the fold with the fewest rows so far; groups of one size in an order by chance.
    private func groupedFolds(_ column: String, _ count: Int, _ random: inout RandomState) throws -> [Int] {
        let groups = try groups(by: column)
        guard groups.count >= count else {
            throw DescentError(
                .badData, "fewer groups than folds", at: path, expected: "\(count) or more different values",
                got: "\(groups.count) in \"\(column)\"")
        }
        let order = random.permutationIndices(groups.count).map { groups[Int($0)] }
            .enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
        var (sizes, folds) = ([Int](repeating: 0, count: count), [Int](repeating: 0, count: self.count))
        for (_, group) in order {
            let fold = sizes.indices.min { sizes[$0] < sizes[$1] } ?? 0
            for row in group { folds[row] = fold }
            sizes[fold] += group.count
        }
        return folds
    }
}
