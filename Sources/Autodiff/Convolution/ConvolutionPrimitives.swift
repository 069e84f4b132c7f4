import Arrays
import CKernels
import COneDNN
import Support

/// A convolution of images of one size.
struct ConvolutionShape: Hashable, Sendable {
    let channels: Int
    let size: Extent
    let outputs: Int
    let resultSize: Extent
    let geometry: WindowGeometry
    let groups: Int
    let hasBias: Bool
    let relu: Bool
    let precision: Precision
    var winograd = true
}

/// oneDNN's primitives for one convolution shape, made once.
///
/// Bounds: every buffer is made here or by the callers below from the shape, by `ImageLayout.count(of:)` for images
/// and by the library's own answer for packed weights; oneDNN reads and writes exactly those.
final class ConvolutionPrimitives: @unchecked Sendable {
    // Proof of Sendable: the handle never changes; behind it oneDNN's primitives are immutable, those for shorter
    // chunks are made under a lock, and working memory is lent to one thread at a time (convolution_primitives.c).
    private let handle: OpaquePointer
    let shape: ConvolutionShape
    let sourceLayout: ImageLayout
    let resultLayout: ImageLayout

    /// Creates primitives for `shape`, in the layouts that suit it, else in rows.
    init(_ shape: ConvolutionShape) {
        self.shape = shape
        let preferred = ImageLayout.preferred(channels: shape.channels)
        // A first layer reads rows and gives blocks; otherwise oneDNN wants both sides of one kind.
        let result: ImageLayout = preferred == .channelsLast ? .channelsLast : .blocked
        var packed: [(ImageLayout, ImageLayout)] = [(preferred, result)]
        // Groups, and a padding as wide as the kernel's reach, have gradients by weights in this form only.
        if preferred != .channelsLast { packed.append((.channelsLast, .channelsLast)) }
        // In rows oneDNN multiplies bfloat16 a hundred times slower, if at all; factors are rounded in float32 then.
        var candidates = shape.precision == .bfloat16 ? packed.map { ($0, $1, CDNN_HALF) } : []
        let other = shape.precision == .bfloat16 ? CDNN_ROUNDED : CDNN_SINGLE
        candidates += (packed + [(.rows, .rows)]).map { ($0, $1, other) }
        for (source, result, factors) in candidates {
            if let made = Self.make(shape, source, result, factors) {
                (handle, sourceLayout, resultLayout) = (made, source, result)
                return
            }
        }
        // oneDNN has a reference implementation of every convolution in rows, so that only memory can fail.
        mistake("no memory for a convolution of \(shape)")
    }

    deinit { cdnn_convolution_free(handle) }

    private static func make(
        _ shape: ConvolutionShape, _ source: ImageLayout, _ result: ImageLayout, _ factors: Int32
    ) -> OpaquePointer? {
        var geometry = shape.form(source: source, result: result, factors: factors)
        return cdnn_convolution_make(&geometry)
    }

    /// The weights in the order that a pass reads.
    func packed(_ weights: NDArray<Float>, forDataGradient: Bool) -> NDArray<Float> {
        let bytes = cdnn_packed_size(handle, forDataGradient ? 1 : 0)
        return NDArray(shape: [(bytes + 3) / 4]) { target in
            weights.withUnsafeElements {
                check(cdnn_pack_weights(handle, forDataGradient ? 1 : 0, $0.baseAddress, target.baseAddress))
            }
        }
    }

    /// Computes the convolution of `source`, with the indices of the maxima if it is pooled; pooled images `inRows` if
    /// wanted.
    func forward(
        _ source: LayoutArray<Float>, packed: NDArray<Float>, bias: NDArray<Float>?,
        pooling: WindowGeometry? = nil, inRows: Bool = false
    ) -> (result: LayoutArray<Float>, places: NDArray<UInt8>) {
        let images = source.shape[0]
        let pooled = pooling.flatMap {
            $0.windows(height: shape.resultSize.height, width: shape.resultSize.width)
        }
        let size = pooled ?? shape.resultSize
        // Between layers images have the layout that the next convolution wants, where there is a choice.
        let pooledLayout = inRows ? ImageLayout.rows : .preferred(channels: max(4, shape.outputs))
        let layout = pooling == nil || resultLayout == .rows ? resultLayout : pooledLayout
        let resultShape = [images, shape.outputs, size.height, size.width]
        let placesLayout = ImageLayout(rawValue: cdnn_places_layout(resultLayout.rawValue, layout.rawValue))
        let placesCount = pooling == nil ? 0 : (placesLayout ?? layout).count(of: resultShape)
        var places = NDArray<UInt8>(shape: [placesCount]) { _ in }
        let given = source.converted(to: sourceLayout).numbers
        let result = LayoutArray<Float>(shape: resultShape, layout: layout) { target in
            places.withUnsafeMutableElements { places in
                given.withUnsafeElements { source in
                    packed.withUnsafeElements { packed in
                        withOptional(bias) { bias in
                            withPooling(pooling, size, layout) {
                                check(
                                    cdnn_convolve(
                                        handle, images, source.baseAddress, packed.baseAddress, bias,
                                        $0,
                                        target.baseAddress, places.baseAddress))
                            }
                        }
                    }
                }
            }
        }
        return (result, places)
    }

