import Classical
import Networks
import Support

/// What the figures are that a classifier gives each class. They add up to 1 whatever they are.
public enum AnswerBasis: Equatable, Sendable {
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
    /// Figures in the order of the decisions, which were not fitted to be anything.
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

    /// The answer for a person: the class, how sure it is as far as anybody can say, and the next two.
    ///
    /// `7  98.21 %   then 1 1.07 %, 9 0.40 %`; `7  9 of 9 votes   then 1 with 8, 9 with 7`; `7   then 1, 9`.
    public func answer(_ prediction: Prediction) -> String {
        let top = prediction.top(3)
        let others = top.dropFirst()
        func then(_ texts: [String]) -> String {
            texts.isEmpty ? "" : "   then " + texts.joined(separator: ", ")
        }
        func percent(_ share: Float) -> String { Numerals.percent(Double(share)) }
        func count(_ share: Float, of all: Int) -> Int { Int((share * Float(all)).rounded()) }
        let first = prediction.probability
        switch self {
        case .probabilities:
            return "\(prediction.label)  \(percent(first))"
                + then(others.map { "\($0.label) \(percent($0.probability))" })
        case .votes(let most, let decisions):
            return "\(prediction.label)  \(count(first, of: decisions)) of \(Numerals.counted(most, "vote"))"
                + then(others.map { "\($0.label) with \(count($0.probability, of: decisions))" })
        case .neighbors(let k):
            let found = others.filter { count($0.probability, of: k) > 0 }
            return "\(prediction.label)  \(count(first, of: k)) of \(Numerals.counted(k, "neighbour"))"
                + then(found.map { "\($0.label) with \(count($0.probability, of: k))" })
        case .weightedNeighbors:
            let found = others.filter { $0.probability > 0 }
            return "\(prediction.label)  \(percent(first)) of the neighbours' weight"
                + then(found.map { "\($0.label) \(percent($0.probability))" })
        case .scores: return prediction.label + then(others.map(\.label))
        }
    }
}

extension Loss {
    /// What softmax of a network's scores are when it was trained by this: cross-entropy is the loss whose least lies at the
    /// classes' probabilities.
    public var answerBasis: AnswerBasis {
        type(of: function).leadsToProbabilities ? .probabilities : .scores
    }
}
