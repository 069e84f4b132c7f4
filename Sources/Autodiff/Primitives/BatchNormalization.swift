import Arrays
import CKernels

/// The moments of a batch: the mean and the variance of each channel, shape [C].
package struct ChannelMoments<Scalar: DifferentiableScalar>: Sendable {
    /// The mean over N, H and W.
    package let mean: NDArray<Scalar>
    /// The mean squared distance from it, over N, H and W.
    package let variance: NDArray<Scalar>
    /// The part of the exact mean beyond `mean`, which is rounded; zero unless they were measured.
    package let rest: NDArray<Scalar>

    /// Creates moments from values measured before.
    package init(mean: NDArray<Scalar>, variance: NDArray<Scalar>) {
        self.init(mean: mean, variance: variance, rest: NDArray(shape: mean.shape, repeating: 0))
    }

    init(mean: NDArray<Scalar>, variance: NDArray<Scalar>, rest: NDArray<Scalar>) {
        self.mean = mean
        self.variance = variance
        self.rest = rest
    }
}

extension Tensor {
    /// Batch normalisation: y = scale (x - mean) / sqrt(variance + epsilon) + shift, channel by channel.
    ///
    /// Shapes: x [N, C, H, W] or [N, C]; scale, shift [C]; y as x. With `moments` those are used (evaluation); without,
    /// the batch's own (training), which are returned and through which the gradient flows: by x, scale / sqrt(v +
    /// epsilon) (g - mean(g) - xhat mean(g xhat)); by scale, sum(g xhat); by shift, sum(g). Values far from zero lose
    /// no precision: 1e6 + 0...3 gives what 0...3 does, and a constant channel gives the shift.
    ///
    /// - Precondition: the shapes above; at least one example.
    /// - Complexity: O(N C H W).
    ///
    /// Source: Ioffe and Szegedy 2015, algorithm 1 and section 3.
    @specialized(where Scalar == Float)
    package func batchNormalization(
        scale: Tensor, shift: Tensor, epsilon: Scalar, moments given: ChannelMoments<Scalar>? = nil
    ) -> (Tensor, ChannelMoments<Scalar>) {
        let source = layoutArray
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
        if given == nil, source.numbersPerChannel == 1 { tape.hasSingleMoments = true }
        let normalization = DeferredNormalization(
            source, moments, scale: scale.value, shift: shift.value, epsilon: epsilon, isBatch: given == nil)
        // Nothing joins a pass of a scalar whose passes are separate.
        let isJoined = Scalar.kernels.functions.joined != nil
        let result = tape.record(
            isJoined ? .deferred(normalization) : Value(normalization.result), from: [self, scale, shift]
        ) { normalization.gradients($0.layoutArray) }
        return (result, moments)
    }
}

extension LayoutArray {
    var channelForm: (images: Int, channels: Int, pixels: Int) {
        (shape[0], shape[1], shape.dropFirst(2).reduce(1, *))
    }

    /// Rows of channels are images of one pixel, channels last.
    var walkedLayout: Int32 { (shape.count == 2 ? ImageLayout.channelsLast : layout).rawValue }

    /// N H W.
    var numbersPerChannel: Int { shape[0] * shape.dropFirst(2).reduce(1, *) }

    static func checkChannels(_ status: ck_status) {
        requireDone(status, "numbers of each channel")
    }

    fileprivate func moments() -> ChannelMoments<Scalar> {
        var mean = NDArray<Scalar>(shape: [shape[1]], repeating: 0)
        var rest = mean
        let variance = NDArray<Scalar>(shape: [shape[1]]) { variance in
            mean.withUnsafeMutableElements { mean in
                rest.withUnsafeMutableElements { rest in
                    numbers.withUnsafeElements {
                        Self.checkChannels(
                            Scalar.kernels.functions.channelMoments(
                                channelForm.images, channelForm.channels, channelForm.pixels, walkedLayout,
                                $0.baseAddress,
                                mean.baseAddress, rest.baseAddress, variance.baseAddress))
                    }
                }
            }
        }
        return ChannelMoments(mean: mean, variance: variance, rest: rest)
    }

    func affine(
        centre: NDArray<Scalar>, scale: NDArray<Scalar>, shift: NDArray<Scalar>
    ) -> LayoutArray {
        LayoutArray(shape: shape, layout: layout) { y in
            numbers.withUnsafeElements { x in
                centre.withUnsafeElements { centre in
                    scale.withUnsafeElements { scale in
                        shift.withUnsafeElements {
                            Self.checkChannels(
                                Scalar.kernels.functions.channelAffine(
                                    channelForm.images, channelForm.channels, channelForm.pixels,
                                    walkedLayout, x.baseAddress,
                                    centre.baseAddress, scale.baseAddress, $0.baseAddress, y.baseAddress))
                        }
                    }
                }
            }
        }
    }

    func gradientSums(
        _ upstream: LayoutArray, _ moments: ChannelMoments<Scalar>
    ) -> (NDArray<Scalar>, NDArray<Scalar>) {
        var sum = NDArray<Scalar>(shape: [shape[1]], repeating: 0)
        let product = NDArray<Scalar>(shape: [shape[1]]) { product in
            sum.withUnsafeMutableElements { sum in
                numbers.withUnsafeElements { x in
                    upstream.numbers.withUnsafeElements { g in
                        moments.mean.withUnsafeElements { mean in
                            moments.rest.withUnsafeElements {
                                Self.checkChannels(
                                    Scalar.kernels.functions.channelGradientSums(
                                        channelForm.images, channelForm.channels, channelForm.pixels,
                                        walkedLayout, x.baseAddress,
                                        g.baseAddress, mean.baseAddress, $0.baseAddress, sum.baseAddress,
                                        product.baseAddress))
                            }
                        }
                    }
                }
            }
        }
        return (sum, product)
    }

    /// a g + b (x - centre) + d.
    func combined(
        with upstream: LayoutArray, centre: NDArray<Scalar>, _ a: NDArray<Scalar>, _ b: NDArray<Scalar>,
        _ d: NDArray<Scalar>
    ) -> LayoutArray {
        LayoutArray(shape: shape, layout: layout) { out in
            numbers.withUnsafeElements { x in
                upstream.numbers.withUnsafeElements { g in
                    centre.withUnsafeElements { centre in
                        a.withUnsafeElements { a in
                            b.withUnsafeElements { b in
                                d.withUnsafeElements {
                                    Self.checkChannels(
                                        Scalar.kernels.functions.channelCombine(
                                            channelForm.images, channelForm.channels, channelForm.pixels,
                                            walkedLayout,
                                            x.baseAddress,
                                            g.baseAddress, centre.baseAddress, a.baseAddress, b.baseAddress,
                                            $0.baseAddress, out.baseAddress))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
