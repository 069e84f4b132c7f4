import Arrays
import CKernels
import Support

/// Examples stored as bytes, N rows of D features, with a table of the value of each byte.
///
/// Sixty thousand digits are 47 MB of bytes and would be 188 MB of floats, so a batch is gathered, converted and scaled
/// when a network asks for it. Zeros are counted once; if most bytes are zero, a dense layer skips them.
///
/// ```swift
/// let inputs = ByteRows(mnist.train.images)          // [60000, 28, 28], scaled to 0...1
/// let batch: Tensor<Float> = tape.input(inputs, rows: [3, 1, 4])
/// ```
public struct ByteRows: Sendable {
    /// The storage behind one reference: batches and pullbacks hold these rows in every step.
    private final class Parts: Sendable {
        let bytes: NDArray<UInt8>
        let count: Int
        let width: Int
        let table: [Float]
        let isMostlyZero: Bool

        init(_ bytes: NDArray<UInt8>, scale: Float) {
            // Rows are gathered by pointer from here on, so they must be contiguous.
            self.bytes = bytes.isContiguous ? bytes : bytes.contiguousCopy()
            count = bytes.shape[0]
            width = bytes.shape.dropFirst().reduce(1, *)
            table = (0..<256).map { Float($0) * scale }
            let nonZero = bytes.withUnsafeElements { ck_count_nonzero($0.count, $0.baseAddress) }
            isMostlyZero = bytes.count > 0 && Double(nonZero) <= ByteRows.maximumDensity * Double(bytes.count)
        }
    }

    private let parts: Parts

    /// The bytes, shape [N, ...].
    public var bytes: NDArray<UInt8> { parts.bytes }
    /// The number of rows: N.
    public var count: Int { parts.count }
    /// The number of features of a row: D, the product of all axes but the first.
    public var width: Int { parts.width }
    /// The value of each of the 256 bytes.
    public var table: [Float] { parts.table }
    /// Whether enough bytes are zero that skipping them is faster.
    package var isMostlyZero: Bool { parts.isMostlyZero }

    /// The share of non-zero bytes up to which skipping the others is faster than multiplying all.
    static let maximumDensity = 0.5

    /// Creates rows of `bytes` (shape [N, ...]), each byte b having the value `scale` b.
    ///
    /// - Precondition: at least one axis.
    /// - Complexity: O(N D), to count the zeros.
    public init(_ bytes: NDArray<UInt8>, scale: Float = 1 / 255) {
        require(bytes.ndim >= 1, "rows of examples need at least one axis")
        parts = Parts(bytes, scale: scale)
    }

    /// Prefetches rows that will be used soon.
    ///
    /// Rows of a random batch are spread over tens of megabytes; waiting for them took a quarter of a step.
    ///
    /// - Precondition: every row is in `0 ..< count`.
    func prefetch(_ rows: [Int32]) {
        require(hasRows(rows), "row out of bounds 0 ..< \(count)")
        withUpcoming(rows) { ck_prefetch_rows($0) }
    }

    /// Returns whether every row is in `0 ..< count`.
    func hasRows(_ rows: [Int32]) -> Bool {
        ck_all_in_range(rows.count, rows, Int32(clamping: count)) != 0
    }

    /// Calls `body` with the rows as a prefetch hint for kernels; the pointer is valid only during the call.
    func withUpcoming<Result>(_ rows: [Int32], _ body: (UnsafePointer<ck_upcoming_rows>) -> Result) -> Result
    {
        bytes.withUnsafeElements { bytes in
            rows.withUnsafeBufferPointer { rows in
                var upcoming = ck_upcoming_rows(
                    dense: bytes.baseAddress, rows: rows.baseAddress, count: rows.count,
                    width: width)
                return body(&upcoming)
            }
        }
    }
}
