import Arrays
import CKernels
import Support

/// Examples kept as bytes, N rows of D features, with the number that each byte stands for.
///
/// Sixty thousand digits are 47 MB of bytes and would be 188 MB of floats, so a batch is gathered, converted and
/// scaled when a network asks for it. Whether most bytes are zero is found out by counting; a dense layer then skips
/// the zeros.
///
/// ```swift
/// let inputs = ByteRows(mnist.train.images)          // [60000, 28, 28], scaled to 0...1
/// let batch: Tensor<Float> = tape.input(inputs, rows: [3, 1, 4])
/// ```
public struct ByteRows: Sendable {
    /// Behind one reference: batches and pullbacks hold these rows, in every step.
    private final class Parts: Sendable {
        let bytes: NDArray<UInt8>
        let count: Int
        let width: Int
        let table: [Float]
        let isMostlyZero: Bool

        init(_ bytes: NDArray<UInt8>, scale: Float) {
            // Rows are picked by pointer from here on: they must lie one after another.
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
    /// Whether so many bytes are zero that skipping them pays.
    public var isMostlyZero: Bool { parts.isMostlyZero }

    /// The share of non-zero bytes up to which skipping the others is faster than multiplying all.
    static let maximumDensity = 0.5

    /// Rows of `bytes` (shape [N, ...]), each byte b standing for `scale` b.
    ///
    /// - Precondition: at least one axis.
    /// - Complexity: O(N D), to count the zeros.
    public init(_ bytes: NDArray<UInt8>, scale: Float = 1 / 255) {
        require(bytes.ndim >= 1, "rows of examples need at least one axis")
        parts = Parts(bytes, scale: scale)
    }

    /// Asks the memory for rows that will be used soon, so that they are there by then.
    ///
    /// Rows of a random batch lie anywhere in tens of megabytes; waiting for them took a quarter of a step.
    ///
    /// - Precondition: every row is in `0 ..< count`.
    func prefetch(_ rows: [Int32]) {
        require(hasRows(rows), "row out of bounds 0 ..< \(count)")
        withUpcoming(rows) { ck_prefetch_rows($0) }
    }

    /// Whether every row is in `0 ..< count`.
    func hasRows(_ rows: [Int32]) -> Bool {
        ck_all_in_range(rows.count, rows, Int32(clamping: count)) != 0
    }

    /// Calls `body` with the rows as kernels ask for them ahead of need; it is valid only during the call.
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
