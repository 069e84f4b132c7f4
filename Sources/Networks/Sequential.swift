import Arrays
import Autodiff
import Support

/// Layers one after another.
///
/// ```swift
/// let network = Sequential {
///     Dense(784, 50, activation: .sigmoid)
///     Dense(50, 10)
/// }
/// ```
public struct Sequential: Layer {
    /// The layers, first to last.
    public let layers: [any Layer]

    /// The layers that are listed. First weights of theirs that are not drawn yet are drawn in order: see `Parameter`.
    public init(_ layers: [any Layer]) {
        self.layers = layers
        seedFirstValues()
    }

    /// The layers that the closure lists, one a line.
    public init(@LayerBuilder _ layers: () -> [any Layer]) { self.init(layers()) }

    /// The output of the last layer.
    @specialized(where Scalar == Float)
    public func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
        var output = input
        guard !input.isObserved else {
            for (index, layer) in layers.enumerated() { output = output.observed(index) { layer($0) } }
            return output
        }
        for layer in layers { output = layer(output) }
        return output
    }

    /// The layers' parameters, named by the layer's number: `0.weight`.
    public var namedParameters: [NamedParameter] {
        layers.enumerated().flatMap { index, layer in
            layer.namedParameters.map { $0.prefixed(by: "\(index)") }
        }
    }

    /// The last layer's.
    public func outputShape(for shape: [Int]) throws -> [Int]? {
        var current = shape
        for (index, layer) in layers.enumerated() {
            do {
                guard let next = try layer.outputShape(for: current) else { return nil }
                current = next
            } catch let error as DescentError {
                throw error.at("layer \(index), \(error.place ?? "\(type(of: layer))")")
            }
        }
        return current
    }
}

/// Collects the layers of a `Sequential`.
@resultBuilder
public enum LayerBuilder {
    /// One layer.
    public static func buildExpression(_ layer: any Layer) -> [any Layer] { [layer] }
    /// A list of layers.
    public static func buildExpression(_ layers: [any Layer]) -> [any Layer] { layers }
    /// All layers in order.
    public static func buildBlock(_ layers: [any Layer]...) -> [any Layer] { layers.flatMap { $0 } }
    /// Layers that are there on a condition.
    public static func buildOptional(_ layers: [any Layer]?) -> [any Layer] { layers ?? [] }
    /// Either of two.
    public static func buildEither(first layers: [any Layer]) -> [any Layer] { layers }
    /// Either of two.
    public static func buildEither(second layers: [any Layer]) -> [any Layer] { layers }
    /// Layers from a loop.
    public static func buildArray(_ layers: [[any Layer]]) -> [any Layer] { layers.flatMap { $0 } }
}
