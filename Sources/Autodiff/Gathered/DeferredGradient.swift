import Arrays
import ExampleData
import Support

/// The gradient by a dense layer's weights, transpose(x) delta, computed only when its elements are needed.
///
/// Plain gradient descent needs only their effect on the weights: the sums of a column are still in registers when its
/// weights are changed, and a matrix as large as the weights is neither written nor read.
final class DeferredGradient: Deferred {
    /// D and H.
    let shape: [Int]
    private let input: any GatheredRows
    private let delta: NDArray<Float>
    private let upcoming: UpcomingRows?
    private var known: NDArray<Float>?

    init(_ input: any GatheredRows, delta: NDArray<Float>, upcoming: UpcomingRows?) {
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

    func computed(inRows: Bool) -> LayoutArray<Float> { LayoutArray(array()) }

    /// weight -= rate (gradient + decay weight).
    func descend(_ weight: inout NDArray<Float>, rate: Float, decay: Float) {
        require(weight.shape == shape, "weights \(weight.shape) by a gradient \(shape)")
        input.descend(&weight, delta, rate: rate, decay: decay, upcoming: upcoming)
    }
}
