import Arrays
import ExampleData

/// The algorithm of one call of a dense layer, which holds the layer's input x [N, D] and weights w [D, H] in the form that
/// it multiplies: the forward pass and the gradients.
///
/// An algorithm is chosen once for each call, by the scalar's table of kernels.
protocol DenseKernel<Scalar> {
    associatedtype Scalar: DifferentiableScalar

    /// activation(x w + bias), shape [N, H]; an activation that is applied in place.
    func forward(bias: NDArray<Scalar>, activation: ActivationKernel) -> NDArray<Scalar>

    /// The gradients by x, w and the bias, given `delta`, the gradient by x w + bias.
    func gradients(of delta: NDArray<Scalar>, _ needed: DenseGradients<Scalar>.Needed) -> DenseGradients<
        Scalar
    >
}

/// The gradients by a dense layer's input, weights and bias.
struct DenseGradients<Scalar: DifferentiableScalar> {
    /// The gradients that are needed; others may be computed where that costs nothing.
    struct Needed {
        let input: Bool
        let weight: Bool
    }

    let input: NDArray<Scalar>?
    let weight: Value<Scalar>?
    let bias: NDArray<Scalar>
}

enum DenseKernels {
    /// The fastest algorithm for rows of `Float`: without the zeros where most elements are zero, in bfloat16 where the
    /// tape's precision is bfloat16, in one pass for few outputs, else by oneDNN.
    static func choose(for input: Tensor<Float>, weight: Tensor<Float>) -> any DenseKernel<Float> {
        let tape = input.tape
        if let rows = tape.mostlyZeroRows(input.node) {
            let upcoming = rows.upcoming.flatMap { $0.take() ? $0 : nil }
            return SparseDense(rows: rows, weight: weight.value, upcoming: upcoming)
        }
        let (x, w) = (input.value, weight.value)
        if tape.precision == .bfloat16, DenseBFloat16.pays(rows: x.shape[0], weights: w.count) {
            return DenseBFloat16(input: x, weight: w)
        }
        if SmallOutputDense.pays(rows: x.shape[0], depth: x.shape[1], outputs: w.shape[1]) {
            return SmallOutputDense(input: x, weight: w)
        }
        return ReferenceDense(input: x, weight: w)
    }
}

/// The reference algorithm: products by oneDNN (`Float`) or OpenBLAS (`Double`), the rest by a pass over the result.
struct ReferenceDense<Scalar: DifferentiableScalar>: DenseKernel {
    let input: NDArray<Scalar>
    let weight: NDArray<Scalar>

    @specialized(where Scalar == Float)
    func forward(bias: NDArray<Scalar>, activation: ActivationKernel) -> NDArray<Scalar> {
        var y = input.product(transposed: false, weight, transposed: false)
        y.addBias(bias, activation)
        return y
    }

    @specialized(where Scalar == Float)
    func gradients(of delta: NDArray<Scalar>, _ needed: DenseGradients<Scalar>.Needed) -> DenseGradients<
        Scalar
    > {
        let bias = delta.columnSums()
        return DenseGradients(
            input: needed.input ? delta.product(transposed: false, weight, transposed: true) : nil,
            weight: needed.weight
                ? .array(input.product(transposed: true, delta, transposed: false)) : nil,
            bias: bias)
    }
}

extension NDArray where Scalar: DifferentiableScalar {
    /// self = activation(self + bias), self [N, H].
    @specialized(where Scalar == Float)
    mutating func addBias(_ bias: NDArray, _ activation: ActivationKernel) {
        let rows = shape[0]
        withUnsafeMutableElements { y in
            bias.withUnsafeElements {
                Scalar.kernels.addBias($0, activation: activation, rows: rows, to: y)
            }
        }
    }

    /// The sums over N of [N, H].
    @specialized(where Scalar == Float)
    func columnSums() -> NDArray {
        let rows = shape[0]
        return NDArray(shape: [shape[1]]) { sums in
            withUnsafeElements { Scalar.kernels.sumColumns($0, rows: rows, into: sums) }
        }
    }
}
