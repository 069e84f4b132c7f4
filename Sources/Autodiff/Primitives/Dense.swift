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
    /// transpose(x) delta; by b, the sum of delta over N. Rows that are kept without their zeros are multiplied so.
    ///
    /// - Precondition: the shapes above.
    /// - Complexity: O(N D H); for compressed rows, O(H) for each non-zero byte.
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
        let (w, compressed) = (weight.value, compressedRows)
        let x = compressed == nil ? value : nil
        let y = denseValue(x, compressed, weight: w, bias: bias.value, activation: activation)
        let (inputNeeds, weightNeeds) = (needsGradient, weight.needsGradient)
        return tape.record(y, from: [self, weight, bias]) { upstream in
            let delta = activation == .identity ? upstream : upstream.activationGradient(activation, y: y)
            let biasGradient = NDArray<Scalar>(shape: [width]) { sums in
                delta.withUnsafeElements { Scalar.sumColumns($0, rows: rows, into: sums) }
            }
            return [
                inputNeeds ? delta.product(transposed: false, w, transposed: true) : nil,
                weightNeeds ? weightGradient(x, compressed, delta: delta) : nil,
                biasGradient,
            ]
        }
    }
}

private typealias CompressedInput = (source: ByteRows, rows: [Int32], matrix: CompressedRows)

/// activation(x w + b), from either form of x.
@specialized(where Scalar == Float)
private func denseValue<Scalar: DifferentiableScalar>(
    _ x: NDArray<Scalar>?, _ compressed: CompressedInput?, weight: NDArray<Scalar>, bias: NDArray<Scalar>,
    activation: Activation
) -> NDArray<Scalar> {
    if let compressed, let weight = weight as? NDArray<Float>, let bias = bias as? NDArray<Float>,
        let y = compressedForward(compressed, weight: weight, bias: bias, activation: activation)
            as? NDArray<Scalar>
    {
        return y
    }
    guard var y = x?.product(transposed: false, weight, transposed: false) else {
        preconditionFailure("a dense layer without an input")
    }
    let rows = y.shape[0]
    y.withUnsafeMutableElements { y in
        bias.withUnsafeElements { Scalar.addBias($0, activation: activation, rows: rows, to: y) }
    }
    return y
}

/// transpose(x) delta, shape [D, H], from either form of x.
@specialized(where Scalar == Float)
private func weightGradient<Scalar: DifferentiableScalar>(
    _ x: NDArray<Scalar>?, _ compressed: CompressedInput?, delta: NDArray<Scalar>
) -> NDArray<Scalar>? {
    if let compressed, let delta = delta as? NDArray<Float> {
        return compressedWeightGradient(compressed, delta: delta) as? NDArray<Scalar>
    }
    return x?.product(transposed: true, delta, transposed: false)
}

/// activation(x w + b) over the non-zero bytes of x.
private func compressedForward(
    _ input: CompressedInput, weight: NDArray<Float>, bias: NDArray<Float>, activation: Activation
) -> NDArray<Float> {
    let width = weight.shape[1]
    return NDArray<Float>(shape: [input.rows.count, width]) { y in
        weight.withUnsafeElements { weight in
            bias.withUnsafeElements { bias in
                input.matrix.withKernelForm { matrix in
                    ck_sparse_forward_f32(
                        matrix, input.source.table, input.rows, Int64(input.rows.count), Int64(width),
                        weight.baseAddress, bias.baseAddress, y.baseAddress)
                }
            }
        }
        Float.addBias(nil, activation: activation, rows: input.rows.count, to: y)
    }
}

/// transpose(x) delta over the non-zero bytes of x.
private func compressedWeightGradient(_ input: CompressedInput, delta: NDArray<Float>) -> NDArray<Float> {
    let width = delta.shape[1]
    return NDArray<Float>(shape: [input.source.width, width]) { gradient in
        delta.withUnsafeElements { delta in
            input.matrix.withKernelForm { matrix in
                ck_sparse_weight_gradient_f32(
                    matrix, input.source.table, input.rows, Int64(input.rows.count), Int64(width),
                    delta.baseAddress, gradient.baseAddress)
            }
        }
    }
}

extension NDArray where Scalar: DifferentiableScalar {
    /// The gradient by z, given this gradient by y = activation(z).
    @specialized(where Scalar == Float)
    func activationGradient(_ activation: Activation, y: NDArray) -> NDArray {
        NDArray(shape: shape) { delta in
            withUnsafeElements { upstream in
                y.withUnsafeElements {
                    Scalar.activationGradient(activation, y: $0, upstream: upstream, into: delta)
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
        precondition(
            depth == otherDepth,
            "shapes (\(rows),\(depth)) and (\(otherDepth),\(columns)) not aligned: \(depth) != \(otherDepth)")
        return NDArray(shape: [rows, columns]) { target in
            withUnsafeElements { a in
                other.withUnsafeElements { b in
                    guard let c = target.baseAddress, let a = a.baseAddress, let b = b.baseAddress,
                        target.count > 0
                    else { return }
                    guard depth > 0 else { return target.initialize(repeating: 0) }
                    Scalar.multiplyMatrices(
                        transposed, otherTransposed, rows, columns, depth, a, Swift.max(1, shape[1]), b,
                        Swift.max(1, other.shape[1]), c)
                }
            }
        }
    }
}
