import ExampleData
import Support

/// The subsets of a folder's pictures: those that the folder has, and shares taken by chance from those to learn from.
struct ImageDivision {
    let decoded: DecodedFolder
    let options: ImageSplitOptions
    /// Sets of files with equal contents.
    let equal: [[Int]]
    let cancellation: Cancellation?

    init(
        _ decoded: DecodedFolder, _ options: ImageSplitOptions, equal: [[Int]], cancellation: Cancellation?
    ) {
        (self.decoded, self.options, self.equal) = (decoded, options, equal)
        self.cancellation = cancellation
    }

    /// How a split was made, in words.
    static func rule(_ options: ImageSplitOptions) -> String {
        var parts: [String] = []
        if let share = options.validation { parts.append("validation \(Numerals.number(share))") }
        if let share = options.test { parts.append("test \(Numerals.number(share))") }
        if parts.isEmpty { return "the folder's own" }
        parts.append("seed \(options.seed)")
        if let grouping = options.groupBy { parts.append("grouped by \(grouping.text)") }
        return parts.joined(separator: ", ")
    }

    /// The subset of each picture.
    func run() throws -> [ImageSubset] {
        let folder = decoded.folder
        let shares = (validation: options.validation ?? 0, test: options.test ?? 0)
        for (name, share) in [("`validation`", shares.validation), ("`test`", shares.test)] {
            guard share >= 0, share < 1 else {
                throw DescentError(
                    .usage, "not a share of pictures", at: name, expected: "0 to less than 1",
                    got: Numerals.number(share))
            }
        }
        guard shares.validation + shares.test < 1 else {
            throw DescentError(
                .usage, "the shares leave no picture to learn from", at: folder.path,
                expected: "a sum below 1",
                got: "\(Numerals.number(shares.validation)) and \(Numerals.number(shares.test))")
        }
        let own = folder.files.map { $0.subset ?? .train }
        for (name, subset, share) in [
            ("`validation`", ImageSubset.validation, shares.validation), ("`test`", .test, shares.test),
        ] where share > 0 && own.contains(subset) {
            throw DescentError(
                .usage, "the folder has \(subset.rawValue) pictures of its own", at: name,
                got: Numerals.number(share), advice: "leave it out")
        }
        guard shares.validation > 0 || shares.test > 0 else { return own }
        let learning = own.indices.filter { own[$0] == .train }
        guard !learning.isEmpty else {
            throw DescentError(
                .badData, "there are no pictures to divide", at: folder.path, expected: "pictures in train")
        }
        let groups = try unitNumbers(learning)
        let subsets: [ImageSubset] = [.train, .test, .validation]
        let wanted = 1 + (shares.test > 0 ? 1 : 0) + (shares.validation > 0 ? 1 : 0)
        guard Set(groups).count >= wanted else {
            throw DescentError(
                .badData, "there are fewer groups of pictures than subsets", at: folder.path,
                expected: "at least \(wanted) groups", got: "\(Set(groups).count)",
                advice: "give smaller groups or fewer subsets")
        }
        let parts = Stratification(
            labels: learning.map { folder.files[$0].label }, groups: groups,
            shares: [shares.test, shares.validation], seed: options.seed
        ).parts()
        var result = own
        for (place, part) in zip(learning, parts) { result[place] = subsets[Int(part)] }
        return result
    }

    /// A number for each picture, equal for those that stay together: by group, and by equal contents.
    private func unitNumbers(_ places: [Int]) throws -> [Int] {
        var units = DisjointSets(count: decoded.folder.files.count)
        if let grouping = options.groupBy {
            let groups = try decoded.folder.groups(grouping, cancellation: cancellation)
            var first: [String: Int] = [:]
            for place in places {
                guard let group = groups[place] else { continue }
                if let other = first[group] { units.join(other, place) } else { first[group] = place }
            }
        }
        for set in equal {
            for place in set.dropFirst() { units.join(set[0], place) }
        }
        return places.map { units.root($0) }
    }
}
