import Arrays
import CKernels
import Classification
import ExampleData
import Support

/// A graph by which near neighbours are found without looking at most rows: nearly always the nearest, much faster.
///
/// Each row is linked to rows around it on a bottom layer; each layer above has a fraction 1/M of the rows and longer
/// links. A search goes down from the top, on each layer from neighbour to nearer neighbour. Built in batches: a row
/// sees the graph before its batch and the batch itself, so that the graph is the same on any number of threads. Walks
/// compare codes of one cache line a row (`NeighborCoding`); the best `efSearch` are then ranked by exact distances.
///
/// ```swift
/// let learner = NearestNeighbors(k: 3, search: .approximate(.init(efSearch: 60)))
/// let classifier = try learner.fit(mnistTraining)
/// print(try classifier.graph?.recall(of: .bytes(mnist.test.images), k: 3) as Any)
/// ```
///
/// Source: Y. A. Malkov, D. A. Yashunin, "Efficient and robust approximate nearest neighbor search using Hierarchical
/// Navigable Small World graphs" (2018).
public struct NeighborGraph: Sendable {
    /// The settings by which the graph is built and searched.
    public struct Settings: Equatable, Sendable {
        /// The number of links that a row makes on each layer, M, 2...64; on the bottom layer it may have twice as many.
        package var links: Int
        /// The number of candidates kept while a row's links are sought, at least M.
        package var efConstruction: Int
        /// The number of candidates kept, and ranked by exact distances, in a search; k if that is more.
        package var efSearch: Int
        /// The seed by which rows are assigned to the upper layers.
        package var seed: Int

        /// Settings for some tens of thousands of rows or more.
        public init(links: Int = 16, efConstruction: Int = 80, efSearch: Int = 48, seed: Int = 1) {
            (self.links, self.efConstruction) = (links, efConstruction)
            (self.efSearch, self.seed) = (efSearch, seed)
        }

        func check(_ metric: Metric) throws {
            func wrong(_ what: String, _ expected: String, _ got: Any) -> DescentError {
                DescentError(
                    .usage, "impossible \(what)", at: "neighbour graph", expected: expected, got: "\(got)")
            }
            guard (2...64).contains(links) else { throw wrong("number of links", "2...64", links) }
            guard (links...4096).contains(efConstruction) else {
                throw wrong("efConstruction", "\(links)...4096", efConstruction)
            }
            guard (1...4096).contains(efSearch) else { throw wrong("efSearch", "1...4096", efSearch) }
            guard metric.key.kind == Int32(CK_KEY_SQUARE) || metric == .cosine else {
                throw wrong("metric", "l2 or cosine", metric)
            }
        }
    }

    /// The settings by which the graph was built and is searched; `efSearch` may be changed at any time.
    package var settings: Settings
    /// The distance between rows.
    package let metric: Metric
    let rows: KernelRows
    let coding: NeighborCoding?
    let lines: NDArray<UInt8>
    var bottom: NDArray<Int32>
    var upper: NDArray<Int32>
    let slots: [Int32]
    let levels: [UInt8]
    var entry: Int32 = -1
    var top: Int32 = -1
    private let isPortable: Bool

    private static let largestBatch = 512

    /// Creates the graph over the rows of `examples`.
    ///
    /// - Throws: `usage` for impossible settings; `badData` for no rows or a feature that is not finite; `interrupted`.
    public init(
        _ examples: FeatureMatrix, metric: Metric = .l2, settings: Settings = Settings(),
        cancellation: Cancellation? = nil, progress: ((LearningProgress) -> Void)? = nil
    ) throws {
        try self.init(
            examples, metric: metric, settings: settings, isPortable: false, cancellation: cancellation,
            progress: progress)
    }

