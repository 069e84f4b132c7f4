import Arrays
import CKernels

/// A batch normalisation that is computed when it is known what follows: a sum and max(0, y) are done in the same pass over
/// memory, and passed back in the same passes as its own gradients.
final class DeferredNormalization<Scalar: DifferentiableScalar>: Deferred {
    private let source: LayoutArray<Scalar>
    private let moments: ChannelMoments<Scalar>
    private let inverse: NDArray<Scalar>
    private let factor: NDArray<Scalar>
    private let shift: NDArray<Scalar>
    /// Whether the moments are those of the batch itself.
    private let isBatch: Bool
    /// What is added to it, in its layout; nil: nothing.
    private let addend: LayoutArray<Scalar>?
    private let isRectified: Bool
    private var known: LayoutArray<Scalar>?

    var shape: [Int] { source.shape }

    init(
        _ source: LayoutArray<Scalar>, _ moments: ChannelMoments<Scalar>, scale: NDArray<Scalar>,
        shift: NDArray<Scalar>, epsilon: Scalar, isBatch: Bool
    ) {
        self.source = source
        self.moments = moments
        self.isBatch = isBatch
        inverse = 1 / Arrays.sqrt(moments.variance + epsilon)
        factor = scale * inverse
        // (x - mean) factor, not x factor - mean factor: far from zero the two products have few digits apart.
        self.shift = shift - factor * moments.rest
        (addend, isRectified) = (nil, false)
    }

    /// `other`, and what follows it.
    private init(_ other: DeferredNormalization, addend: LayoutArray<Scalar>?, isRectified: Bool) {
        source = other.source
        moments = other.moments
        inverse = other.inverse
        factor = other.factor
        shift = other.shift
        isBatch = other.isBatch
        self.addend = addend
        self.isRectified = isRectified
    }

    /// The same with `other` added; nil if that does not go in one pass.
    func adding(_ other: LayoutArray<Scalar>) -> DeferredNormalization? {
        guard known == nil, addend == nil, !isRectified, other.shape == shape else { return nil }
        return DeferredNormalization(self, addend: other.converted(to: source.layout), isRectified: false)
    }

    /// max(0, y) of the same; nil if that does not go in one pass.
    func rectified() -> DeferredNormalization? {
        guard known == nil, !isRectified else { return nil }
        return DeferredNormalization(self, addend: addend, isRectified: true)
    }

    /// The result in the source's layout, computed on first use.
    var result: LayoutArray<Scalar> {
        @specialized(where Scalar == Float)
        get {
            if let known { return known }
            let computed = applied()
            known = computed
            return computed
        }
    }

    func computed(inRows: Bool) -> LayoutArray<Scalar> { result }

    @specialized(where Scalar == Float)
    private func applied() -> LayoutArray<Scalar> {
        guard let joined = Scalar.kernels.functions.joined, addend != nil || isRectified else {
            return source.affine(centre: moments.mean, scale: factor, shift: shift)
        }
        let (images, channels, pixels) = source.channelForm
        return LayoutArray(shape: shape, layout: source.layout) { y in
            withElements(of: [source.numbers, moments.mean, factor, shift, addend?.numbers]) {
                LayoutArray<Scalar>.checkChannels(
                    joined.apply(
                        images, channels, pixels, source.walkedLayout, $0[0], $0[1], $0[2], $0[3], $0[4],
                        isRectified ? 1 : 0, y.baseAddress))
            }
        }
    }

    /// The gradients by the source, the scale and the shift, and by what is added if there is something.
    ///
    /// By x: factor (g - sum / n - xhat product inverse / n), as a g + b (x - mean) + d with one value for each channel.
    @specialized(where Scalar == Float)
    func gradients(_ upstream: LayoutArray<Scalar>) -> [Value<Scalar>?] {
        let upstream = upstream.converted(to: source.layout)
        let (sum, product, passed) = gradientSums(upstream)
        let byScale = product * inverse
        let zero = NDArray<Scalar>(shape: sum.shape, repeating: 0)
        let count = Scalar(source.numbersPerChannel)
        let b = isBatch ? zero - factor * inverse * byScale / count : zero
        let d = isBatch ? zero - factor * sum / count - b * moments.rest : zero
        let bySource =
            isRectified && addend == nil
            ? combinedWherePassed(upstream, b, d)
            : source.combined(with: passed, centre: moments.mean, factor, b, d)
        return [Value(bySource), .array(byScale), .array(sum)] + (addend == nil ? [] : [Value(passed)])
    }

