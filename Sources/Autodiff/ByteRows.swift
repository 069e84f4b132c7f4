import Arrays
import CKernels

/// Examples kept as bytes, N rows of D features, with the number that each byte stands for.
///
/// Sixty thousand digits are 47 MB of bytes and would be 188 MB of floats, so a batch is gathered, converted and
/// scaled when a network asks for it. Rows that are mostly zero are kept compressed as well, which is found out
/// by counting; a dense layer then skips the zeros.
///
/// ```swift
/// let inputs = ByteRows(mnist.train.images)          // [60000, 28, 28], scaled to 0...1
/// let batch: Tensor<Float> = tape.input(inputs, rows: [3, 1, 4])
/// ```
public struct ByteRows: Sendable {
    /// The bytes, shape [N, ...].
    public let bytes: NDArray<UInt8>
    /// How many rows: N.
    public let count: Int
    /// How many features a row has: D, the product of all axes but the first.
    public let width: Int
    /// What each of the 256 bytes stands for.
    public let table: [Float]
    /// The rows without their zeros, if most bytes are zero and a zero stands for 0.
    public let compressed: CompressedRows?

    /// Rows of `bytes` (shape [N, ...]), each byte b standing for `scale` b.
    ///
    /// - Precondition: at least one axis.
    /// - Complexity: O(N D), to count the zeros.
    public init(_ bytes: NDArray<UInt8>, scale: Float = 1 / 255) {
        precondition(bytes.ndim >= 1, "rows of examples need at least one axis")
        self.bytes = bytes
        count = bytes.shape[0]
        width = bytes.shape.dropFirst().reduce(1, *)
        table = (0..<256).map { Float($0) * scale }
        compressed = CompressedRows(bytes)
    }

    /// Asks the memory for rows that will be used soon, so that they are there by then.
    ///
    /// Rows of a random batch lie anywhere in tens of megabytes; waiting for them took a quarter of a step.
    ///
    /// - Precondition: every row is in `0 ..< count`.
    public func prefetch(_ rows: [Int32]) {
        precondition(rows.allSatisfy { $0 >= 0 && Int($0) < count }, "row out of bounds 0 ..< \(count)")
        compressed?.withKernelForm { ck_sparse_prefetch($0, rows, Int64(rows.count)) }
    }
}

/// Some rows of `ByteRows`: an input node of the tape before it is turned into numbers.
struct GatheredRows {
    let source: ByteRows
    let rows: [Int32]

    /// The rows as an array [N, D].
    func array<Scalar: DifferentiableScalar>() -> NDArray<Scalar> {
        NDArray<Scalar>(shape: [rows.count, source.width]) { target in
            source.bytes.withUnsafeElements { bytes in
                Scalar.gatherRows(bytes, width: source.width, table: source.table, rows: rows, into: target)
            }
        }
    }
}
