/// The end of an iterative method: whether it reached its tolerance, and how it went.
public struct Convergence: Equatable, Sendable, CustomStringConvertible {
    /// Whether the tolerance was reached; if not, the steps ended first, or rounding allowed no further one.
    public let isReached: Bool
    /// One line: `45 pairs solved in 1203 steps`, `reached the limit of 5 passes with a violation of 0.3`.
    public let description: String

    /// Creates an end from its parts.
    package init(isReached: Bool, description: String) {
        (self.isReached, self.description) = (isReached, description)
    }
}
