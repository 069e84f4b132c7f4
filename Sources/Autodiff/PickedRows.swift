import Arrays
import CKernels
import Support

/// Some rows of examples: an input node of the tape before it is turned into numbers.
///
/// If most of the numbers are zero, a dense layer multiplies without them.
protocol PickedRows: AnyObject {
    /// N and D.
    var shape: [Int] { get }
    /// Whether skipping the zeros pays.
    var isMostlyZero: Bool { get }

    /// The rows as an array [N, D].
    func array<Scalar: DifferentiableScalar>() -> NDArray<Scalar>

    /// activation(x w + b), shape [N, H].
    func layer(weight: NDArray<Float>, bias: NDArray<Float>, activation: Activation) -> NDArray<Float>

    /// transpose(x) delta, shape [D, H]. `upcoming`: what will be picked next; it is fetched meanwhile.
    func weightGradient(_ delta: NDArray<Float>, upcoming: UpcomingRows?) -> NDArray<Float>

    /// weight -= rate (transpose(x) delta + decay weight), in one pass; the bits are those of two.
    func descend(
        _ weight: inout NDArray<Float>, _ delta: NDArray<Float>, rate: Float, decay: Float,
        upcoming: UpcomingRows?)
}

/// The batch that will come after a tape's own.
package struct UpcomingRows {
    let source: ByteRows
    let rows: [Int32]

    /// - Precondition: every row is in `0 ..< source.count`.
    package init(_ source: ByteRows, rows: [Int32]) {
        require(source.hasRows(rows), "row out of bounds 0 ..< \(source.count)")
        (self.source, self.rows) = (source, rows)
    }
}

extension UpcomingRows? {
    /// Calls `body` with the rows as kernels ask for them ahead of need, nil for none; valid only during the call.
    func withKernelForm<Result>(_ body: (UnsafePointer<ck_upcoming_rows>?) -> Result) -> Result {
        guard let self else { return body(nil) }
        return self.source.withUpcoming(self.rows, body)
    }
}

/// The gradient by a dense layer's weights, transpose(x) delta, that is not computed before somebody needs the numbers.
///
/// Plain gradient descent needs only what they do to the weights: the sums of a column are still in registers when its
/// weights are changed, and a matrix as large as the weights is neither written nor read.
package final class PendingGradient {
    /// D and H.
    let shape: [Int]
    private let input: any PickedRows
    private let delta: NDArray<Float>
    private let upcoming: UpcomingRows?
    private var known: NDArray<Float>?

    init(_ input: any PickedRows, delta: NDArray<Float>, upcoming: UpcomingRows?) {
        shape = [input.shape[1], delta.shape[1]]
        (self.input, self.delta, self.upcoming) = (input, delta, upcoming)
    }

    /// The gradient, computed once.
    func array() -> NDArray<Float> {
        if let known { return known }
        let gradient = input.weightGradient(delta, upcoming: upcoming)
        known = gradient
        return gradient
    }

    /// weight -= rate (gradient + decay weight).
    func descend(_ weight: inout NDArray<Float>, rate: Float, decay: Float) {
        require(weight.shape == shape, "weights \(weight.shape) by a gradient \(shape)")
        input.descend(&weight, delta, rate: rate, decay: decay, upcoming: upcoming)
    }
}
