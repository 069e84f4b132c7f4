/// How many columns of a terminal a text takes: Korean, Chinese, Japanese and emoji take two for a character.
enum DisplayWidth {
    static func of(_ text: String) -> Int { text.reduce(0) { $0 + of($1) } }

    static func of(_ character: Character) -> Int {
        guard let first = character.unicodeScalars.first else { return 0 }
        if character.unicodeScalars.contains(where: \.properties.isEmojiPresentation)
            || character.unicodeScalars.contains("\u{FE0F}")
        {
            return 2
        }
        switch first.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3,
            0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            return 2
        default:
            return [.nonspacingMark, .enclosingMark].contains(first.properties.generalCategory) ? 0 : 1
        }
    }

    /// The text, or its beginning and "…" where it takes more columns.
    static func shortened(_ text: String, to width: Int) -> String {
        guard of(text) > width else { return text }
        return beginning(text, width - 1) + (width > 0 ? "\u{2026}" : "")
    }

    /// As many characters as `width` columns take.
    static func beginning(_ text: String, _ width: Int) -> String {
        var (kept, room) = ("", width)
        for character in text {
            room -= of(character)
            guard room >= 0 else { break }
            kept.append(character)
        }
        return kept
    }

    /// The text with spaces on its right, or on its left.
    static func padded(_ text: String, to width: Int, isRight: Bool = false) -> String {
        let space = String(repeating: " ", count: max(0, width - of(text)))
        return isRight ? space + text : text + space
    }
}
