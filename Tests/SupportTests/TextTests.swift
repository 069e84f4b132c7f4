import Foundation
import Support
import Testing

/// Texts that come from files and paths, and go to a terminal or a shell.
@Suite struct TextTests {
    @Test func wordsAreQuotedForTheShell() {
        for (word, text) in [
            ("runs/latest", "runs/latest"), ("mlp:8,8", "mlp:8,8"), ("", "''"), ("a b", "'a b'"),
            ("it's", #"'it'\''s'"#), ("$(x)", "'$(x)'"), ("~", "'~'"), ("a;b", "'a;b'"), ("é", "'é'"),
            ("a\n'\\\u{85}", #"$'a\012\'\\\302\205'"#),
        ] { #expect(Shell.quoted(word) == text) }
        #expect(Shell.line(["train", "--out", "a b"]) == "train --out 'a b'")
    }

    /// The shell itself reads each word back as it was.
    @Test func theShellTakesEachWordBack() throws {
        let words = ["", "a b", "it's", "$(x)", "~", "a;b", "*", "!", "\\", "\"", "--x=1", "é", "a=b"]
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", "printf '%s|' \(Shell.line(words))"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let printed = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(printed == words.map { $0 + "|" }.joined())
    }

    @Test func anErrorStaysOnItsLineAndOutOfTheTerminal() {
        let error = DescentError(.badData, "bad", at: "a\nb\u{1B}[2J", got: "\u{9B}é\u{2028}")
        #expect(error.description == #"a\u{a}b\u{1b}[2J: bad (got \u{9b}é\u{2028})"#)
        #expect(error.place == "a\nb\u{1B}[2J")
    }

    @Test func anErrorsPartsStandInOrder() {
        let error = DescentError(
            .usage, "wrong", at: "here", expected: "a", got: "b", advice: "mend it",
            transcript: ["one", "two"])
        #expect(error.description == "here: wrong (expected a, got b); mend it\n    one\n    two")
        #expect(DescentError(.failed, "wrong").description == "wrong")
        #expect(error.at(nil).advising(nil).description == "wrong (expected a, got b)\n    one\n    two")
        #expect(error.at("there").place == "there" && error.at("there") != error && error.at("here") == error)
    }

    /// Code points by Unicode 15: controls, separators, what turns the direction of writing or is not seen (category Cf).
    @Test func whatIsNotSeenIsShown() {
        for code in [
            0x00, 0x09, 0x0A, 0x1B, 0x7F, 0x85, 0x9B, 0xAD, 0x61C, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029,
            0x202A, 0x202E,
            0x2060, 0x2066, 0x2069, 0xFEFF, 0xFFF9, 0xE0001, 0xE0041,
        ] {
            let scalar = Unicode.Scalar(UInt32(code)) ?? " "
            let error = DescentError(.badData, "wrong", at: "a\(scalar)b.txt")
            #expect(error.description == "a\\u{\(String(code, radix: 16))}b.txt: wrong")
        }
        // Joiners belong to words and pictures: Persian, and a family of three.
        for text in ["می\u{200C}خواهم", "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F466}", "한글", "e\u{301}"] {
            #expect(Array(text.showingControlCharacters.utf8) == Array(text.utf8))
        }
    }

    /// Paths are taken apart by their bytes.
    @Test func partsOfPaths() {
        for (path, parent, name) in [
            ("a", ".", "a"), ("/", "/", ""), ("/a", "/", "a"), ("a/b//", "a", "b"), ("a//b", "a", "b"),
            ("a/\u{301}b", "a", "\u{301}b"), ("/\u{301}", "/", "\u{301}"),
        ] {
            #expect(Array(PathText.parent(of: path).utf8) == Array(parent.utf8), "\(path)")
            #expect(Array(PathText.name(of: path).utf8) == Array(name.utf8), "\(path)")
        }
    }

    @Test func pathsAreCutBetweenCharacters() {
        #expect(
            PathText.prefix(of: "aé\u{1F600}b", bytes: 6) == "aé"
                && PathText.prefix(of: "aé", bytes: 3) == "aé")
        #expect(PathText.prefix(of: "e\u{301}e", bytes: 2) == "e")
    }
}
