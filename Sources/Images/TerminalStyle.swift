/// A way to draw an image with text.
public enum TerminalStyle: String, Sendable, CaseIterable {
    /// Characters from light to dark, two columns to a pixel; no colour codes, fit for files and `NO_COLOR`.
    case shades
    /// Characters from light to dark, one column to a pixel and two pixel rows (their mean) to a line.
    case compactShades
    /// Half blocks, two pixel rows to a line, in the 256 colours of xterm.
    case colors256
    /// Half blocks, two pixel rows to a line, in 24-bit colour.
    case trueColor

    /// Returns the richest style that an output can show.
    ///
    /// `shades` when the output is not a terminal, when `NO_COLOR` is set and not empty (no-color.org), or when `TERM`
    /// is missing or `dumb`; 24-bit colour when `COLORTERM` says so; 256 colours when `TERM` does.
    ///
    /// - Parameters:
    ///   - environment: the process's environment variables.
    ///   - isTerminal: whether the output goes to a terminal.
    package static func suited(to environment: [String: String], isTerminal: Bool) -> TerminalStyle {
        guard isTerminal, environment["NO_COLOR", default: ""].isEmpty else { return .shades }
        guard let terminal = environment["TERM"], !terminal.isEmpty, terminal != "dumb" else {
            return .shades
        }
        if let color = environment["COLORTERM"], color == "truecolor" || color == "24bit" {
            return .trueColor
        }
        if terminal.hasSuffix("-direct") { return .trueColor }
        return terminal.contains("256color") ? .colors256 : .shades
    }

    var usesColor: Bool { self == .colors256 || self == .trueColor }

    /// The number of columns of one pixel.
    var columnsPerPixel: Int { self == .shades ? 2 : 1 }
}
