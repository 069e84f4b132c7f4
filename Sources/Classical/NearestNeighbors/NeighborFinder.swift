import ArrayFiles
import Arrays
import Classification
import ExampleData
import Support

/// Finds neighbours, exactly or by a graph.
enum NeighborFinder: Sendable {
    case exact(ExactNeighborIndex)
    case approximate(NeighborGraph)

    init(
        _ examples: FeatureMatrix, metric: Metric, search: NearestNeighbors.Search,
        cancellation: Cancellation?,
        progress: ((LearningProgress) -> Void)?
    ) throws {
        switch search {
        case .exact: self = .exact(ExactNeighborIndex(examples, metric: metric))
        case .approximate(let settings):
            self = .approximate(
                try NeighborGraph(
                    examples, metric: metric, settings: settings, cancellation: cancellation,
                    progress: progress))
        }
    }

    var rows: KernelRows {
        switch self {
        case .exact(let index): index.rows
        case .approximate(let graph): graph.rows
        }
    }

    var metric: Metric {
        switch self {
        case .exact(let index): index.metric
        case .approximate(let graph): graph.metric
        }
    }

    func neighbors(
        of queries: KernelRows, k: Int, cancellation: Cancellation?, progress: ((LearningProgress) -> Void)?
    ) throws -> Neighbors {
        switch self {
        case .exact(let index):
            try index.neighbors(of: queries, k: k, cancellation: cancellation, progress: progress).neighbors
        case .approximate(let graph):
            try graph.neighbors(of: queries, k: k, cancellation: cancellation, progress: progress)
        }
    }
}
