import Arrays
import Classification
import ExampleData
import Regression
import Support

/// K nearest neighbours: the answer is the mean of the targets of the k nearest training examples.
///
/// y = sum_i w_i t_i / sum_i w_i over the k nearest, w_i all the same, or 1 / distance; examples at distance 0, if there are
/// any, answer alone. Of equally far examples the first in the training set is the nearer one.
///
/// ```swift
/// let regressor = try NearestNeighborsRegression(k: 5, weights: .distance).fit(houses)
/// ```
///
/// Source: T. M. Cover, "Estimation by the nearest neighbor rule" (1968); weights: scikit-learn's `KNeighborsRegressor`.
public struct NearestNeighborsRegression: RegressionLearner, Equatable {
    /// The number of neighbours.
    public var k: Int
    /// The distance between rows.
    public var metric: Metric
    /// The weight of a neighbour.
    public var weights: NearestNeighbors.Weights
    /// The search for neighbours.
    public var search: NearestNeighbors.Search

    /// Creates a regression by that many neighbours.
    public init(
        k: Int = 5, metric: Metric = .l2, weights: NearestNeighbors.Weights = .uniform,
        search: NearestNeighbors.Search = .exact
    ) {
        (self.k, self.metric, self.weights, self.search) = (k, metric, weights, search)
    }

    /// Keeps the examples, and prepares the search.
    ///
    /// - Throws: `usage` when k is below 1 or larger than the training set, for an impossible metric or graph; `badData` for
    ///   targets that are classes, no examples, a number that is not finite; `interrupted`.
    /// - Complexity: O(N D).
    public func fit(
        _ examples: LabeledExamples, cancellation: Cancellation?, progress: ((LearningProgress) -> Void)?
    ) throws -> NearestNeighborsRegressor {
        try metric.check()
        let targets = try RegressionChecks.require(examples, for: "nearest neighbours")
        guard (1...examples.count).contains(k) else {
            throw DescentError(
                .usage, k < 1 ? "impossible k" : "k is larger than the training set",
                at: "nearest neighbours",
                expected: "1...\(examples.count)", got: "\(k)")
        }
        if case .approximate(let settings) = search { try settings.check(metric) }
        let finder = try NeighborFinder(
            examples.features, metric: metric, search: search, cancellation: cancellation, progress: progress)
        return NearestNeighborsRegressor(finder: finder, targets: targets, k: k, weights: weights)
    }

    // MARK: Settings as text

    /// `mean of the k nearest neighbours`.
    public static let title = "mean of the k nearest neighbours"

    /// The settings that `init(from:)` reads.
    public static let settingNames = ["k", "metric", "distance-weights", "approximate", "seed"]

    /// Creates neighbours with the settings of a text; the seed is the graph's.
    public init(from settings: inout SettingText) throws {
        self.init()
        k = try settings.whole("k", main: true, from: 1) ?? k
        if let text = settings.text("metric") {
            metric = try DescentError.naming("metric") { try Metric(parsing: text) }
        }
        if try settings.isOn("distance-weights") { weights = .distance }
        let seed = try settings.seed() ?? 1
        if try settings.isOn("approximate") { search = .approximate(NeighborGraph.Settings(seed: seed)) }
    }

    /// k, and what differs from the usual.
    public var settings: [LearnerSetting]? {
        NearestNeighbors(k: k, metric: metric, weights: weights, search: search).settings
    }

    /// `5 nearest neighbours, l2`.
    public func summary(of regressor: NearestNeighborsRegressor) -> String {
        let weighted = weights == .uniform ? "" : ", weighted by distance"
        return "\(Numerals.counted(k, "nearest neighbour")), \(metric)\(weighted)"
    }
}
