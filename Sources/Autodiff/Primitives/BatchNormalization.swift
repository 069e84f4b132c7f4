import Arrays
import CKernels

/// What batch normalisation measured of a batch: the mean and the variance of each channel, shape [C].
public struct ChannelMoments<Scalar: DifferentiableScalar>: Sendable {
    /// The mean over N, H and W.
    public let mean: NDArray<Scalar>
    /// The mean squared distance from it, over N, H and W.
    public let variance: NDArray<Scalar>

    /// Moments that were measured before.
    public init(mean: NDArray<Scalar>, variance: NDArray<Scalar>) {
        self.mean = mean
        self.variance = variance
    }
}

extension Tensor {
    /// Batch normalisation: y = scale (x - mean) / sqrt(variance + epsilon) + shift, channel by channel.
    ///
    /// Shapes: x [N, C, H, W] or [N, C]; scale, shift [C]; y as x. With `moments` those are used (evaluation); without,
    /// the batch's own (training), which are given back and which the gradient goes through:
    /// by x, scale / sqrt(v + epsilon) (g - mean(g) - xhat mean(g xhat)); by scale, sum(g xhat); by shift, sum(g).
    ///
    /// - Precondition: the shapes above; at least one example.
    /// - Complexity: O(N C H W).
    ///
    /// Source: Ioffe and Szegedy 2015, algorithm 1 and section 3.
    @specialized(where Scalar == Float)
    public func batchNormalization(
        scale: Tensor, shift: Tensor, epsilon: Scalar, moments given: ChannelMoments<Scalar>? = nil
    ) -> (Tensor, ChannelMoments<Scalar>) {
        let source = stored
        let shape = source.shape
        guard
            (shape.count == 4 || shape.count == 2) && shape[0] > 0 && scale.shape == [shape[1]]
                && shift.shape == [shape[1]]
        else {
            let channels = scale.shape.first ?? 1
            let zeros = unfit(
                "batchNormalization: shapes \(shape), \(scale.shape) and \(shift.shape) not aligned",
                of: scale,
                expected: "[N, \(channels)] or [N, \(channels), H, W]",
                result: shape.enumerated().map { $0.offset == 1 ? channels : $0.element })
            return (zeros, given ?? ChannelMoments(mean: scale.value, variance: scale.value))
        }
        let moments = given ?? source.moments()
        let inverse = 1 / Arrays.sqrt(moments.variance + epsilon)
        let factor = scale.value * inverse
        let y = source.affine(scale: factor, shift: shift.value - factor * moments.mean)
        let isBatch = given == nil
        let result = tape.record(images: y, from: [self, scale, shift]) { upstream in
            let upstream = upstream.converted(to: source.layout)
            let (sum, product) = source.gradientSums(upstream, mean: moments.mean)
            let byScale = product * inverse
            let zero = NDArray<Scalar>(shape: sum.shape, repeating: 0)
            let count = Scalar(source.numbersPerChannel)
            // factor (g - sum / n - xhat product inverse / n), as a g + b x + d with a number for each channel.
            let b = isBatch ? zero - factor * inverse * byScale / count : zero
            let d = isBatch ? zero - factor * sum / count - b * moments.mean : zero
            return [
                source.combined(with: upstream, factor, b, d), StoredValue(byScale), StoredValue(sum),
            ]
        }
        return (result, moments)
    }
}

extension StoredValue {
    private var form: (images: Int64, channels: Int64, pixels: Int64) {
        (Int64(shape[0]), Int64(shape[1]), Int64(shape.dropFirst(2).reduce(1, *)))
    }

    /// Rows of channels are images of one pixel, channels last.
    private var walkedLayout: Int32 { (shape.count == 2 ? ImageLayout.channelsLast : layout).rawValue }

    /// N H W.
    fileprivate var numbersPerChannel: Int { shape[0] * shape.dropFirst(2).reduce(1, *) }

    fileprivate func moments() -> ChannelMoments<Scalar> {
        var mean = NDArray<Scalar>(shape: [shape[1]], repeating: 0)
        let variance = NDArray<Scalar>(shape: [shape[1]]) { variance in
            mean.withUnsafeMutableElements { mean in
                numbers.withUnsafeElements {
                    Scalar.channelKernels.moments(
                        form.images, form.channels, form.pixels, walkedLayout, $0.baseAddress,
                        mean.baseAddress,
                        variance.baseAddress)
                }
            }
        }
        return ChannelMoments(mean: mean, variance: variance)
    }

    fileprivate func affine(scale: NDArray<Scalar>, shift: NDArray<Scalar>) -> StoredValue {
        StoredValue(shape: shape, layout: layout) { y in
            numbers.withUnsafeElements { x in
                scale.withUnsafeElements { scale in
                    shift.withUnsafeElements {
                        Scalar.channelKernels.affine(
                            form.images, form.channels, form.pixels, walkedLayout, x.baseAddress,
                            scale.baseAddress, $0.baseAddress, y.baseAddress)
                    }
                }
            }
        }
    }

    fileprivate func gradientSums(
        _ upstream: StoredValue, mean: NDArray<Scalar>
    ) -> (NDArray<Scalar>, NDArray<Scalar>) {
        var sum = NDArray<Scalar>(shape: [shape[1]], repeating: 0)
        let product = NDArray<Scalar>(shape: [shape[1]]) { product in
            sum.withUnsafeMutableElements { sum in
                numbers.withUnsafeElements { x in
                    upstream.numbers.withUnsafeElements { g in
                        mean.withUnsafeElements {
                            Scalar.channelKernels.gradientSums(
                                form.images, form.channels, form.pixels, walkedLayout, x.baseAddress,
                                g.baseAddress, $0.baseAddress, sum.baseAddress, product.baseAddress)
                        }
                    }
                }
            }
        }
        return (sum, product)
    }

    /// a g + b x + d.
    fileprivate func combined(
        with upstream: StoredValue, _ a: NDArray<Scalar>, _ b: NDArray<Scalar>, _ d: NDArray<Scalar>
    ) -> StoredValue {
        StoredValue(shape: shape, layout: layout) { out in
            numbers.withUnsafeElements { x in
                upstream.numbers.withUnsafeElements { g in
                    a.withUnsafeElements { a in
                        b.withUnsafeElements { b in
                            d.withUnsafeElements {
                                Scalar.channelKernels.combine(
                                    form.images, form.channels, form.pixels, walkedLayout, x.baseAddress,
                                    g.baseAddress, a.baseAddress, b.baseAddress, $0.baseAddress,
                                    out.baseAddress)
                            }
                        }
                    }
                }
            }
        }
    }
}
