import Arrays
import CKernels
import ExampleData
import Support

/// A gathered mini-batch that is not materialised yet: the stored examples and the indices of its rows.
///
/// If most of the elements are zero, a dense layer multiplies without them.
protocol GatheredRows: AnyObject {
    /// N and D.
    var shape: [Int] { get }
    /// Whether skipping the zeros is faster.
    var isMostlyZero: Bool { get }
    /// The batch that comes next, if the loader has said so.
    var upcoming: UpcomingRows? { get }

    /// The rows as an array [N, D].
    func array<Scalar: DifferentiableScalar>() -> NDArray<Scalar>

    /// activation(x w + b), shape [N, H].
    func layer(weight: NDArray<Float>, bias: NDArray<Float>, activation: ActivationKernel) -> NDArray<Float>

    /// transpose(x) delta, shape [D, H]. `upcoming`: the next batch, prefetched meanwhile.
    func weightGradient(_ delta: NDArray<Float>, upcoming: UpcomingRows?) -> NDArray<Float>

    /// weight -= rate (transpose(x) delta + decay weight), in one pass; the bits are those of two.
    func descend(
        _ weight: inout NDArray<Float>, _ delta: NDArray<Float>, rate: Float, decay: Float,
        upcoming: UpcomingRows?)
}

extension UpcomingRows? {
    /// Calls `body` with the rows as a prefetch hint for kernels, nil for none; the pointer is valid only during the
    /// call.
    func withKernelForm<Result>(_ body: (UnsafePointer<ck_upcoming_rows>?) -> Result) -> Result {
        guard let self else { return body(nil) }
        return self.withKernelForm(body)
    }
}
