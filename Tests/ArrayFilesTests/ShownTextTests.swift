import Arrays
import Support
import Testing

@testable import ArrayFiles

/// Names from files in messages: on their line, in their direction, not endless.
struct ShownTextTests {
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

    @Test func longNamesAreCut() {
        let long = String(repeating: "x", count: 5000)
        let text = failure {
            var file = NPZ()
            file.set(NDArray<Float>(shape: [1], repeating: 0), named: "a")
            _ = try file.array(named: long)
        }
        #expect(text.count < 300 && text.contains("xxx...xxx"))
        #expect(shown("a") == "\"a\"")
        #expect(
            PathText.prefix(of: "aé\u{1F600}b", bytes: 6) == "aé"
                && PathText.prefix(of: "aé", bytes: 3) == "aé")
        #expect(PathText.prefix(of: "e\u{301}e", bytes: 2) == "e")
    }
}
