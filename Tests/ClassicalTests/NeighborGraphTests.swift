import Arrays
import ExampleData
import Support
import TestSupport
import Testing

@testable import Classical

@Suite("Neighbour graph")
struct NeighborGraphTests {
    static let settings = NeighborGraph.Settings(links: 8, efConstruction: 40, efSearch: 40, seed: 3)

    @Test("nearly all true neighbours are found, with exact distances", arguments: [true, false])
    func recall(bytes: Bool) throws {
        let all = drawnExamples(3000, 40, bytes: bytes, seed: 1)
        let (rows, queries) = (all[0..<2800], all[2800..<3000])
        for metric in [Metric.l2, .cosine] {
            let graph = try NeighborGraph(rows, metric: metric, settings: Self.settings)
            let recall = try graph.recall(of: queries, k: 5)
            #expect(recall.value > 0.95, "\(metric), bytes \(bytes): \(recall)")
            #expect(recall.queries == 200 && recall.k == 5)
            let found = try graph.neighbors(of: KernelRows(queries, metric: metric), k: 5)
            let truth = try ExactNeighborIndex(rows, metric: metric, search: .all)
                .neighbors(of: KernelRows(queries, metric: metric), k: 5).neighbors
            // Where the first is the true one, its distance is the same bits.
            for query in 0..<200 where found.places[query * 5] == truth.places[query * 5] {
                #expect(found.keys[query * 5] == truth.keys[query * 5])
            }
        }
    }

    @Test("the same graph on any number of threads, with and without VNNI")
    func threads() throws {
        let rows = drawnExamples(1500, 30, bytes: true, seed: 5)
        var first: NeighborGraph?
        try withThreadCounts { count in
            let graph = try NeighborGraph(
                rows, metric: .l2, settings: Self.settings, isPortable: count == 3, cancellation: nil,
                progress: nil)
            if let first {
                #expect(graph.bottom == first.bottom && graph.upper == first.upper, "\(count) threads")
                #expect(graph.entry == first.entry && graph.top == first.top, "\(count) threads")
            }
            first = graph
        }
    }

    @Test("links lead to rows of their layer, none to itself or twice to one")
    func links() throws {
        let rows = drawnExamples(1000, 20, bytes: true, seed: 6)
        let graph = try NeighborGraph(rows, settings: Self.settings)
        let bottom = graph.bottom.elements
        for row in 0..<1000 {
            let links = bottom[row * 16..<row * 16 + 16].prefix { $0 >= 0 }
            #expect(!links.isEmpty && Set(links).count == links.count && !links.contains(Int32(row)))
            #expect(bottom[row * 16 + links.count..<row * 16 + 16].allSatisfy { $0 == -1 })
        }
        #expect(graph.levels.contains { $0 >= 1 })
    }

    @Test("few rows, rows that are all the same, and more neighbours than the graph leads to")
    func edges() throws {
        for count in [1, 2, 3, 40] {
            let rows = FeatureMatrix.bytes(NDArray(shape: [count, 4], repeating: 9))
            let graph = try NeighborGraph(rows, settings: Self.settings)
            let found = try graph.neighbors(of: KernelRows(rows, metric: .l2), k: count)
            #expect(notEmpty(found.keys).allSatisfy { $0 == 0 })
            for query in 0..<count {
                #expect(Set(found[query].map(\.index)) == Set(0..<count), "\(count) rows")
            }
        }
    }

    @Test("impossible settings are refused")
    func settings() {
        for settings in [
            NeighborGraph.Settings(links: 1), .init(links: 65), .init(links: 16, efConstruction: 15),
            .init(efSearch: 0), .init(efSearch: 5000),
        ] {
            #expect(throws: DescentError.self, "\(settings)") {
                try NeighborGraph(.bytes([[1], [2]]), settings: settings)
            }
        }
        #expect(throws: DescentError.self) {
            try NeighborGraph(.floats(NDArray<Float>([[1], [.infinity]])))
        }
    }
}
