import ArrayFiles
import Arrays
import ExampleData

extension NeighborGraph {
    /// Puts links, levels and settings under `prefix`; the rows are stored by their owner.
    func store(in file: inout SafeTensors, prefix: String) {
        file.set(bottom, named: prefix + "bottom")
        file.set(upper, named: prefix + "upper")
        file.set(NDArray(levels), named: prefix + "levels")
        let numbers = [settings.links, settings.efConstruction, settings.efSearch, settings.seed, Int(entry)]
        file.metadata[prefix + "settings"] = numbers.map(String.init).joined(separator: " ")
    }

    /// Restores the graph from the entries that `store` wrote, over the same rows; every link is checked.
    init(from file: SafeTensors, prefix: String, _ examples: FeatureMatrix, _ metric: Metric) throws {
        let numbers = try file.setting(prefix + "settings").split(separator: " ").compactMap { Int($0) }
        guard numbers.count == 5 else {
            throw file.wrong(prefix + "settings", expected: "five whole numbers")
        }
        let settings = Settings(
            links: numbers[0], efConstruction: numbers[1], efSearch: numbers[2], seed: numbers[3])
        do {
            try settings.check(metric)
        } catch {
            throw file.wrong(prefix + "settings", expected: "possible settings")
        }
        let count = examples.count
        let levels = try file.array(named: prefix + "levels", as: UInt8.self, shape: [count]).elements
        let slots = levels.reduce(0) { $0 + Int($1) }
        let bottom = try file.array(
            named: prefix + "bottom", as: Int32.self, shape: [count, 2 * settings.links])
        let upper = try file.array(named: prefix + "upper", as: Int32.self, shape: [slots, settings.links])
        let top = levels.max() ?? 0
        guard top < 64, (0..<count).contains(numbers[4]), levels[numbers[4]] == top else {
            throw file.wrong(prefix + "settings", expected: "an entry on the highest layer")
        }
        self.init(examples, metric, settings, levels, false)
        try Self.check(bottom, upper, levels, settings, file, prefix)
        (self.bottom, self.upper) = (bottom, upper)
        (entry, self.top) = (Int32(numbers[4]), Int32(top))
    }

    /// Requires links that lead to rows on their layer.
    private static func check(
        _ bottom: NDArray<Int32>, _ upper: NDArray<Int32>, _ levels: [UInt8], _ settings: Settings,
        _ file: SafeTensors, _ prefix: String
    ) throws {
        let rows = Int32(levels.count)
        guard bottom.withUnsafeElements({ $0.allSatisfy { $0 >= -1 && $0 < rows } }) else {
            throw file.wrong(prefix + "bottom", expected: "rows in 0..<\(rows), or -1")
        }
        let isRight = upper.withUnsafeElements { links in
            var slot = 0
            for level in levels {
                for layer in 0..<Int(level) {
                    for place in (slot + layer) * settings.links..<(slot + layer + 1) * settings.links {
                        guard links[place] >= -1, links[place] < rows else { return false }
                        if links[place] >= 0, levels[Int(links[place])] <= layer { return false }
                    }
                }
                slot += Int(level)
            }
            return true
        }
        guard isRight else { throw file.wrong(prefix + "upper", expected: "rows on the layer of their link") }
    }
}
