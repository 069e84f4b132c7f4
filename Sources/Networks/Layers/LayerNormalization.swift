import Arrays
import Autodiff
import Support

/// Layer normalisation: y = (x - mean) / sqrt(variance + epsilon) gain + shift, mean and variance over each example's
/// trailing axes.
///
/// Shapes: x [N..., D...], gain and shift [D...], y like x. Gain begins with ones, shift with zeros.
///
/// Source: Ba, Kiros and Hinton 2016, "Layer normalization".
public struct LayerNormalization: DescribedLayer {
    /// The factor of the normalised elements, shape [D...].
    package let gain: Parameter
    /// The term that is added to them, shape [D...].
    package let shift: Parameter
    /// The term that is added to the variance, so that it is never zero.
    package let epsilon: Double

    /// Creates a layer for examples that end in axes of these lengths.
    ///
    /// - Precondition: at least one axis, all lengths positive; epsilon >= 0.
    public init(_ shape: Int..., epsilon: Double = 1e-5) { self.init(shape: shape, epsilon: epsilon) }

    /// Creates the same layer, with the axes in a list.
    package init(shape: [Int], epsilon: Double = 1e-5) {
        require(
            !shape.isEmpty && shape.allSatisfy { $0 > 0 }, "layer normalisation of examples of shape \(shape)"
        )
        require(epsilon >= 0, "layer normalisation with epsilon \(epsilon)")
        gain = Parameter(shape: shape, initializer: .constant(1))
        shift = Parameter(shape: shape, initializer: .zeros)
        self.epsilon = epsilon
    }

    /// Returns the normalised x.
    public func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
        input.layerNormalized(
            gain: input.tape.parameter(gain), shift: input.tape.parameter(shift), epsilon: epsilon)
    }

    /// `gain` and `shift`.
    public var namedParameters: [NamedParameter] {
        [NamedParameter("gain", gain), NamedParameter("shift", shift)]
    }

    /// The axes and epsilon.
    public var configuration: any LayerConfiguration { Configuration(shape: gain.shape, epsilon: epsilon) }
}

extension LayerNormalization: ReentrantLayer {}

extension LayerNormalization {
    /// The settings; [..., D...] is mapped to the same shape.
    package struct Configuration: LayerConfiguration {
        package static let kind = "layer_normalization"

        let shape: [Int]
        let epsilon: Double

        package func check() throws {
            guard !shape.isEmpty else { throw impossible("shape", expected: "at least one axis", got: "[]") }
            for size in shape { try check(size, "shape") }
            guard epsilon >= 0, epsilon.isFinite else {
                throw impossible("epsilon", expected: "a number from 0 up", got: "\(epsilon)")
            }
        }

        package func outputShape(for example: [Int]) throws -> [Int] {
            guard Array(example.suffix(shape.count)) == shape else {
                throw DescentError(
                    .usage, "examples do not fit the layer",
                    expected: shape.count == 1 ? "shape [..., \(sizes)]" : "shape ending in [\(sizes)]",
                    got: "\(example)")
            }
            return example
        }

        package func cost(for example: [Int]) throws -> LayerCost {
            LayerCost(
                parameters: LayerCost.product([2, LayerCost.product(shape)]),
                elementOperations: LayerCost.product(example))
        }

        package func makeLayer() -> any Layer { LayerNormalization(shape: shape, epsilon: epsilon) }

        package var shortName: String? { "norm" }
        package var description: String { "LayerNormalization(\(sizes))" }

        private var sizes: String { shape.map(String.init).joined(separator: ", ") }
    }
}

extension LayerDescription {
    /// Layer normalisation: each example's last axes are brought to mean 0 and variance 1.
    package static func layerNormalization(shape: [Int], epsilon: Double = 1e-5) -> LayerDescription {
        LayerDescription(LayerNormalization.Configuration(shape: shape, epsilon: epsilon))
    }
}
