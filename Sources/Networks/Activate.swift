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
public struct Activate: Layer {
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

    /// The same shape.
    public func outputShape(for shape: [Int]) throws -> [Int]? { shape }
}
