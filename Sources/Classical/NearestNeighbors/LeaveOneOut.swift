import Arrays
import Classification
import ExampleData
import Support

/// The accuracy of each k on the training set, every example classified by the others; all k in one pass.
public struct LeaveOneOut: Equatable, Sendable, CustomStringConvertible {
    /// The share of examples that k neighbours classify correctly, for k = 1, 2, ...
    public let accuracies: [Double]

    /// The k with the highest accuracy; the smallest of equals.
    public var best: Int {
        var best = 0
        for k in accuracies.indices where accuracies[k] > accuracies[best] { best = k }
        return best + 1
    }

    /// `leave-one-out of k up to 50: 97.05 % with k = 3`.
    public var description: String {
        "leave-one-out of k up to \(accuracies.count): \(Numerals.percent(accuracies[best - 1])) with k = \(best)"
    }

    init(accuracies: [Double]) { self.accuracies = accuracies }

    init(
        _ examples: LabeledExamples, most: Int, metric: Metric, weights: NearestNeighbors.Weights,
        cancellation: Cancellation?, progress: ((LearningProgress) -> Void)?
    ) throws {
        // Many neighbours need a sharper bound.
        let index = ExactNeighborIndex(examples.features, metric: metric, dims: most > 10 ? 96 : 64)
        let found = try index.neighbors(
            of: index.rows, k: most, excludingSelf: true, cancellation: cancellation, progress: progress
        ).neighbors
        var right = [Int](repeating: 0, count: most)
        var votes = Votes(classes: examples.classNames.count)
        for row in 0..<examples.count {
            votes.clear()
            for place in 0..<most {
                votes.add(
                    Int(examples.classes[Int(found.places[row * most + place])]), weights, found, row, place)
                if votes.winner == Int(examples.classes[row]) { right[place] += 1 }
            }
        }
        accuracies = right.map { Double($0) / Double(examples.count) }
    }
}

/// The votes of one example's neighbours.
struct Votes {
    private(set) var weights: [Double]
    /// The class with the greatest weight; the first of equals.
    private(set) var winner = 0

    init(classes: Int) { weights = [Double](repeating: 0, count: classes) }

    mutating func clear() {
        for place in weights.indices { weights[place] = 0 }
        winner = 0
    }

    /// Adds the vote of neighbour `place` of query `row`, whose class is `number`.
    mutating func add(
        _ number: Int, _ rule: NearestNeighbors.Weights, _ found: Neighbors, _ row: Int, _ place: Int
    ) {
        weights[number] += Self.weight(rule, found, row, place)
        let (weight, most) = (weights[number], weights[winner])
        if weight > most || (weight == most && number < winner) { winner = number }
    }

    private static func weight(
        _ rule: NearestNeighbors.Weights, _ found: Neighbors, _ row: Int, _ place: Int
    ) -> Double {
        guard rule == .distance else { return 1 }
        let key = found.keys[row * found.k + place]
        // The nearest comes first, so it shows whether there is one at distance 0.
        if found.keys[row * found.k] == 0 { return key == 0 ? 1 : 0 }
        return 1 / found.metric.distance(ofKey: key)
    }
}
