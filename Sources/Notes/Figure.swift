import Support

/// A figure that a snippet prints, and its expectation.
package struct Figure: Sendable {
    /// The rule that a printed line is checked by.
    package enum Rule: Sendable, Equatable {
        /// These lines, letter by letter.
        case text(String)
        /// The line's last number, to within a tolerance.
        case number(Double, within: Double)
        /// The line's last number is between two others.
        case between(Double, Double)
        /// So many lines that only show something: a time, a picture.
        case shown(lines: Int)

        /// The number of lines of output that belong to the figure.
        var lineCount: Int {
            switch self {
            case .text(let text): text.split(separator: "\n", omittingEmptySubsequences: false).count
            case .shown(let lines): lines
            case .number, .between: 1
            }
        }

        /// The expectation in words.
        package var expectation: String? {
            switch self {
            case .text(let text): text
            case .number(let value, let tolerance): "\(value) ± \(tolerance)"
            case .between(let low, let high): "\(low) … \(high)"
            case .shown: nil
            }
        }
    }

    /// The name in the code.
    package let name: String
    /// The rule that holds for MNIST.
    package let rule: Rule
    /// The rule for the built-in digits, where they give something else than MNIST.
    package let builtInRule: Rule?
    /// The figure that the notebook printed; nil when it has no such cell.
    package let notebook: String?
    /// The source of the expected figure, when it is not the notebook, or a remark on it.
    package let note: Words?
    /// The notebook's own slip, explained.
    package let slip: Words?

    /// Creates a figure with its rule.
    init(
        _ name: String, _ rule: Rule, builtIn: Rule? = nil, notebook: String? = nil, note: Words? = nil,
        slip: Words? = nil
    ) {
        self.name = name
        self.rule = rule
        builtInRule = builtIn
        self.notebook = notebook
        self.note = note
        self.slip = slip
    }

    /// Returns the name in the code, or in words.
    package func name(in language: Language) -> String { language == .ko ? Korean.name(name) : name }

    /// Returns a figure that must be printed as the notebook printed it.
    static func same(_ name: String, _ text: String, note: Words? = nil) -> Figure {
        Figure(name, .text(text), notebook: text, note: note)
    }

    /// The name of the data, the first line of every section that needs digits.
    static let dataName = Figure("data.name", .text("mnist"), builtIn: .text("builtin"))
}
