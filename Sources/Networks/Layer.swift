import Arrays
import Autodiff

/// A differentiable function with trainable parameters, applied to a batch.
///
/// A model of one's own is a type with layers as its stored properties and one forward function; its parameters are found by
/// reflection.
///
/// ```swift
/// struct TwoLayer: Layer {
///     let hidden = Dense(784, 50, activation: .sigmoid)
///     let output = Dense(50, 10)
///     func callAsFunction<Scalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { output(hidden(x)) }
/// }
/// ```
public protocol Layer {
    /// Returns the layer's output for a batch, shape [N, ...].
    func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar>

    /// The layer's parameters and buffers by name, in a fixed order. A parameter that is used twice may be listed twice.
    var namedParameters: [NamedParameter] { get }

    /// Returns the shape of one example's output for an example of `shape` (without the axis N).
    ///
    /// - Throws: `DescentError` of kind `usage` that names the layer if such examples do not fit. The default returns nil:
    ///   unknown before the layer runs.
    func outputShape(for shape: [Int]) throws -> [Int]?
}

/// A parameter and its name in the network: `hidden.weight`.
public struct NamedParameter {
    /// The path of property names (or indices, in a sequence) that leads to the parameter.
    public let name: String
    /// The parameter.
    public let parameter: Parameter

    /// Creates a named parameter.
    public init(_ name: String, _ parameter: Parameter) {
        self.name = name
        self.parameter = parameter
    }

    /// Returns the same parameter, named from one level up.
    func prefixed(by prefix: String) -> NamedParameter { NamedParameter("\(prefix).\(name)", parameter) }
}

extension Layer {
    /// The parameters of the stored properties, in the order of their declaration, a superclass's first.
    ///
    /// Properties that are a parameter or a layer (also an optional of one), or an array of either, are found. A layer that
    /// stores its parameters otherwise (in a dictionary or a tuple) lists them itself.
    public var namedParameters: [NamedParameter] {
        var mirrors: [Mirror] = []
        var next: Mirror? = Mirror(reflecting: self)
        while let mirror = next {
            mirrors.insert(mirror, at: 0)
            next = mirror.superclassMirror
        }
        return mirrors.flatMap(\.children).flatMap { Self.found($0.value, as: $0.label ?? "") }
    }

    private static func found(_ value: Any, as name: String) -> [NamedParameter] {
        if let parameter = value as? Parameter { return [NamedParameter(name, parameter)] }
        if let layer = value as? any Layer { return layer.namedParameters.map { $0.prefixed(by: name) } }
        guard let list = value as? [Any] else { return [] }
        return list.enumerated().flatMap { index, element in
            element is Parameter || element is any Layer ? found(element, as: "\(name).\(index)") : []
        }
    }

    /// The layer's parameters and buffers, each once, in a fixed order: shared weights are one parameter.
    public var parameters: [Parameter] {
        var seen: Set<ObjectIdentifier> = []
        return namedParameters.map(\.parameter).filter { seen.insert(ObjectIdentifier($0)).inserted }
    }

    /// The number of trainable values: those of the parameters that are neither frozen nor buffers.
    public var parameterCount: Int { parameters.reduce(0) { $0 + ($1.isTrainable ? $1.count : 0) } }

    /// The number of frozen values.
    package var frozenParameterCount: Int {
        parameters.reduce(0) { $0 + ($1.isTrainable || $1.isBuffer ? 0 : $1.count) }
    }

    /// Freezes every parameter. Buffers, such as running means, are still updated.
    public func freeze() { for parameter in parameters { parameter.isTrainable = false } }

    /// Makes every parameter trainable again.
    public func unfreeze() { for parameter in parameters { parameter.isTrainable = true } }

    /// Returns nil: unknown before the layer runs.
    public func outputShape(for shape: [Int]) throws -> [Int]? { nil }

    /// Draws new first values for every parameter that is not frozen, in their order.
    public func initialize(using random: inout RandomState) {
        for parameter in parameters where parameter.isTrainable || parameter.isBuffer {
            parameter.initialize(using: &random)
        }
    }
}
