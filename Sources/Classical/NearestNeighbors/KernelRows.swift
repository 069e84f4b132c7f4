import Arrays
import CKernels
import ExampleData
import Glibc

/// Rows of features as the kernels read them, with values computed for each row beforehand.
struct KernelRows: Sendable {
    let examples: FeatureMatrix
    let count: Int
    let width: Int
    /// Of bytes: the sum of the squares and the sum of each row.
    private let squares: [Int64]
    private let sums: [Int64]
    /// |x| of each row, for the cosine only.
    let norms: [Double]
    /// Of bytes, for a Minkowski metric: d^p for each difference d.
    private let powers: [Double]

    init(_ examples: FeatureMatrix, metric: Metric) {
        let (count, width) = (examples.count, examples.featureCount)
        var squares: [Int64] = []
        var sums: [Int64] = []
        var norms: [Double] = []
        switch examples.dense {
        case .bytes(let array):
            let packed = array.isContiguous ? array : array.contiguousCopy()
            self.examples = .bytes(packed)
            squares = [Int64](repeating: 0, count: count)
            sums = squares
            packed.withUnsafeElements { bytes in
                guard let start = bytes.baseAddress, width > 0 else { return }
                ck_row_sums_u8(start, count, width, &squares, &sums)
            }
            if metric == .cosine { norms = squares.map { Double($0).squareRoot() } }
        case .floats(let array):
            let packed = array.isContiguous ? array : array.contiguousCopy()
            self.examples = .floats(packed)
            if metric == .cosine {
                norms = [Double](repeating: 0, count: count)
                packed.withUnsafeElements { values in
                    guard let start = values.baseAddress, width > 0 else { return }
                    ck_row_norms_f32(start, count, width, &norms)
                }
            }
        }
        var powers: [Double] = []
        // Beyond this exponent a sum of them may be too large for a double.
        if case .bytes = examples.storage, case (Int32(CK_KEY_POWER), let exponent) = metric.key,
            exponent <= 120
        {
            powers = (0...255).map { pow(Double($0), exponent) }
        }
        self.powers = powers
        (self.count, self.width) = (count, width)
        (self.squares, self.sums, self.norms) = (squares, sums, norms)
    }

    /// Whether powers come from a table.
    var hasPowers: Bool { !powers.isEmpty }

    /// Calls `body` with the kernels' view of rows `range`, all by default; valid during the call only.
    func withRows<Result>(_ range: Range<Int>? = nil, _ body: (ck_rows) throws -> Result) rethrows -> Result {
        let range = range ?? 0..<count
        return try squares.withUnsafeBufferPointer { squares in
            try sums.withUnsafeBufferPointer { sums in
                try norms.withUnsafeBufferPointer { norms in
                    try powers.withUnsafeBufferPointer { powers in
                        // Each table is empty or has an entry for every row, so the indices below are within it.
                        func at<Element>(_ table: UnsafeBufferPointer<Element>) -> UnsafePointer<Element>? {
                            table.isEmpty ? nil : table.baseAddress.map { $0 + range.lowerBound }
                        }
                        var rows = ck_rows()
                        (rows.count, rows.width) = (range.count, width)
                        (rows.squares, rows.sums, rows.norms) = (at(squares), at(sums), at(norms))
                        rows.powers = powers.isEmpty ? nil : powers.baseAddress
                        switch examples.dense {
                        case .bytes(let array):
                            return try array.withUnsafeElements {
                                rows.bytes = $0.baseAddress.map { $0 + range.lowerBound * width }
                                return try body(rows)
                            }
                        case .floats(let array):
                            return try array.withUnsafeElements {
                                rows.floats = $0.baseAddress.map { $0 + range.lowerBound * width }
                                return try body(rows)
                            }
                        }
                    }
                }
            }
        }
    }
}
