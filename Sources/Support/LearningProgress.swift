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