    /// The sums of g and of g (x - mean), and g, which is passed on by max(0, y) only where y is above zero. Where nothing was added
    /// that is told by x, and g stays as it is.
    @specialized(where Scalar == Float)
    private func gradientSums(
        _ upstream: LayoutArray<Scalar>
    ) -> (sum: NDArray<Scalar>, product: NDArray<Scalar>, passed: LayoutArray<Scalar>) {
        guard isRectified, let joined = Scalar.kernels.functions.joined else {
            let (sum, product) = source.gradientSums(upstream, moments)
            return (sum, product, upstream)
        }
        let (images, channels, pixels) = source.channelForm
        var sum = NDArray<Scalar>(shape: [channels], repeating: 0)
        var product = sum
        func pass(result: NDArray<Scalar>?, into masked: UnsafeMutablePointer<Scalar>?) {
            sum.withUnsafeMutableElements { sum in
                product.withUnsafeMutableElements { product in
                    withElements(
                        of: [
                            source.numbers, upstream.numbers, moments.mean, moments.rest, factor, shift,
                            result,
                        ]
                    ) {
                        LayoutArray<Scalar>.checkChannels(
                            joined.gradientSums(
                                images, channels, pixels, source.walkedLayout, $0[0], $0[1], $0[2], $0[3],
                                $0[4], $0[5], $0[6], masked, sum.baseAddress, product.baseAddress))
                    }
                }
            }
        }
        guard addend != nil else {
            pass(result: nil, into: nil)
            return (sum, product, upstream)
        }
        let passed = LayoutArray<Scalar>(shape: shape, layout: source.layout) {
            pass(result: result.numbers, into: $0.baseAddress)
        }
        return (sum, product, passed)
    }

    @specialized(where Scalar == Float)
    private func combinedWherePassed(
        _ upstream: LayoutArray<Scalar>, _ b: NDArray<Scalar>, _ d: NDArray<Scalar>
    ) -> LayoutArray<Scalar> {
        guard let joined = Scalar.kernels.functions.joined else { return upstream }
        let (images, channels, pixels) = source.channelForm
        return LayoutArray(shape: shape, layout: source.layout) { out in
            withElements(
                of: [source.numbers, upstream.numbers, moments.mean, factor, b, d, factor, shift]
            ) {
                LayoutArray<Scalar>.checkChannels(
                    joined.combine(
                        images, channels, pixels, source.walkedLayout, $0[0], $0[1], $0[2], $0[3], $0[4],
                        $0[5], $0[6], $0[7], out.baseAddress))
            }
        }
    }
}

extension Tensor {
    /// The normalisation behind this value, if nothing has computed it yet, and what it was recorded from.
    @specialized(where Scalar == Float)
    private func waitingNormalization() -> (DeferredNormalization<Scalar>, inputs: [Tensor])? {
        let node = tape.nodes[node]
        guard case .deferred(let value) = node.value,
            let normalization = value as? DeferredNormalization<Scalar>
        else { return nil }
        return (normalization, node.inputs.map { Tensor(tape: tape, node: $0) })
    }

    /// The sum of a normalisation and another value of its shape in one pass; nil where this is no such sum.
    @specialized(where Scalar == Float)
    func joinedSum(with other: Tensor) -> Tensor? {
        guard let (waiting, inputs) = waitingNormalization(), let sum = waiting.adding(other.layoutArray)
        else {
            return nil
        }
        return tape.record(.deferred(sum), from: inputs + [other]) { sum.gradients($0.layoutArray) }
    }

    /// max(0, y) of a normalisation, or of a sum with one, in one pass; nil where this is none.
    @specialized(where Scalar == Float)
    func joinedRectifier() -> Tensor? {
        guard let (waiting, inputs) = waitingNormalization(), let rectified = waiting.rectified() else {
            return nil
        }
        // A profile counts the time of each layer in its own.
        if tape.observer != nil { _ = rectified.result }
        return tape.record(.deferred(rectified), from: inputs) { rectified.gradients($0.layoutArray) }
    }
}

/// Calls `body` with the places of the arrays' elements; nil for no array.
private func withElements<Scalar, Result>(
    of arrays: [NDArray<Scalar>?], _ body: ([UnsafePointer<Scalar>?]) -> Result
) -> Result {
    func next(_ places: [UnsafePointer<Scalar>?]) -> Result {
        guard places.count < arrays.count else { return body(places) }
        guard let array = arrays[places.count] else { return next(places + [nil]) }
        return array.withUnsafeElements { next(places + [$0.baseAddress]) }
    }
    return next([])
}
