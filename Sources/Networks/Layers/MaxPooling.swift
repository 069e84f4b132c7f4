import Autodiff

/// Max pooling: the largest element of each window.
///
/// Shapes: [N, C, H, W] to [N, C, P, Q]. Straight after a convolution the two are computed in one pass.
///
/// ```swift
/// let halved = MaxPooling(2)
/// ```
public struct MaxPooling: DescribedLayer {
    /// The size, stride and padding of the windows.
    package let geometry: WindowGeometry

    /// Creates windows of `kernel`, side by side unless a stride is given.
    public init(
        _ kernel: WindowGeometry.Extent, stride: WindowGeometry.Extent? = nil,
        padding: WindowGeometry.Padding = 0
    ) {
        geometry = WindowGeometry(kernel: kernel, stride: stride ?? kernel, padding: padding)
    }

    /// Returns the pooled images.
    @specialized(where Scalar == Float)
    public func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
        input.maxPooling(geometry)
    }

    /// The windows.
    public var configuration: any LayerConfiguration { Configuration(windows: WindowSettings(geometry)) }
}

extension MaxPooling: ReentrantLayer {}

extension MaxPooling {
    /// The settings; [C, H, W] is mapped to [C, P, Q].
    package struct Configuration: LayerConfiguration {
        package static let kind = "max_pooling"

        let windows: WindowSettings

        package func check() throws { try windows.check(for: self) }

        package func outputShape(for shape: [Int]) throws -> [Int] {
            try windows.pooledShape(shape, takingLargest: true)
        }

        package func cost(for shape: [Int]) throws -> LayerCost {
            windows.poolingCost(try outputShape(for: shape))
        }

        package func makeLayer() -> any Layer {
            let geometry = windows.geometry
            return MaxPooling(geometry.kernel, stride: geometry.stride, padding: .pixels(geometry.padding))
        }

        package var shortName: String? { "pool" }
        package var detail: String { windows.detail() }
        package var description: String { "MaxPooling(\(windows.geometry.kernel))" }

        init(windows: WindowSettings) { self.windows = windows }
        package init(from decoder: any Decoder) throws { windows = try WindowSettings(from: decoder) }
        package func encode(to encoder: any Encoder) throws { try windows.encode(to: encoder) }
    }
}

extension LayerDescription {
    /// Max pooling: the largest element of each window.
    package static func maxPooling(_ windows: WindowGeometry) -> LayerDescription {
        LayerDescription(MaxPooling.Configuration(windows: WindowSettings(windows)))
    }
}