    init(
        _ examples: FeatureMatrix, metric: Metric, settings: Settings, isPortable: Bool,
        cancellation: Cancellation?,
        progress: ((LearningProgress) -> Void)?
    ) throws {
        try settings.check(metric)
        try ExampleChecks.requireFeatures(examples, for: "neighbour graph")
        try ExampleChecks.requireFinite(examples, for: "neighbour graph")
        let levels = Self.levels(count: examples.count, settings)
        self.init(examples, metric, settings, levels, isPortable)
        var first = 0
        while first < rows.count {
            try Cancellation.check(cancellation, at: "neighbour graph")
            // A batch takes a tenth of a second or so, whatever the effort.
            let most = max(32, min(Self.largestBatch, Self.largestBatch * 100 / settings.efConstruction))
            let batch = min(max(1, min(first, most)), rows.count - first)
            try insert(first, batch)
            first += batch
            progress?(
                LearningProgress(
                    activity: "linking row \(first) of \(rows.count)",
                    fraction: Double(first) / Double(rows.count)))
        }
    }

    /// Creates the rows and their codes, with no links yet.
    init(
        _ examples: FeatureMatrix, _ metric: Metric, _ settings: Settings, _ levels: [UInt8],
        _ isPortable: Bool
    ) {
        (self.settings, self.metric, self.levels) = (settings, metric, levels)
        self.isPortable = isPortable || ck_multiplies_bytes() == 0
        rows = KernelRows(examples, metric: metric)
        coding = NeighborCoding(rows, dims: Int(CK_LINE_DIMS), normalized: metric == .cosine)
        lines = Self.lines(rows, 0..<rows.count, coding)
        bottom = .full(shape: [rows.count, 2 * settings.links], -1)
        var slots = [Int32](repeating: 0, count: rows.count)
        var next: Int32 = 0
        for (row, level) in levels.enumerated() {
            slots[row] = next
            next += Int32(level)
        }
        self.slots = slots
        upper = .full(shape: [Int(next), settings.links], -1)
    }

    /// Returns the highest layer of each row: level l with probability M^-l (1 - 1/M).
    private static func levels(count: Int, _ settings: Settings) -> [UInt8] {
        var random = RandomState(settings.seed)
        var share = 1.0
        let shares = (0..<12).map { _ in
            share /= Double(settings.links)
            return share
        }
        return (0..<count).map { _ in
            let draw = random.rand()
            return UInt8(shares.firstIndex { draw >= $0 } ?? shares.count)
        }
    }

    private static func lines(_ rows: KernelRows, _ range: Range<Int>, _ coding: NeighborCoding?) -> NDArray<
        UInt8
    > {
        // Rows that are all the same need no codes: any is as near as any other.
        let codes = coding?.codes(of: rows, range, packed: false).codes
        return NDArray(shape: [range.count, Int(CK_LINE)]) { target in
            guard let start = target.baseAddress else { return }
            ck_graph_lines(codes ?? [0], range.count, coding?.dims ?? 0, start)
        }
    }

    private mutating func insert(_ first: Int, _ batch: Int) throws {
        let effort = settings.efConstruction
        var (entry, top) = (self.entry, self.top)
        let status = withGraph { graph in
            let status = ck_graph_insert(&graph, first, batch, effort)
            (entry, top) = (graph.entry, graph.top)
            return status
        }
        (self.entry, self.top) = (entry, top)
        guard status == CK_OK else { throw Self.noMemory }
    }

    private static var noMemory: DescentError {
        DescentError(.unavailable, "not enough memory", at: "neighbour graph")
    }

    /// Calls `body` with the kernels' view of the graph, whose links it may change.
    private mutating func withGraph<Result>(_ body: (inout ck_graph) throws -> Result) rethrows -> Result {
        var graph = ck_graph()
        (graph.count, graph.degree, graph.entry, graph.top) = (rows.count, Int32(settings.links), entry, top)
        graph.portable = isPortable ? 1 : 0
        return try slots.withUnsafeBufferPointer { slots in
            try levels.withUnsafeBufferPointer { levels in
                try lines.withUnsafeElements { lines in
                    try bottom.withUnsafeMutableElements { bottom in
                        try upper.withUnsafeMutableElements { upper in
                            graph.slots = slots.baseAddress
                            graph.levels = levels.baseAddress
                            graph.lines = lines.baseAddress
                            graph.bottom = bottom.baseAddress
                            graph.upper = upper.baseAddress
                            return try body(&graph)
                        }
                    }
                }
            }
        }
    }

