import Arrays

/// A convolution that is computed when it is known whether its result is pooled, and in which layout it is wanted.
final class DeferredConvolution: Deferred {
    let shape: [Int]
    let primitives: ConvolutionPrimitives
    let weights: NDArray<Float>
    /// The pooling of the result, in the same pass; nil without one.
    let pooling: WindowGeometry?
    private let source: LayoutArray<Float>
    private let bias: NDArray<Float>?
    private let packed: NDArray<Float>
    private var known: ConvolutionPrimitives.Passed?

    init(
        primitives: ConvolutionPrimitives, source: LayoutArray<Float>, weights: NDArray<Float>,
        packed: NDArray<Float>, bias: NDArray<Float>?
    ) {
        self.primitives = primitives
        self.source = source
        self.weights = weights
        self.packed = packed
        self.bias = bias
        pooling = nil
        let size = primitives.shape.resultSize
        shape = [source.shape[0], primitives.shape.outputs, size.height, size.width]
    }

    /// `other`, pooled to images of `size`.
    init(_ other: DeferredConvolution, pooling: WindowGeometry, to size: Extent) {
        primitives = other.primitives
        source = other.source
        weights = other.weights
        packed = other.packed
        bias = other.bias
        self.pooling = pooling
        shape = [other.shape[0], other.shape[1], size.height, size.width]
    }

    /// Returns the result and the operands of its gradients, computed on first use. `inRows`: pooled images are wanted
    /// as an array, not by a layer that reads layouts of its own.
    func passed(inRows: Bool = false) -> ConvolutionPrimitives.Passed {
        if let known { return known }
        let (result, places) = primitives.forward(
            source, packed: packed, bias: bias, pooling: pooling, inRows: inRows)
        let passed = ConvolutionPrimitives.Passed(
            source: source, result: result, places: places, pooling: pooling)
        known = passed
        return passed
    }

    func computed(inRows: Bool) -> LayoutArray<Float> { passed(inRows: inRows).result }
}
