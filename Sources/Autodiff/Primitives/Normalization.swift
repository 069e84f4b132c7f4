import Arrays

extension Tensor {
    /// Layer normalisation: each example's elements normalised to mean 0 and variance 1, then scaled and shifted.
    ///
    /// y = (x - mean) / sqrt(variance + epsilon) gain + shift, mean and variance over the trailing axes.
    ///
    /// Shapes: self [N..., D...], `gain` and `shift` [D...]; the result is like self.
    ///
    /// Vector-Jacobian product, with n the normalised elements, r = 1 / sqrt(variance + epsilon) and d = g gain: by x,
    /// r (d - mean(d) - n mean(d n)); by gain, the sum of g n over N; by shift, the sum of g over N.
    ///
    /// - Precondition: the shapes above, at least one element in an example; epsilon >= 0.
    /// - Complexity: O(count).
    ///
    /// Source: Ba, Kiros and Hinton 2016, "Layer normalization".
    public func layerNormalized(
        gain: Tensor<Scalar>, shift: Tensor<Scalar>, epsilon: Double = 1e-5
    ) -> Tensor<Scalar> {
        let inner = gain.shape
        let width = inner.reduce(1, *)
        guard
            shift.shape == inner && shape.count >= inner.count && Array(shape.suffix(inner.count)) == inner
                && width > 0 && epsilon >= 0
        else {
            return unfit(
                "layer normalisation: shapes \(shape), \(gain.shape) and \(shift.shape)", of: gain,
                expected: "[N, \(inner.map(String.init).joined(separator: ", "))]",
                result: [shape.first ?? 1] + inner)
        }
        let (x, weight, offset) = (value, gain.value, shift.value)
        let rows = x.count / width
        var y = NDArray<Scalar>(shape: shape, repeating: 0)
        let moments = NDArray<Scalar>(shape: [rows, 3]) { moments in
            y.withUnsafeMutableElements { y in
                x.withUnsafeElements { x in
                    weight.withUnsafeElements { weight in
                        offset.withUnsafeElements {
                            Scalar.kernels.layerNorm(
                                x, gain: weight, shift: $0, epsilon: epsilon, rows: rows, into: y,
                                moments: moments)
                        }
                    }
                }
            }
        }
        let needsInput = needsGradient
        return tape.record(.array(y), from: [self, gain, shift]) {
            let upstream = $0.array()
            let sums = layerNormSums(x, moments: moments, upstream: upstream, shape: inner)
            return [
                needsInput
                    ? .array(layerNormGradient(x, gain: weight, moments: moments, upstream: upstream)) : nil,
                .array(sums.gain), .array(sums.shift),
            ]
        }
    }
}

private func layerNormGradient<Scalar: DifferentiableScalar>(
    _ x: NDArray<Scalar>, gain: NDArray<Scalar>, moments: NDArray<Scalar>, upstream: NDArray<Scalar>
) -> NDArray<Scalar> {
    NDArray(shape: x.shape) { delta in
        x.withUnsafeElements { x in
            gain.withUnsafeElements { gain in
                moments.withUnsafeElements { moments in
                    upstream.withUnsafeElements {
                        Scalar.kernels.layerNormGradient(
                            x, gain: gain, moments: moments, upstream: $0, into: delta)
                    }
                }
            }
        }
    }
}

private func layerNormSums<Scalar: DifferentiableScalar>(
    _ x: NDArray<Scalar>, moments: NDArray<Scalar>, upstream: NDArray<Scalar>, shape: [Int]
) -> (gain: NDArray<Scalar>, shift: NDArray<Scalar>) {
    var gain = NDArray<Scalar>(shape: shape, repeating: 0)
    let shift = NDArray<Scalar>(shape: shape) { shift in
        gain.withUnsafeMutableElements { gain in
            x.withUnsafeElements { x in
                moments.withUnsafeElements { moments in
                    upstream.withUnsafeElements {
                        Scalar.kernels.layerNormSums(
                            x, moments: moments, upstream: $0, gain: gain, shift: shift)
                    }
                }
            }
        }
    }
    return (gain, shift)
}
