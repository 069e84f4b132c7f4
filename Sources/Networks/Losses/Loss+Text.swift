import Arrays
import Support

/// The registry of loss functions: finds one by its name.
public typealias LossRegistry = ComponentRegistry<any LossFunction.Type>

extension ComponentRegistry where Kind == any LossFunction.Type {
    /// The losses of this library.
    public static let standard: LossRegistry = {
        var registry = LossRegistry(of: "loss")
        let kinds: [any LossFunction.Type] = [
            CrossEntropy.self, MeanSquaredError.self, BinaryCrossEntropy.self, Hinge.self, Huber.self,
        ]
        for kind in kinds { registry.register(kind) }
        return registry
    }()

    /// Adds a loss under its `kind`; replaces one of that name.
    public mutating func register(_ loss: any LossFunction.Type) { register(loss, named: loss.kind) }
}

extension Loss: LosslessStringConvertible, Codable {
    /// The texts of this library's losses, with the usual values of their settings.
    package static let names = LossRegistry.standard.kinds.map { $0.usage }

    /// Creates the loss that `text` names: `cross-entropy`, `cross-entropy:smoothing=0.1`, `cross-entropy:weights=1/2/1`,
    /// `huber:0.5`.
    ///
    /// - Throws: `usage` when no loss has this name, or a setting is impossible.
    public init(parsing text: String, in registry: LossRegistry = .standard) throws {
        self = try registry.component(parsing: text, usage: { $0.usage }) { kind, settings in
            Loss(try kind.init(from: &settings))
        }
    }

    /// Creates the loss of this library that `text` names; nil if none has that name. See `init(parsing:in:)`.
    public init?(_ text: String) {
        guard let loss = try? Loss(parsing: text) else { return nil }
        self = loss
    }

    /// The text that `init(parsing:in:)` reads.
    public var description: String { function.text }

    /// Reads its text; a loss of one's own is read by `init(parsing:in:)` only, because a decoder has no registry.
    public init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    /// Writes its text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
