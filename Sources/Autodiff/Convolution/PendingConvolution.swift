import Arrays

/// A convolution that waits until it is known whether its result is pooled.
final class PendingConvolution {
    let shape: [Int]
    let kernel: ConvolutionKernel
    let source: StoredValue<Float>
    let weights: NDArray<Float>
    let bias: NDArray<Float>?
    private let packed: NDArray<Float>
    private var computed: StoredValue<Float>?

    init(
        kernel: ConvolutionKernel, source: StoredValue<Float>, weights: NDArray<Float>,
        packed: NDArray<Float>,
        bias: NDArray<Float>?
    ) {
        self.kernel = kernel
        self.source = source
        self.weights = weights
        self.packed = packed
        self.bias = bias
        let size = kernel.shape.resultSize
        shape = [source.shape[0], kernel.shape.outputs, size.height, size.width]
    }

    /// The convolution alone.
    func result() -> StoredValue<Float> {
        if let computed { return computed }
        let result = kernel.forward(source, packed: packed, bias: bias, pooling: nil).result
        computed = result
        return result
    }

    /// Whether somebody has asked for the convolution alone.
    var isComputed: Bool { computed != nil }

    /// The convolution and the pooling of its result, in one pass.
    func pooled(_ pooling: WindowGeometry) -> ConvolutionKernel.Passed {
        let (result, places) = kernel.forward(source, packed: packed, bias: bias, pooling: pooling)
        return ConvolutionKernel.Passed(source: source, result: result, places: places, pooling: pooling)
    }
}
