import Foundation
import Support
import TestSupport
import Testing

/// The parser of JSON: what Foundation reads too, refusals with their byte, and hostile nesting in no time.
@Suite struct JSONParsingTests {
    private func read(_ text: String) throws -> JSONText { try JSONText(json: Array(text.utf8)) }

    private func fault(_ text: String) -> String { failure { _ = try read(text) } }

    @Test func valuesAreRead() throws {
        #expect(
            try read(" {\"b\": [1, -2.5e3, true, false, null, \"\"], \"a\": {}}\n")
                == .object([
                    .init("b", [1, .number(-2500), true, false, .null, ""]), .init("a", .object([])),
                ]))
        #expect(try read(#""\"\\\/\b\f\n\r\té\uD83D\uDE00é""#) == .string("\"\\/\u{8}\u{C}\n\r\té😀é"))
        #expect(try read("9223372036854775807") == .integer(.max))
        #expect(try read("9223372036854775808") == .number(0x1p63) && read("0") == .integer(0))
        #expect(try read("-0").line == "0" && read("1E-400") == .number(0))
        #expect(try JSONText(json: [0xEF, 0xBB, 0xBF] + Array("[]".utf8)) == .array([]))
    }

    @Test(arguments: [
        ("", "byte 0: not valid JSON (expected a value, got the end)"),
        ("[1,]", "byte 3: not valid JSON (expected a value, got ])"),
        ("[1 2]", "byte 3: not valid JSON (expected , or ], got 2)"),
        ("{\"a\" 1}", "byte 5: not valid JSON (expected :, got 1)"),
        ("{a: 1}", "byte 1: not valid JSON (expected a key in quotes, got a)"),
        ("{\"a\":1,\"a\":2}", "byte 7: not valid JSON (expected each key once, got \"a\" again)"),
        ("01", "byte 0: not valid JSON (expected a number without a leading zero, got 0)"),
        ("1.", "byte 2: not valid JSON (expected a digit, got the end)"),
        ("-", "byte 1: not valid JSON (expected a digit, got the end)"),
        ("1e999", "byte 0: not valid JSON (expected a number of at most 1.8e308, got 1e999)"),
        ("NaN", "byte 0: not valid JSON (expected a value, got N)"),
        ("\"a", "byte 2: not valid JSON (expected the string's end, got the end)"),
        ("\"\n\"", "byte 1: not valid JSON (expected no control character in a string, got byte 0xa)"),
        ("\"\\x\"", "byte 2: not valid JSON (expected an escape of JSON, got x)"),
        ("\"\\u12G4\"", "byte 5: not valid JSON (expected four hexadecimal digits, got G)"),
        ("\"\\uD800\"", "byte 1: not valid JSON (expected a whole character, got \\)"),
        ("[] []", "byte 3: not valid JSON (expected nothing after the value, got [)"),
        ("\0", "byte 0: not valid JSON (expected a value, got byte 0x0)"),
    ])
    func faultsHaveTheirByte(text: String, message: String) {
        #expect(fault(text) == "badData: " + message)
    }

    /// Ten megabytes of brackets take no longer than their refusal at the 129th, and what is allowed is read in the time of its length:
    /// Foundation's decoder, asked for any JSON, took minutes for a tenth of it.
    @Test func deepNestingIsRefusedAtOnce() throws {
        let deepest = JSONText.deepest
        #expect(deepest == 128)
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            func nested(_ depth: Int, _ inner: String) -> String {
                String(repeating: open, count: depth) + inner + String(repeating: close, count: depth)
            }
            #expect(throws: Never.self) { try read(nested(deepest, "1")) }
            let start = deepest * open.utf8.count
            #expect(
                fault(nested(deepest + 1, "1"))
                    == "badData: byte \(start): not valid JSON (expected at most 128 arrays and objects in one another, got more)"
            )
            let hostile = Array(String(repeating: open, count: 10_000_000 / open.utf8.count).utf8)
            let many = Array(
                "[\((0..<2_000).map { _ in nested(deepest - 1, "1") }.joined(separator: ","))]".utf8)
            let clock = ContinuousClock()
            let refusal = clock.measure {
                #expect(failure { _ = try JSONText(json: hostile) }.contains("128"))
            }
            #expect(refusal < .seconds(2), "\(refusal)")
            // Far above what it takes, far below what the square of the depth would.
            let whole = clock.measure { #expect(throws: Never.self) { try JSONText(json: many) } }
            #expect(whole < .seconds(20), "\(whole)")
        }
    }

    /// What is read, Foundation reads too, as the same; a million with DESCENT_FUZZ=1000000.
    @Test func mutations() {
        let seeds = [
            #"{"format": "a", "list": [1, -2.5e-3, 1e15, 123456789012345678], "on": true, "no": null}"#,
            #"[{"k":"é\u00e9\uD83D\uDE00\n\\"},{"k":[[[]]],"l":{}},"",0.1,-0]"#, "[[1,2],[3,4]]", "\"text\"",
        ].map { Array($0.utf8) }
        let words = [
            "{", "}", "[", "]", "\"", ",", ":", "\\", "\\u", "\\uD83D", "1e400", "-", "0", "1.5", "null",
            "true",
            "\u{7F}", "\u{0}", "é", "\"k\":1,", " ",
        ]
        let outcome = fuzz(seeds, seed: 31, words: words) { bytes in
            let text = try JSONText(json: bytes)
            let other = try JSONDecoder().decode(JSONText.self, from: Data(bytes))
            guard Self.sorted(text).line == Self.sorted(other).line else { throw Mismatch() }
            // What was written is read again.
            guard try JSONText(json: Array(text.document.utf8)).line == text.line else { throw Mismatch() }
        }
        #expect(outcome.other == nil)
        #expect(outcome.accepted > mutationCount / 50 && outcome.refused > mutationCount / 20, "\(outcome)")
    }

    private struct Mismatch: Error {}

    /// Keys in one order, and numbers in one form.
    private static func sorted(_ text: JSONText) -> JSONText {
        switch text {
        case .object(let members):
            .object(
                members.map { JSONText.Member($0.key, sorted($0.value)) }
                    .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
        case .array(let values): .array(values.map(sorted))
        case .integer(let value): .number(Double(value))
        default: text
        }
    }
}
