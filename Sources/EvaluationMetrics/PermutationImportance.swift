import Arrays
import Support

/// How much a model needs a feature: how much its score falls when the feature's values are shuffled among the examples.
///
/// ```swift
/// let importance = try PermutationImportance.measure(table, groups: groups, seed: 1) { features in
///     try accuracy(of: model.classes(of: .floats(features)))
/// }
/// ```
///
/// The draws are those of scikit-learn's `permutation_importance` with `random_state=seed`, so the numbers are the same. A feature
/// whose place another one can take (a correlated one) seems less important than it is.
///
/// Source: L. Breiman, "Random forests" (2001).
public enum PermutationImportance {
    /// Columns that are shuffled together: those of one text column that was one-hot encoded.
    public struct Group: Equatable, Sendable {
        /// The name of the feature.
        package let name: String
        /// Its columns, from 0.
        package let columns: [Int]

        /// Columns under one name.
        public init(_ name: String, columns: [Int]) { (self.name, self.columns) = (name, columns) }
    }

    /// Returns the importance of each group, the most important first; equals in the order of the groups.
    ///
    /// - Parameters:
    ///   - features: [N, D].
    ///   - groups: the features by name.
    ///   - repeats: how often each is shuffled.
    ///   - seed: the seed of the shuffles, not negative.
    ///   - cancellation: stops between two predictions.
    ///   - progress: is told the number of predictions made and that of all.
    ///   - score: returns the score of the model on changed features [N, D]: the higher the better.
    /// - Precondition: `repeats` is 1 or more.
    /// - Throws: `badData`: no examples, a column that there is not, a score that is not finite; `interrupted`; what `score`
    ///   throws.
    /// - Complexity: groups × repeats predictions of all examples, and a copy of the features.
    public static func measure(
        _ features: NDArray<Float>, groups: [Group], repeats: Int = 5, seed: Int = 0,
        cancellation: Cancellation? = nil, progress: (Int, Int) -> Void = { _, _ in },
        score: (NDArray<Float>) throws -> Double
    ) throws -> [FeatureImportance] {
        require(repeats >= 1, "\(repeats) repeats")
        guard features.ndim == 2, features.shape[0] > 0 else {
            throw DescentError(
                .badData, "no examples to evaluate", at: "features", expected: "[N, D], N at least 1",
                got: "\(features.shape)")
        }
        let (count, width) = (features.shape[0], features.shape[1])
        for group in groups {
            guard let column = group.columns.first(where: { !(0..<width).contains($0) }) else { continue }
            throw DescentError(
                .badData, "a column that there is not", at: "feature '\(group.name)'",
                expected: "0..<\(width)", got: "\(column)")
        }
        func finite(_ value: Double, _ name: String) throws -> Double {
            guard value.isFinite else {
                throw DescentError(.badData, "a score that is not finite", at: name, got: "\(value)")
            }
            return value
        }
        let baseline = try finite(score(features), "the unchanged features")
        var random = RandomState(seed)
        let groupSeed = random.randint(0, 1 << 31)
        let total = groups.count * repeats
        var found: [FeatureImportance] = []
        for (number, group) in groups.enumerated() {
            var random = RandomState(groupSeed)
            var order = Array(0..<count)
            var columns = features.withUnsafeElements { values in
                group.columns.map { column in (0..<count).map { values[$0 * width + column] } }
            }
            var falls: [Double] = []
            for round in 0..<repeats {
                try Cancellation.check(cancellation)
                // The order is shuffled further each time, and so are the values: as scikit-learn does.
                random.shuffle(&order)
                columns = columns.map { column in order.map { column[$0] } }
                let shuffled = replacing(group.columns, of: features, by: columns)
                falls.append(baseline - (try finite(score(shuffled), "feature '\(group.name)'")))
                progress(number * repeats + round + 1, total)
            }
            found.append(FeatureImportance(name: group.name, falls: falls))
        }
        return found.sorted { $0.mean > $1.mean }
    }

    /// Returns a copy of `features` [N, D] with other columns.
    private static func replacing(
        _ places: [Int], of features: NDArray<Float>, by columns: [[Float]]
    ) -> NDArray<Float> {
        let width = features.shape[1]
        return NDArray(shape: features.shape) { target in
            features.withUnsafeElements { source in
                guard let base = source.baseAddress else { return }
                target.baseAddress?.initialize(from: base, count: source.count)
            }
            for (place, column) in zip(places, columns) {
                for (row, value) in column.enumerated() { target[row * width + place] = value }
            }
        }
    }
}

/// The importance of one feature.
public struct FeatureImportance: Codable, Equatable, Sendable {
    /// The name of the feature.
    public let name: String
    /// How much the score falls when it is shuffled: the mean of the repeats.
    public let mean: Double
    /// The standard deviation of the repeats (divided by their number).
    public let deviation: Double

    /// From its parts.
    public init(name: String, mean: Double, deviation: Double) {
        (self.name, self.mean, self.deviation) = (name, mean, deviation)
    }

    init(name: String, falls: [Double]) {
        let mean = falls.reduce(0, +) / Double(falls.count)
        let squares = falls.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        self.init(name: name, mean: mean, deviation: (squares / Double(falls.count)).squareRoot())
    }
}
