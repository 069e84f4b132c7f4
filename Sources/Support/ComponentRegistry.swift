/// The kinds of one component by their names: what flags, files and texts may name.
///
/// A registry is a value. Whoever has a kind of their own registers it in a copy of the standard one and gives that copy to
/// what reads names:
///
/// ```swift
/// var optimizers = OptimizerRegistry.standard
/// optimizers.register(SignDescent.self)
/// let rule = try optimizers.kind(named: "sign").init()
/// ```
public struct ComponentRegistry<Kind: Sendable>: Sendable {
    /// What such a component is called in errors: "optimizer".
    public let component: String
    private var entries: [(name: String, kind: Kind)] = []

    /// A registry without kinds, of components that errors call `component`.
    public init(of component: String) { self.component = component }

    /// The names in the order of their registration.
    public var names: [String] { entries.map(\.name) }

    /// The kinds in the order of their registration.
    public var kinds: [Kind] { entries.map(\.kind) }

    /// Adds a kind under its name; one that had the name is replaced.
    public mutating func register(_ kind: Kind, named name: String) {
        if let place = entries.firstIndex(where: { $0.name == name }) {
            entries[place].kind = kind
        } else {
            entries.append((name, kind))
        }
    }

    /// The kind of that name; nil when there is none.
    public subscript(name: String) -> Kind? { entries.first { $0.name == name }?.kind }

    /// The kind of that name.
    ///
    /// - Throws: `usage` that names the kinds there are.
    public func kind(named name: String) throws -> Kind {
        if let kind = self[name] { return kind }
        throw DescentError(
            .usage, "unknown \(component)", expected: names.joined(separator: ", "), got: "'\(name)'",
            advice: "register what is your own before its name is read")
    }
}
