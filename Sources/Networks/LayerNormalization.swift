import Arrays
import Autodiff
import Support

/// Layer normalisation: y = (x - mean) / sqrt(variance + epsilon) gain + shift, mean and variance over each example's
/// trailing axes.
///
/// Shapes: x [N..., D...], gain and shift [D...], y like x. Gain begins with ones, shift with zeros.
///
/// Source: Ba, Kiros and Hinton 2016, "Layer normalization".
public struct LayerNormalization: Layer {
    /// What the normalised numbers are multiplied by, shape [D...].
    public let gain: Parameter
    /// What is added to them, shape [D...].
    public let shift: Parameter
    /// What is added to the variance, so that it is never zero.
    public let epsilon: Double

    /// A layer for examples that end in axes of these lengths.
    ///
    /// - Precondition: at least one axis, all lengths positive; epsilon >= 0.
    public init(_ shape: Int..., epsilon: Double = 1e-5) { self.init(shape: shape, epsilon: epsilon) }

    /// The same, with the axes in a list.
    public init(shape: [Int], epsilon: Double = 1e-5) {
        require(
            !shape.isEmpty && shape.allSatisfy { $0 > 0 }, "layer normalisation of examples of shape \(shape)"
        )
        require(epsilon >= 0, "layer normalisation with epsilon \(epsilon)")
        gain = Parameter(shape: shape, initializer: .constant(1))
        gain.value = NDArray(shape: shape, repeating: 1)
        shift = Parameter(shape: shape, initializer: .zeros)
        self.epsilon = epsilon
    }

    /// The normalised x.
    public func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
        input.layerNormalized(
            gain: input.tape.parameter(gain), shift: input.tape.parameter(shift), epsilon: epsilon)
    }

    /// `gain` and `shift`.
    public var namedParameters: [NamedParameter] {
        [NamedParameter("gain", gain), NamedParameter("shift", shift)]
    }

    /// The same shape.
    public func outputShape(for shape: [Int]) throws -> [Int]? {
        let sizes = gain.shape.map(String.init).joined(separator: ", ")
        return try ShapeRules.located("LayerNormalization(\(sizes))") {
            try ShapeRules.layerNormalization(shape, over: gain.shape)
        }
    }
}
