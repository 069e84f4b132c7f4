import Autodiff

/// An activation as a layer of its own: y = activation(x), of x's shape.
///
/// A dense layer can apply one by itself (`Dense(784, 50, activation: .relu)`), which is faster; this is for what stands
/// after other layers.
///
/// ```swift
/// Sequential {
///     Dense(784, 50)
///     LayerNormalization(50)
///     Activate(.gelu)
/// }
/// ```
public struct Activate: DescribedLayer {
    /// What is applied.
    public let activation: Activation

    /// A layer that applies `activation`.
    public init(_ activation: Activation) { self.activation = activation }

    /// activation(x).
    public func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
        input.activated(activation)
    }

    /// None.
    public var namedParameters: [NamedParameter] { [] }

    /// The activation.
    public var configuration: any LayerConfiguration { Configuration(activation: activation) }
}

extension Activate {
    /// Any shape to the same.
    package struct Configuration: LayerConfiguration {
        package static let kind = "activation"

        let activation: Activation

        package func outputShape(for shape: [Int]) throws -> [Int] { shape }

        package func cost(for shape: [Int]) throws -> LayerCost {
            LayerCost(elementOperations: LayerCost.product(shape))
        }

        package func makeLayer() -> any Layer { Activate(activation) }

        package var shortName: String? { activation.description }
        package var description: String { "Activate(\(activation))" }
    }
}

extension LayerDescription {
    /// A function of each number.
    public static func activation(_ activation: Activation) -> LayerDescription {
        LayerDescription(Activate.Configuration(activation: activation))
    }
}
