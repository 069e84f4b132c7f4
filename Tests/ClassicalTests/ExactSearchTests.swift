import Arrays
import ExampleData
import Foundation
import TestSupport
import Testing

@testable import Classical

@Suite("Exact search")
struct ExactSearchTests {
    /// Looks at every row in plain Swift: keys in double precision, ties by place.
    private func plainSearch(_ rows: FeatureMatrix, _ queries: FeatureMatrix, _ metric: Metric, k: Int)
        -> [[Int]]
    {
        let (a, b) = (rows.unscaledFloats, queries.unscaledFloats)
        let (train, asked) = (a.elements.map(Double.init), b.elements.map(Double.init))
        let width = rows.featureCount
        return (0..<queries.count).map { query in
            let keys = (0..<rows.count).map { row in
                var sum = 0.0
                for column in 0..<width {
                    let away = asked[query * width + column] - train[row * width + column]
                    sum += metric == .l1 ? away.magnitude : away * away
                }
                return sum
            }
            return Array((0..<rows.count).sorted { (keys[$0], $0) < (keys[$1], $1) }.prefix(k))
        }
    }

    @Test(
        "bytes: by codes, by all rows, with and without VNNI: the neighbours that a plain loop finds",
        arguments: 1...4)
    func bytes(seed: Int) throws {
        // Few levels and copies of rows make many ties.
        let rows = drawnExamples(1500, 30, bytes: true, seed: seed, levels: seed % 2 == 0 ? 256 : 4)
        let queries = drawnExamples(37, 30, bytes: true, seed: seed + 100, levels: seed % 2 == 0 ? 256 : 4)
        for metric in [Metric.l2, .l1] {
            let wanted = plainSearch(rows, queries, metric, k: 9)
            for search in [ExactNeighborIndex.Search.codes, .all] {
                for isPortable in [false, true] {
                    let index = ExactNeighborIndex(
                        rows, metric: metric, search: search, dims: 16, isPortable: isPortable)
                    let found = try index.neighbors(of: KernelRows(queries, metric: metric), k: 9).neighbors
                    #expect(
                        found.indices.elements == Array(wanted.joined()),
                        "seed \(seed), \(metric), \(search), portable \(isPortable)")
                    #expect(notEmpty(found.keys).allSatisfy { $0 == $0.rounded() })
                }
            }
        }
    }

    @Test("numbers: codes change nothing, to the last bit, for L2 and the cosine", arguments: 1...4)
    func numbers(seed: Int) throws {
        let rows = drawnExamples(2500, 70, bytes: false, seed: seed)
        let queries = drawnExamples(41, 70, bytes: false, seed: seed + 100)
        for metric in [Metric.l2, .cosine] {
            let all = try ExactNeighborIndex(rows, metric: metric, search: .all)
                .neighbors(of: KernelRows(queries, metric: metric), k: 7)
            for dims in [8, 24, 48] {
                for isPortable in [false, true] {
                    let index = ExactNeighborIndex(
                        rows, metric: metric, search: .codes, dims: dims, isPortable: isPortable)
                    let found = try index.neighbors(of: KernelRows(queries, metric: metric), k: 7)
                    #expect(
                        found.neighbors.places == all.neighbors.places, "seed \(seed), \(metric), \(dims)")
                    #expect(found.neighbors.keys == all.neighbors.keys, "seed \(seed), \(metric), \(dims)")
                    // Else this would not test the codes.
                    #expect(found.checked < all.checked, "seed \(seed), \(metric), \(dims)")
                }
            }
        }
    }

    @Test("rows that are unlike all others, rows of zeros, and features far from 0 are still found")
    func outliers() throws {
        guard case .floats(var array) = drawnExamples(2200, 12, bytes: false, seed: 9).storage else {
            Issue.record("not numbers")
            return
        }
        array = array + Float(1000)
        array.withUnsafeMutableElements { values in
            for column in 0..<12 {
                values[5 * 12 + column] = 1e30
                values[6 * 12 + column] = 0
                values[7 * 12 + column] = -1e10
            }
        }
        let rows = FeatureMatrix.floats(array)
        for metric in [Metric.l2, .cosine] {
            let queries = KernelRows(rows[0..<40], metric: metric)
            let all = try ExactNeighborIndex(rows, metric: metric, search: .all).neighbors(of: queries, k: 4)
                .neighbors
            let coded = try ExactNeighborIndex(rows, metric: metric, search: .codes)
                .neighbors(of: queries, k: 4).neighbors
            #expect(coded.places == all.places, "\(metric)")
            #expect(coded.keys == all.keys, "\(metric)")
        }
    }

    @Test("Minkowski metrics with any exponent, on bytes and numbers, as a plain sum of powers has them")
    func exponents() throws {
        let bytes = drawnExamples(60, 5, bytes: true, seed: 2)
        for rows in [bytes, .floats(bytes.unscaledFloats)] {
            for exponent in [1, 2, 2.5, 3, 7, 100, 130, 1000, Double.infinity] {
                let metric = Metric.minkowski(exponent)
                let found = try ExactNeighborIndex(rows, metric: metric)
                    .neighbors(of: KernelRows(rows[0..<3], metric: metric), k: 60).neighbors
                let values = rows.unscaledFloats.elements.map(Double.init)
                for query in 0..<3 {
                    for neighbor in notEmpty(found[query]) {
                        let other = values[(neighbor.index * 5)..<(neighbor.index * 5 + 5)]
                        let away = zip(values[(query * 5)..<(query * 5 + 5)], other).map { abs($0 - $1) }
                        let most = away.max() ?? 0
                        let sum = most == 0 ? 0 : away.reduce(0) { $0 + pow($1 / most, exponent) }
                        let wanted = exponent.isInfinite ? most : most * pow(sum, 1 / exponent)
                        #expect(abs(neighbor.distance - wanted) <= 1e-9 * wanted, "exponent \(exponent)")
                    }
                    #expect(found[query].map(\.distance) == found[query].map(\.distance).sorted())
                }
            }
        }
    }

    @Test("the same bits on any number of threads")
    func threads() throws {
        let rows = drawnExamples(2500, 40, bytes: true, seed: 3)
        let queries = drawnExamples(101, 40, bytes: true, seed: 4)
        var first: Neighbors?
        try withThreadCounts { count in
            let found = try ExactNeighborIndex(rows, metric: .l2).neighbors(
                of: KernelRows(queries, metric: .l2), k: 5)
            if let first {
                #expect(
                    found.neighbors.places == first.places && found.neighbors.keys == first.keys,
                    "\(count) threads")
            }
            first = found.neighbors
        }
    }

    @Test("all rows the same, more neighbours than codes are made for, and no queries")
    func edges() throws {
        let same = FeatureMatrix.bytes(NDArray(shape: [2100, 10], repeating: 7))
        let found = try ExactNeighborIndex(same, metric: .l2).neighbors(
            of: KernelRows(same[0..<2], metric: .l2), k: 3)
        #expect(found.neighbors.indices.elements == [0, 1, 2, 0, 1, 2])
        let rows = drawnExamples(2100, 10, bytes: true, seed: 1)
        let queries = KernelRows(rows[0..<3], metric: .l2)
        let many = try ExactNeighborIndex(rows, metric: .l2).neighbors(of: queries, k: 2100).neighbors
        let wanted = plainSearch(rows, rows[0..<3], .l2, k: 2100)
        #expect(many.indices.elements == Array(wanted.joined()))
        let none = try ExactNeighborIndex(rows, metric: .l2).neighbors(
            of: KernelRows(rows[0..<0], metric: .l2), k: 3)
        #expect(none.neighbors.count == 0)
    }
}
