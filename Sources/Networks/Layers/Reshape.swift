import Autodiff
import Support

/// A change of shape that keeps the elements: the rows of a data set as images, for example.
///
/// ```swift
/// Reshape([1, 28, 28])   // [N, 784] to [N, 1, 28, 28]
/// ```
public struct Reshape: DescribedLayer {
    /// The shape of one example afterwards.
    package let shape: [Int]

    /// Creates a layer that gives examples `shape`.
    public init(_ shape: [Int]) {
        require(shape.allSatisfy { $0 > 0 }, "reshape to \(shape)")
        self.shape = shape
    }

    /// Returns x in the shape [N] + shape.
    @specialized(where Scalar == Float)
    public func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
        input.reshaped(to: [input.shape[0]] + shape)
    }

    /// The shape.
    public var configuration: any LayerConfiguration { Configuration(shape: shape) }
}

extension Reshape: ReentrantLayer {}

extension Reshape {
    /// The settings; any shape is mapped to one with as many elements.
    package struct Configuration: LayerConfiguration {
        package static let kind = "reshape"

        let shape: [Int]

        package func check() throws {
            guard (1...8).contains(shape.count) else {
                throw impossible("shape", expected: "1 to 8 axes", got: "\(shape.count)")
            }
            for size in shape { try check(size, "shape") }
        }

        package func outputShape(for example: [Int]) throws -> [Int] {
            guard LayerCost.product(example) == LayerCost.product(shape) else {
                throw DescentError(
                    .usage, "examples have another size", expected: "\(LayerCost.product(shape)) numbers",
                    got: "\(example)")
            }
            return shape
        }

        package func cost(for example: [Int]) throws -> LayerCost { LayerCost() }
        package func makeLayer() -> any Layer { Reshape(shape) }

        package var inputShape: [Int]? { [LayerCost.product(shape)] }
        package var shortName: String? { nil }
        package var description: String { "Reshape(\(shape))" }
    }
}

extension LayerDescription {
    /// A change of shape that keeps the elements.
    package static func reshape(_ shape: [Int]) -> LayerDescription {
        LayerDescription(Reshape.Configuration(shape: shape))
    }
}
