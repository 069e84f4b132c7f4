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

    /// Returns the k nearest rows of each example.
    ///
    /// - Throws: `badData` for another number of features than in training, or one that is not finite; `interrupted`.
    func neighbors(
        of examples: FeatureMatrix, k: Int, cancellation: Cancellation?,
        progress: ((LearningProgress) -> Void)?
    ) throws -> Neighbors {
        try ExampleChecks.require(examples, width: rows.width, for: "nearest neighbours")
        return try neighbors(
            of: KernelRows(try matching(examples), metric: metric), k: k, cancellation: cancellation,
            progress: progress)
    }

    /// Returns the examples in the type of the training set: bytes or floating-point features.
    private func matching(_ examples: FeatureMatrix) throws -> FeatureMatrix {
        switch (rows.examples.dense, examples.dense) {
        case (.floats, .bytes): return .floats(examples.unscaledFloats)
        case (.bytes, .floats):
            guard let bytes = examples.asBytes else {
                throw DescentError(
                    .badData, "numbers where bytes were learned from", at: "nearest neighbours",
                    expected: "whole numbers 0...255", advice: "learn from numbers")
            }
            return bytes
        default: return examples
        }
    }

    // MARK: In a file

    /// Puts the rows, the metric and the graph, if there is one, under `prefix`.
    func store(in file: inout SafeTensors, prefix: String) {
        rows.examples.store(in: &file, name: prefix + "examples")
        file.metadata[prefix + "metric"] = metric.description
        if case .approximate(let graph) = self { graph.store(in: &file, prefix: prefix + "graph.") }
    }

    /// Restores the regressor from the entries that `store` wrote; the codes for the exact search are made again.
    ///
    /// - Throws: `badData` when something is missing or contradicts the rest.
    init(from file: SafeTensors, prefix: String) throws {
        let examples = try FeatureMatrix(from: file, name: prefix + "examples")
        let metric = try file.setting(prefix + "metric") { try Metric(parsing: $0) }
        if file.metadata[prefix + "graph.settings"] != nil {
            self = .approximate(try NeighborGraph(from: file, prefix: prefix + "graph.", examples, metric))
        } else {
            self = .exact(ExactNeighborIndex(examples, metric: metric))
        }
    }
}
