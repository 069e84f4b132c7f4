/// The languages that the notebook speaks.
public enum Language: String, Sendable, CaseIterable {
    /// English.
    case en
    /// Korean.
    case ko

    /// The language that the environment asks for: the first of LC_ALL, LC_MESSAGES and LANG that is set decides;
    /// English unless it begins with "ko".
    public static var ofEnvironment: Language {
        for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
            if let value = Notebook.variable(name) { return value.lowercased().hasPrefix("ko") ? .ko : .en }
        }
        return .en
    }
}

/// The same in both languages.
public struct Words: Sendable, Equatable {
    /// English.
    public let en: String
    /// Korean.
    public let ko: String

    /// Both.
    public init(_ en: String, _ ko: String) {
        self.en = en
        self.ko = ko
    }

    /// In one of them.
    public subscript(language: Language) -> String { language == .ko ? ko : en }
}
