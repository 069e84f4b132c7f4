import Autodiff
import Support

/// Each example's numbers in a row: [N, ...] to [N, D].
public struct Flatten: DescribedLayer {
    /// A layer that flattens.
    public init() {}

    /// x as [N, D].
    public func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
        let shape = input.shape
        require(!shape.isEmpty, "flatten: a single number has no examples")
        // As it is: rows that are kept without their zeros stay so.
        guard shape.count != 2 else { return input }
        return input.reshaped(to: [shape[0], shape.dropFirst().reduce(1, *)])
    }

    /// None.
    public var namedParameters: [NamedParameter] { [] }

    /// Nothing but the kind.
    public var configuration: any LayerConfiguration { Configuration() }
}

extension Flatten {
    /// Any shape to [D].
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
    /// All axes of an example made one.
    public static let flatten = LayerDescription(Flatten.Configuration())
}
