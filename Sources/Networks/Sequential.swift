import Arrays
import Autodiff
import Support

/// A network of layers that are applied one after another.
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

    /// Creates a network of the listed layers. Their first weights that are not drawn yet are drawn in order: see
    /// ``Parameter``.
    public init(_ layers: [any Layer]) {
        self.layers = layers
        seedFirstValues()
    }

    /// Creates a network of the layers that the closure lists, one a line.
    public init(@LayerBuilder _ layers: () -> [any Layer]) { self.init(layers()) }

    /// Returns the output of the last layer.
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

    /// The layers' parameters, named by the layer's index: `0.weight`.
    public var namedParameters: [NamedParameter] {
        layers.enumerated().flatMap { index, layer in
            layer.namedParameters.map { $0.prefixed(by: "\(index)") }
        }
    }

    /// Returns the shape of the last layer's output.
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

extension Sequential: ReentrantLayer {
    package var isReentrant: Bool { layers.areReentrant }
}

/// The result builder of ``Sequential``.
@resultBuilder
public enum LayerBuilder {
    /// Takes one layer.
    public static func buildExpression(_ layer: any Layer) -> [any Layer] { [layer] }
    /// Takes a list of layers.
    public static func buildExpression(_ layers: [any Layer]) -> [any Layer] { layers }
    /// Takes all layers in order.
    public static func buildBlock(_ layers: [any Layer]...) -> [any Layer] { layers.flatMap { $0 } }
    /// Takes layers that depend on a condition.
    public static func buildOptional(_ layers: [any Layer]?) -> [any Layer] { layers ?? [] }
    /// Takes the first of two alternatives.
    public static func buildEither(first layers: [any Layer]) -> [any Layer] { layers }
    /// Takes the second of two alternatives.
    public static func buildEither(second layers: [any Layer]) -> [any Layer] { layers }
    /// Takes layers from a loop.
    public static func buildArray(_ layers: [[any Layer]]) -> [any Layer] { layers.flatMap { $0 } }
}
