import Arrays

extension Tensor {
    /// Max pooling, the largest element of each window: y[n, c, p, q] = max over r, s of x[n, c, p stride - padding +
    /// r, ...].
    ///
    /// Shapes: x [N, C, H, W]; y [N, C, P, Q]. The padding is ignored. The gradient goes to the index of the maximum,
    /// the first if there are several. Directly after a convolution whose result is not used otherwise, the two are
    /// computed in one pass.
    ///
    /// - Precondition: four axes; a kernel of at most 255 pixels, padding smaller than it, no dilation.
    /// - Complexity: O(N C P Q R S).
    @specialized(where Scalar == Float)
    public func maxPooling(_ geometry: WindowGeometry) -> Tensor {
        guard let out = pooledSize(geometry, takingLargest: true) else {
            return unpooled("maxPooling", geometry, takingLargest: true)
        }
        tape.hasKinks = true
        return Scalar.kernels.layers.maxPooling(self, geometry, out)
    }

    /// Average pooling, the mean of each window.
    ///
    /// Shapes: x [N, C, H, W]; y [N, C, P, Q]. `countsPadding`: the zeros of the padding count as elements.
    ///
    /// - Precondition: four axes; padding smaller than the kernel, no dilation.
    /// - Complexity: O(N C P Q R S).
    public func averagePooling(_ geometry: WindowGeometry, countsPadding: Bool = true) -> Tensor {
        guard let out = pooledSize(geometry, takingLargest: false) else {
            return unpooled("averagePooling", geometry, takingLargest: false)
        }
        let shape = shape
        let size = Extent(shape[2], shape[3])
        let planes = shape[0] * shape[1]
        var windows = geometry.form(of: size, out: out)
        let y = NDArray<Scalar>(shape: [shape[0], shape[1], out.height, out.width]) { means in
            value.withUnsafeElements {
                Scalar.kernels.windowMeans(
                    &windows, countsPadding: countsPadding, planes: planes, of: $0, into: means)
            }
        }
        return tape.record(.array(y), from: [self]) { upstream in
            var windows = geometry.form(of: size, out: out)
            let gradient = NDArray<Scalar>(shape: shape) { gradient in
                upstream.array().withUnsafeElements {
                    Scalar.kernels.windowMeanGradient(
                        &windows, countsPadding: countsPadding, planes: planes, upstream: $0, into: gradient)
                }
            }
            return [.array(gradient)]
        }
    }

    /// The mean of each channel: [N, C, H, W] to [N, C].
    public func globalAveragePooling() -> Tensor {
        guard ndimIs(4) else {
            return unfit(
                "globalAveragePooling: shape \(shape) is not [N, C, H, W]", expected: "[N, C, H, W]",
                result: Array(shape.prefix(2)))
        }
        return averagePooling(WindowGeometry(kernel: Extent(shape[2], shape[3])))
            .reshaped(to: [shape[0], shape[1]])
    }

    private func ndimIs(_ count: Int) -> Bool { shape.count == count }

    /// The number of windows; nil if they do not fit.
    private func pooledSize(_ geometry: WindowGeometry, takingLargest: Bool) -> Extent? {
        guard ndimIs(4) else { return nil }
        return try? geometry.pooledSize(height: shape[2], width: shape[3], takingLargest: takingLargest)
    }

    /// Zeros in place of an invalid pooling, in a trial of the shapes.
    private func unpooled(_ name: String, _ geometry: WindowGeometry, takingLargest: Bool) -> Tensor {
        guard ndimIs(4) else {
            return unfit(
                "\(name): shape \(shape) is not [N, C, H, W]", expected: "[N, C, H, W]", result: shape)
        }
        var (reason, expected) = ("", "[N, C, H, W] of at least one window")
        do {
            _ = try geometry.pooledSize(height: shape[2], width: shape[3], takingLargest: takingLargest)
        } catch {
            reason = ": \(error.what)"
            expected = "[N, C, H, W] and windows of \(error.expected ?? "another size")"
        }
        return unfit(
            "\(name): windows \(geometry) over shape \(shape)\(reason)", expected: expected,
            result: [shape[0], shape[1], 1, 1])
    }
}
