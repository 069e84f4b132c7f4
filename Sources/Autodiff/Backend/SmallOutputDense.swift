import Arrays
import CKernels

/// A dense layer of few outputs, such as the scores of ten classes: its product, bias and activation are one pass, its
/// three gradients another.
///
/// For a hundred rows the library's three products take half as long again, most of it to arrange them (measured; see
/// RESULTS.md).
struct SmallOutputDense: DenseKernel {
    let input: NDArray<Float>
    let weight: NDArray<Float>

    /// Returns whether this algorithm is faster for a layer from `depth` inputs to `outputs` outputs and this many
    /// rows.
    static func pays(rows: Int, depth: Int, outputs: Int) -> Bool { ck_is_narrow(rows, depth, outputs) != 0 }

    // Bounds: the shapes are checked by `dense`; each kernel reads and writes exactly the arrays of those shapes.

    func forward(bias: NDArray<Float>, activation: ActivationKernel) -> NDArray<Float> {
        let (rows, depth, outputs) = (input.shape[0], input.shape[1], weight.shape[1])
        return NDArray(shape: [rows, outputs]) { y in
            input.withUnsafeElements { x in
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

    func gradients(of delta: NDArray<Float>, _ needed: DenseGradients<Float>.Needed) -> DenseGradients<Float>
    {
        let (rows, depth, outputs) = (input.shape[0], input.shape[1], weight.shape[1])
        var byInput: NDArray<Float>? = needed.input ? NDArray(shape: input.shape) { _ in } : nil
        var bias = NDArray<Float>(shape: [outputs]) { _ in }
        let gradient = NDArray<Float>(shape: weight.shape) { gradient in
            input.withUnsafeElements { x in
                weight.withUnsafeElements { weight in
                    delta.withUnsafeElements { delta in
                        bias.withUnsafeMutableElements { bias in
                            let compute = { (byInput: UnsafeMutablePointer<Float>?) in
                                ck_narrow_gradients_f32(
                                    rows, depth, outputs, x.baseAddress, weight.baseAddress,
                                    delta.baseAddress, byInput, gradient.baseAddress, bias.baseAddress)
                            }
                            if byInput?.withUnsafeMutableElements({ compute($0.baseAddress) }) == nil {
                                compute(nil)
                            }
                        }
                    }
                }
            }
        }
        return DenseGradients(input: byInput, weight: .array(gradient), bias: bias)
    }
}
