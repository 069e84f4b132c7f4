import Arrays
import Support

/// The activations by name.
public typealias ActivationRegistry = ComponentRegistry<any ActivationFunction.Type>

extension ComponentRegistry where Kind == any ActivationFunction.Type {
    /// The activations of this library.
    public static let standard: ActivationRegistry = {
        var registry = ActivationRegistry(of: "activation")
        let kinds: [any ActivationFunction.Type] = [
            Identity.self, Sigmoid.self, Tanh.self, ReLU.self, LeakyReLU.self, ELU.self, GELU.self,
            GELUTanh.self, SiLU.self, Softplus.self, Softmax.self,
        ]
        for kind in kinds { registry.register(kind) }
        return registry
    }()

    /// Adds an activation under its `kind`; one that had the name is replaced.
    public mutating func register(_ activation: any ActivationFunction.Type) {
        register(activation, named: activation.kind)
    }
}

extension CodingUserInfoKey {
    /// Where a decoder has the `ActivationRegistry` by which it reads activations; the standard one is used without it.
    package static let activationRegistry = CodingUserInfoKey(rawValue: "descent.activations")
}

extension Activation: LosslessStringConvertible, Codable {
    /// The text of each activation of this library, with the usual value of its parameter if it has one.
    public static let names = ActivationRegistry.standard.kinds.map { $0.usage }

    /// The activation that `text` names: `relu`, `leaky-relu`, `leaky-relu:0.1`, `elu:alpha=0.5`.
    ///
    /// - Throws: `usage` when there is none of this name, or its parameter is not a number from 0 up.
    public init(parsing text: String, in registry: ActivationRegistry = .standard) throws {
        self = try registry.component(parsing: text, usage: { $0.usage }) { kind, settings in
            Activation(try kind.init(from: &settings))
        }
    }

    /// The activation of this library that `text` names, nil if there is none; see `init(parsing:in:)`.
    public init?(_ text: String) {
        guard let activation = try? Activation(parsing: text) else { return nil }
        self = activation
    }

    /// The text that `init(parsing:in:)` reads: "relu", "leaky-relu:0.01".
    public var description: String { function.text }

    /// Reads its text; an activation of one's own is found where the decoder has a registry that has it, as that of a model
    /// folder has.
    public init(from decoder: any Decoder) throws {
        let key = CodingUserInfoKey.activationRegistry
        let registry = key.flatMap { decoder.userInfo[$0] as? ActivationRegistry } ?? .standard
        try self.init(parsing: decoder.singleValueContainer().decode(String.self), in: registry)
    }

    /// Writes its text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
