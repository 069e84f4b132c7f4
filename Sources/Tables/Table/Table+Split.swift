import Arrays
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
    /// Cuts the table by chance, each class in the same shares (largest remainders); every part keeps the order of the rows.
    ///
    /// - Parameters:
    ///   - test: the share that is tested with, 0 to 1.
    ///   - validation: the share that settings are chosen by.
    ///   - seed: the same seed cuts the same table alike, on every machine.
    ///   - column: rows with the same value in it (one person's, one day's) stay together. Shares are then met as nearly as whole
    ///     groups allow, classes by chance; the column is no feature of the parts. A row without a value is a group of its own.
    /// - Throws: `usage` for shares that leave nothing to learn from, or a column that is not there; `badData` when a part would be empty.
    public func split(
        test: Double, validation: Double = 0, seed: Int = 0, groupBy column: String? = nil
    ) throws -> TableSplit {
        guard test >= 0, validation >= 0, test + validation > 0, test + validation < 1 else {
            throw DescentError(
                .usage, "shares that cannot be held back", at: path, expected: "between 0 and 1 together",
                got: "\(test) for the test, \(validation) for the validation")
        }
        var random = RandomState(seed)
        let shares = [test, validation]
        let parts =
            if let column { try groupedParts(column, shares, &random) } else { classParts(shares, &random) }
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

    /// The part of each row: 0 to learn from, 1 to test with, 2 to choose settings by.
    private func classParts(_ shares: [Double], _ random: inout RandomState) -> [UInt8] {
        let classes = classes
        // The last holds the rows without a class: all, in a regression.
        var strata = [[Int]](repeating: [], count: classNames.count + 1)
        for row in 0..<count {
            let kind = classes.isEmpty ? -1 : Int(classes[row])
            strata[kind < 0 ? classNames.count : kind].append(row)
        }
        let shuffled = strata.map { rows in random.permutationIndices(rows.count).map { rows[Int($0)] } }
        var parts = [UInt8](repeating: 0, count: count)
        var taken = [Int](repeating: 0, count: strata.count)
        for (part, share) in shares.enumerated() where share > 0 {
            let counts = Self.counts(share, of: strata.map(\.count), leaving: taken)
            for (stratum, more) in counts.enumerated() {
                for row in shuffled[stratum][taken[stratum]..<taken[stratum] + more] {
                    parts[row] = UInt8(part + 1)
                }
                taken[stratum] += more
            }
        }
        return parts
    }

    /// How many of each stratum make a share of all, by largest remainders; one of each is always left.
    static func counts(_ share: Double, of sizes: [Int], leaving taken: [Int]) -> [Int] {
        let whole = Int((share * Double(sizes.reduce(0, +))).rounded())
        let rooms = zip(sizes, taken).map { max(0, $0 - $1 - 1) }
        var counts = zip(sizes, rooms).map { min($1, Int(share * Double($0))) }
        let order = sizes.indices.sorted {
            let (first, second) = (share * Double(sizes[$0]), share * Double(sizes[$1]))
            let remainders = (first - first.rounded(.down), second - second.rounded(.down))
            return remainders.0 == remainders.1 ? $0 < $1 : remainders.0 > remainders.1
        }
        for stratum in order where counts.reduce(0, +) < whole && counts[stratum] < rooms[stratum] {
            counts[stratum] += 1
        }
        return counts
    }

    private func groupedParts(_ column: String, _ shares: [Double], _ random: inout RandomState) throws
        -> [UInt8]
    {
        let groups = try groups(by: column)
        var parts = [UInt8](repeating: 0, count: count)
        var order = random.permutationIndices(groups.count).map { Int($0) }
        for (part, share) in shares.enumerated() where share > 0 {
            var left = share * Double(count)
            var kept: [Int] = []
            for group in order {
                let size = Double(groups[group].count)
                // Taken if that comes nearer to the share than going without.
                if abs(left - size) < left {
                    for row in groups[group] { parts[row] = UInt8(part + 1) }
                    left -= size
                } else {
                    kept.append(group)
                }
            }
            order = kept
        }
        return parts
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
