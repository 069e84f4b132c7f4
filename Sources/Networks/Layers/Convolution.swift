import Arrays
import Autodiff
import Support

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
/// Source: LeCun et al. 1998, section II; the operation is the cross-correlation, as in every toolkit.
public struct Convolution: DescribedLayer {
    /// w, shape [K, C / groups, R, S].
    public let weight: Parameter
    /// b, shape [K]; nil for a layer without a bias.
    public let bias: Parameter?
    /// The size, stride, padding and dilation of the windows.
    package let geometry: WindowGeometry
    /// The number of groups into which channels and outputs are divided.
    package let groups: Int
    /// The activation that is applied to x * w + b.
    package let activation: Activation
    private let cache = ConvolutionCache()

    /// Creates a layer from `channels` to `outputs` channels. Weights are drawn by `initializer` (He's normal for ReLU by
    /// default), biases are zero.
    ///
    /// - Precondition: at least one channel and one output, both divisible by `groups`.
    public init(
        _ channels: Int, _ outputs: Int, kernel: WindowGeometry.Extent, stride: WindowGeometry.Extent = 1,
        padding: WindowGeometry.Padding = 0,
        dilation: WindowGeometry.Extent = 1, groups: Int = 1, hasBias: Bool = true,
        activation: Activation = .identity,
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

    /// Creates the same layer, with first weights drawn from `random`.
    package init(
        _ channels: Int, _ outputs: Int, kernel: WindowGeometry.Extent, stride: WindowGeometry.Extent = 1,
        padding: WindowGeometry.Padding = 0,
        dilation: WindowGeometry.Extent = 1, groups: Int = 1, hasBias: Bool = true,
        activation: Activation = .identity,
        initializer: Initializer = .he, using random: inout RandomState
    ) {
        self.init(
            channels, outputs, kernel: kernel, stride: stride, padding: padding, dilation: dilation,
            groups: groups, hasBias: hasBias, activation: activation, initializer: initializer)
        initialize(using: &random)
    }

    /// Returns activation(x * w + b).
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

    /// Channels, windows, groups, bias and activation.
    public var configuration: any LayerConfiguration {
        Configuration(
            channels: weight.shape[1] * groups, outputs: weight.shape[0], windows: WindowSettings(geometry),
            groups: groups, hasBias: bias != nil, activation: activation)
    }
}

extension Convolution: ReentrantLayer {}

extension Convolution {
    /// The settings; [C, H, W] is mapped to [K, P, Q].
    package struct Configuration: LayerConfiguration {
        package static let kind = "convolution"

        let channels: Int
        let outputs: Int
        let windows: WindowSettings
        let groups: Int
        let hasBias: Bool
        let activation: Activation

        package func check() throws {
            try check(channels: channels, outputs: outputs, groups: groups)
            try windows.check(for: self)
        }

        package func outputShape(for shape: [Int]) throws -> [Int] {
            try check(images: shape, channels: channels)
            let geometry = windows.geometry
            guard let size = geometry.windows(height: shape[1], width: shape[2]) else {
                throw DescentError(
                    .usage, "images are smaller than the kernel",
                    expected: "at least \(geometry.kernel) pixels with their padding", got: "\(shape)")
            }
            return [outputs, size.height, size.width]
        }

        package func cost(for shape: [Int]) throws -> LayerCost {
            let output = try outputShape(for: shape)
            let weights = LayerCost.product([outputs, channels / groups] + windows.kernel)
            return LayerCost(
                parameters: weights + (hasBias ? outputs : 0),
                operations: LayerCost.product([2, weights, output[1], output[2]]))
        }

        package func makeLayer() -> any Layer {
            let geometry = windows.geometry
            return Convolution(
                channels, outputs, kernel: geometry.kernel, stride: geometry.stride,
                padding: .pixels(geometry.padding), dilation: geometry.dilation, groups: groups,
                hasBias: hasBias, activation: activation, initializer: .suited(to: activation))
        }

        package var shortName: String? { "conv\(outputs)" }
        package var detail: String { windows.detail(groups: groups, activation: activation) }
        package var description: String {
            "Convolution(\(channels), \(outputs), kernel: \(windows.geometry.kernel))"
        }
    }
}

extension Convolution.Configuration {
    private enum CodingKeys: String, CodingKey {
        case channels, outputs, groups
        case hasBias = "bias"
        case activation
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        channels = try container.decode(Int.self, forKey: .channels)
        outputs = try container.decode(Int.self, forKey: .outputs)
        windows = try WindowSettings(from: decoder)
        groups = try container.decode(Int.self, forKey: .groups)
        hasBias = try container.decode(Bool.self, forKey: .hasBias)
        activation = try container.decode(Activation.self, forKey: .activation)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(channels, forKey: .channels)
        try container.encode(outputs, forKey: .outputs)
        try windows.encode(to: encoder)
        try container.encode(groups, forKey: .groups)
        try container.encode(hasBias, forKey: .hasBias)
        try container.encode(activation, forKey: .activation)
    }
}

extension LayerDescription {
    /// A convolution of images.
    package static func convolution(
        channels: Int, outputs: Int, windows: WindowGeometry, groups: Int = 1, hasBias: Bool = true,
        activation: Activation
    ) -> LayerDescription {
        LayerDescription(
            Convolution.Configuration(
                channels: channels, outputs: outputs, windows: WindowSettings(windows), groups: groups,
                hasBias: hasBias, activation: activation))
    }
}
