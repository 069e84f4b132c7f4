import Arrays
import ExampleData

/// A dense layer of rows that are mostly zero, multiplied without their zeros; the gradient by the weights is deferred.
struct SparseDense: DenseKernel {
    let rows: any GatheredRows
    let weight: NDArray<Float>
    /// The next batch, prefetched while the gradient is computed.
    let upcoming: UpcomingRows?

    func forward(bias: NDArray<Float>, activation: ActivationKernel) -> NDArray<Float> {
        rows.layer(weight: weight, bias: bias, activation: activation)
    }

    func gradients(of delta: NDArray<Float>, _ needed: DenseGradients<Float>.Needed) -> DenseGradients<Float>
    {
        DenseGradients(
            input: needed.input ? delta.product(transposed: false, weight, transposed: true) : nil,
            weight: needed.weight ? .deferred(DeferredGradient(rows, delta: delta, upcoming: upcoming)) : nil,
            bias: delta.columnSums())
    }
}
