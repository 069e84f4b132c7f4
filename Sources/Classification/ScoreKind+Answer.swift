import Support

extension ScoreKind {
    /// Returns the answer for a person: the class, its probability or score as far as there is one, and the next two.
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