    /// Returns the `k` rows nearest to each query that the graph leads to.
    func neighbors(
        of queries: KernelRows, k: Int, cancellation: Cancellation? = nil,
        progress: ((LearningProgress) -> Void)? = nil
    ) throws -> Neighbors {
        var keys = [Double](repeating: 0, count: queries.count * k)
        var places = [Int32](repeating: 0, count: queries.count * k)
        let effort = max(settings.efSearch, k)
        let chunk = max(64, min(2048, 2048 * 100 / effort))
        for first in stride(from: 0, to: queries.count, by: chunk) {
            try Cancellation.check(cancellation, at: "neighbour graph")
            let range = first..<min(first + chunk, queries.count)
            try search(queries, range, k: k, effort: effort, &keys, &places)
            progress?(
                LearningProgress(
                    activity: "neighbours of \(range.upperBound) of \(queries.count)",
                    fraction: Double(range.upperBound) / Double(queries.count)))
        }
        return Neighbors(count: queries.count, k: k, metric: metric, places: places, keys: keys)
    }

    private func search(
        _ queries: KernelRows, _ range: Range<Int>, k: Int, effort: Int, _ keys: inout [Double],
        _ places: inout [Int32]
    ) throws {
        let queryLines = Self.lines(queries, range, coding)
        var found = [Int32](repeating: -1, count: range.count * effort)
        // A copy of the struct; its arrays are copied only if they are shared, so read through `reading`.
        let status = reading { graph in
            queryLines.withUnsafeElements {
                ck_graph_search(&graph, $0.baseAddress, range.count, effort, &found)
            }
        }
        guard status == CK_OK else { throw Self.noMemory }
        let (kind, exponent) = metric.key
        let portable: Int32 = isPortable ? 1 : 0
        rows.withRows { view in
            var view = view
            queries.withRows(range) { own in
                var own = own
                keys.withUnsafeMutableBufferPointer { keys in
                    places.withUnsafeMutableBufferPointer { places in
                        guard let keys = keys.baseAddress, let places = places.baseAddress else { return }
                        ck_rank_rows(
                            &own, &view, kind, exponent, portable, found, effort, k,
                            keys + range.lowerBound * k,
                            places + range.lowerBound * k)
                    }
                }
            }
        }
        // Where the graph leads to fewer than k rows, every row is looked at.
        let short = range.filter { places[$0 * k + k - 1] < 0 }
        guard !short.isEmpty else { return }
        let index = ExactNeighborIndex(rows.examples, metric: metric, search: .all)
        for query in short {
            let one = KernelRows(queries.examples[query..<query + 1], metric: metric)
            let exact = try index.neighbors(of: one, k: k).neighbors
            for place in 0..<k {
                keys[query * k + place] = exact.keys[place]
                places[query * k + place] = exact.places[place]
            }
        }
    }

    /// Calls `body` with a view of the graph whose links are only read.
    private func reading<Result>(_ body: (inout ck_graph) -> Result) -> Result {
        bottom.withUnsafeElements { bottom in
            upper.withUnsafeElements { upper in
                lines.withUnsafeElements { lines in
                    slots.withUnsafeBufferPointer { slots in
                        levels.withUnsafeBufferPointer { levels in
                            var graph = ck_graph()
                            (graph.count, graph.degree) = (rows.count, Int32(settings.links))
                            (graph.entry, graph.top, graph.portable) = (entry, top, isPortable ? 1 : 0)
                            (graph.slots, graph.levels) = (slots.baseAddress, levels.baseAddress)
                            graph.lines = lines.baseAddress
                            // The search takes the graph as const.
                            graph.bottom = UnsafeMutablePointer(mutating: bottom.baseAddress)
                            graph.upper = UnsafeMutablePointer(mutating: upper.baseAddress)
                            return body(&graph)
                        }
                    }
                }
            }
        }
    }
}
