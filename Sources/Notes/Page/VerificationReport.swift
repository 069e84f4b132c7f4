import Support

/// The sections' verdicts as JSON.
package enum VerificationReport {
    /// Returns one object on one line: `{"version":1,"sections":[...],"failed":N}`.
    package static func json(_ results: [SectionResult], language: Language = .en) -> String {
        let report: JSONText = [
            "version": 1, "sections": .array(results.map { section($0, language) }),
            "failed": .integer(results.filter { $0.verdict == .failed }.count),
        ]
        return report.line + "\n"
    }

    /// Returns the sections without running them.
    package static func list(language: Language = .en) -> String {
        let list: JSONText = [
            "version": 1,
            "sections": .array(
                Section.all.map {
                    [
                        "number": .integer($0.number), "title": .string($0.title[language]),
                        "snippet": .string($0.snippet),
                    ]
                }),
        ]
        return list.line + "\n"
    }

    private static func section(_ result: SectionResult, _ language: Language) -> JSONText {
        let data: JSONText =
            result.section.needsDigits
            ? .string(result.output.hasPrefix("builtin") ? "builtin" : "mnist") : .null
        return [
            "number": .integer(result.section.number), "title": .string(result.section.title[language]),
            "verdict": .string(result.verdict.rawValue), "data": data,
            "seconds": .rounded(result.seconds, decimals: 3),
            "figures": .array(
                result.figures.map { figure in
                    [
                        "name": .string(figure.figure.name), "value": .string(figure.value),
                        "expected": .string(figure.rule.expectation),
                        "notebook": .string(figure.figure.notebook),
                        "verdict": .string(figure.verdict.rawValue),
                        "note": .string((figure.figure.slip ?? figure.figure.note)?[language]),
                    ]
                }),
            "trouble": .string(result.trouble?[language]),
        ]
    }
}
