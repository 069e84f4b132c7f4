import Autodiff
import Support

/// A flattening of each example into one row: [N, ...] to [N, D].
public struct Flatten: DescribedLayer {
    /// Creates a layer that flattens.
    public init() {}

    /// Returns x as [N, D].
    public func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
        let shape = input.shape
        require(!shape.isEmpty, "flatten: a single number has no examples")
        // Unchanged: rows that are stored without their zeros stay so.
        guard shape.count != 2 else { return input }
        return input.reshaped(to: [shape[0], shape.dropFirst().reduce(1, *)])
    }

    /// No parameters.
    public var namedParameters: [NamedParameter] { [] }

    /// No settings but the kind.
    public var configuration: any LayerConfiguration { Configuration() }
}

extension Flatten: ReentrantLayer {}

extension Flatten {
    /// The settings; any shape is mapped to [D].
    package struct Configuration: LayerConfiguration {
        package static let kind = "flatten"

        package func outputShape(for shape: [Int]) throws -> [Int] { [LayerCost.product(shape)] }
        package func cost(for shape: [Int]) throws -> LayerCost { LayerCost() }
        package func makeLayer() -> any Layer { Flatten() }

        package var shortName: String? { nil }
        package var description: String { "Flatten()" }
    }
}

extension LayerDescription {
    /// A flattening of each example into one row.
    package static let flatten = LayerDescription(Flatten.Configuration())
}
