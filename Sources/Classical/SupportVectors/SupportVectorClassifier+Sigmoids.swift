import ExampleData
import Support

/// Probabilities for a machine that was trained without them.
extension SupportVectorClassifier {
    /// Returns the same machine with a sigmoid for each pair of classes, fitted to the decisions of the support vectors, which are
    /// all of the training examples that a trained machine still has.
    ///
    /// The sigmoids have no offset: P(first | f) > 1/2 exactly where f > 0, so that each pair is as sure of a class as it votes for it.
    /// Support vectors lie on the margin or within it, so that such probabilities say less than those of decisions on examples held
    /// out (`fitsProbabilities` of the learner).
    ///
    /// - Throws: as `decisionValues(of:)`.
    /// - Complexity: O(S^2 D).
    package func withSigmoidsOfSupportVectors() throws -> SupportVectorClassifier {
        guard sigmoids == nil else { return self }
        let decisions = try decisionValues(of: supportVectors)
        let starts = supportCounts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
        let (values, pairCount) = (decisions.elements, thresholds.count)
        var fitted: [DecisionSigmoid] = []
        for first in classNames.indices {
            for second in classNames.indices.dropFirst(first + 1) {
                let pair = fitted.count
                // The same decisions towards either class: the sums that the offset is fitted to cancel out.
                let towards =
                    (starts[first]..<starts[first + 1]).map { values[$0 * pairCount + pair] }
                    + (starts[second]..<starts[second + 1]).map { -values[$0 * pairCount + pair] }
                let sigmoid = DecisionSigmoid(
                    fitting: towards + towards.map { -$0 },
                    positive: towards.map { _ in true } + towards.map { _ in false })
                // Support vectors most of which are on the wrong side tell nothing.
                fitted.append(DecisionSigmoid(slope: min(sigmoid.slope, -1e-3), offset: 0))
            }
        }
        return SupportVectorClassifier(
            classNames: classNames, kernel: kernel, byteScale: byteScale, isNu: isNu,
            supportVectors: supportVectors, supportCounts: supportCounts, coefficients: coefficients,
            thresholds: thresholds, sigmoids: fitted, supportIndices: supportIndices, report: report)
    }
}
