import Arrays
import Autodiff
import Support

/// Each example's numbers in a row: [N, ...] to [N, D].
public struct Flatten: Layer {
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

    /// [D].
    public func outputShape(for shape: [Int]) throws -> [Int]? { [ShapeRules.product(shape)] }
}
