import Arrays
import Autodiff

/// A part of a network: numbers go in, numbers come out, and some of what stands between is learnt.
///
/// A model of one's own is a type with layers as its stored properties and one forward function; its parameters
/// are found by themselves.
///
/// ```swift
/// struct TwoLayer: Layer {
///     let hidden = Dense(784, 50, activation: .sigmoid)
///     let output = Dense(50, 10)
///     func callAsFunction<Scalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { output(hidden(x)) }
/// }
/// ```
public protocol Layer {
    /// The layer's output for a batch, shape [N, ...].
    func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar>

    /// What the layer learns, by name, in a fixed order. One that is used twice may be listed twice.
    var namedParameters: [NamedParameter] { get }

    /// The shape of one example's output for an example of `shape` (without the axis N).
    ///
    /// - Throws: `DescentError` of kind `usage` that names the layer if such examples do not fit. The default
    ///   returns nil: not known before it runs.
    func outputShape(for shape: [Int]) throws -> [Int]?
}

/// A parameter and its name in the network: `hidden.weight`.
public struct NamedParameter {
    /// The path of property names (or numbers, in a sequence) that leads to it.
    public let name: String
    /// The parameter.
    public let parameter: Parameter

    /// A parameter with its name.
    public init(_ name: String, _ parameter: Parameter) {
        self.name = name
        self.parameter = parameter
    }

    /// The same parameter, seen from one level up.
    func prefixed(by prefix: String) -> NamedParameter { NamedParameter("\(prefix).\(name)", parameter) }
}

extension Layer {
    /// The parameters of the stored properties, in the order of their declaration, a superclass's first.
    ///
    /// Found are properties that are a parameter or a layer (also an optional that has one), or an array of either. A layer
    /// that keeps them otherwise (in a dictionary or a tuple) lists them itself.
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

    /// What the layer learns, each once, in a fixed order: weights that two places share are one parameter.
    public var parameters: [Parameter] {
        var seen: Set<ObjectIdentifier> = []
        return namedParameters.map(\.parameter).filter { seen.insert(ObjectIdentifier($0)).inserted }
    }

    /// How many values training changes: those of the parameters that are neither frozen nor buffers.
    public var parameterCount: Int { parameters.reduce(0) { $0 + ($1.isTrainable ? $1.count : 0) } }

    /// How many values are frozen.
    public var frozenParameterCount: Int {
        parameters.reduce(0) { $0 + ($1.isTrainable || $1.isBuffer ? 0 : $1.count) }
    }

    /// Has every parameter keep its values in training. What the layer measures (running means) still moves.
    public func freeze() { for parameter in parameters { parameter.isTrainable = false } }

    /// Has every parameter be trained again.
    public func unfreeze() { for parameter in parameters { parameter.isTrainable = true } }

    /// Not known before it runs.
    public func outputShape(for shape: [Int]) throws -> [Int]? { nil }

    /// Has first values that are not drawn yet be drawn from seeds of their own, by the parameters' places.
    package func seedFirstValues() {
        for (place, parameter) in parameters.enumerated() { parameter.seedFirstValues(place) }
    }

    /// Draws new first values for every parameter that is not frozen, in their order.
    public func initialize(using random: inout RandomState) {
        for parameter in parameters where parameter.isTrainable || parameter.isBuffer {
            parameter.initialize(using: &random)
        }
    }
}
