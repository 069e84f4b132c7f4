import CKernels
import Support

/// A sparse matrix N x D in compressed sparse row format (CSR): only the non-zero elements are stored.
///
/// A text has some hundred words of a dictionary's fifty thousand; a first layer that skips the others does some
/// hundredths of the work, and the matrix takes some hundredths of the memory. An entry takes 8 bytes.
///
/// Source of the form: compressed sparse rows (Tinney and Walker 1967).
public final class CompressedRows: Sendable {
    /// The shape, N and D.
    package let shape: [Int]
    /// The number of stored elements.
    package var nonZeroCount: Int { values.count }

    private let starts: [Int64]
    private let columns: [Int32]
    private let values: [Float]

    /// Compresses the rows of `dense` (shape [N, ...], the further axes flattened); nil when more than `maximumDensity`
    /// of its elements are not zero.
    ///
    /// - Complexity: O(N D); the count stops as soon as the zeros are known to be too few.
    package init?(_ dense: NDArray<Float>, maximumDensity: Double = 0.3) {
        guard dense.ndim >= 1, let height = dense.shape.first, dense.count > 0 else { return nil }
        let width = dense.count / height
        guard Int32(exactly: height) != nil, Int32(exactly: width) != nil else { return nil }
        let limit = Int(maximumDensity * Double(dense.count))
        let count = dense.withUnsafeElements { ck_count_nonzero_f32($0.count, $0.baseAddress, limit) }
        guard count <= limit else { return nil }
        var starts = [Int64](repeating: 0, count: height + 1)
        var values: [Float] = []
        // The kernel writes exactly the entries that it has counted before.
        columns = [Int32](unsafeUninitializedCapacity: Int(count)) { columns, columnCount in
            values = [Float](unsafeUninitializedCapacity: Int(count)) { values, valueCount in
                dense.withUnsafeElements { numbers in
                    ck_compress_rows_f32(
                        numbers.baseAddress, height, width, &starts, columns.baseAddress,
                        values.baseAddress)
                }
                valueCount = Int(count)
            }
            columnCount = Int(count)
        }
        (self.values, self.starts) = (values, starts)
        shape = [height, width]
    }

    /// Creates rows of `width` elements from their entries: those of row r are starts[r] ..< starts[r + 1].
    ///
    /// - Precondition: `starts` ascends from 0 to the number of entries; within a row columns ascend, each below
    ///   `width`.
    /// - Complexity: O(number of entries), to check them.
    package init(width: Int, starts: [Int], columns: [Int32], values: [Float]) {
        let fault = Self.fault(width: width, starts, columns, valueCount: values.count)
        require(fault == nil, fault ?? "")
        shape = [starts.count - 1, width]
        self.starts = starts.map(Int64.init)
        (self.columns, self.values) = (columns, values)
    }

    /// Creates rows from entries that come from outside; nil when they contradict each other.
    ///
    /// - Complexity: O(number of entries), to check them.
    package init?(checking width: Int, starts: [Int], columns: [Int32], values: [Float]) {
        guard Self.fault(width: width, starts, columns, valueCount: values.count) == nil else { return nil }
        shape = [starts.count - 1, width]
        self.starts = starts.map(Int64.init)
        (self.columns, self.values) = (columns, values)
    }

    /// Returns what is wrong with entries; nil when nothing is.
    private static func fault(width: Int, _ starts: [Int], _ columns: [Int32], valueCount: Int) -> String? {
        guard
            columns.count == valueCount && starts.first == 0 && starts.last == valueCount
                && Int32(exactly: starts.count) != nil && Int32(exactly: width) != nil
        else {
            return "rows from 0 to \(valueCount) entries, \(columns.count) columns and \(valueCount) values"
        }
        // Before an entry is looked at: a start in the middle may lie beyond all of them.
        for row in 0..<(starts.count - 1) where starts[row] > starts[row + 1] {
            return "row \(row) ends before it begins"
        }
        for row in 0..<(starts.count - 1) {
            var last: Int32 = -1
            for entry in starts[row]..<starts[row + 1] {
                guard columns[entry] > last && Int(columns[entry]) < width else {
                    return "columns of row \(row) do not ascend below \(width)"
                }
                last = columns[entry]
            }
        }
        return nil
    }

