import Arrays
import Support

/// Settings of a way to learn; `fit` makes a classifier from examples.
///
/// ```swift
/// let classifier = try NearestNeighbors(k: 3).fit(examples)
/// ```
public protocol Learner: Sendable {
    /// What comes of learning.
    associatedtype Trained: StorableClassifier

    /// Learns.
    ///
    /// `progress`: told now and then, from the thread that called.
    ///
    /// - Throws: `usage` or `badData` before work starts when settings and examples do not fit together (one class
    ///   only, a class without examples, a feature that is not finite: row and column named);
    ///   `interrupted` soon after `cancellation`.
    func fit(
        _ examples: LabeledExamples, cancellation: Cancellation?, progress: ((LearningProgress) -> Void)?
    ) throws -> Trained
}

extension Learner {
    /// Learns, to the end and in silence.
    public func fit(_ examples: LabeledExamples) throws -> Trained {
        try fit(examples, cancellation: nil, progress: nil)
    }
}

/// How far a learner is.
public struct LearningProgress: Sendable {
    /// What is being done, in a few words: "pair 3 of 45", "epoch 7".
    public var activity: String
    /// How much of all is done, 0...1; nil when nobody can know.
    public var fraction: Double?
    /// How far the solution is from the optimum (the violation of the KKT conditions); nil where that has no meaning.
    public var violation: Double?

    /// A report.
    public init(activity: String, fraction: Double? = nil, violation: Double? = nil) {
        self.activity = activity
        self.fraction = fraction
        self.violation = violation
    }
}
