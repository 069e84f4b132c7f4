import Support

/// The registry of initialisers: finds a rule by its name.
public typealias InitializerRegistry = ComponentRegistry<any InitializationRule.Type>

extension ComponentRegistry where Kind == any InitializationRule.Type {
    /// The initialisers of this library.
    public static let standard: InitializerRegistry = {
        var registry = InitializerRegistry(of: "initializer")
        let kinds: [any InitializationRule.Type] = [
            Zeros.self, ConstantValues.self, NormalValues.self, Xavier.self, He.self,
        ]
        for kind in kinds { registry.register(kind) }
        return registry
    }()

    /// Adds an initialiser under its `kind`; replaces one of that name.
    public mutating func register(_ rule: any InitializationRule.Type) { register(rule, named: rule.kind) }
}

extension Initializer: CustomStringConvertible {
    /// Creates the initialiser that `text` names: `zeros`, `constant:1`, `normal:0.01`, `xavier`, `he`.
    ///
    /// - Throws: `usage` when no initialiser has this name, or a setting is impossible.
    public init(parsing text: String, in registry: InitializerRegistry = .standard) throws {
        self = try registry.component(parsing: text, usage: { $0.usage }) { kind, settings in
            Initializer(try kind.init(from: &settings))
        }
    }

    /// The text that `init(parsing:in:)` reads.
    public var description: String { rule.text }
}
