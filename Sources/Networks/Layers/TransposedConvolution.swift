import Arrays
import Autodiff
import Support

/// A transposed convolution: each element of x adds its multiple of w to a window of y, so that images grow.
///
/// Shapes: x [N, C, H, W], w [C, K / groups, R, S], b [K], y [N, K, P, Q] with
/// P = (H - 1) stride - 2 padding + dilation (R - 1) + 1.
///
/// Source: Dumoulin and Visin 2016, chapter 4.
public struct TransposedConvolution: DescribedLayer {
    /// w, shape [C, K / groups, R, S].
    public let weight: Parameter
    /// b, shape [K].
    public let bias: Parameter
    /// The size, stride, padding and dilation of the windows in the result.
    package let geometry: WindowGeometry
    /// The number of groups into which channels and outputs are divided.
    package let groups: Int
    /// The activation that is applied to the result.
    package let activation: Activation
    private let cache = ConvolutionCache()

    /// Creates a layer from `channels` to `outputs` channels.
    ///
    /// - Precondition: at least one channel and one output, both divisible by `groups`.
    public init(
        _ channels: Int, _ outputs: Int, kernel: WindowGeometry.Extent, stride: WindowGeometry.Extent = 1,
        padding: WindowGeometry.Padding = 0,
        dilation: WindowGeometry.Extent = 1, groups: Int = 1, activation: Activation = .identity,
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

    /// Creates the same layer, with first weights drawn from `random`.
    package init(
        _ channels: Int, _ outputs: Int, kernel: WindowGeometry.Extent, stride: WindowGeometry.Extent = 1,
        padding: WindowGeometry.Padding = 0,
        dilation: WindowGeometry.Extent = 1, groups: Int = 1, activation: Activation = .identity,
        initializer: Initializer = .he, using random: inout RandomState
    ) {
        self.init(
            channels, outputs, kernel: kernel, stride: stride, padding: padding, dilation: dilation,
            groups: groups, activation: activation, initializer: initializer)
        initialize(using: &random)
    }

    /// Returns the layer's output.
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

    /// Channels, windows, groups and activation.
    public var configuration: any LayerConfiguration {
        Configuration(
            channels: weight.shape[0], outputs: weight.shape[1] * groups, windows: WindowSettings(geometry),
            groups: groups, activation: activation)
    }
}

extension TransposedConvolution: ReentrantLayer {}

extension TransposedConvolution {
    /// The settings; [C, H, W] is mapped to the larger [K, P, Q].
    package struct Configuration: LayerConfiguration {
        package static let kind = "transposed_convolution"

        let channels: Int
        let outputs: Int
        let windows: WindowSettings
        let groups: Int
        let activation: Activation

        package func check() throws {
            try check(channels: channels, outputs: outputs, groups: groups)
            try windows.check(for: self)
        }

        package func outputShape(for shape: [Int]) throws -> [Int] {
            try check(images: shape, channels: channels)
            guard let size = windows.geometry.transposedSize(height: shape[1], width: shape[2]) else {
                throw DescentError(
                    .usage, "the padding leaves nothing", expected: "larger images", got: "\(shape)")
            }
            return [outputs, size.height, size.width]
        }

        package func cost(for shape: [Int]) throws -> LayerCost {
            try check(images: shape, channels: channels)
            let weights = LayerCost.product([channels, outputs / groups] + windows.kernel)
            return LayerCost(
                parameters: weights + outputs,
                operations: LayerCost.product([2, weights, shape[1], shape[2]]))
        }

        package func makeLayer() -> any Layer {
            let geometry = windows.geometry
            return TransposedConvolution(
                channels, outputs, kernel: geometry.kernel, stride: geometry.stride,
                padding: .pixels(geometry.padding), dilation: geometry.dilation, groups: groups,
                activation: activation, initializer: .suited(to: activation))
        }

        package var shortName: String? { "unconv\(outputs)" }
        package var detail: String { windows.detail(groups: groups, activation: activation) }
        package var description: String {
            "TransposedConvolution(\(channels), \(outputs), kernel: \(windows.geometry.kernel))"
        }
    }
}

extension TransposedConvolution.Configuration {
    private enum CodingKeys: String, CodingKey {
        case channels, outputs, groups, activation
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        channels = try container.decode(Int.self, forKey: .channels)
        outputs = try container.decode(Int.self, forKey: .outputs)
        windows = try WindowSettings(from: decoder)
        groups = try container.decode(Int.self, forKey: .groups)
        activation = try container.decode(Activation.self, forKey: .activation)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(channels, forKey: .channels)
        try container.encode(outputs, forKey: .outputs)
        try windows.encode(to: encoder)
        try container.encode(groups, forKey: .groups)
        try container.encode(activation, forKey: .activation)
    }
}

extension LayerDescription {
    /// A transposed convolution of images.
    package static func transposedConvolution(
        channels: Int, outputs: Int, windows: WindowGeometry, groups: Int = 1, activation: Activation
    ) -> LayerDescription {
        LayerDescription(
            TransposedConvolution.Configuration(
                channels: channels, outputs: outputs, windows: WindowSettings(windows), groups: groups,
                activation: activation))
    }
}
