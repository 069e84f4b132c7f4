/// A kind of component that flags and files write as a name with settings: `huber:0.5`, `step:every=5,factor=0.1`.
public protocol NamedBySettings: Sendable, Hashable {
    /// The name in flags and files.
    static var kind: String { get }

    /// The text with the default settings: `huber:1`. The name alone by default.
    static var usage: String { get }

    /// Creates the component from the settings of a text.
    ///
    /// - Throws: `usage` for an impossible setting.
    init(from settings: inout SettingText) throws

    /// The settings as `init(from:)` reads them, without the name: `smoothing=0.1`; empty, as by default, without any.
    var settingsText: String { get }
}

extension NamedBySettings {
    /// The name.
    public static var usage: String { kind }

    /// The empty text.
    public var settingsText: String { "" }

    /// The name with the settings.
    package var text: String { Self.kind + (settingsText.isEmpty ? "" : ":" + settingsText) }
}

extension ComponentRegistry {
    /// Parses `text` into a component: `make` gets its kind and its settings, and must read every setting.
    ///
    /// - Throws: `usage` for an unknown name or an invalid setting.
    package func component<Value>(
        parsing text: String, usage: (Kind) -> String, make: (Kind, inout SettingText) throws -> Value
    ) throws -> Value {
        var settings = SettingText(text, of: component)
        guard let kind = self[settings.name] else { throw settings.unknownName(known: kinds.map(usage)) }
        let value = try make(kind, &settings)
        try settings.finish()
        return value
    }
}
