import Support

/// Methods side by side on the same folds of the training examples: what `--model auto` chose among, and why.
///
/// ```swift
/// let entries = [
///     Leaderboard.Entry(name: "ridge", settings: [.init("model", "ridge")], scores: [52.1, 55.0], seconds: 0.1),
///     Leaderboard.Entry(name: "knn", settings: [.init("model", "knn")], scores: [60.2, 57.9], seconds: 0.1),
/// ]
/// let board = Leaderboard(measure: .rmse, folds: 2, seed: 1, exampleCount: 100, trainCount: 100, entries: entries)
/// print(board.best?.name ?? "nothing was measured")        // ridge
/// ```
public struct Leaderboard: Codable, Equatable, Sendable {
    /// What the methods are compared by.
    public enum Measure: String, Codable, Sendable {
        /// The share of right classes; the larger the better.
        case accuracy
        /// The root of the mean squared error, in the label's units; the smaller the better.
        case rmse
    }

    /// A setting of a method as text: `c` is `10`.
    public struct Setting: Codable, Equatable, Sendable {
        /// The name.
        public let name: String
        /// The value.
        public let value: String

        /// Creates a setting.
        public init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
    }

    /// A method that was measured.
    public struct Entry: Codable, Equatable, Sendable {
        /// `svm, C 10`.
        public let name: String
        /// The model and the settings by which it is made again, under the names that the command's flags have; empty for what is no
        /// model.
        public let settings: [Setting]
        /// Whether it is there to be compared with only, and learns nothing.
        public let isBaseline: Bool
        /// The measure on each fold, in their order; fewer than the folds where it failed or was stopped.
        public let scores: [Double]
        /// A second figure of the same answers, its mean over the folds: R² of numbers; nil without one.
        public let secondary: Double?
        /// The seconds that it took on all folds, preparation, training and prediction together.
        public let seconds: Double
        /// Why it has no score, in words; nil where it has.
        public let failure: String?

        /// Creates an entry.
        public init(
            name: String, settings: [Setting], isBaseline: Bool = false, scores: [Double],
            secondary: Double? = nil, seconds: Double, failure: String? = nil
        ) {
            (self.name, self.settings) = (name, settings)
            (self.isBaseline, self.scores) = (isBaseline, scores)
            (self.secondary, self.seconds, self.failure) = (secondary, seconds, failure)
        }

        /// The mean over the folds; nil without any.
        public var mean: Double? {
            scores.isEmpty ? nil : scores.reduce(0, +) / Double(scores.count)
        }

        /// The standard deviation over the folds, of n - 1; nil for fewer than two.
        public var deviation: Double? {
            guard let mean, scores.count > 1 else { return nil }
            let squares = scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            return (squares / Double(scores.count - 1)).squareRoot()
        }
    }

    /// The version of the keys: 1.
    public let version: Int
    /// What the methods are compared by.
    public let measure: Measure
    /// The number of folds.
    public let folds: Int
    /// The seed of the folds and of the methods.
    public let seed: Int
    /// The number of training examples that were cut into folds.
    public let exampleCount: Int
    /// The number of all training examples, on which the best was trained then.
    public let trainCount: Int
    /// The methods that were measured, the best first, those without a score last.
    public let entries: [Entry]
    /// The methods that were not measured, because the search was stopped or they would have taken too long.
    public let omitted: [String]
    /// Why the best is the best, in a sentence; nil where nothing was measured to the end.
    public let reason: String?

    /// Creates a leaderboard; the entries are put in order.
    public init(
        measure: Measure, folds: Int, seed: Int, exampleCount: Int, trainCount: Int, entries: [Entry],
        omitted: [String] = []
    ) {
        version = 1
        (self.measure, self.folds, self.seed) = (measure, folds, seed)
        (self.exampleCount, self.trainCount, self.omitted) = (exampleCount, trainCount, omitted)
        // Of equals the first stays first: methods come in the order of their simplicity.
        let ordered = entries.enumerated().sorted { one, other in
            switch (Self.rank(one.element, measure, folds), Self.rank(other.element, measure, folds)) {
            case (let first?, let second?) where first != second: first < second
            case (_?, nil): true
            case (nil, _?): false
            default: one.offset < other.offset
            }
        }.map(\.element)
        self.entries = ordered
        reason = Self.reason(ordered.filter { Self.rank($0, measure, folds) != nil }, measure, folds)
    }

    /// What is said of methods that were measured, the best first.
    private static func reason(_ ordered: [Entry], _ measure: Measure, _ folds: Int) -> String? {
        let methods = ordered.filter { !$0.isBaseline }
        guard let best = methods.first, let mean = best.mean else { return nil }
        func text(_ value: Double) -> String {
            measure == .accuracy ? Numerals.percent(value) : Numerals.measure(value)
        }
        let figure = measure == .accuracy ? "highest mean accuracy" : "lowest mean RMSE"
        var reason = "\(best.name) has the \(figure) over \(folds) folds, \(text(mean))"
        if let next = methods.dropFirst().first, let other = next.mean {
            reason += "; \(next.name) has \(text(other))"
            if let deviation = best.deviation, (mean - other).magnitude < deviation {
                reason += ", which differs by less than the deviation between folds"
            }
        }
        if let baseline = ordered.first(where: \.isBaseline), ordered.first == baseline {
            reason += ". Nothing is better than always answering the \(baseline.name)"
        }
        return reason
    }

    /// The smaller the better; nil for what was not measured on all folds.
    private static func rank(_ entry: Entry, _ measure: Measure, _ folds: Int) -> Double? {
        guard let mean = entry.mean, entry.scores.count == folds, mean.isFinite else { return nil }
        return measure == .accuracy ? -mean : mean
    }

    /// The best method that was measured on all folds and is no baseline; nil without any.
    public var best: Entry? {
        entries.first { !$0.isBaseline && Self.rank($0, measure, folds) != nil }
    }

    /// Writes `leaderboard.json`.
    package func write(to path: String) throws {
        try AtomicFile.write(jsonText().document, to: path)
    }

    /// Returns the leaderboard as a value that others may hold, its keys in snake case.
    package func jsonText() throws -> JSONText { try JSONText(encoding: self).inSnakeCase }
}
