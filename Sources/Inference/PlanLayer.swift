import Autodiff
import CInference
import CKernels

/// A layer of an `InferencePlan`, with the activation and the pooling that follow it in the same pass.
struct PlanLayer {
    /// A convolution in one group, or a matrix product.
    enum Product {
        /// A convolution of images of `channels` and `size` to `outputs` channels.
        case convolution(channels: Int, size: Extent, outputs: Int, geometry: WindowGeometry)
        /// A product of rows of `inputs` with a matrix, to `outputs` elements.
        case dense(inputs: Int, outputs: Int)
    }

    let product: Product
    /// The activation, applied to each element.
    var activation: ActivationKernel
    /// Max pooling after the activation; nil for none.
    var pooling: WindowGeometry?

    init(_ product: Product, activation: ActivationKernel) {
        self.product = product
        self.activation = activation
    }

    /// Whether the product has no activation and no pooling yet.
    var isBare: Bool { activation.isIdentity && pooling == nil }

    /// Whether the product is a convolution.
    var isConvolution: Bool {
        guard case .convolution = product else { return false }
        return true
    }

    /// The numbers of elements of the weights, and of the bias.
    var weightCounts: (weight: Int, bias: Int) {
        switch product {
        case .dense(let inputs, let outputs): (inputs * outputs, outputs)
        case .convolution(let channels, _, let outputs, let geometry):
            (channels * outputs * geometry.kernel.height * geometry.kernel.width, outputs)
        }
    }

    /// The number of elements of one example.
    var inputCount: Int {
        switch product {
        case .dense(let inputs, _): inputs
        case .convolution(let channels, let size, _, _): channels * size.height * size.width
        }
    }

    /// Returns the kernels' description; nil when no window fits.
    func form(precision: Precision) -> ci_layer? {
        var form = ci_layer()
        form.activation = activation.code
        form.parameter = Float(activation.parameter)
        switch product {
        case .dense(let inputs, let outputs):
            form.kind = CI_LAYER_DENSE
            form.inputs = inputs
            form.outputs = outputs
        case .convolution(let channels, let size, let outputs, let geometry):
            guard
                let described = geometry.form(
                    channels: channels, size: size, outputs: outputs, precision: precision)
            else { return nil }
            form.kind = CI_LAYER_CONVOLUTION
            form.geometry = described
            if let pooling {
                let result = Extent(described.result_height, described.result_width)
                guard let pooled = pooling.form(pooling: result) else { return nil }
                form.pooling = pooled
            }
        }
        return form
    }
}
