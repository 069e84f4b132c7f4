import Arrays
import Autodiff
import ExampleData

/// The value of a loss and its gradients by the parameters of `network`.
///
/// ```swift
/// let (loss, gradients) = valueAndGradients(of: network) { network in
///     network(images, rows: [5, 0, 4]).softmaxCrossEntropy(labels: [9, 2, 1])
/// }
/// for parameter in network.parameters { parameter.value -= 0.1 * gradients[parameter] }
/// ```
///
/// - Parameters:
///   - network: the network; its layers behave as in training.
///   - precision: the type in which convolutions and large dense layers multiply.
///   - seed: with `step`, the origin of the layers' random numbers.
///   - step: the index of the step in a training run.
///   - loss: a scalar of the network's output. It gets the network as a function of arrays.
/// - Complexity: a small multiple of the forward pass.
public func valueAndGradients(
    of network: any Layer, precision: Precision = .float32, seed: Int = 0, step: Int = 0,
    _ loss: (TracedNetwork<Float>) -> Tensor<Float>
) -> (value: Float, gradients: ParameterGradients<Float>) {
    valueAndGradients(of: network, in: Float.self, precision: precision, seed: seed, step: step, loss)
}

/// Returns the value of a loss and its gradients by the parameters of `network`, computed in `Float`, or in `Double` to
/// compare them with `numericalGradient`.
///
/// See `valueAndGradients(of:precision:seed:step:_:)`.
@specialized(where Scalar == Float)
public func valueAndGradients<Scalar: DifferentiableScalar>(
    of network: any Layer, in scalar: Scalar.Type, precision: Precision = .float32,
    seed: Int = 0, step: Int = 0, _ loss: (TracedNetwork<Scalar>) -> Tensor<Scalar>
) -> (value: Scalar, gradients: ParameterGradients<Scalar>) {
    // A network of one's own has equal layers that no sequence has indexed.
    if !(network is Sequential) { network.seedFirstValues() }
    let tape = Tape<Scalar>(precision: precision, seed: seed, step: step)
    let result = loss(TracedNetwork(network: network, tape: tape))
    let value: Scalar = result.value.item()
    let gradients = tape.gradients(of: result)
    // The tape shares the parameters' values too; without it they are changed in place.
    tape.clear()
    return (value, ParameterGradients(network: network, gradients: gradients))
}

/// A network whose computation is recorded for gradients: a function of batches.
///
/// Made by `valueAndGradients(of:)`, and valid during its call.
public struct TracedNetwork<Scalar: DifferentiableScalar> {
    let network: any Layer
    let tape: Tape<Scalar>

    /// Returns the output for a batch [N, ...] of arrays, through which no gradient is taken.
    public func callAsFunction(_ batch: NDArray<Scalar>) -> Tensor<Scalar> { self(constant(batch)) }

    /// Returns the output for the examples `rows` of `features`.
    ///
    /// - Precondition: every row is in `0 ..< features.count`.
    public func callAsFunction(_ features: FeatureMatrix, rows: [Int32]) -> Tensor<Scalar> {
        self(tape.input(features, rows: rows))
    }

    /// Returns the output for a batch that was computed in the same call.
    public func callAsFunction(_ batch: Tensor<Scalar>) -> Tensor<Scalar> { network(batch) }

    /// Returns an array as an operand of tensors.
    public func constant(_ array: NDArray<Scalar>) -> Tensor<Scalar> { tape.constant(array) }

    /// Returns a parameter as an operand of tensors, for a penalty on weights and the like.
    public func parameter(_ parameter: Parameter) -> Tensor<Scalar> { tape.parameter(parameter) }
}

/// The gradients of a loss by the parameters of a network.
public struct ParameterGradients<Scalar: DifferentiableScalar> {
    private let network: any Layer
    private let gradients: Gradients<Scalar>

    init(network: any Layer, gradients: Gradients<Scalar>) {
        self.network = network
        self.gradients = gradients
    }

    /// The names of the network's parameters, in their order.
    package var names: [String] { network.namedParameters.map(\.name) }

    /// The gradient by a parameter, of its shape; zeros if the loss does not depend on it.
    public subscript(parameter: Parameter) -> NDArray<Scalar> {
        gradients[parameter] ?? NDArray(shape: parameter.shape, repeating: 0)
    }

    /// The gradient by the parameter of that name; nil if the network has none.
    public subscript(name: String) -> NDArray<Scalar>? {
        network.namedParameters.first { $0.name == name }.map { self[$0.parameter] }
    }
}
