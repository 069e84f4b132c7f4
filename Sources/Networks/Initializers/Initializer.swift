import Arrays
import Autodiff

/// An initialiser: how the first values of a parameter are drawn.
///
/// For a weight of shape [D, H], D values come in (the fan-in); for one of shape [K, C, R, S], C R S do. Drawn in double precision by
/// NumPy's generator and rounded to float, row by row, so that a NumPy script can begin from the same numbers. The kinds
/// stand beside this file, one type each (`InitializationRule`).
///
/// ```swift
/// let weight = Parameter(shape: [784, 50], initializer: .normal(standardDeviation: 0.01))
/// let other = try Initializer(parsing: "normal:0.01")
/// ```
public struct Initializer: Sendable, Hashable {
    /// The rule by which values are drawn.
    public let rule: any InitializationRule

    /// The initialiser that draws by `rule`.
    public init(_ rule: some InitializationRule) { self.rule = rule }

    /// Values of `shape`.
    public func values(shape: [Int], using random: inout RandomState) -> NDArray<Float> {
        rule.values(shape: shape, using: &random)
    }

    /// How many values come into each output of a weight of `shape`; at least 1.
    public static func fanIn(of shape: [Int]) -> Int {
        max(1, shape.count > 2 ? shape.dropFirst().reduce(1, *) : shape.first ?? 1)
    }

    /// The initialiser that keeps the spread of a signal through `activation`: He's for ReLU and its kin, Xavier's otherwise.
    static func suited(to activation: Activation) -> Initializer {
        activation.isRectifier ? .he : .xavier
    }

    /// Equal if they draw the same.
    public static func == (one: Initializer, other: Initializer) -> Bool {
        AnyHashable(one.rule) == AnyHashable(other.rule)
    }

    /// As the rule.
    public func hash(into hasher: inout Hasher) { rule.hash(into: &hasher) }
}
