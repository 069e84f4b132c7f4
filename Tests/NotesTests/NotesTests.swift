import Arrays
import Foundation
import FoundationXML
import Support
import TestSupport
import Testing

@testable import Notes

extension Section: CustomTestStringConvertible {
    /// The number stands for it in the tests' output.
    public var testDescription: String { "section \(number)" }
}

/// The package's root, three steps up from this file.
private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

/// A runner that builds nothing: under `swift test` the build directory is locked, and the tests' own build has
/// made the snippets' programs already.
private func makeRunner() throws -> SnippetRunner {
    var runner = try SnippetRunner(root: root, builds: false)
    runner.timeLimit = 60
    return runner
}

private let hasPrograms =
    (try? makeRunner()).map { runner in
        Section.all.allSatisfy { FileManager.default.isExecutableFile(atPath: runner.program(of: $0)) }
    } ?? false

@Suite("The notebook's sections")
struct SectionTests {
    @Test("Fifteen sections, numbered, each with its snippet")
    func numbering() throws {
        #expect(Section.all.map(\.number) == Array(1...15))
        let files = try FileManager.default.contentsOfDirectory(atPath: root + "/Snippets").sorted()
        #expect(files == Section.all.map { $0.snippet + ".swift" })
    }

    @Test("Every section has both languages and something that can fail", arguments: Section.all)
    func complete(_ section: Section) {
        let words =
            [section.title, section.text] + section.pictures.map(\.caption)
            + section.figures.flatMap { [$0.note, $0.slip] }.compactMap { $0 }
            + [section.afterword].compactMap { $0 }
        for text in words {
            #expect(!text.en.isEmpty && !text.ko.isEmpty)
            let isKorean = text.ko.unicodeScalars.contains { (0xAC00...0xD7A3).contains($0.value) }
            #expect(isKorean || text.ko == "MNIST", "not Korean: \(text.ko)")
            #expect(!text.en.unicodeScalars.contains { (0xAC00...0xD7A3).contains($0.value) })
        }
        #expect(section.figures.contains { if case .shown = $0.rule { false } else { true } })
        #expect(section.text.en.count > 100 && section.text.ko.count > 60)
    }

    /// Figures of the notebook that issue 3 names, typed from there.
    @Test(
        "The figures of the issue are among the expected ones",
        arguments: [
            (1, "(3, 2)"), (2, "[0.31682708 0.77338016]"), (2, "[0.31682708 0.69627909]"),
            (3, "[0.00968996 0.11804785 0.87226219]"), (4, "0.09750000000000003"), (4, "0.5975"),
            (4, "0.510825457099338"), (4, "2.302584092994546"), (6, "(60000, 784)"), (6, "(60000, 10)"),
            (7, "(10, 784)"), (9, "[6. 8.]"), (9, "[0. 4.]"), (9, "[6. 0.]"), (11, "(784, 50)"),
        ])
    func issueFigures(_ number: Int, _ text: String) {
        #expect(Section.all[number - 1].figures.contains { $0.rule == .text(text) })
    }

    @Test("A section with a slip of the notebook holds, and says so")
    func slipHolds() {
        #expect(Verdict.slip.words.en == "holds; the notebook has a slip")
        #expect(notEmpty(Section.all).allSatisfy { !$0.text.en.contains("later version") })
        #expect(Section.features.afterword?.en.contains("later version") == false)
    }

    @Test("Slips keep the notebook's figure beside the right one")
    func slips() throws {
        let slip = try #require(Section.losses.figures.first { $0.slip != nil })
        #expect(slip.notebook == "2.302584092994546")
        #expect(slip.rule == .text("0.510825457099338"))
    }
}

@Suite("Korean for what the code says in English")
struct KoreanTests {
    @Test("Every figure's name is code or is translated", arguments: Section.all)
    func names(_ section: Section) {
        for figure in section.figures {
            // Two words of plain letters beside each other are a phrase; code has none.
            let isPhrase = figure.name.contains(/^[a-z]+(, | |'s )[a-z]+/)
            #expect(!isPhrase || Korean.name(figure.name) != figure.name, "\(figure.name)")
        }
    }

    @Test("A chart's words are translated, and nothing else of it")
    func chart() {
        let svg =
            "<svg><style>.a{x:1>0}</style><text x=\"1\">Accuracy</text><text>94.6 %</text>"
            + "<desc>After 16 epochs: training accuracy 94.6 %, test loss 0.192</desc></svg>"
        #expect(
            Korean.chart(svg) == "<svg><style>.a{x:1>0}</style><text x=\"1\">정확도</text><text>94.6 %</text>"
                + "<desc>16에폭 후: 훈련 정확도 94.6 %, 시험 손실 0.192</desc></svg>")
    }
}

@Suite("Korean comments")
struct KoreanCommentTests {
    @Test("Every comment of a snippet has its Korean", arguments: Section.all)
    func comments(_ section: Section) throws {
        let code = try makeRunner().code(of: section)
        let korean = KoreanComments.code(code)
        for (line, translated) in paired(code.split(separator: "\n"), korean.split(separator: "\n"))
        where line.contains("//") && !line.hasSuffix("// W1, b1, W2, b2") {
            #expect(line != translated, "\(line)")
            let start = try #require(line.firstRange(of: "//")?.lowerBound)
            #expect(translated.hasPrefix(line[..<start]), "the code itself is changed: \(translated)")
        }
        #expect(code.split(separator: "\n").count == korean.split(separator: "\n").count)
    }

