import Arrays
import Autodiff

/// The distribution from which the first values of a parameter are drawn.
///
/// The fan-in of a weight of shape [D, H] is D; of one of shape [K, C, R, S] it is C R S. Values are drawn in double
/// precision by NumPy's generator and rounded to float, row by row, so that a NumPy script can begin from the same values.
/// The kinds are in the files beside this one, one type each (``InitializationRule``).
///
/// ```swift
/// let weight = Parameter(shape: [784, 50], initializer: .normal(standardDeviation: 0.01))
/// let other = try Initializer(parsing: "normal:0.01")
/// ```
public struct Initializer: Sendable, Hashable {
    /// The rule by which values are drawn.
    package let rule: any InitializationRule

    /// Creates the initialiser that draws by `rule`.
    public init(_ rule: some InitializationRule) { self.rule = rule }

    /// Draws values of `shape`.
    package func values(shape: [Int], using random: inout RandomState) -> NDArray<Float> {
        rule.values(shape: shape, using: &random)
    }

    /// Returns the number of values that enter each output of a weight of `shape`; at least 1.
    public static func fanIn(of shape: [Int]) -> Int {
        max(1, shape.count > 2 ? shape.dropFirst().reduce(1, *) : shape.first ?? 1)
    }

    /// Returns the initialiser that keeps the spread of a signal through `activation`: He's for ReLU and its kin, Xavier's
    /// otherwise.
    static func suited(to activation: Activation) -> Initializer {
        activation.isRectifier ? .he : .xavier
    }

    /// Returns whether both draw the same values.
    public static func == (one: Initializer, other: Initializer) -> Bool {
        AnyHashable(one.rule) == AnyHashable(other.rule)
    }

    /// Hashes the rule.
    public func hash(into hasher: inout Hasher) { rule.hash(into: &hasher) }
}
