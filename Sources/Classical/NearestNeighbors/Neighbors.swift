import Arrays
import Support

/// One of the rows nearest to a query.
public struct Neighbor: Equatable, Sendable {
    /// The index of the row in the training set.
    public let index: Int
    /// The distance, by the metric.
    public let distance: Double
}

/// The k nearest rows of each of N queries, the nearest first; of equally far ones the first in the training set.
///
/// ```swift
/// let neighbors = try classifier.neighbors(of: .bytes(images))
/// for neighbor in neighbors[0] { print(neighbor.index, neighbor.distance) }
/// ```
public struct Neighbors: Sendable {
    /// The number of queries, N.
    public let count: Int
    /// The number of neighbours of each query, k.
    package let k: Int
    /// The metric of the distances.
    package let metric: Metric
    /// The indices: N x k rows of the training set, one query after another.
    let places: [Int32]
    /// The keys of the order: the square of the distance for L2, an exact integer on bytes.
    let keys: [Double]

    /// The neighbours of one query.
    ///
    /// - Precondition: `query` in 0..<N.
    public subscript(query: Int) -> [Neighbor] {
        require((0..<count).contains(query), "query \(query) of \(count)")
        return (query * k..<(query + 1) * k).map {
            Neighbor(index: Int(places[$0]), distance: metric.distance(ofKey: keys[$0]))
        }
    }

    /// The rows: [N, k].
    public var indices: NDArray<Int> { NDArray(shape: [count, k], elements: places.map(Int.init)) }

    /// The distances: [N, k].
    public var distances: NDArray<Double> {
        NDArray(shape: [count, k], elements: keys.map { metric.distance(ofKey: $0) })
    }
}
