import Arrays
import Support

/// The division of examples into parts: each class in the same shares, each group whole, by chance and repeatable.
///
/// ```swift
/// let parts = Stratification(labels: classes, shares: [0.2], seed: 1).parts()   // 1: held back; 0: to learn from
/// ```
package struct Stratification: Sendable {
    /// The class of each example; the negative ones are together as a class is.
    private let labels: [Int32]
    /// Equal numbers stay together; nil where each example stands alone.
    private let groups: [Int]?
    /// The parts that are held back, in the order in which they are filled, then that to learn from.
    private let wanted: [(part: UInt8, share: Double)]
    private let classCount: Int
    private let seed: Int

    /// - Parameters:
    ///   - labels: the class of each example, N.
    ///   - groups: equal numbers for examples that stay together, N.
    ///   - shares: what is held back for part 1, 2, ...; together below 1.
    ///
    /// - Precondition: as many groups as labels.
    package init(labels: [Int32], groups: [Int]? = nil, shares: [Double], seed: Int) {
        require(groups.map { $0.count == labels.count } ?? true, "a group for each example")
        let classCount = Int(labels.max() ?? -1) + 1
        self.labels = labels.map { $0 < 0 ? Int32(classCount) : $0 }
        self.classCount = classCount + 1
        (self.groups, self.seed) = (groups, seed)
        wanted =
            shares.enumerated().filter { $0.element > 0 }.map { (UInt8($0.offset + 1), $0.element) } + [
                (0, 1)
            ]
    }

    /// Examples that stay together.
    private struct Unit {
        var members: [Int] = []
        /// How many of each class, for the classes it has.
        var counts: [Int32: Int] = [:]
    }

    /// The part of each example: 0 to learn from, else the place of its share, counted from 1.
    ///
    /// Large groups are placed first, each where it fills most of what is wanted and overfills least. Every class keeps an
    /// example to learn from, as far as groups let it; one with enough examples has one in each part.
    ///
    /// - Complexity: O(N log N).
    package func parts() -> [UInt8] {
        var counts = [Int](repeating: 0, count: classCount)
        for label in labels { counts[Int(label)] += 1 }
        var remaining = wanted.map { _ in [Int](repeating: 0, count: classCount) }
        for (label, count) in counts.enumerated() {
            for (place, share) in share(of: count).enumerated() { remaining[place][label] = share }
        }
        var random = RandomState(seed)
        var parts = [UInt8](repeating: 0, count: labels.count)
        guard let groups else {
            for index in random.permutationIndices(labels.count) {
                let label = Int(labels[Int(index)])
                let place = remaining.firstIndex { $0[label] > 0 } ?? wanted.count - 1
                remaining[place][label] -= 1
                parts[Int(index)] = wanted[place].part
            }
            return parts
        }
        let units = units(groups)
        let shuffled = random.permutationIndices(units.count).map { units[Int($0)] }
        for (place, units) in assigned(shuffled, remaining).enumerated() {
            for unit in units {
                for member in unit.members { parts[member] = wanted[place].part }
            }
        }
        return parts
    }

    /// The units of each of the wanted parts.
    private func assigned(_ shuffled: [Unit], _ wantedCounts: [[Int]]) -> [[Unit]] {
        var remaining = wantedCounts
        var assigned: [[Unit]] = wanted.map { _ in [] }
        for unit in shuffled.sorted(by: { $0.members.count > $1.members.count }) {
            let gains = remaining.map { remaining in
                unit.counts.reduce(0) { sum, entry in
                    let room = max(0, remaining[Int(entry.key)])
                    return sum + min(entry.value, room) - max(0, entry.value - room)
                }
            }
            let best = gains.indices.reduce(0) { gains[$1] > gains[$0] ? $1 : $0 }
            for (label, count) in unit.counts { remaining[best][Int(label)] -= count }
            assigned[best].append(unit)
        }
        // Groups of which none was small enough for a part: its smallest is better than nothing.
        for place in assigned.indices where assigned[place].isEmpty {
            let donor = assigned.indices.reduce(0) { assigned[$1].count > assigned[$0].count ? $1 : $0 }
            if assigned[donor].count > 1, let smallest = assigned[donor].popLast() {
                assigned[place].append(smallest)
            }
        }
        return assigned
    }

    /// The groups, in the order of their first examples.
    private func units(_ groups: [Int]) -> [Unit] {
        var (units, places): ([Unit], [Int: Int]) = ([], [:])
        for (example, group) in groups.enumerated() {
            let place = places[group] ?? units.count
            if place == units.count {
                places[group] = place
                units.append(Unit())
            }
            units[place].members.append(example)
            units[place].counts[labels[example], default: 0] += 1
        }
        return units
    }

    /// How many of `count` examples of one class go into each of the wanted parts.
    private func share(of count: Int) -> [Int] {
        var left = count
        return wanted.enumerated().map { place, part in
            if place == wanted.count - 1 { return left }
            let rounded = Int((part.share * Double(count)).rounded())
            // One each, if that leaves one for those that follow.
            let least = count >= wanted.count ? 1 : 0
            let most = max(0, left - (wanted.count - 1 - place))
            let taken = min(max(least, rounded), most)
            left -= taken
            return taken
        }
    }
}
