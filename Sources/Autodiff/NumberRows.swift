import Arrays
import Support

/// Examples kept as numbers, N rows of D features: measurements, bags of words, libsvm's text.
///
/// Whether most of them are zero is found out by counting; then only the others are kept, and a dense layer skips the
/// zeros.
///
/// ```swift
/// let inputs = NumberRows(texts)                     // [2000, 47236]
/// let batch: Tensor<Float> = tape.input(inputs, rows: [3, 1, 4])
/// ```
public struct NumberRows: Sendable {
    enum Form: Sendable {
        case full(NDArray<Float>)
        case compressed(CompressedRows)
    }

    let form: Form
    /// The number of rows: N.
    public let count: Int
    /// The number of features of a row: D, the product of all axes but the first.
    public let width: Int

    /// Rows of `numbers`, shape [N, ...].
    ///
    /// - Precondition: at least one axis.
    /// - Complexity: O(N D), to count the zeros.
    public init(_ numbers: NDArray<Float>) {
        require(numbers.ndim >= 1, "rows of examples need at least one axis")
        count = numbers.shape[0]
        width = numbers.shape.dropFirst().reduce(1, *)
        form =
            CompressedRows(numbers).map(Form.compressed)
            ?? .full(numbers.isContiguous ? numbers : numbers.contiguousCopy())
    }

    /// Rows that are compressed already.
    public init(_ rows: CompressedRows) {
        (count, width) = (rows.shape[0], rows.shape[1])
        form = .compressed(rows)
    }

    /// Whether so many numbers are zero that skipping them pays.
    public var isMostlyZero: Bool {
        if case .compressed = form { true } else { false }
    }
}
