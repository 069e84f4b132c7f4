import Arrays

extension Tensor {
    /// A fully connected layer: y = activation(x w + b).
    ///
    /// An activation whose gradient follows from y is computed in place and x w + b is not kept; another one is a
    /// node of its own.
    ///
    /// Shapes: x [N, D], w [D, H], b [H]; y [N, H].
    ///
    /// Vector-Jacobian product, with delta = g activation'(x w + b): by x, delta transpose(w); by w,
    /// transpose(x) delta; by b, the sum of delta over N. Examples that are mostly zero are multiplied without the zeros.
    ///
    /// - Precondition: the shapes above.
    /// - Complexity: O(N D H); for examples that are mostly zero, O(H) for each element that is not.
    @specialized(where Scalar == Float)
    public func dense(
        weight: Tensor<Scalar>, bias: Tensor<Scalar>, activation: Activation = .identity
    ) -> Tensor<Scalar> {
        guard
            shape.count == 2 && weight.shape.count == 2 && shape[1] == weight.shape[0]
                && bias.shape == [weight.shape[1]]
        else {
            return unfit(
                "dense: shapes \(shape), \(weight.shape) and \(bias.shape) not aligned", of: weight,
                expected: "[N, \(weight.shape[0])]", result: [shape.first ?? 1, weight.shape.last ?? 1])
        }
        guard let activation = activation.fusedKernel else {
            return dense(weight: weight, bias: bias).activated(activation)
        }
        if activation.hasKink { tape.hasKinks = true }
        let kernel = Scalar.kernels.layers.dense(self, weight)
        let y = kernel.forward(bias: bias.value, activation: activation)
        let needed = DenseGradients<Scalar>.Needed(input: needsGradient, weight: weight.needsGradient)
        return tape.record(.array(y), from: [self, weight, bias]) {
            let upstream = $0.array()
            let delta =
                activation.isIdentity ? upstream : upstream.activationGradient(activation, y: y)
            let gradients = kernel.gradients(of: delta, needed)
            return [gradients.input.map { .array($0) }, gradients.weight, .array(gradients.bias)]
        }
    }
}
