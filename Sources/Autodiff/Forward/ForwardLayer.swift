import CKernels
import COneDNN

/// A layer of a `ForwardNetwork`, with what follows it in the same pass: its activation, then its pooling.
package struct ForwardLayer {
    /// A convolution in one group, or a matrix product.
    package enum Product {
        /// Of images of `channels` and `size` to `outputs`.
        case convolution(channels: Int, size: Extent, outputs: Int, geometry: WindowGeometry)
        /// Of rows of `inputs` to `outputs` numbers.
        case dense(inputs: Int, outputs: Int)
    }

    package let product: Product
    /// The function that is applied to each element.
    package var activation: ActivationKernel
    /// The largest of each window, after the activation.
    package var pooling: WindowGeometry?

    package init(_ product: Product, activation: ActivationKernel) {
        self.product = product
        self.activation = activation
    }

    /// Whether a convolution's numbers are still as its product gave them.
    package var isBare: Bool { activation.isIdentity && pooling == nil }

    /// The kernels' description; nil when no window fits.
    func form(precision: Precision) -> cdnn_layer? {
        var form = cdnn_layer()
        form.activation = activation.code
        form.parameter = Float(activation.parameter)
        switch product {
        case .dense(let inputs, let outputs):
            form.kind = CDNN_LAYER_DENSE
            form.inputs = inputs
            form.outputs = outputs
        case .convolution(let channels, let size, let outputs, let geometry):
            guard let result = geometry.windows(height: size.height, width: size.width) else { return nil }
            form.kind = CDNN_LAYER_CONVOLUTION
            let shape = ConvolutionShape(
                channels: channels, size: size, outputs: outputs, resultSize: result, geometry: geometry,
                groups: 1, hasBias: true, relu: false, precision: precision)
            form.geometry = shape.form(
                source: .rows, result: .blocked, factors: precision == .bfloat16 ? CDNN_HALF : CDNN_SINGLE)
            if let pooling {
                guard
                    let pooled = try? pooling.pooledSize(
                        height: result.height, width: result.width, takingLargest: true)
                else { return nil }
                form.pooling = pooling.form(pooledTo: pooled, layout: .rows)
            }
        }
        return form
    }
}
