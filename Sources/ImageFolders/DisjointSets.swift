/// Numbers 0 ..< count in sets that can be joined.
struct DisjointSets {
    private var parents: [Int]

    /// Each number in a set of its own.
    init(count: Int) { parents = Array(0..<count) }

    /// The smallest number of a number's set.
    mutating func root(_ number: Int) -> Int {
        var number = number
        while parents[number] != number {
            parents[number] = parents[parents[number]]
            number = parents[number]
        }
        return number
    }

    /// Makes one set of the sets of two numbers.
    mutating func join(_ one: Int, _ two: Int) {
        let (one, two) = (root(one), root(two))
        parents[max(one, two)] = min(one, two)
    }

    /// The sets, by their smallest numbers, each in order.
    mutating func sets() -> [[Int]] {
        var sets: [Int: [Int]] = [:]
        for number in parents.indices { sets[root(number), default: []].append(number) }
        return sets.sorted { $0.key < $1.key }.map(\.value)
    }
}