    /// Returns the rows `rows`, in that order; a row may come more than once.
    ///
    /// - Precondition: every row is in `0 ..< N`.
    /// - Complexity: O(entries of the rows).
    package func gathered(_ rows: [Int32]) -> CompressedRows {
        require(rows.allSatisfy { $0 >= 0 && Int($0) < shape[0] }, "row out of bounds 0 ..< \(shape[0])")
        var starts = [Int64](repeating: 0, count: rows.count + 1)
        var (columns, values): ([Int32], [Float]) = ([], [])
        for (place, row) in rows.enumerated() {
            let entries = Int(self.starts[Int(row)])..<Int(self.starts[Int(row) + 1])
            columns += self.columns[entries]
            values += self.values[entries]
            starts[place + 1] = Int64(values.count)
        }
        return CompressedRows(shape: [rows.count, shape[1]], starts, columns, values)
    }

    /// Returns the rows with `width` columns: elements in columns beyond are left out, columns that there were not are zero.
    ///
    /// - Precondition: `width` is not negative and below 2^31.
    /// - Complexity: O(number of entries).
    package func resized(to width: Int) -> CompressedRows {
        require(width >= 0 && Int32(exactly: width) != nil, "rows of \(width) columns")
        guard width < shape[1] else {
            return CompressedRows(shape: [shape[0], width], starts, columns, values)
        }
        var starts: [Int64] = [0]
        var (columns, values): ([Int32], [Float]) = ([], [])
        for row in 0..<shape[0] {
            let entries = entries(ofRow: row)
            let kept = entries.columns.prefix { Int($0) < width }.count
            columns += entries.columns.prefix(kept)
            values += entries.values.prefix(kept)
            starts.append(Int64(values.count))
        }
        return CompressedRows(shape: [shape[0], width], starts, columns, values)
    }

    /// Returns the rows with all their zeros: [N, D].
    ///
    /// - Complexity: O(N D).
    package func dense() -> NDArray<Float> {
        NDArray<Float>(shape: shape) { target in
            withKernelForm(rows: (0..<shape[0]).map { Int32($0) }) {
                ck_entries_rows_f32($0, target.baseAddress)
            }
        }
    }

    /// Returns the columns and the values of the stored elements of a row, in order.
    package func entries(ofRow row: Int) -> (columns: ArraySlice<Int32>, values: ArraySlice<Float>) {
        let entries = Int(starts[row])..<Int(starts[row + 1])
        return (columns[entries], values[entries])
    }

    private init(shape: [Int], _ starts: [Int64], _ columns: [Int32], _ values: [Float]) {
        (self.shape, self.starts, self.columns, self.values) = (shape, starts, columns, values)
    }

    /// Calls `body` with gathered rows in the form that the kernels read; the pointer is valid only during the call.
    ///
    /// - Precondition: every row is in `0 ..< N`.
    package func withKernelForm<Result>(
        rows: [Int32], _ body: (UnsafePointer<ck_entries>) throws -> Result
    ) rethrows -> Result {
        try starts.withUnsafeBufferPointer { starts in
            try columns.withUnsafeBufferPointer { columns in
                try values.withUnsafeBufferPointer { values in
                    try rows.withUnsafeBufferPointer { rows in
                        var form = ck_entries(
                            starts: starts.baseAddress, columns: columns.baseAddress,
                            values: values.baseAddress, rows: rows.baseAddress, count: rows.count,
                            width: shape[1])
                        return try withUnsafePointer(to: &form, body)
                    }
                }
            }
        }
    }
}
