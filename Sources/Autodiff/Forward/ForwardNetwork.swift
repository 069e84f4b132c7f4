import Arrays
import COneDNN
import Support

/// Layers that only look forward: primitives, packed weights and buffers are made once, and a batch is one call.
///
/// It computes what a tape does with the same layers in evaluation, to rounding: sums are made in another order.
///
/// Bounds: C reads and writes examples and results by the shapes that are checked here; all else is its own memory.
package final class ForwardNetwork {
    private let handle: OpaquePointer
    /// Numbers of one example, and of its result.
    private let inputs: Int
    private let outputs: Int
    private let layers: [ForwardLayer]

    /// Primitives for `layers`: convolutions, then dense ones, each of the size that the one before gives, at least one
    /// dense. Nil where oneDNN has no fast ones.
    package init?(_ layers: [ForwardLayer], precision: Precision) {
        var forms: [cdnn_layer] = []
        for layer in layers {
            guard let form = layer.form(precision: precision) else { return nil }
            forms.append(form)
        }
        guard case .dense(_, let outputs)? = layers.last?.product, let first = layers.first,
            forms.count <= Int(Int32.max), let made = cdnn_network_make(forms, forms.count)
        else { return nil }
        handle = made
        inputs =
            switch first.product {
            case .dense(let inputs, _): inputs
            case .convolution(let channels, let size, _, _): channels * size.height * size.width
            }
        self.outputs = outputs
        self.layers = layers
    }

    deinit { cdnn_network_free(handle) }

    /// Takes the weights of one layer: [K, C, R, S] or [D, H], with [K] or [H].
    package func set(layer: Int, weight: NDArray<Float>, bias: NDArray<Float>) {
        let (count, width) =
            switch layers[layer].product {
            case .dense(let inputs, let outputs): (inputs * outputs, outputs)
            case .convolution(let channels, _, let outputs, let geometry):
                (channels * outputs * geometry.kernel.height * geometry.kernel.width, outputs)
            }
        require(weight.count == count && bias.count == width, "weights of another layer")
        weight.withUnsafeElements { weight in
            bias.withUnsafeElements { bias in
                check(cdnn_network_set(handle, Int32(layer), weight.baseAddress, bias.baseAddress))
            }
        }
    }

    /// The last layer's numbers for examples [N, ...], shape [N, H].
    package func callAsFunction(_ examples: NDArray<Float>) -> NDArray<Float> {
        let count = examples.shape[0]
        require(
            examples.count == count * inputs, "examples of shape \(examples.shape) for \(inputs) inputs")
        return NDArray(shape: [count, outputs]) { results in
            examples.withUnsafeElements {
                check(cdnn_network_run(handle, count, $0.baseAddress, results.baseAddress))
            }
        }
    }

    private func check(_ status: ck_status) {
        // The shapes were checked before; what is left is memory.
        requireDone(status, "the layers of a network")
    }
}
