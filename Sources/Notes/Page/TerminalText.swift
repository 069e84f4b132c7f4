import Arrays
import Support

/// Sections as text for a terminal.
package struct TerminalText: Sendable {
    /// The language.
    package let language: Language
    /// Whether verdicts and headings may be coloured.
    package let usesColor: Bool
    /// The longest line of running text, in columns.
    package let columns: Int
    /// The folder that keeps the pictures; nil when they are not kept.
    package var picturesFolder: String?

    /// Advice beside the pictures' names when they are not kept; the page shows them.
    package var picturesAdvice: Words?
    /// Advice beside results of the built-in digits, which replace MNIST.
    package var dataAdvice: Words?

    /// Text in `language`.
    package init(language: Language, usesColor: Bool = false, columns: Int = 80) {
        self.language = language
        self.usesColor = usesColor
        self.columns = max(20, min(columns, 100))
    }

    /// Returns the list of sections: numbers, titles, the snippets' names.
    package func list() -> String {
        Section.all.map { section in
            let number = section.number < 10 ? " \(section.number)" : "\(section.number)"
            return "\(number)  \(section.title[language])  (\(section.snippet))\n"
        }.joined()
    }

    /// Returns a whole section: explanation, code, figures, verdict.
    package func text(_ result: SectionResult) -> String {
        let section = result.section
        var text = styled("\(section.number). \(section.title[language])", "1") + "\n\n"
        text += paragraphs(section.text[language])
        text += result.code(in: language).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .map { $0.isEmpty ? "\n" : "    \($0)\n" }.joined()
        text +=
            "\n"
            + dim(
                "\(Phrases.aloneWith[language]) swift run \(section.snippet) \(Phrases.firstBuild[language])")
            + "\n"
        if let name = result.dataName(language) {
            let advice = result.usesBuiltInDigits ? dataAdvice.map { ": \($0[language])" } ?? "" : ""
            text += dim("\(Phrases.data[language]): \(name)\(advice)") + "\n"
        }
        text += "\n" + result.figures.map(line).joined()
        if !section.pictures.isEmpty {
            let names = section.pictures.map(\.file).joined(separator: ", ")
            let advice =
                picturesFolder.map { "\($0)/" } ?? (picturesAdvice ?? Phrases.picturesAdvice)[language]
            text += "\n" + dim("\(Phrases.pictures[language]): \(names) (\(advice))") + "\n"
        }
        if let afterword = section.afterword { text += "\n" + paragraphs(afterword[language]) }
        return text + trouble(result) + "\n" + summary(result)
    }

    /// Returns a section in one line: its number, title, verdict and time; its failures below it.
    package func summary(_ result: SectionResult) -> String {
        let section = result.section
        var text = "\(section.number). \(section.title[language]): \(colored(result.verdict))"
        text += dim("  \(fixed(result.seconds, 2))\(Phrases.seconds[language])") + "\n"
        return text
    }

    /// Returns the figures that failed, and other faults.
    package func failures(_ result: SectionResult) -> String {
        result.figures.filter { $0.verdict == .failed }.map(line).joined() + trouble(result)
    }

    /// Returns the closing line for the number of failed sections.
    package func conclusion(failed: Int) -> String {
        (failed == 0 ? Phrases.allHold : Phrases.failed(failed))[language] + "\n"
    }

    private func trouble(_ result: SectionResult) -> String {
        result.trouble.map { "  \(Phrases.trouble[language]): \($0[language])\n" } ?? ""
    }

    private func line(_ result: FigureResult) -> String {
        let figure = result.figure
        var text =
            "  \(figure.name(in: language)): " + indented(result.value) + "   [\(colored(result.verdict))]\n"
        if let notebook = figure.notebook, notebook != result.value {
            text += "      \(Phrases.notebook[language]): " + indented(notebook) + "\n"
        }
        if result.verdict == .failed, let expectation = result.rule.expectation {
            text += "      \(Phrases.expected[language]): " + indented(expectation) + "\n"
        } else if let tolerance = result.rule.tolerance(language) {
            text += dim("      \(tolerance)") + "\n"
        }
        for words in [figure.slip, figure.note].compactMap({ $0 }) {
            text += wrapped(words[language], indentation: 6)
        }
        return text
    }

    /// Values of several lines begin on a line of their own.
    private func indented(_ value: String) -> String {
        guard value.contains("\n") else { return value }
        return value.split(separator: "\n", omittingEmptySubsequences: false).map { "\n      \($0)" }.joined()
    }

    private func paragraphs(_ text: String) -> String {
        text.split(separator: "\n").map { wrapped(String($0), indentation: 0) + "\n" }.joined()
    }

    /// Lines of at most `columns` columns; wide characters take two.
    func wrapped(_ text: String, indentation: Int) -> String {
        let space = String(repeating: " ", count: indentation)
        var (lines, line, width) = ([String](), "", 0)
        for word in text.split(separator: " ") {
            let length = Self.width(of: word)
            if !line.isEmpty, indentation + width + 1 + length > columns {
                lines.append(line)
                (line, width) = ("", 0)
            }
            line += line.isEmpty ? word : " \(word)"
            width += length + (width == 0 ? 0 : 1)
        }
        lines.append(line)
        return lines.map { "\(space)\($0)\n" }.joined()
    }

    private static func width(of text: Substring) -> Int {
        text.unicodeScalars.reduce(0) { $0 + ((0x1100...0xFFDC).contains($1.value) && isWide($1) ? 2 : 1) }
    }

    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60:
            true
        default: false
        }
    }

    private func colored(_ verdict: Verdict) -> String {
        let code =
            switch verdict {
            case .exact, .within, .measured: "32"
            case .slip: "33"
            case .shown: "2"
            case .failed: "31"
            }
        return styled(verdict.words[language], code)
    }

    private func dim(_ text: String) -> String { styled(text, "2") }

    private func styled(_ text: String, _ code: String) -> String {
        usesColor ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
