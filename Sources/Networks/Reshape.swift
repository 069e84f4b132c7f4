import Arrays
import Autodiff
import Support

/// The same numbers in another shape: the rows of a data set as images, for one.
///
/// ```swift
/// Reshape([1, 28, 28])   // [N, 784] to [N, 1, 28, 28]
/// ```
public struct Reshape: Layer {
    /// One example's shape afterwards.
    public let shape: [Int]

    /// Examples of `shape`.
    public init(_ shape: [Int]) {
        require(shape.allSatisfy { $0 > 0 }, "reshape to \(shape)")
        self.shape = shape
    }

    /// [N] + shape.
    @specialized(where Scalar == Float)
    public func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
        input.reshaped(to: [input.shape[0]] + shape)
    }

    /// `shape`.
    public func outputShape(for shape: [Int]) throws -> [Int]? {
        try ShapeRules.located("Reshape(\(self.shape))") { try ShapeRules.reshape(shape, to: self.shape) }
    }
}
