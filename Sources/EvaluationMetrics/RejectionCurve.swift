import Support

/// What it brings to leave unsure answers out: the share of examples that are still answered, and the accuracy among them.
///
/// ```swift
/// let curve = try RejectionCurve(confidence: confidence, isCorrect: isCorrect)
/// curve.point(reaching: 0.99)   // answer from 0.83 on: 91 % of the examples are answered
/// ```
public struct RejectionCurve: Codable, Equatable, Sendable {
    /// The answers with at least one confidence.
    public struct Point: Codable, Equatable, Sendable {
        /// The least confidence that is answered.
        public let threshold: Double
        /// The share of the examples that are answered.
        public let coverage: Double
        /// The share of those that is right.
        public let accuracy: Double
    }

    /// Points by falling threshold, so by rising coverage; the last answers all.
    public let points: [Point]

    /// The curve of answers with their confidences.
    ///
    /// One point for each confidence; of more than `limit`, those nearest to evenly spaced coverages.
    ///
    /// - Precondition: `limit` is 2 or more.
    /// - Throws: `badData`: no examples, other counts, a confidence that is not finite.
    /// - Complexity: O(N log N).
    public init(confidence: [Double], isCorrect: [Bool], limit: Int = 101) throws(DescentError) {
        require(limit >= 2, "\(limit) points")
        try AnswerChecks.requireCounts(isCorrect.count, confidence.count, of: "confidences")
        try AnswerChecks.requireFinite(confidence, of: "confidences")
        let order = confidence.indices.sorted { confidence[$0] > confidence[$1] }
        var all: [Point] = []
        var right = 0
        for (place, row) in order.enumerated() {
            if isCorrect[row] { right += 1 }
            // Equal confidences are answered together.
            if place + 1 < order.count, confidence[order[place + 1]] == confidence[row] { continue }
            all.append(
                Point(
                    threshold: confidence[row], coverage: Double(place + 1) / Double(order.count),
                    accuracy: Double(right) / Double(place + 1)))
        }
        guard all.count > limit else {
            points = all
            return
        }
        var kept: [Point] = []
        var next = 0
        for step in 0..<limit {
            let coverage = Double(step + 1) / Double(limit)
            while next < all.count - 1, all[next].coverage < coverage { next += 1 }
            if kept.last != all[next] { kept.append(all[next]) }
        }
        points = kept
    }

    /// The point that answers most among those with at least this accuracy; nil when there is none.
    public func point(reaching accuracy: Double) -> Point? {
        points.last { $0.accuracy >= accuracy }
    }
}
