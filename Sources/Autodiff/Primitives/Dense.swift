import Arrays
import CKernels

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
    /// - Complexity: O(N D H); for examples that are mostly zero, O(H) for each number that is not.
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
        guard activation.isFusable else {
            return dense(weight: weight, bias: bias).activated(activation)
        }
        if activation.hasKink { tape.hasKinks = true }
        if let result = denseInHalves(weight: weight, bias: bias, activation: activation) { return result }
        let (rows, width) = (shape[0], weight.shape[1])
        let (w, picked) = (weight.value, mostlyZeroRows)
        let x = picked == nil ? value : nil
        let y = denseValue(x, picked, weight: w, bias: bias.value, activation: activation)
        let (inputNeeds, weightNeeds) = (needsGradient, weight.needsGradient)
        let narrow = isNarrow(rows: rows, depth: shape[1], outputs: width)
        let upcoming = picked == nil ? nil : tape.takeUpcoming()
        return tape.record(y, from: [self, weight, bias]) { upstream in
            let delta = activation == .identity ? upstream : upstream.activationGradient(activation, y: y)
            if narrow, let x = x as? NDArray<Float>, let w = w as? NDArray<Float>,
                let delta = delta as? NDArray<Float>
            {
                let (input, weight, bias) = x.narrowGradients(weight: w, delta: delta, inputNeeds: inputNeeds)
                return [
                    (input as? NDArray<Scalar>).map { StoredValue($0) },
                    (weight as? NDArray<Scalar>).map { StoredValue($0) },
                    (bias as? NDArray<Scalar>).map { StoredValue($0) },
                ]
            }
            let biasGradient = NDArray<Scalar>(shape: [width]) { sums in
                delta.withUnsafeElements { Scalar.kernels.sumColumns($0, rows: rows, into: sums) }
            }
            let weightGradient: StoredValue<Scalar>? =
                if !weightNeeds { nil } else if let picked, let delta = delta as? NDArray<Float> {
                    StoredValue(PendingGradient(picked, delta: delta, upcoming: upcoming))
                } else {
                    x.map { StoredValue($0.product(transposed: true, delta, transposed: false)) }
                }
            return [
                inputNeeds ? StoredValue(delta.product(transposed: false, w, transposed: true)) : nil,
                weightGradient, StoredValue(biasGradient),
            ]
        }
    }
}

/// activation(x w + b), from either form of x.
@specialized(where Scalar == Float)
private func denseValue<Scalar: DifferentiableScalar>(
    _ x: NDArray<Scalar>?, _ picked: (any PickedRows)?, weight: NDArray<Scalar>, bias: NDArray<Scalar>,
    activation: Activation
) -> NDArray<Scalar> {
    if let picked, let weight = weight as? NDArray<Float>, let bias = bias as? NDArray<Float>,
        let y = picked.layer(weight: weight, bias: bias, activation: activation) as? NDArray<Scalar>
    {
        return y
    }
    guard let x else { mistake("a dense layer without an input") }
    if isNarrow(rows: x.shape[0], depth: x.shape[1], outputs: weight.shape[1]), let x = x as? NDArray<Float>,
        let weight = weight as? NDArray<Float>, let bias = bias as? NDArray<Float>,
        let y = x.narrowLayer(weight: weight, bias: bias, activation: activation) as? NDArray<Scalar>
    {
        return y
    }
    var y = x.product(transposed: false, weight, transposed: false)
    let rows = y.shape[0]
    y.withUnsafeMutableElements { y in
        bias.withUnsafeElements { Scalar.kernels.addBias($0, activation: activation, rows: rows, to: y) }
    }
    return y
}

extension NDArray where Scalar: DifferentiableScalar {
    /// The gradient by z, given this gradient by y = activation(z).
    @specialized(where Scalar == Float)
    func activationGradient(_ activation: Activation, y: NDArray) -> NDArray {
        NDArray(shape: shape) { delta in
            withUnsafeElements { upstream in
                y.withUnsafeElements {
                    Scalar.kernels.activationGradient(activation, y: $0, upstream: upstream, into: delta)
                }
            }
        }
    }

    /// op(self) op(other) for two matrices, either read transposed.
    @specialized(where Scalar == Float)
    func product(transposed: Bool, _ other: NDArray, transposed otherTransposed: Bool) -> NDArray {
        // Straight to the library: this runs several times in every step, on matrices of a few thousand numbers,
        // where finding out how a view lies in memory takes longer than the product.
        let (rows, depth) = transposed ? (shape[1], shape[0]) : (shape[0], shape[1])
        let (otherDepth, columns) =
            otherTransposed ? (other.shape[1], other.shape[0]) : (other.shape[0], other.shape[1])
        require(
            depth == otherDepth,
            "shapes (\(rows),\(depth)) and (\(otherDepth),\(columns)) not aligned: \(depth) != \(otherDepth)")
        return NDArray(shape: [rows, columns]) { target in
            withUnsafeElements { a in
                other.withUnsafeElements { b in
                    guard let c = target.baseAddress, let a = a.baseAddress, let b = b.baseAddress,
                        target.count > 0
                    else { return }
                    guard depth > 0 else { return target.initialize(repeating: 0) }
                    Scalar.kernels.multiply(
                        transposed, otherTransposed, rows, columns, depth, a, Swift.max(1, shape[1]), b,
                        Swift.max(1, other.shape[1]), c)
                }
            }
        }
    }
}