    @Test("No translation is left over")
    func leftOver() throws {
        let all = try Section.all.map { try makeRunner().code(of: $0) }.joined()
        for comment in KoreanComments.comments.keys { #expect(all.contains("// \(comment)"), "\(comment)") }
    }
}

@Suite("Sections by name")
struct SectionNameTests {
    @Test(
        "A number, a name, a part of a name, a part of a title",
        arguments: [
            ("1", [1]), ("arrays", [1]), ("01-arrays", [1]), ("softmax", [3]), ("gradient", [9]),
            ("gradient-descent", [10]), ("propagation", [13]), ("features", [14]), ("SIFT", [14]),
            ("배열", [1]),
            ("net", [12]), ("16", []), ("", []), ("nothing", []),
        ] as [(String, [Int])])
    func named(_ name: String, _ numbers: [Int]) { #expect(Section.named(name).map(\.number) == numbers) }
}

@Suite("The language")
struct LanguageTests {
    @Test(
        "The first variable that is set decides",
        arguments: [
            ([:], Language.en), (["LANG": "ko_KR.UTF-8"], .ko), (["LANG": "en_US.UTF-8"], .en),
            (["LC_ALL": "C", "LANG": "ko_KR.UTF-8"], .en), (["LC_MESSAGES": "ko_KR", "LANG": "de_DE"], .ko),
        ] as [([String: String], Language)])
    func environment(_ variables: [String: String], _ language: Language) {
        #expect(Language.chosen { variables[$0] } == language)
    }
}

@Suite("Weights for section 11")
struct WeightsTests {
    /// `pickle.dumps({}, 2)` and `pickle.dumps("a", 2)` without its memo, Python 3.11.
    @Test(
        "A pickle without the weights is refused, and says what is missing",
        arguments: [[0x80, 2, 0x7D, 0x71, 0, 0x2E], [0x80, 2, 0x58, 1, 0, 0, 0, 0x61, 0x2E]] as [[UInt8]])
    func refused(_ bytes: [UInt8]) throws {
        let directory = try TemporaryDirectory()
        let file = directory.path + "/weights.pkl"
        try Data(bytes).write(to: URL(filePath: file))
        let error = #expect(throws: DescentError.self) { _ = try Notebook.weights(in: file) }
        #expect(error?.kind == .badData)
    }

    @Test("A file that is not there is missing input")
    func missing() {
        let error = #expect(throws: DescentError.self) { _ = try Notebook.weights(in: "/no/such.pkl") }
        #expect(error?.kind == .missingInput)
    }
}

@Suite("Printed lines against figures")
struct ComparisonTests {
    private let section = Section(
        1, "none", title: Words("a", "가"), text: Words("b", "나"),
        figures: [
            .same("matrix", "[[1 2]\n [3 4]]"), Figure("near", .number(0.5, within: 0.01)),
            Figure("range", .between(0.9, 1)), Figure("time", .shown(lines: 1)),
            Figure("right", .text("1"), notebook: "2", slip: Words("c", "다")),
        ])
    private let good = "[[1 2]\n [3 4]]\n0.501\nk = 1: 0.95\n0.3 s\n1\n"

    @Test("All kinds of figures hold")
    func holds() {
        let (figures, trouble) = Comparison.compare(good, with: section)
        #expect(figures.map(\.verdict) == [.exact, .within, .measured, .shown, .slip])
        #expect(trouble == nil)
    }

    @Test(
        "Each wrong line fails, and only its figure",
        arguments: [
            ("[3 4]", "[3 5]", 0), ("0.501", "0.52", 1), ("0.95", "0.89", 2), ("0.95", "nan", 2),
            ("\n1\n", "\n2\n", 4), ("0.501", "none", 1),
        ])
    func wrong(_ part: String, _ other: String, _ place: Int) {
        let (figures, _) = Comparison.compare(good.replacingOccurrences(of: part, with: other), with: section)
        #expect(figures.indices.filter { figures[$0].verdict == .failed } == [place])
    }

