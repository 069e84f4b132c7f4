import Arrays
import Autodiff

/// A convolutional layer: y = activation(x * w + b).
///
/// Shapes: x [N, C, H, W], w [K, C / groups, R, S], b [K], y [N, K, P, Q] with
/// P = floor((H + 2 padding - dilation (R - 1) - 1) / stride) + 1, and Q so from W.
///
/// ```swift
/// let first = Convolution(1, 30, kernel: 5, activation: .relu)         // [N, 1, 28, 28] to [N, 30, 24, 24]
/// let same = Convolution(30, 30, kernel: 3, padding: .same)
/// ```
///
/// Source: LeCun et al. 1998, section II; what is computed is the cross-correlation, as in every toolkit.
public struct Convolution: Layer {
    /// w, shape [K, C / groups, R, S].
    public let weight: Parameter
    /// b, shape [K]; nil without one.
    public let bias: Parameter?
    /// Where the windows lie.
    public let geometry: WindowGeometry
    /// Into how many groups channels and outputs are divided.
    public let groups: Int
    /// What is applied to x * w + b.
    public let activation: Activation
    private let cache = ConvolutionCache()

    /// A layer from `channels` to `outputs` channels. Weights are drawn by `initializer` (He's normal for ReLU unless
    /// told), biases are zero.
    ///
    /// - Precondition: at least one channel and one output, both divisible by `groups`.
    public init(
        _ channels: Int, _ outputs: Int, kernel: Extent, stride: Extent = 1, padding: Padding = 0,
        dilation: Extent = 1, groups: Int = 1, hasBias: Bool = true, activation: Activation = .identity,
        initializer: Initializer = .he
    ) {
        require(
            channels > 0 && outputs > 0 && groups > 0 && channels % groups == 0 && outputs % groups == 0,
            "a convolution from \(channels) to \(outputs) channels in \(groups) groups")
        geometry = WindowGeometry(kernel: kernel, stride: stride, padding: padding, dilation: dilation)
        weight = Parameter(
            shape: [outputs, channels / groups, kernel.height, kernel.width], initializer: initializer)
        bias = hasBias ? Parameter(shape: [outputs], initializer: .zeros) : nil
        self.groups = groups
        self.activation = activation
    }

    /// activation(x * w + b).
    @specialized(where Scalar == Float)
    public func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
        let fuses = activation == .relu
        let result = input.convolution(
            weight: input.tape.parameter(weight), bias: bias.map { input.tape.parameter($0) },
            geometry: geometry,
            groups: groups, relu: fuses, precision: input.tape.precision, cache: cache)
        return fuses || activation == .identity ? result : result.activated(activation)
    }

    /// `weight` and `bias`.
    public var namedParameters: [NamedParameter] {
        [NamedParameter("weight", weight)] + (bias.map { [NamedParameter("bias", $0)] } ?? [])
    }

    /// [K, P, Q].
    public func outputShape(for shape: [Int]) throws -> [Int]? {
        let (outputs, channels) = (weight.shape[0], weight.shape[1] * groups)
        let place = "Convolution(\(channels), \(outputs), kernel: \(geometry.kernel))"
        return try ShapeRules.located(place) {
            try ShapeRules.convolution(shape, channels: channels, outputs: outputs, windows: geometry)
        }
    }
}

/// A transposed convolution: each number of x adds w, times it, to a window of y; images grow.
///
/// Shapes: x [N, C, H, W], w [C, K / groups, R, S], b [K], y [N, K, P, Q] with
/// P = (H - 1) stride - 2 padding + dilation (R - 1) + 1.
///
/// Source: Dumoulin and Visin 2016, chapter 4.
public struct TransposedConvolution: Layer {
    /// w, shape [C, K / groups, R, S].
    public let weight: Parameter
    /// b, shape [K].
    public let bias: Parameter
    /// Where the windows lie, in the result.
    public let geometry: WindowGeometry
    /// Into how many groups channels and outputs are divided.
    public let groups: Int
    /// What is applied to the result.
    public let activation: Activation
    private let cache = ConvolutionCache()

    /// A layer from `channels` to `outputs` channels.
    ///
    /// - Precondition: at least one channel and one output, both divisible by `groups`.
    public init(
        _ channels: Int, _ outputs: Int, kernel: Extent, stride: Extent = 1, padding: Padding = 0,
        dilation: Extent = 1, groups: Int = 1, activation: Activation = .identity,
        initializer: Initializer = .he
    ) {
        require(
            channels > 0 && outputs > 0 && groups > 0 && channels % groups == 0 && outputs % groups == 0,
            "a transposed convolution from \(channels) to \(outputs) channels in \(groups) groups")
        geometry = WindowGeometry(kernel: kernel, stride: stride, padding: padding, dilation: dilation)
        weight = Parameter(
            shape: [channels, outputs / groups, kernel.height, kernel.width], initializer: initializer)
        bias = Parameter(shape: [outputs], initializer: .zeros)
        self.groups = groups
        self.activation = activation
    }

    /// The layer's output.
    public func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
        let result = input.transposedConvolution(
            weight: input.tape.parameter(weight), bias: input.tape.parameter(bias), geometry: geometry,
            groups: groups, cache: cache)
        return activation == .identity ? result : result.activated(activation)
    }

    /// `weight` and `bias`.
    public var namedParameters: [NamedParameter] {
        [NamedParameter("weight", weight), NamedParameter("bias", bias)]
    }

    /// [K, P, Q].
    public func outputShape(for shape: [Int]) throws -> [Int]? {
        let (channels, outputs) = (weight.shape[0], weight.shape[1] * groups)
        let place = "TransposedConvolution(\(channels), \(outputs), kernel: \(geometry.kernel))"
        return try ShapeRules.located(place) {
            try ShapeRules.transposedConvolution(
                shape, channels: channels, outputs: outputs, windows: geometry)
        }
    }
}
