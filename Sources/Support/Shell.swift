/// Quoting for a shell: commands that are printed to be copied.
package enum Shell {
    /// Quotes `word` so that a shell reads it as one literal word: `a b` becomes `'a b'`.
    ///
    /// Control characters are written as octal escapes in `$'...'` (bash, zsh, ksh; POSIX 2024), so that the
    /// command stays on its line.
    package static func quoted(_ word: String) -> String {
        let plain = word.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "_@%+=:,./-".utf8.contains(byte)
            }
        }
        if plain, !word.isEmpty { return word }
        guard word.showingControlCharacters != word else {
            return "'" + word.replacing("'", with: "'\\''") + "'"
        }
        var text = "$'"
        for scalar in word.unicodeScalars {
            if scalar == "'" || scalar == "\\" {
                text += "\\\(scalar)"
            } else if String(scalar).showingControlCharacters != String(scalar) {
                for byte in String(scalar).utf8 {
                    let digits = String(byte, radix: 8)
                    text += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
                }
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text + "'"
    }

    /// A command line of `words`.
    package static func line(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }
}
