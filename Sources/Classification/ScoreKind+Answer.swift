import Support

extension ScoreKind {
    /// Returns the answer for a person: the class, its probability or score as far as there is one, and the next classes, `count`
    /// in all. One that is rejected begins with `unknown` and the reason.
    ///
    /// `7  98.21 %   then 1 1.07 %, 9 0.40 %`; `7  9 of 9 votes   then 1 with 8, 9 with 7`; `7   then 1, 9`;
    /// `unknown (unsure): 7  31.02 %   then 1 28.15 %, 9 11.40 %`.
    public func answer(_ prediction: Prediction, count: Int = 3) -> String {
        let reason =
            switch prediction.rejection {
            case nil: ""
            case .unsure: "unknown (unsure): "
            case .novel: "unknown (unlike the training examples): "
            }
        return reason + ranked(prediction, prediction.top(count))
    }

    private func ranked(
        _ prediction: Prediction, _ top: [(className: String, probability: Float)]
    ) -> String {
        let others = top.dropFirst()
        func then(_ texts: [String]) -> String {
            texts.isEmpty ? "" : "   then " + texts.joined(separator: ", ")
        }
        func percent(_ share: Float) -> String { Numerals.percent(Double(share)) }
        func number(_ share: Float, of all: Int) -> Int { Int((share * Float(all)).rounded()) }
        let first = prediction.probability
        switch self {
        case .probabilities:
            return "\(prediction.className)  \(percent(first))"
                + then(others.map { "\($0.className) \(percent($0.probability))" })
        case .votes(let most, let decisions):
            return
                "\(prediction.className)  \(number(first, of: decisions)) of \(Numerals.counted(most, "vote"))"
                + then(others.map { "\($0.className) with \(number($0.probability, of: decisions))" })
        case .neighbors(let k):
            let found = others.filter { number($0.probability, of: k) > 0 }
            return "\(prediction.className)  \(number(first, of: k)) of \(Numerals.counted(k, "neighbour"))"
                + then(found.map { "\($0.className) with \(number($0.probability, of: k))" })
        case .weightedNeighbors:
            let found = others.filter { $0.probability > 0 }
            return "\(prediction.className)  \(percent(first)) of the neighbours' weight"
                + then(found.map { "\($0.className) \(percent($0.probability))" })
        case .scores: return prediction.className + then(others.map(\.className))
        }
    }
}
