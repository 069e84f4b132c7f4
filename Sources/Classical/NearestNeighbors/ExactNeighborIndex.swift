import Arrays
import CKernels
import Classification
import ExampleData
import Support

/// Rows in which the exact nearest neighbours of others are found.
///
/// Large sets with L2 or the cosine are searched by codes (`NeighborCoding`), which rule most rows out; the answer is
/// the same as if every row were looked at, because codes only decide which rows are not worth looking at.
///
/// Distances are the same bits on any processor and any number of threads: exact integers on bytes, sums in double
/// precision in a fixed order on floating-point features.
struct ExactNeighborIndex: Sendable {
    /// The search algorithm; the answers are the same.
    enum Search: Sendable {
        /// By codes where they pay.
        case automatic
        /// By codes, even when that does not pay.
        case codes
        /// Every row.
        case all
    }

    let rows: KernelRows
    let metric: Metric
    private let coding: NeighborCoding?
    private let codes: RowCodes?
    private let isForced: Bool
    /// Without VNNI, even where the processor has it.
    private let isPortable: Bool

    /// Below so many rows, looking at all of them costs less than codes.
    private static let fewRows = 2048

    init(
        _ examples: FeatureMatrix, metric: Metric, search: Search = .automatic, dims: Int = 64,
        isPortable: Bool = false
    ) {
        rows = KernelRows(examples, metric: metric)
        self.metric = metric
        self.isPortable = isPortable || ck_multiplies_bytes() == 0
        isForced = search == .codes
        let isCodable = metric.key.kind == Int32(CK_KEY_SQUARE) || metric == .cosine
        let pays = rows.count >= Self.fewRows && rows.width >= 8
        guard isCodable, rows.count > 0, search == .codes || (search == .automatic && pays),
            let coding = NeighborCoding(rows, dims: dims, normalized: metric == .cosine)
        else {
            (coding, codes) = (nil, nil)
            return
        }
        self.coding = coding
        codes = coding.codes(of: rows, 0..<rows.count, packed: true)
    }

    /// Returns the k nearest rows of each query.
    ///
    /// `excludingSelf`: the queries are the rows themselves, in order, and a row is not its own neighbour.
    ///
    /// - Precondition: 1 <= k, and k rows to be found.
    /// - Complexity: at most O(N R D) for N queries and R rows.
    func neighbors(
        of queries: KernelRows, k: Int, excludingSelf: Bool = false, cancellation: Cancellation? = nil,
        progress: ((LearningProgress) -> Void)? = nil
    ) throws -> (neighbors: Neighbors, checked: Int) {
        require(
            k >= 1 && k <= rows.count - (excludingSelf ? 1 : 0), "\(k) neighbours among \(rows.count) rows")
        var keys = [Double](repeating: 0, count: queries.count * k)
        var places = [Int32](repeating: 0, count: queries.count * k)
        var checked = 0
        // Codes do not pay when they rule out too little; the first queries show it.
        var byCodes = coding != nil
        var first = 0
        while first < queries.count {
            try Cancellation.check(cancellation, at: "nearest neighbours")
            let count = min(chunk(first: first, byCodes: byCodes), queries.count - first)
            let before = checked
            search(
                queries, first..<first + count, k: k, excludingSelf: excludingSelf, byCodes: byCodes, &keys,
                &places,
                &checked)
            if byCodes && !isForced, Double(checked - before) > 0.25 * Double(count) * Double(rows.count) {
                byCodes = false
            }
            first += count
            progress?(
                LearningProgress(
                    activity: "neighbours of \(first) of \(queries.count)",
                    fraction: Double(first) / Double(queries.count)))
        }
        let found = Neighbors(count: queries.count, k: k, metric: metric, places: places, keys: keys)
        return (found, Int(checked))
    }

    /// Returns the number of queries to run at once: a tenth of a second of work or so.
    private func chunk(first: Int, byCodes: Bool) -> Int {
        let work = Double(rows.count) * Double(max(rows.width, 64))
        if byCodes { return first == 0 ? 64 : max(64, Int(4e10 / work) / 64 * 64) }
        if metric.key.kind == Int32(CK_KEY_POWER), !rows.hasPowers { return max(2, Int(2e7 / work)) }
        return max(16, Int(1e9 / work) / 16 * 16)
    }

    private func search(
        _ queries: KernelRows, _ range: Range<Int>, k: Int, excludingSelf: Bool, byCodes: Bool,
        _ keys: inout [Double],
        _ places: inout [Int32], _ checked: inout Int
    ) {
        let queryCodes = byCodes ? coding?.codes(of: queries, range, packed: false) : nil
        var index = ck_neighbor_index()
        (index.kind, index.exponent) = metric.key
        index.portable = isPortable ? 1 : 0
        rows.withRows { kernelRows in
            index.rows = kernelRows
            queries.withRows(range) { view in
                var view = view
                keys.withUnsafeMutableBufferPointer { keys in
                    places.withUnsafeMutableBufferPointer { places in
                        guard let keys = keys.baseAddress, let places = places.baseAddress else { return }
                        func run(_ own: RowCodes?) {
                            ck_search_neighbors(
                                &index, &view, own?.codes, own?.constants, own?.errors,
                                excludingSelf ? range.lowerBound : -1, k, keys + range.lowerBound * k,
                                places + range.lowerBound * k, &checked)
                        }
                        guard let coding, let codes, let queryCodes else { return run(nil) }
                        codes.codes.withUnsafeBufferPointer { bytes in
                            codes.constants.withUnsafeBufferPointer { constants in
                                index.codes = bytes.baseAddress
                                index.constants = constants.baseAddress
                                (index.padded, index.dims) = (constants.count, coding.dims)
                                (index.shift, index.step) = (Int32(coding.shift), Double(coding.step))
                                index.error = codes.greatestError
                                run(queryCodes)
                            }
                        }
                    }
                }
            }
        }
    }
}
