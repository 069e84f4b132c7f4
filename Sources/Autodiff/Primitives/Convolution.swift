import Arrays

extension Tensor {
    /// The convolution (cross-correlation) of images: y[n, k, p, q] = b[k] + the sum over c, r, s of
    /// w[k, c, r, s] x[n, c, p stride - padding + r dilation, q stride - padding + s dilation].
    ///
    /// Shapes: x [N, C, H, W], w [K, C / groups, R, S], b [K]; y [N, K, P, Q], see `WindowGeometry`. With `groups`,
    /// the channels and the outputs are divided into as many, each convolved by itself. `relu`: max(0, y) follows.
    ///
    /// Vector-Jacobian product, with g by y: by b, the sum of g over n, p, q; by w, the correlation of x with g; by x,
    /// the transposed convolution of g. The gradient by an input that needs none is not computed. Float runs on
    /// oneDNN's primitives, on layouts of its own; Double on columns and matrix products.
    ///
    /// - Precondition: the shapes above; channels and outputs divisible by `groups`; at least one window.
    /// - Complexity: O(N K C R S P Q / groups).
    public func convolution(
        weight: Tensor, bias: Tensor?, geometry: WindowGeometry, groups: Int = 1, relu: Bool = false,
        precision: Precision = .float32
    ) -> Tensor {
        convolution(
            weight: weight, bias: bias, geometry: geometry, groups: groups, relu: relu,
            precision: precision, cache: ConvolutionCache())
    }

    /// The same with the primitives and packed weights of a layer's earlier calls, which are kept in `cache`.
    @specialized(where Scalar == Float)
    package func convolution(
        weight: Tensor, bias: Tensor?, geometry: WindowGeometry, groups: Int = 1, relu: Bool = false,
        precision: Precision = .float32, cache: ConvolutionCache
    ) -> Tensor {
        let (x, w) = (shape, weight.shape)
        guard
            x.count == 4 && w.count == 4 && groups > 0 && x[1] == w[1] * groups && w[0] % groups == 0
                && (bias.map { $0.shape == [w[0]] } ?? true)
                && (w[2], w[3]) == (geometry.kernel.height, geometry.kernel.width)
        else {
            let size = x.count == 4 ? geometry.windows(height: x[2], width: x[3]) : nil
            return unfit(
                "convolution: shapes \(x), \(w) and \(bias?.shape ?? []) in \(groups) groups not aligned",
                of: weight, expected: "[N, \(w.count == 4 ? w[1] * groups : 1), H, W]",
                result: [x.first ?? 1, w.first ?? 1, size?.height ?? 1, size?.width ?? 1])
        }
        guard let size = geometry.windows(height: x[2], width: x[3]) else {
            return unfit(
                "convolution: a kernel of \(geometry.kernel) does not fit images of shape \(x)", of: weight,
                expected: "images of at least one window", result: [x[0], w[0], 1, 1])
        }
        if relu { tape.hasKinks = true }
        let columns = ConvolutionShape(
            channels: x[1], size: Extent(x[2], x[3]), outputs: w[0], resultSize: size, geometry: geometry,
            groups: groups, hasBias: bias != nil, relu: relu,
            // With a channel or three, converting costs more than the products save.
            precision: x[1] > 3 ? precision : .float32)
        return Scalar.kernels.layers.convolution(self, columns, weight, bias, cache)
    }

    /// The transposed convolution: each element of x adds w, times it, to a window of y.
    ///
    /// Shapes: x [N, C, H, W], w [C, K / groups, R, S], b [K]; y [N, K, P, Q] with P = (H - 1) stride - 2 padding +
    /// dilation (R - 1) + 1. It is the gradient of a convolution by its input, and its own gradients are that
    /// convolution's forward pass and weight gradient (Dumoulin and Visin 2016, chapter 4).
    ///
    /// - Precondition: the shapes above.
    /// - Complexity: O(N C K R S H W / groups).
    public func transposedConvolution(
        weight: Tensor, bias: Tensor?, geometry: WindowGeometry, groups: Int = 1
    ) -> Tensor {
        transposedConvolution(
            weight: weight, bias: bias, geometry: geometry, groups: groups, cache: ConvolutionCache())
    }

    /// The same with the primitives of a layer's earlier calls, which are kept in `cache`.
    package func transposedConvolution(
        weight: Tensor, bias: Tensor?, geometry: WindowGeometry, groups: Int = 1, cache: ConvolutionCache
    ) -> Tensor {
        let (x, w) = (shape, weight.shape)
        guard
            x.count == 4 && w.count == 4 && groups > 0 && x[1] == w[0] && w[0] % groups == 0
                && (bias.map { $0.shape == [w[1] * groups] } ?? true)
                && (w[2], w[3]) == (geometry.kernel.height, geometry.kernel.width)
        else {
            let size = x.count == 4 ? geometry.transposedSize(height: x[2], width: x[3]) : nil
            return unfit(
                "transposedConvolution: shapes \(x), \(w) and \(bias?.shape ?? []) in \(groups) groups not aligned",
                of: weight, expected: "[N, \(w.first ?? 1), H, W]",
                result: [
                    x.first ?? 1, w.count == 4 ? w[1] * groups : 1, size?.height ?? 1, size?.width ?? 1,
                ])
        }
        guard let size = geometry.transposedSize(height: x[2], width: x[3]) else {
            return unfit(
                "transposedConvolution: padding \(geometry.padding) leaves nothing of shape \(x)", of: weight,
                expected: "images that the padding leaves something of", result: [x[0], w[1] * groups, 1, 1])
        }
        let columns = ConvolutionShape(
            channels: w[1] * groups, size: size, outputs: w[0], resultSize: Extent(x[2], x[3]),
            geometry: geometry, groups: groups, hasBias: false, relu: false, precision: .float32)
        let convolved = Scalar.kernels.layers.transposedConvolution(self, columns, weight, cache)
        guard let bias else { return convolved }
        return convolved + bias.reshaped(to: [1, bias.shape[0], 1, 1])
    }
}
