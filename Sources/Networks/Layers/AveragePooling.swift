import Autodiff

/// Average pooling: the mean of each window.
///
/// Shapes: [N, C, H, W] to [N, C, P, Q].
public struct AveragePooling: DescribedLayer {
    /// The size, stride and padding of the windows.
    package let geometry: WindowGeometry
    /// Whether the zeros of the padding count as elements.
    package let countsPadding: Bool

    /// Creates windows of `kernel`, side by side unless a stride is given.
    public init(
        _ kernel: WindowGeometry.Extent, stride: WindowGeometry.Extent? = nil,
        padding: WindowGeometry.Padding = 0, countsPadding: Bool = true
    ) {
        geometry = WindowGeometry(kernel: kernel, stride: stride ?? kernel, padding: padding)
        self.countsPadding = countsPadding
    }

    /// Returns the pooled images.
    public func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
        input.averagePooling(geometry, countsPadding: countsPadding)
    }

    /// The windows, and whether their padding counts.
    public var configuration: any LayerConfiguration {
        Configuration(windows: WindowSettings(geometry), countsPadding: countsPadding)
    }
}

extension AveragePooling: ReentrantLayer {}

extension AveragePooling {
    /// The settings; [C, H, W] is mapped to [C, P, Q].
    package struct Configuration: LayerConfiguration {
        package static let kind = "average_pooling"

        let windows: WindowSettings
        let countsPadding: Bool

        package func check() throws { try windows.check(for: self) }

        package func outputShape(for shape: [Int]) throws -> [Int] {
            try windows.pooledShape(shape, takingLargest: false)
        }

        package func cost(for shape: [Int]) throws -> LayerCost {
            windows.poolingCost(try outputShape(for: shape))
        }

        package func makeLayer() -> any Layer {
            let geometry = windows.geometry
            return AveragePooling(
                geometry.kernel, stride: geometry.stride, padding: .pixels(geometry.padding),
                countsPadding: countsPadding)
        }

        package var shortName: String? { "mean" }
        package var detail: String { windows.detail() }
        package var description: String { "AveragePooling(\(windows.geometry.kernel))" }
    }
}

extension AveragePooling.Configuration {
    private enum CodingKeys: String, CodingKey {
        case countsPadding = "counts_padding"
    }

    package init(from decoder: any Decoder) throws {
        windows = try WindowSettings(from: decoder)
        countsPadding = try decoder.container(keyedBy: CodingKeys.self).decode(
            Bool.self, forKey: .countsPadding)
    }

    package func encode(to encoder: any Encoder) throws {
        try windows.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(countsPadding, forKey: .countsPadding)
    }
}

extension LayerDescription {
    /// Average pooling: the mean of each window.
    package static func averagePooling(_ windows: WindowGeometry, countsPadding: Bool) -> LayerDescription {
        LayerDescription(
            AveragePooling.Configuration(windows: WindowSettings(windows), countsPadding: countsPadding))
    }
}
