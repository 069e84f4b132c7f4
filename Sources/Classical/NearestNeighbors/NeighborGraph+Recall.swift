import Arrays
import Classification
import ExampleData
import Support

/// The share of the true neighbours that an approximate search finds.
package struct Recall: Equatable, Sendable, CustomStringConvertible {
    /// The share of the true k nearest that were found, 0...1. A row that is just as far as a true one counts.
    package let value: Double
    /// The number of neighbours of each query.
    package let k: Int
    /// The number of queries.
    package let queries: Int

    /// `recall at 3: 0.9982 (1000 queries)`
    package var description: String {
        let rounded = (value * 10_000).rounded() / 10_000
        return "recall at \(k): \(rounded) (\(queries) queries)"
    }
}

extension NeighborGraph {
    /// Returns the share of the true `k` nearest rows that the graph finds, by an exact search for the same queries.
    ///
    /// - Throws: `badData` for another number of features or one that is not finite; `usage` for an impossible k;
    ///   `interrupted`.
    /// - Complexity: that of the exact search.
    package func recall(of queries: FeatureMatrix, k: Int, cancellation: Cancellation? = nil) throws -> Recall
    {
        try ExampleChecks.require(queries, width: rows.width, for: "neighbour graph")
        guard (1...rows.count).contains(k) else {
            throw DescentError(
                .usage, "impossible number of neighbours", at: "neighbour graph",
                expected: "1...\(rows.count)",
                got: "\(k)")
        }
        let asked = KernelRows(queries, metric: metric)
        let truth = try ExactNeighborIndex(rows.examples, metric: metric)
            .neighbors(of: asked, k: k, cancellation: cancellation).neighbors
        let found = try neighbors(of: asked, k: k, cancellation: cancellation)
        var hits = 0
        for query in 0..<queries.count {
            let farthest = truth.keys[query * k + k - 1]
            hits += (0..<k).count { found.keys[query * k + $0] <= farthest }
        }
        return Recall(
            value: queries.count == 0 ? 1 : Double(hits) / Double(queries.count * k), k: k,
            queries: queries.count)
    }
}
