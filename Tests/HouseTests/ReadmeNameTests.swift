import Foundation
import Testing

/// A module's README names types and files; after a rename or a removal its words must follow.
@Suite struct ReadmeNameTests {
    @Test func everyNameStandsInTheRepository() throws {
        let files = try Repository.files()
        var known: Set<String> = []
        for file in files {
            known.formUnion(Self.words(of: file))
            if Self.sourceEndings.contains(where: file.hasSuffix), let text = try Repository.text(of: file) {
                known.formUnion(Self.words(of: text))
            }
        }
        known.formUnion(known.map(Self.snakeCase))
        var checked = 0
        for file in files where file.hasPrefix("Sources/") && file.hasSuffix("/README.md") {
            for name in Self.names(in: try #require(try Repository.text(of: file))) {
                checked += 1
                #expect(known.contains(name), "\(file): `\(name)`")
            }
        }
        #expect(checked > 500)
    }

    @Test(arguments: [
        ("`Dense` takes [N, D]; `nn/rows.c` too, `f(x:)`", ["Dense", "rows"]),
        ("```swift\n`Gone`\n```\n`Stays`, `k`, `--seed 3`", ["Stays", "seed"]),
        ("`include/ck_FOLDER.h` and `transform0.mean`", ["include", "mean"]),
    ])
    func whatIsAName(text: String, names: [String]) {
        #expect(Self.names(in: text) == names)
    }

    @Test(arguments: [("meanConfidence", "mean_confidence"), ("x", "x"), ("ECE", "ece")])
    func asJSONSpellsIt(word: String, key: String) {
        #expect(Self.snakeCase(word) == key)
    }

    private static let sourceEndings = [".swift", ".h", ".c", ".cpp", ".py", "/descent"]

    /// The words of four letters or more in backticks outside blocks of code, without placeholders (`ck_FOLDER`, `transform0`).
    private static func names(in text: String) -> [String] {
        text.replacing(#/(?s)```.*?```/#, with: "").matches(of: #/`([^`]+)`/#).flatMap { quoted in
            words(of: quoted.1).filter {
                $0.count > 3 && !$0.contains(#/^[0-9]|_[A-Z]+$|[a-z]0$/#)
            }
        }
    }

    /// Runs of ASCII letters, digits and `_`; by bytes, for all sources pass through it.
    private static func words(of text: some StringProtocol) -> [String] {
        text.utf8.split { byte in
            !(UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
                || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || byte == UInt8(ascii: "_"))
        }.map { String(decoding: $0, as: UTF8.self) }
    }

    /// `meanConfidence` as `mean_confidence`: reports in JSON spell properties so.
    private static func snakeCase(_ word: String) -> String {
        var key = "", wasSmall = false
        for letter in word {
            if letter.isUppercase, wasSmall { key += "_" }
            wasSmall = letter.isLowercase || letter.isNumber
            key += letter.lowercased()
        }
        return key
    }
}