    @Test("Missing and unexpected lines fail")
    func count() {
        #expect(
            Comparison.compare("[[1 2]\n", with: section).figures.allSatisfy {
                $0.verdict == .failed || $0.value.isEmpty
            })
        #expect(Comparison.compare("[[1 2]\n", with: section).figures[4].verdict == .failed)
        #expect(Comparison.compare(good + "more\n", with: section).trouble?.en.contains("more") == true)
    }
}

@Suite("The notebook run", .enabled(if: hasPrograms, "the snippets are not built: swift build"))
struct RunTests {
    @Test(
        "Sections that need no digits and no long computation hold",
        arguments: Section.all.filter { !$0.needsDigits && !$0.isLong })
    func verify(_ section: Section) throws {
        let result = try makeRunner().run(section)
        #expect(result.verdict != .failed)
        #expect(result.trouble == nil)
        for figure in result.figures where figure.verdict == .failed {
            Issue.record("\(figure.figure.name): \(figure.value), not \(figure.rule)")
        }
        #expect(Set(result.pictures.keys) == Set(section.pictures.map(\.file)))
    }

    @Test("A section that expects another figure fails, in the JSON too")
    func negativeControl() throws {
        var figures = Section.arrays.figures
        figures[1] = .same("A.ndim", "2")
        let wrong = Section(
            1, "01-arrays", title: Section.arrays.title, text: Section.arrays.text, figures: figures)
        let result = try makeRunner().run(wrong)
        #expect(result.verdict == .failed)
        #expect(result.figures.map { $0.verdict == .failed } == figures.indices.map { $0 == 1 })
        #expect(VerificationReport.json([result]).hasSuffix("\"failed\":1}\n"))
    }

    @Test("A section that takes too long is stopped and fails")
    func late() throws {
        var runner = try makeRunner()
        runner.timeLimit = 0.05
        let result = try runner.run(.backpropagation)
        #expect(result.verdict == .failed)
        #expect(result.trouble?.en.contains("not finished") == true)
    }

    @Test("The JSON has the stated shape")
    func json() throws {
        let text = VerificationReport.json([try makeRunner().run(.forwardPass)])
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(object["version"] as? Int == 1)
        #expect(object["failed"] as? Int == 0)
        let section = try #require((object["sections"] as? [[String: Any]])?.first)
        #expect(section["number"] as? Int == 2)
        #expect(section["verdict"] as? String == "exact")
        let figures = try #require(section["figures"] as? [[String: Any]])
        #expect(figures.map { $0["value"] as? String }.contains("[0.31682708 0.77338016]"))
    }

    @Test("The page is well-formed, whole, and asks for nothing from elsewhere", arguments: Language.allCases)
    func page(_ language: Language) throws {
        let runner = try makeRunner()
        let results = try [Section.losses, .numericalDifferentiation, .gradient].map { try runner.run($0) }
        let html = NotebookPage(language: language).html(results)
        #expect(html.contains("<html lang=\"\(language.rawValue)\">"))
        if language == .ko {
            let words = html.matches(of: /<(?:text|title|desc)[^>]*>([^<]+)</).map { String($0.output.1) }
            let english = words.filter { $0.contains(/[a-z]{3,}/) }
            #expect(english == [], "a chart speaks English on the Korean page")
        }
        for result in notEmpty(results) {
            #expect(html.contains("id=\"s\(result.section.number)\""))
            #expect(html.contains("swift run \(result.section.snippet)"))
        }
        #expect(html.components(separatedBy: "<svg").count - 1 >= 2)
        // The page is XML but for its first line.
        let parser = XMLParser(data: Data(html.replacingOccurrences(of: "<!DOCTYPE html>", with: "").utf8))
        #expect(parser.parse(), "\(parser.parserError.map { "\($0)" } ?? "") in line \(parser.lineNumber)")
        let addresses = html.matches(of: /(?:src|href)="([^"]*)"|url\(([^)]*)\)/).map {
            $0.output.1 ?? $0.output.2 ?? ""
        }
        #expect(notEmpty(addresses).allSatisfy { $0.hasPrefix("#") || $0.hasPrefix("data:") })
        #expect(!html.contains("<script") && !html.contains("@import") && !html.contains("<link"))
    }

    @Test("The terminal's text fits its width in both languages", arguments: Language.allCases)
    func terminal(_ language: Language) throws {
        let result = try makeRunner().run(.softmax)
        let text = TerminalText(language: language, columns: 72).text(result)
        #expect(text.contains(Section.softmax.title[language]))
        #expect(text.contains("let y = softmax(NDArray([0.5, 3.0, 5.0]))"))
        #expect(text.contains(Verdict.exact.words[language]))
    }
}
