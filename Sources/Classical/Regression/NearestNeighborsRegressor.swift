import ArrayFiles
import Arrays
import Classification
import ExampleData
import Regression
import Support

/// The regressor that ``NearestNeighborsRegression`` fits: the training examples, ready to be searched, and their targets.
public struct NearestNeighborsRegressor: StorableRegressor {
    /// `knn-regression`.
    public static let kind = "knn-regression"
    /// The number of neighbours that answer.
    package let k: Int
    /// The weight of a neighbour.
    package let weights: NearestNeighbors.Weights
    /// The targets of the training examples: [N, K].
    package let trainingTargets: NDArray<Float>
    private let finder: NeighborFinder

    init(
        finder: NeighborFinder, targets: NDArray<Float>, k: Int, weights: NearestNeighbors.Weights
    ) {
        (self.finder, trainingTargets, self.k, self.weights) = (finder, targets, k, weights)
    }

    /// The number of numbers in a target, K.
    public var outputCount: Int { trainingTargets.shape[1] }
    /// The distance between rows.
    package var metric: Metric { finder.metric }
    /// The training examples, in which the neighbours' places point.
    package var trainingExamples: FeatureMatrix { finder.rows.examples }
    /// The graph by which neighbours are found approximately; nil when the search is exact.
    package var graph: NeighborGraph? {
        if case .approximate(let graph) = finder { graph } else { nil }
    }

    /// Returns the training examples nearest to each example, the nearest first: k of them.
    ///
    /// - Throws: `badData` for another number of features than in training, or one that is not finite; `interrupted`.
    public func neighbors(
        of examples: FeatureMatrix, cancellation: Cancellation? = nil,
        progress: ((LearningProgress) -> Void)? = nil
    ) throws -> Neighbors {
        try finder.neighbors(of: examples, k: k, cancellation: cancellation, progress: progress)
    }

    /// Returns the weighted mean of the neighbours' targets: [N, K].
    ///
    /// - Throws: as `neighbors(of:)`.
    public func values(for examples: FeatureMatrix, cancellation: Cancellation?) throws -> NDArray<Float> {
        let found = try neighbors(of: examples, cancellation: cancellation)
        let width = outputCount
        return NDArray(shape: [found.count, width]) { answers in
            trainingTargets.withUnsafeElements { targets in
                for row in 0..<found.count {
                    let weights = weights(found, row)
                    let total = weights.reduce(0, +)
                    for column in 0..<width {
                        var sum = 0.0
                        for place in 0..<k where weights[place] > 0 {
                            let target = targets[Int(found.places[row * k + place]) * width + column]
                            sum += weights[place] * Double(target)
                        }
                        answers.initializeElement(at: row * width + column, to: Float(sum / total))
                    }
                }
            }
        }
    }

    /// Returns the weight of each neighbour of a query: 0...1, the nearest 1.
    private func weights(_ found: Neighbors, _ row: Int) -> [Double] {
        guard weights == .distance else { return [Double](repeating: 1, count: k) }
        let distances = (0..<k).map { metric.distance(ofKey: found.keys[row * k + $0]) }
        guard distances[0] > 0 else { return distances.map { $0 == 0 ? 1 : 0 } }
        // Relative to the nearest, so that no weight is too large or too small for a Double.
        return distances.map { distances[0] / $0 }
    }

    /// `k = 5, l2, 80 examples`.
    public var summary: String {
        "k = \(k), \(metric), \(Numerals.counted(trainingExamples.count, "example"))"
    }

    // MARK: In a file

    /// Puts the training examples, their targets, the settings and the graph, if there is one, under `prefix`.
    public func store(in file: inout SafeTensors, prefix: String) {
        finder.store(in: &file, prefix: prefix)
        file.set(trainingTargets, named: prefix + "targets")
        file.metadata[prefix + "k"] = "\(k)"
        file.metadata[prefix + "weights"] = weights.rawValue
    }

    /// Restores the regressor from the entries that `store` wrote; the codes for the exact search are made again.
    ///
    /// - Throws: `badData` when something is missing or contradicts the rest.
    public init(from file: SafeTensors, prefix: String) throws {
        finder = try NeighborFinder(from: file, prefix: prefix)
        let count = finder.rows.examples.count
        trainingTargets = try file.finite(
            named: prefix + "targets", as: Float.self, shape: [count, nil])
        guard trainingTargets.shape[1] > 0 else {
            throw file.wrong(prefix + "targets", expected: "a number for each example", got: "none")
        }
        k = try file.setting(prefix + "k") { text in
            Int(text).flatMap { (1...count).contains($0) ? $0 : nil }
        }
        weights = try file.setting(prefix + "weights") { NearestNeighbors.Weights(rawValue: $0) }
    }
}
