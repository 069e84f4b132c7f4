import Arrays
import Support

/// Examples stored as floats, N rows of D features: measurements, bags of words, libsvm's text.
///
/// Zeros are counted once; if most elements are zero, only the others are stored (`CompressedRows`), and a dense
/// layer skips the zeros.
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

    /// Creates rows of `numbers`, shape [N, ...].
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

    /// Creates rows from a compressed matrix.
    public init(_ rows: CompressedRows) {
        (count, width) = (rows.shape[0], rows.shape[1])
        form = .compressed(rows)
    }

    /// Whether enough elements are zero that skipping them is faster.
    package var isMostlyZero: Bool {
        if case .compressed = form { true } else { false }
    }
}
