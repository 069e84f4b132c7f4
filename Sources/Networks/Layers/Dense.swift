import Arrays
import Autodiff
import Support

/// A fully connected layer: y = activation(x w + b).
///
/// Shapes: x [N, D], w [D, H], b [H], y [N, H].
///
/// ```swift
/// let hidden = Dense(784, 50, activation: .sigmoid)
/// let other = Dense(784, 50, activation: .sigmoid, using: &random)     // first weights from one's own generator
/// ```
public struct Dense: DescribedLayer {
    /// w, shape [D, H].
    public let weight: Parameter
    /// b, shape [H].
    public let bias: Parameter
    /// The activation that is applied to x w + b.
    package let activation: Activation

    /// Creates a layer from `inputs` to `outputs` units. Weights are drawn by `initializer` (by default the notebook's
    /// normal with standard deviation 0.01), biases are zero; ``Parameter`` says from which generator.
    ///
    /// - Precondition: at least one input and one output.
    public init(
        _ inputs: Int, _ outputs: Int, activation: Activation = .identity,
        initializer: Initializer = .normal(standardDeviation: 0.01)
    ) {
        require(inputs > 0 && outputs > 0, "a dense layer from \(inputs) to \(outputs) numbers")
        weight = Parameter(shape: [inputs, outputs], initializer: initializer)
        bias = Parameter(shape: [outputs], initializer: .zeros)
        self.activation = activation
    }

    /// Creates the same layer, with first weights drawn from `random`.
    public init(
        _ inputs: Int, _ outputs: Int, activation: Activation = .identity,
        initializer: Initializer = .normal(standardDeviation: 0.01), using random: inout RandomState
    ) {
        self.init(inputs, outputs, activation: activation, initializer: initializer)
        initialize(using: &random)
    }

    /// Returns activation(x w + b).
    @specialized(where Scalar == Float)
    public func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
        input.dense(
            weight: input.tape.parameter(weight), bias: input.tape.parameter(bias), activation: activation)
    }

    /// `weight` and `bias`.
    public var namedParameters: [NamedParameter] {
        [NamedParameter("weight", weight), NamedParameter("bias", bias)]
    }

    /// Sizes and activation.
    public var configuration: any LayerConfiguration {
        Configuration(inputs: weight.shape[0], outputs: weight.shape[1], activation: activation)
    }
}

extension Dense: ReentrantLayer {}

extension Dense {
    /// The settings; [D] is mapped to [H].
    package struct Configuration: LayerConfiguration {
        package static let kind = "dense"

        let inputs: Int
        let outputs: Int
        let activation: Activation

        package func check() throws {
            try check(inputs, "inputs")
            try check(outputs, "outputs")
        }

        package func outputShape(for shape: [Int]) throws -> [Int] {
            guard shape == [inputs] else {
                throw DescentError(
                    .usage, "examples do not fit the layer", expected: "shape [\(inputs)]", got: "\(shape)")
            }
            return [outputs]
        }

        package func cost(for shape: [Int]) throws -> LayerCost {
            let weights = LayerCost.product([inputs, outputs])
            return LayerCost(parameters: weights + outputs, operations: LayerCost.product([2, weights]))
        }

        package func makeLayer() -> any Layer {
            Dense(inputs, outputs, activation: activation, initializer: .suited(to: activation))
        }

        package var inputShape: [Int]? { [inputs] }
        package var shortName: String? { String(outputs) }
        package var detail: String { activation == .identity ? "" : "\(activation)" }
        package var description: String { "Dense(\(inputs), \(outputs))" }
    }
}

extension LayerDescription {
    /// A fully connected layer, `activation(x w + b)`; w: [inputs, outputs].
    package static func dense(inputs: Int, outputs: Int, activation: Activation) -> LayerDescription {
        LayerDescription(Dense.Configuration(inputs: inputs, outputs: outputs, activation: activation))
    }
}
