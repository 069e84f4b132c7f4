import Arrays
import Autodiff
import Support

/// A fully connected layer: y = activation(x w + b).
///
/// Shapes: x [N, D], w [D, H], b [H], y [N, H].
///
/// ```swift
/// let hidden = Dense(784, 50, activation: .sigmoid)
/// ```
public struct Dense: Layer {
    /// w, shape [D, H].
    public let weight: Parameter
    /// b, shape [H].
    public let bias: Parameter
    /// What is applied to x w + b.
    public let activation: Activation

    /// A layer from `inputs` to `outputs` numbers. Weights are drawn by `initializer` (the notebook's normal with
    /// deviation 0.01 unless told), biases are zero.
    ///
    /// - Precondition: at least one input and one output.
    public init(
        _ inputs: Int, _ outputs: Int, activation: Activation = .identity,
        initializer: Initializer = .normal(deviation: 0.01)
    ) {
        require(inputs > 0 && outputs > 0, "a dense layer from \(inputs) to \(outputs) numbers")
        weight = Parameter(shape: [inputs, outputs], initializer: initializer)
        bias = Parameter(shape: [outputs], initializer: .zeros)
        self.activation = activation
    }

    /// activation(x w + b).
    @specialized(where Scalar == Float)
    public func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
        input.dense(
            weight: input.tape.parameter(weight), bias: input.tape.parameter(bias), activation: activation)
    }

    /// `weight` and `bias`.
    public var namedParameters: [NamedParameter] {
        [NamedParameter("weight", weight), NamedParameter("bias", bias)]
    }

    /// [H].
    public func outputShape(for shape: [Int]) throws -> [Int]? {
        let (inputs, outputs) = (weight.shape[0], weight.shape[1])
        return try ShapeRules.located("Dense(\(inputs), \(outputs))") {
            try ShapeRules.dense(shape, inputs: inputs, outputs: outputs)
        }
    }
}
