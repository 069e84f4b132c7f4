import Arrays
import Support

/// A kind of activation function.
///
/// A kind of your own is one type, composed of the primitives of tensors; `Activation(_:)` makes an activation
/// of it, and ``ActivationRegistry`` lets its name be parsed:
///
/// ```swift
/// struct SquaredReLU: ActivationFunction {
///     static let kind = "squared-relu"
///     init() {}
///     init(from settings: inout SettingText) throws {}
///     func callAsFunction<Scalar: DifferentiableScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
///         x.relu() * x.relu()
///     }
/// }
/// var activations = ActivationRegistry.standard
/// activations.register(SquaredReLU.self)
/// let hidden = Dense(784, 50, activation: try Activation(parsing: "squared-relu", in: activations))
/// ```
public protocol ActivationFunction: NamedBySettings {
    /// Whether the function passes on about half of its input's variance, as ReLU and its variants do: the weights
    /// before it are then drawn by He's initialiser unless another is given, else by Xavier's. False by default.
    static var isRectifier: Bool { get }

    /// h(x), of x's shape.
    func callAsFunction<Scalar: DifferentiableScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar>
}

extension ActivationFunction {
    /// false.
    public static var isRectifier: Bool { false }
}
