import Autodiff

/// An activation as a layer of its own: y = activation(x), of x's shape.
///
/// A dense layer can apply one by itself (`Dense(784, 50, activation: .relu)`), which is faster; this one follows other
/// layers.
///
/// ```swift
/// Sequential {
///     Dense(784, 50)
///     LayerNormalization(50)
///     ActivationLayer(.gelu)
/// }
/// ```
public struct ActivationLayer: DescribedLayer {
    /// The activation that is applied.
    package let activation: Activation

    /// Creates a layer that applies `activation`.
    public init(_ activation: Activation) { self.activation = activation }

    /// Returns activation(x).
    public func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
        input.activated(activation)
    }

    /// No parameters.
    public var namedParameters: [NamedParameter] { [] }

    /// The activation.
    public var configuration: any LayerConfiguration { Configuration(activation: activation) }
}

extension ActivationLayer: ReentrantLayer {}

extension ActivationLayer {
    /// The settings; any shape is mapped to the same.
    package struct Configuration: LayerConfiguration {
        package static let kind = "activation"

        let activation: Activation

        package func outputShape(for shape: [Int]) throws -> [Int] { shape }

        package func cost(for shape: [Int]) throws -> LayerCost {
            LayerCost(elementOperations: LayerCost.product(shape))
        }

        package func makeLayer() -> any Layer { ActivationLayer(activation) }

        package var shortName: String? { activation.description }
        package var description: String { "ActivationLayer(\(activation))" }
    }
}

extension LayerDescription {
    /// An activation, element by element.
    package static func activation(_ activation: Activation) -> LayerDescription {
        LayerDescription(ActivationLayer.Configuration(activation: activation))
    }
}
