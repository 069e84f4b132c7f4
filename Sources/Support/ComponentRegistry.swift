/// A registry of the kinds of one component, by the names that flags, files and texts use.
///
/// A registry is a value, never global. To add a kind of your own, register it in a copy of the standard registry and
/// pass that copy to the function that reads names:
///
/// ```swift
/// var optimizers = OptimizerRegistry.standard
/// optimizers.register(SignDescent.self)
/// let rule = try optimizers.kind(named: "sign").init()
/// ```
public struct ComponentRegistry<Kind: Sendable>: Sendable {
    /// The component's name in errors: "optimizer".
    package let component: String
    private var entries: [(name: String, kind: Kind)] = []

    /// Creates an empty registry of components that errors call `component`.
    package init(of component: String) { self.component = component }

    /// The names in the order of their registration.
    public var names: [String] { entries.map(\.name) }

    /// The kinds in the order of their registration.
    public var kinds: [Kind] { entries.map(\.kind) }

    /// Registers a kind under a name, replacing any kind of that name.
    ///
    /// - Precondition: the name is not empty and has no comma and no colon: texts and files separate names and settings
    ///   by them, and would read another name.
    public mutating func register(_ kind: Kind, named name: String) {
        require(
            !name.isEmpty && !name.contains(where: { $0 == "," || $0 == ":" }),
            "a kind of \(component) is named '\(name)'; expected a name without comma and colon")
        if let place = entries.firstIndex(where: { $0.name == name }) {
            entries[place].kind = kind
        } else {
            entries.append((name, kind))
        }
    }

    /// The kind of that name; nil if none is registered.
    public subscript(name: String) -> Kind? { entries.first { $0.name == name }?.kind }

    /// Returns the kind of that name.
    ///
    /// - Throws: `usage` that lists the registered names.
    public func kind(named name: String) throws -> Kind {
        if let kind = self[name] { return kind }
        throw DescentError(
            .usage, "unknown \(component)", expected: names.joined(separator: ", "), got: "'\(name)'",
            advice: "register what is your own before its name is read")
    }
}
