/// The languages that pages for people are written in: the notebook, the evaluation report.
public enum Language: String, Sendable, CaseIterable {
    /// English.
    case en
    /// Korean.
    case ko

    /// The language of the environment: the first of LC_ALL, LC_MESSAGES and LANG that is set decides;
    /// English unless it begins with "ko".
    package static var ofEnvironment: Language { chosen { Environment[$0] } }

    /// Returns the language of a set of variables.
    package static func chosen(by variable: (String) -> String?) -> Language {
        let value = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap(variable).first
        return value?.lowercased().hasPrefix("ko") == true ? .ko : .en
    }
}

/// The same in both languages.
package struct Words: Sendable, Equatable {
    /// English.
    package let en: String
    /// Korean.
    package let ko: String

    /// Both.
    package init(_ en: String, _ ko: String) {
        self.en = en
        self.ko = ko
    }

    /// In one of them.
    package subscript(language: Language) -> String { language == .ko ? ko : en }
}
