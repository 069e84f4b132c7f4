import Foundation
import Support
import TestSupport
import Testing

@Suite struct JSONTextTests {
    @Test func jsonKeepsTheOrderOfKeys() {
        let value: JSONText = [
            "z": 1, "a": [1, 2.5, "three"], "nested": ["empty": [:], "flag": true, "none": .null],
        ]
        #expect(value.line == #"{"z":1,"a":[1,2.5,"three"],"nested":{"empty":{},"flag":true,"none":null}}"#)
        #expect(
            value.document == """
                {
                  "z": 1,
                  "a": [1, 2.5, "three"],
                  "nested": {
                    "empty": {},
                    "flag": true,
                    "none": null
                  }
                }

                """)
    }

    @Test func jsonQuotesAndRounds() {
        #expect(JSONText.string("a\"b\\c\n\u{1}é").line == #""a\"b\\c\n\u0001é""#)
        #expect(JSONText.string("\u{7F}\u{9B}").line == #""\u007f\u009b""#)
        #expect(JSONText.number(Double.nan).line == "null")
        #expect(JSONText.number(Double.infinity).line == "null")
        #expect(JSONText.rounded(0.123456789, decimals: 4).line == "0.1235")
        #expect(JSONText.rounded(.nan, decimals: 4).line == "null")
        #expect(JSONText.rounded(1e300, decimals: 4).line == "1e+300")
    }

    /// RFC 8259, section 7: what must be escaped is, in the short form where there is one; the reader is Foundation's.
    @Test func everyCharacterComesBack() throws {
        #expect(JSONText.string("\r\t\n").line == #""\r\t\n""#)
        #expect(JSONText.string("\u{0}\u{8}\u{C}\u{1F}").line == #""\u0000\u0008\u000c\u001f""#)
        for code in (0...0x2FF).map(UInt32.init) + [0x2028, 0x2029, 0xFEFF, 0x1F600, 0x10FFFF] {
            let text = "a\(String(try #require(Unicode.Scalar(code))))b"
            let object: JSONText = .object([.init(text, .string(text))])
            for written in [object.line, object.document] {
                let read = try JSONDecoder().decode([String: String].self, from: Data(written.utf8))
                #expect(read == [text: text], "\(code)")
            }
            // No character that a terminal obeys, and none that ends a line, stands there as itself.
            #expect(
                !object.line.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) },
                "\(code)")
        }
    }

    @Test(
        arguments: [
            (0, "0"), (-0.0, "0"), (1e14, "100000000000000"), (1e15, "1000000000000000.0"), (1e16, "1e+16"),
            (-3, "-3"), (0.1, "0.1"),
            (5e-324, "5e-324"), (.greatestFiniteMagnitude, "1.7976931348623157e+308"), (-.infinity, "null"),
        ] as [(Double, String)])
    func numbersAreWrittenShortAndWhole(value: Double, text: String) throws {
        #expect(JSONText.number(value).line == text)
        guard value.isFinite else { return }
        #expect(try JSONDecoder().decode([Double].self, from: Data("[\(text)]".utf8)) == [value])
    }

    @Test func whatThereIsNotIsNull() {
        #expect(JSONText.number(nil as Double?) == .null && JSONText.string(nil as String?) == .null)
        #expect(JSONText.rounded(nil, decimals: 2) == .null)
        #expect(JSONText.number(0.5 as Double?) == .number(0.5))
        #expect(JSONText.rounded(-0.00001, decimals: 2).line == "0")
    }

    @Test func listsOfListsAreSetIn() {
        let value: JSONText = ["rows": [[1, 2], [3]], "none": [], "objects": [["a": 1], [:]]]
        #expect(value.line == #"{"rows":[[1,2],[3]],"none":[],"objects":[{"a":1},{}]}"#)
        #expect(
            value.document == """
                {
                  "rows": [
                    [1, 2],
                    [3]
                  ],
                  "none": [],
                  "objects": [
                    {
                      "a": 1
                    },
                    {}
                  ]
                }

                """)
    }
}
