import Foundation
import Testing

/// Flags belong to the command: a library names the argument, in backticks, and the command knows its flag.
@Suite(
    "Libraries name arguments, the command names flags",
    .enabled(if: Repository.isCheckout, "needs a git checkout"))
struct FlagTests {
    /// Strings that hold words of other programs: SwiftPM's own flags, Python's parser, Markdown.
    private static let others = [
        "Sources/Diagnostics/Export/NumPyParts.swift", "Sources/Notes/Running/SnippetRunner.swift",
        "Sources/Models/ModelCard.swift", "Sources/Notes/Page/KoreanComments.swift",
    ]

    /// The lines of code of the libraries, without comments.
    private static func lines() throws -> [(path: String, line: Substring)] {
        try Repository.files().filter {
            $0.hasPrefix("Sources/") && $0.hasSuffix(".swift") && !$0.hasPrefix("Sources/DescentCommand/")
                && !others.contains($0)
        }.flatMap { path in
            (try Repository.text(of: path) ?? "").split(separator: "\n")
                .filter { !$0.drop { $0 == " " }.hasPrefix("//") }.map { (path, $0) }
        }
    }

    @Test("No library says a flag, or a command of the program")
    func librariesSayNoFlags() throws {
        let flag = /"[^"]*(^|[^-\w])--[a-z]/
        let command =
            /"[^"]*\bdescent (train|evaluate|predict|runs|compare|tune|summary|features|notes|convert|find-lr|profile|overfit|gradcheck|boundary|help)\b/
        #expect(#"advice: "give another --out""#.contains(flag))
        #expect(!#"let rule = "a--b""#.contains(flag))
        let lines = try Self.lines()
        #expect(lines.count > 20_000)
        for (path, line) in lines {
            #expect(!line.contains(flag) && !line.contains(command), "\(path): \(line)")
        }
    }

    /// `precondition`-like messages of Arrays are in NumPy's words, which has backticks of its own; they end the program.
    @Test("Every argument that an error names has its flag, and no other")
    func argumentsHaveFlags() throws {
        let table = try #require(try Repository.text(of: "Sources/DescentCommand/ArgumentFlags.swift"))
        let known = Set(table.matches(of: /"(\w+)": "--[a-z-]+"/).map { String($0.output.1) })
        var named: Set<String> = []
        for (path, line) in try Self.lines() where !path.hasPrefix("Sources/Arrays/") {
            guard let quote = line.firstIndex(of: "\"") else { continue }
            named.formUnion(line[quote...].matches(of: /`(\w+)`/).map { String($0.output.1) })
        }
        #expect(named == known)
    }
}
