/// The meaning of a classifier's scores. They add up to 1 whatever they are.
public enum ScoreKind: Equatable, Sendable {
    /// Probabilities, learned or fitted.
    case probabilities
    /// Shares of the votes of all pairs of classes: a class takes part in `most` of the `decisions`.
    ///
    /// With ten classes the surest answer has 9 of 45 votes, 20 %, which is no doubt of one in five.
    case votes(most: Int, decisions: Int)
    /// Shares of so many neighbours.
    case neighbors(Int)
    /// Shares of the neighbours' weights, the nearer the heavier.
    case weightedNeighbors
    /// Scores in the order of the decisions, not fitted to be probabilities.
    case scores

    /// One word for a file: `probabilities`, `votes`, `neighbors`, `scores`.
    public var name: String {
        switch self {
        case .probabilities: "probabilities"
        case .votes: "votes"
        case .neighbors, .weightedNeighbors: "neighbors"
        case .scores: "scores"
        }
    }
}

extension ScoreKind {
    /// Returns how sure the class of an answer is, 0...1: its probability, or the share of the votes or neighbours that a class can
    /// have. Nil where scores have an order and no meaning besides.
    ///
    /// ```swift
    /// ScoreKind.votes(most: 9, decisions: 45).confidence(0.2)   // 1: nine of nine votes
    /// ```
    public func confidence(_ score: Float) -> Float? {
        switch self {
        case .probabilities, .neighbors, .weightedNeighbors: score
        case .votes(let most, let decisions): min(1, score * Float(decisions) / Float(max(1, most)))
        case .scores: nil
        }
    }
}
