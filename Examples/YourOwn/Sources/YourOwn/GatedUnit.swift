import Descent

/// A gated linear unit: y = (x w + b) s(x v + c), s the sigmoid: one half says what, the other how much of it.
///
/// Shapes: x [N, D], w and v [D, H], b and c [H], y [N, H].
///
/// Source: Dauphin et al. 2017, "Language modeling with gated convolutional networks", section 2.
struct GatedUnit: DescribedLayer {
    /// What a model folder keeps of the layer, and what `summary` says of it.
    struct Configuration: LayerConfiguration {
        static let kind = "gated"

        let inputs: Int
        let outputs: Int

        func check() throws {
            try check(inputs, "inputs")
            try check(outputs, "outputs")
        }

        func outputShape(for shape: [Int]) throws -> [Int] {
            guard shape == [inputs] else {
                throw DescentError(
                    .usage, "examples do not fit the layer", expected: "shape [\(inputs)]", got: "\(shape)")
            }
            return [outputs]
        }

        func cost(for shape: [Int]) throws -> LayerCost {
            let weights = LayerCost.product([2, inputs, outputs])
            return LayerCost(
                parameters: weights + 2 * outputs, operations: LayerCost.product([2, weights]),
                elementOperations: 2 * outputs)
        }

        func makeLayer() -> any Layer { GatedUnit(inputs, outputs) }

        var inputShape: [Int]? { [inputs] }
        var shortName: String? { "gated\(outputs)" }
        var detail: String { "sigmoid gate" }
        var description: String { "GatedUnit(\(inputs), \(outputs))" }
    }

    let content: Dense
    let gate: Dense

    init(_ inputs: Int, _ outputs: Int, initializer: Initializer = .xavier) {
        content = Dense(inputs, outputs, initializer: initializer)
        gate = Dense(inputs, outputs, activation: .sigmoid, initializer: initializer)
    }

    func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
        content(input) * gate(input)
    }

    var configuration: any LayerConfiguration {
        Configuration(inputs: content.weight.shape[0], outputs: content.weight.shape[1])
    }
}