    /// The operands and results of `forward`, for its gradients.
    struct Passed {
        let source: LayoutArray<Float>
        let result: LayoutArray<Float>
        let places: NDArray<UInt8>
        let pooling: WindowGeometry?
    }

    /// The operands whose gradients are computed; frozen parameters need none.
    struct Needs {
        var source: Bool
        /// The weights or the bias, which one pass gives together.
        var parameters = true
    }

    /// Computes the gradients that are needed, by source, weights and bias.
    func gradients(
        _ passed: Passed, upstream: LayoutArray<Float>, weights: NDArray<Float>, needs: Needs
    ) -> (source: LayoutArray<Float>?, parameters: (weights: NDArray<Float>, bias: NDArray<Float>)?) {
        let images = passed.source.shape[0]
        let given = passed.source.converted(to: sourceLayout).numbers
        let layout = passed.pooling == nil ? resultLayout : passed.result.layout
        let gradient = upstream.converted(to: layout).numbers
        let size = Extent(passed.result.shape[2], passed.result.shape[3])
        var weightGradient = NDArray<Float>(shape: needs.parameters ? weights.shape : [0]) { _ in }
        var biasGradient = NDArray<Float>(shape: [needs.parameters ? shape.outputs : 0]) { _ in }
        func pass(into target: UnsafeMutablePointer<Float>?) {
            weightGradient.withUnsafeMutableElements { weightGradient in
                biasGradient.withUnsafeMutableElements { biasGradient in
                    given.withUnsafeElements { source in
                        gradient.withUnsafeElements { gradient in
                            passed.result.numbers.withUnsafeElements { result in
                                passed.places.withUnsafeElements { places in
                                    weights.withUnsafeElements { weights in
                                        withPooling(passed.pooling, size, passed.result.layout) {
                                            check(
                                                cdnn_convolution_gradients(
                                                    handle, images, source.baseAddress,
                                                    weights.baseAddress, $0, result.baseAddress,
                                                    places.baseAddress, gradient.baseAddress, target,
                                                    needs.parameters ? weightGradient.baseAddress : nil,
                                                    needs.parameters && shape.hasBias
                                                        ? biasGradient.baseAddress : nil))
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        guard needs.source else {
            if needs.parameters { pass(into: nil) }
            return (nil, needs.parameters ? (weightGradient, biasGradient) : nil)
        }
        let sourceGradient = LayoutArray<Float>(shape: passed.source.shape, layout: sourceLayout) {
            pass(into: $0.baseAddress)
        }
        return (sourceGradient, needs.parameters ? (weightGradient, biasGradient) : nil)
    }

    /// Computes the gradient by the source, given `upstream` by the result: a transposed convolution.
    func transposed(_ upstream: LayoutArray<Float>, weights: NDArray<Float>) -> LayoutArray<Float> {
        let images = upstream.shape[0]
        let packed = packed(weights, forDataGradient: true)
        let gradient = upstream.converted(to: resultLayout).numbers
        let resultShape = [images, shape.channels, shape.size.height, shape.size.width]
        return LayoutArray<Float>(shape: resultShape, layout: sourceLayout) { target in
            gradient.withUnsafeElements { gradient in
                packed.withUnsafeElements {
                    check(
                        cdnn_convolution_transposed(
                            handle, images, $0.baseAddress, gradient.baseAddress, target.baseAddress))
                }
            }
        }
    }

    private func check(_ status: ck_status) {
        // The shapes were checked before, so only memory can fail.
        requireDone(status, "a convolution: \(shape)")
    }

    private func withOptional<Result>(
        _ array: NDArray<Float>?, _ body: (UnsafePointer<Float>?) -> Result
    ) -> Result {
        guard let array else { return body(nil) }
        return array.withUnsafeElements { body($0.baseAddress) }
    }

    private func withPooling<Result>(
        _ pooling: WindowGeometry?, _ size: Extent, _ layout: ImageLayout,
        _ body: (UnsafePointer<cdnn_pooling>?) -> Result
    ) -> Result {
        guard let pooling else { return body(nil) }
        var form = pooling.form(pooledTo: size, layout: layout)
        return withUnsafePointer(to: &form) { body($0) }
    }
}
