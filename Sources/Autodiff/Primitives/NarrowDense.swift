import Arrays
import CKernels

// A dense layer of few outputs, such as the scores of ten classes: its product, bias and activation are one pass, its
// three gradients another. For a hundred rows the library's three products take half as long again, most of it to
// arrange them (measured; see RESULTS.md).

/// Whether a layer from `depth` inputs to `outputs` outputs for so many rows is computed so.
func isNarrow(rows: Int, depth: Int, outputs: Int) -> Bool {
    ck_is_narrow(rows, depth, outputs) != 0
}

extension NDArray<Float> {
    // Bounds: the shapes are checked by `dense`; each kernel reads and writes exactly the arrays of those shapes.

    /// activation(self weight + bias), self [N, D].
    func narrowLayer(weight: NDArray, bias: NDArray, activation: Activation) -> NDArray {
        let (rows, depth, outputs) = (shape[0], shape[1], weight.shape[1])
        return NDArray(shape: [rows, outputs]) { y in
            withUnsafeElements { x in
                weight.withUnsafeElements { weight in
                    bias.withUnsafeElements { bias in
                        ck_narrow_forward_f32(
                            rows, depth, outputs, x.baseAddress, weight.baseAddress,
                            bias.baseAddress, activation.code, Float(activation.parameter), y.baseAddress)
                    }
                }
            }
        }
    }

    /// The gradients by the input (if it needs one), the weights and the bias, self [N, D] being the input.
    func narrowGradients(
        weight: NDArray, delta: NDArray, inputNeeds: Bool
    ) -> (input: NDArray?, weight: NDArray, bias: NDArray) {
        let (rows, depth, outputs) = (shape[0], shape[1], weight.shape[1])
        var input: NDArray? = inputNeeds ? NDArray(shape: shape) { _ in } : nil
        var bias = NDArray(shape: [outputs]) { _ in }
        let gradient = NDArray(shape: weight.shape) { gradient in
            withUnsafeElements { x in
                weight.withUnsafeElements { weight in
                    delta.withUnsafeElements { delta in
                        bias.withUnsafeMutableElements { bias in
                            let compute = { (input: UnsafeMutablePointer<Float>?) in
                                ck_narrow_gradients_f32(
                                    rows, depth, outputs, x.baseAddress,
                                    weight.baseAddress, delta.baseAddress, input, gradient.baseAddress,
                                    bias.baseAddress)
                            }
                            if input?.withUnsafeMutableElements({ compute($0.baseAddress) }) == nil {
                                compute(nil)
                            }
                        }
                    }
                }
            }
        }
        return (input, gradient, bias)
    }
}
