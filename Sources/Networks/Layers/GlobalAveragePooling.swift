import Autodiff
import Support

/// Global average pooling, the mean of each channel: [N, C, H, W] to [N, C].
///
/// Source: Lin, Chen and Yan 2014, section 3.2.
public struct GlobalAveragePooling: DescribedLayer {
    /// Creates a layer without parameters.
    public init() {}

    /// Returns the channels' means.
    public func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
        input.globalAveragePooling()
    }

    /// No settings but the kind.
    public var configuration: any LayerConfiguration { Configuration() }
}

extension GlobalAveragePooling: ReentrantLayer {}

extension GlobalAveragePooling {
    /// The settings; [C, H, W] is mapped to [C].
    package struct Configuration: LayerConfiguration {
        package static let kind = "global_average_pooling"

        package func outputShape(for shape: [Int]) throws -> [Int] {
            guard shape.count == 3 else {
                throw DescentError(
                    .usage, "only images have channels", expected: "[C, H, W]", got: "\(shape)")
            }
            return [shape[0]]
        }

        package func cost(for shape: [Int]) throws -> LayerCost {
            LayerCost(elementOperations: LayerCost.product(shape))
        }

        package func makeLayer() -> any Layer { GlobalAveragePooling() }

        package var shortName: String? { "global" }
        package var description: String { "GlobalAveragePooling()" }
    }
}

extension LayerDescription {
    /// Global average pooling: the mean of each channel.
    package static let globalAveragePooling = LayerDescription(GlobalAveragePooling.Configuration())
}
