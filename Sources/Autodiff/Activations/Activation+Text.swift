import Arrays
import Support

/// A registry of activations by name.
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

    /// Registers an activation under its `kind`, replacing any of that name.
    public mutating func register(_ activation: any ActivationFunction.Type) {
        register(activation, named: activation.kind)
    }
}

extension CodingUserInfoKey {
    /// The key of the `ActivationRegistry` by which a decoder reads activations; without it, the standard one is used.
    package static let activationRegistry = CodingUserInfoKey(rawValue: "descent.activations")
}

extension Activation: LosslessStringConvertible, Codable {
    /// The text of each activation of this library, with the default value of its parameter if it has one.
    package static let names = ActivationRegistry.standard.kinds.map { $0.usage }

    /// Parses the text of an activation: `relu`, `leaky-relu`, `leaky-relu:0.1`, `elu:alpha=0.5`.
    ///
    /// - Throws: `usage` for an unknown name, or a parameter that is not a number from 0 up.
    public init(parsing text: String, in registry: ActivationRegistry = .standard) throws {
        self = try registry.component(parsing: text, usage: { $0.usage }) { kind, settings in
            Activation(try kind.init(from: &settings))
        }
    }

    /// Parses the text of an activation of this library; nil if it is invalid, see ``init(parsing:in:)``.
    public init?(_ text: String) {
        guard let activation = try? Activation(parsing: text) else { return nil }
        self = activation
    }

    /// The text that ``init(parsing:in:)`` reads: "relu", "leaky-relu:0.01".
    public var description: String { function.text }

    /// Decodes the activation's text; a user's own activation is found by the decoder's registry, as in a model folder.
    public init(from decoder: any Decoder) throws {
        let key = CodingUserInfoKey.activationRegistry
        let registry = key.flatMap { decoder.userInfo[$0] as? ActivationRegistry } ?? .standard
        try self.init(parsing: decoder.singleValueContainer().decode(String.self), in: registry)
    }

    /// Encodes the activation's text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
