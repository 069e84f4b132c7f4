/// The progress of a learner.
public struct LearningProgress: Sendable {
    /// The present activity in a few words: "pair 3 of 45", "epoch 7".
    public var activity: String
    /// The share of the work that is done, 0...1; nil when it cannot be known.
    public var fraction: Double?
    /// The violation of the optimality (KKT) conditions; nil for methods without them.
    public var violation: Double?

    /// Creates a report.
    public init(activity: String, fraction: Double? = nil, violation: Double? = nil) {
        self.activity = activity
        self.fraction = fraction
        self.violation = violation
    }
}
