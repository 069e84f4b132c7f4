import Arrays
import Support

/// The division of examples into subsets: each class in the same shares, each group whole, by chance and repeatable.
struct Stratification {
    /// Examples that stay together.
    private struct Unit {
        var members: [Int] = []
        /// How many of each class, for the classes it has.
        var counts: [Int32: Int] = [:]
    }

    let labels: [Int32]
    let classCount: Int
    /// Equal numbers stay together.
    let groups: [Int]
    let validation: Double
    let test: Double
    let seed: Int

    /// The subset of each example.
    ///
    /// Large units are placed first, each where it fills most of what is wanted and overfills least. Every class keeps an
    /// example to learn from; one with enough examples has one in each subset.
    ///
    /// - Throws: `badData` when there are fewer groups than subsets.
    /// - Complexity: O(N log N).
    func run() throws -> [ImageSubset] {
        let wanted: [ImageSubset] =
            (test > 0 ? [.test] : []) + (validation > 0 ? [.validation] : []) + [.train]
        var units = shuffledUnits()
        guard units.count >= wanted.count else {
            throw DescentError(
                .badData, "there are fewer groups of pictures than subsets",
                expected: "at least \(wanted.count) groups", got: "\(units.count)",
                advice: "give smaller groups or fewer subsets")
        }
        units.sort { $0.members.count > $1.members.count }
        var remaining = wanted.map { _ in [Int](repeating: 0, count: classCount) }
        var counts = [Int](repeating: 0, count: classCount)
        for label in labels { counts[Int(label)] += 1 }
        for label in 0..<classCount {
            let shares = share(of: counts[label], wanted)
            for (place, count) in shares.enumerated() { remaining[place][label] = count }
        }
        var assigned: [[Int]] = wanted.map { _ in [] }
        for (number, unit) in units.enumerated() {
            let gains = remaining.map { remaining in
                unit.counts.reduce(0) { sum, entry in
                    let room = max(0, remaining[Int(entry.key)])
                    return sum + min(entry.value, room) - max(0, entry.value - room)
                }
            }
            let best = gains.indices.reduce(0) { gains[$1] > gains[$0] ? $1 : $0 }
            for (label, count) in unit.counts { remaining[best][Int(label)] -= count }
            assigned[best].append(number)
        }
        // Groups of which none was small enough for a subset: its smallest is better than nothing.
        for place in assigned.indices where assigned[place].isEmpty {
            let donor = assigned.indices.reduce(0) { assigned[$1].count > assigned[$0].count ? $1 : $0 }
            if let smallest = assigned[donor].popLast() { assigned[place].append(smallest) }
        }
        var result = [ImageSubset](repeating: .train, count: labels.count)
        for (place, numbers) in assigned.enumerated() {
            for number in numbers {
                for member in units[number].members { result[member] = wanted[place] }
            }
        }
        return result
    }

    /// The groups in random order.
    private func shuffledUnits() -> [Unit] {
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
        var random = RandomState(seed)
        return random.permutationIndices(units.count).map { units[Int($0)] }
    }

    /// How many of `count` examples of one class go into each subset; the last is the one to learn from.
    private func share(of count: Int, _ wanted: [ImageSubset]) -> [Int] {
        var left = count
        return wanted.enumerated().map { place, subset in
            if subset == .train { return left }
            let fraction = subset == .test ? test : validation
            let rounded = Int((fraction * Double(count)).rounded())
            // One each, if that leaves one for those that follow.
            let least = count >= wanted.count ? 1 : 0
            let most = max(0, left - (wanted.count - 1 - place))
            let taken = min(max(least, rounded), most)
            left -= taken
            return taken
        }
    }
}
