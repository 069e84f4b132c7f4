import CKernels

/// A matrix of bytes of which only the non-zero ones are kept, row after row: N x D.
///
/// Four fifths of a handwritten digit's pixels are zero; a first layer that skips them does a fifth of the
/// work. Entries take 3 bytes, so it pays in memory, too, below a third of non-zero bytes.
///
/// Source of the form: compressed sparse rows (Tinney and Walker 1967), with the places where each block of
/// `CK_SPARSE_BLOCK` columns begins.
public final class CompressedRows: Sendable {
    /// The most columns that fit: a column is stored in 16 bits.
    public static let maximumWidth = 65_535

    /// N and D.
    public let shape: [Int]
    /// How many bytes are not zero.
    public let nonZeroCount: Int

    private let starts: [Int64]
    private let columns: [UInt16]
    private let values: [UInt8]
    private let blockStarts: [UInt16]

    /// The rows of `dense` (shape [N, ...], the further axes flattened), or nil when more than
    /// `maximumDensity` of its bytes are not zero or a row is too long.
    ///
    /// - Complexity: O(N D).
    public init?(_ dense: NDArray<UInt8>, maximumDensity: Double = 0.3) {
        guard dense.ndim >= 1, let height = dense.shape.first, height > 0 else { return nil }
        let width = dense.count / height
        guard width > 0, width <= Self.maximumWidth, Int32(exactly: height) != nil else { return nil }
        let count = dense.withUnsafeElements { bytes in
            Int(ck_count_nonzero(bytes.count, bytes.baseAddress))
        }
        guard Double(count) <= maximumDensity * Double(dense.count) else { return nil }
        let blocks = Self.blockCount(width: width)
        var starts = [Int64](repeating: 0, count: height + 1)
        var blockStarts = [UInt16](repeating: 0, count: height * (blocks + 1))
        var values: [UInt8] = []
        // The kernel writes exactly the `count` entries that it has counted before.
        columns = [UInt16](unsafeUninitializedCapacity: count) { columns, columnCount in
            values = [UInt8](unsafeUninitializedCapacity: count) { values, valueCount in
                dense.withUnsafeElements { bytes in
                    ck_compress_rows_u8(
                        bytes.baseAddress, Int64(height), Int64(width), &starts, columns.baseAddress,
                        values.baseAddress, &blockStarts)
                }
                valueCount = count
            }
            columnCount = count
        }
        self.values = values
        self.starts = starts
        self.blockStarts = blockStarts
        shape = [height, width]
        nonZeroCount = count
    }

    private static func blockCount(width: Int) -> Int {
        (width + Int(CK_SPARSE_BLOCK) - 1) / Int(CK_SPARSE_BLOCK)
    }

    /// Calls `body` with the form that the kernels read; it is valid only during the call.
    package func withKernelForm<Result>(_ body: (UnsafePointer<ck_sparse_bytes>) throws -> Result) rethrows
        -> Result
    {
        try starts.withUnsafeBufferPointer { starts in
            try columns.withUnsafeBufferPointer { columns in
                try values.withUnsafeBufferPointer { values in
                    try blockStarts.withUnsafeBufferPointer { blockStarts in
                        var form = ck_sparse_bytes(
                            starts: starts.baseAddress, columns: columns.baseAddress,
                            values: values.baseAddress, block_starts: blockStarts.baseAddress,
                            height: Int64(shape[0]), width: Int64(shape[1]),
                            blocks: Int64(Self.blockCount(width: shape[1])))
                        return try withUnsafePointer(to: &form, body)
                    }
                }
            }
        }
    }
}
