/// A figure that a snippet prints, and what it must be.
public struct Figure: Sendable {
    /// What a printed line is held against.
    public enum Rule: Sendable, Equatable {
        /// These lines, letter by letter.
        case text(String)
        /// The line's last number, to within a tolerance.
        case number(Double, within: Double)
        /// The line's last number lies between two others.
        case between(Double, Double)
        /// So many lines that only show something: a time, a picture.
        case shown(lines: Int)

        /// How many lines of output belong to the figure.
        var lineCount: Int {
            switch self {
            case .text(let text): text.split(separator: "\n", omittingEmptySubsequences: false).count
            case .shown(let lines): lines
            case .number, .between: 1
            }
        }

        /// What was expected, for a person.
        public var expectation: String? {
            switch self {
            case .text(let text): text
            case .number(let value, let tolerance): "\(value) ± \(tolerance)"
            case .between(let low, let high): "\(low) … \(high)"
            case .shown: nil
            }
        }
    }

    /// What the code calls it.
    public let name: String
    /// What is expected.
    public let rule: Rule
    /// What is expected of the built-in digits, where they give something else than MNIST.
    public let builtInRule: Rule?
    /// What the notebook printed; nil when it has no such cell.
    public let notebook: String?
    /// Where the expected figure comes from, when not from the notebook, or what there is to say about it.
    public let note: Words?
    /// The notebook's own slip, explained.
    public let slip: Words?

    /// A figure with its rule.
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

    /// What the code calls it, or what it is called in words.
    public func name(in language: Language) -> String { language == .ko ? Korean.name(name) : name }

    /// A figure that must be printed as the notebook printed it.
    static func same(_ name: String, _ text: String, note: Words? = nil) -> Figure {
        Figure(name, .text(text), notebook: text, note: note)
    }

    /// The name of the data, the first line of every section that needs digits.
    static let dataName = Figure("data.name", .text("mnist"), builtIn: .text("builtin"))
}
