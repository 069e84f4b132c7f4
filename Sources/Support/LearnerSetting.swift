/// A setting of a learner as text: `k` is `3`.
public struct LearnerSetting: Equatable, Sendable {
    /// The name: `k`.
    public let name: String
    /// The value; `true` for one that is switched on.
    public let value: String

    /// Creates a setting.
    public init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }

    /// Creates a number, without a fraction of zero.
    package init(_ name: String, _ value: Double) { self.init(name, Numerals.number(value)) }
}
