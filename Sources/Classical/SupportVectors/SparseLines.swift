import Arrays

/// The `index:value` pairs of many lines, as rows of a sparse matrix.
///
/// Indices count from 1 in libsvm's files, but libsvm takes 0 too, and other programs write files that count from 0:
/// an index 0 anywhere means that the whole file does, unless it is said what the first index is.
struct SparseLines {
    /// The first feature's index, 0 or 1; nil to go by the file.
    let firstIndex: Int?
    private(set) var starts = [0]
    private var indices: [Int32] = []
    private var values: [Float] = []
    private var largest = -1
    private var hasZero = false
    private var countsFromZero: Bool { firstIndex.map { $0 == 0 } ?? hasZero }

    init(firstIndex: Int?) { self.firstIndex = firstIndex }

    /// The index of the first feature: 0 or 1.
    var firstFeature: Int { countsFromZero ? 0 : 1 }

    /// The number of rows.
    var count: Int { starts.count - 1 }
    /// The columns that the largest index needs.
    var width: Int { countsFromZero ? largest + 1 : max(0, largest) }

    /// Adds the rest of a line as a row.
    ///
    /// - Parameter limit: the most columns that there may be; nil for any number.
    /// - Throws: `badData` with the line.
    mutating func add(_ lines: inout LibSVMLines, limit: Int?) throws {
        try lines.features { index, value in
            indices.append(Int32(index))
            values.append(value)
        }
        if indices.count > starts[starts.count - 1] {
            // They ascend.
            if indices[starts[starts.count - 1]] == 0 {
                guard firstIndex != 1 else {
                    throw lines.wrong("an index below the first", expected: "1 or more", got: "0")
                }
                hasZero = true
            }
            largest = max(largest, Int(indices[indices.count - 1]))
            if let limit, width > limit {
                throw lines.wrong("an index beyond the features", expected: "1...\(limit)", got: "\(largest)")
            }
        }
        starts.append(indices.count)
    }

    /// Returns the rows with all their zeros: [count, width].
    ///
    /// - Precondition: `width` is at least `self.width`.
    func dense(width: Int) -> NDArray<Float> {
        let first = countsFromZero ? 0 : 1
        return NDArray<Float>(shape: [count, width]) { target in
            target.initialize(repeating: 0)
            for row in 0..<count {
                for entry in starts[row]..<starts[row + 1] {
                    target[row * width + Int(indices[entry]) - first] = values[entry]
                }
            }
        }
    }

    /// Returns the rows without their zeros.
    ///
    /// - Precondition: `width` is at least `self.width`.
    func compressed(width: Int) -> CompressedRows {
        let columns = countsFromZero ? indices : indices.map { $0 - 1 }
        return CompressedRows(width: width, starts: starts, columns: columns, values: values)
    }
}
