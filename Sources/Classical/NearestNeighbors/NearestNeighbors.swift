import Arrays
import Classification
import ExampleData
import Support

/// K nearest neighbours: an example belongs to the class that most of the k nearest training examples have.
///
/// ```swift
/// let classifier = try NearestNeighbors(k: 3).fit(mnistTraining)   // raw pixels: 0.9705 of the test set
/// let chosen = try NearestNeighbors(choosingUpTo: 50).fit(digits)
/// print(chosen.k, chosen.leaveOneOut?.accuracies ?? [])
/// ```
///
/// Ties are broken the same way every time: of equally far rows, the first in the training set is the nearer one; of
/// classes with equally many votes (or equal weight), the first wins, as in scikit-learn.
///
/// Source: E. Fix, J. L. Hodges, "Discriminatory Analysis: Nonparametric Discrimination" (1951); T. M. Cover,
/// P. E. Hart, "Nearest Neighbor Pattern Classification" (1967).
public struct NearestNeighbors: Learner, Equatable {
    /// The choice of k.
    public enum Count: Equatable, Sendable, CustomStringConvertible {
        /// This many.
        case fixed(Int)
        /// The k, from 1 up to this number, that classifies most training examples correctly by the others; the smallest of
        /// equals.
        case leaveOneOut(upTo: Int)

        /// `3`, `auto:50`.
        public var description: String {
            switch self {
            case .fixed(let k): "\(k)"
            case .leaveOneOut(let most): "auto:\(most)"
            }
        }

        /// Parses the choice that `text` names: `3`, `auto` (up to 50), `auto:20`.
        ///
        /// - Throws: `usage` for any other text.
        package init(parsing text: String) throws {
            if let k = Int(text), k >= 1 {
                self = .fixed(k)
                return
            }
            var settings = SettingText(text, of: "k")
            guard settings.name == "auto" else {
                throw settings.unknownName(known: ["a number from 1", "auto:50"])
            }
            self = .leaveOneOut(upTo: try settings.whole("up-to", main: true, from: 1) ?? 50)
            try settings.finish()
        }
    }

    /// The weight of a neighbour's vote.
    public enum Weights: String, CaseIterable, Sendable {
        /// All the same.
        case uniform
        /// 1 / distance; rows at distance 0, if there are any, vote alone.
        case distance
    }

    /// The search for neighbours: exact, or by a graph.
    public enum Search: Equatable, Sendable {
        /// All of them, for certain.
        case exact
        /// Nearly all of them, faster, by a graph; L2 and the cosine only.
        case approximate(NeighborGraph.Settings)
    }

    /// The number of neighbours, or the way to choose it.
    public var k: Count
    /// The distance between rows.
    public var metric: Metric
    /// The weight of a neighbour's vote.
    public var weights: Weights
    /// The search for neighbours; leave-one-out is always exact.
    public var search: Search

    /// Creates a fixed number of neighbours.
    public init(
        k: Int = 3, metric: Metric = .l2, weights: Weights = .uniform, search: Search = .exact
    ) {
        (self.k, self.metric, self.weights, self.search) = (.fixed(k), metric, weights, search)
    }

    /// Creates a learner that chooses k on the training set itself, each example classified by the others.
    public init(
        choosingUpTo most: Int, metric: Metric = .l2, weights: Weights = .uniform, search: Search = .exact
    ) {
        (k, self.metric, self.weights, self.search) = (.leaveOneOut(upTo: most), metric, weights, search)
    }

    /// Keeps the examples, and prepares the search.
    ///
    /// - Throws: `usage` when k is below 1 or larger than the training set (with leave-one-out, larger than the others
    ///   of an example), for an impossible metric or graph; `badData` for one class only, a class without examples, a
    ///   feature that is not finite; `interrupted`.
    /// - Complexity: O(N D); with leave-one-out at most O(N^2 D), for all k in one pass.
    public func fit(
        _ examples: LabeledExamples, cancellation: Cancellation?, progress: ((LearningProgress) -> Void)?
    ) throws -> NearestNeighborsClassifier {
        try metric.check()
        try check(count: examples.count)
        try ExampleChecks.require(examples, for: "nearest neighbours")
        if case .approximate(let settings) = search { try settings.check(metric) }
        var leaveOneOut: LeaveOneOut?
        let count: Int
        switch k {
        case .fixed(let k): count = k
        case .leaveOneOut(let most):
            let chosen = try LeaveOneOut(
                examples, most: most, metric: metric, weights: weights, cancellation: cancellation,
                progress: progress)
            count = chosen.best
            leaveOneOut = chosen
        }
        let finder = try NeighborFinder(
            examples.features, metric: metric, search: search, cancellation: cancellation, progress: progress)
        return NearestNeighborsClassifier(
            finder: finder, classes: examples.classes, classNames: examples.classNames, k: count,
            weights: weights,
            leaveOneOut: leaveOneOut)
    }

    // MARK: Settings as text

    /// `k nearest neighbours`.
    public static let title = "k nearest neighbours"

    /// The settings that `init(from:)` reads.
    public static let settingNames = ["k", "metric", "distance-weights", "approximate", "seed"]

    /// Neighbours with the settings of a text; the seed is the graph's.
    public init(from settings: inout SettingText) throws {
        self.init()
        if let text = settings.text("k", main: true) {
            k = try DescentError.naming("k") { try Count(parsing: text) }
        }
        if let text = settings.text("metric") {
            metric = try DescentError.naming("metric") { try Metric(parsing: text) }
        }
        if try settings.isOn("distance-weights") { weights = .distance }
        let seed = try settings.seed() ?? 1
        if try settings.isOn("approximate") { search = .approximate(NeighborGraph.Settings(seed: seed)) }
    }

    /// k, and the settings that differ from the defaults; nil for those that text cannot express.
    public var settings: [LearnerSetting]? {
        var settings = [LearnerSetting("k", k.description)]
        if metric != .l2 { settings.append(LearnerSetting("metric", metric.description)) }
        if weights == .distance { settings.append(LearnerSetting("distance-weights", "true")) }
        if case .approximate(let graph) = search {
            guard graph == NeighborGraph.Settings(seed: graph.seed) else { return nil }
            settings.append(LearnerSetting("approximate", "true"))
            settings.append(LearnerSetting("seed", "\(graph.seed)"))
        }
        return settings
    }

    /// `3 nearest neighbours, l2`.
    public func summary(of classifier: NearestNeighborsClassifier) -> String {
        let weighted = weights == .uniform ? "" : ", weighted by distance"
        return "\(classifier.k) nearest neighbours, \(metric)\(weighted)"
    }

    private func check(count: Int) throws {
        let (wanted, possible) =
            switch k {
            case .fixed(let k): (k, count)
            case .leaveOneOut(let most): (most, count - 1)
            }
        guard wanted >= 1 else {
            throw DescentError(
                .usage, "impossible k", at: "nearest neighbours", expected: "1 or more", got: "\(wanted)")
        }
        guard wanted <= possible else {
            throw DescentError(
                .usage, "k is larger than the training set", at: "nearest neighbours",
                expected: "at most \(max(0, possible))", got: "\(wanted)")
        }
    }
}
