import Support

/// The judgement on a figure, or on a section.
package enum Verdict: String, Sendable, CaseIterable {
    /// Printed letter by letter as expected.
    case exact
    /// Within the stated tolerance.
    case within = "within tolerance"
    /// Right here; the notebook itself slipped.
    case slip = "the notebook's own slip"
    /// In the range that such a run must reach; the notebook has no figure for it.
    case measured
    /// Only shown, such as a time.
    case shown
    /// Not as expected.
    case failed

    /// Returns the verdict on a section: the one that says most.
    package static func overall(_ verdicts: [Verdict]) -> Verdict {
        for verdict in [Verdict.failed, .slip, .within, .measured, .exact] where verdicts.contains(verdict) {
            return verdict
        }
        return .shown
    }
}

/// A figure as it came out.
package struct FigureResult: Sendable {
    /// The expected figure.
    package let figure: Figure
    /// The printed value.
    package let value: String
    /// The rule that was in force.
    package let rule: Figure.Rule
    /// The judgement.
    package let verdict: Verdict
}

/// A section as it came out.
package struct SectionResult: Sendable {
    /// The section.
    package let section: Section
    /// The code, as it is shown.
    package let code: String
    /// All that it printed.
    package let output: String
    /// Its figures.
    package let figures: [FigureResult]
    /// Lines that belong to no figure, or the fault; nil when all is well.
    package let trouble: Words?
    /// Seconds that it took.
    package let seconds: Double
    /// Its pictures by file name: the bytes.
    package let pictures: [String: [UInt8]]

    /// Returns the code, with its comments in `language`.
    package func code(in language: Language) -> String {
        language == .ko ? KoreanComments.code(code) : code
    }

    /// Returns a picture, its words in `language`; nil when it was not made.
    package func picture(_ file: String, in language: Language) -> [UInt8]? {
        guard let bytes = pictures[file], language == .ko, file.hasSuffix(".svg") else {
            return pictures[file]
        }
        return Array(Korean.chart(String(decoding: bytes, as: UTF8.self)).utf8)
    }

    /// The judgement on all of it.
    package var verdict: Verdict {
        trouble == nil ? .overall(figures.map(\.verdict)) : .failed
    }
}

/// Holds printed lines against figures.
enum Comparison {
    /// Returns the figures of `section` in `output`, and the faults beside them.
    static func compare(_ output: String, with section: Section) -> (
        figures: [FigureResult], trouble: Words?
    ) {
        var lines = output.split(separator: "\n", omittingEmptySubsequences: false)[...]
        if lines.last == "" { lines.removeLast() }
        let isBuiltIn = section.needsDigits && lines.first == "builtin"
        var results: [FigureResult] = []
        for figure in section.figures {
            let rule = isBuiltIn ? figure.builtInRule ?? figure.rule : figure.rule
            let own = lines.prefix(rule.lineCount)
            lines = lines.dropFirst(rule.lineCount)
            let value = own.joined(separator: "\n")
            let holds = own.count == rule.lineCount && matches(value, rule)
            results.append(
                FigureResult(
                    figure: figure, value: value, rule: rule,
                    verdict: holds ? verdict(value, figure, rule) : .failed))
        }
        guard !lines.isEmpty else { return (results, nil) }
        let rest = lines.joined(separator: " | ")
        return (results, Words("lines that nothing was expected of: \(rest)", "예상하지 못한 줄: \(rest)"))
    }

    private static func verdict(_ value: String, _ figure: Figure, _ rule: Figure.Rule) -> Verdict {
        if figure.slip != nil { return .slip }
        // A range holds for every run; one that meets the notebook's own figure is exact nevertheless.
        if value == figure.notebook { return .exact }
        switch rule {
        case .text: return .exact
        case .number: return .within
        case .between: return .measured
        case .shown: return .shown
        }
    }

    private static func matches(_ value: String, _ rule: Figure.Rule) -> Bool {
        switch rule {
        case .text(let text): return value == text
        case .number(let expected, let tolerance):
            return lastNumber(value).map { abs($0 - expected) <= tolerance } ?? false
        case .between(let low, let high):
            return lastNumber(value).map { $0 >= low && $0 <= high } ?? false
        case .shown: return true
        }
    }

    private static func lastNumber(_ line: String) -> Double? {
        line.split(separator: " ").reversed().lazy.compactMap { Double($0) }.first
    }
}
