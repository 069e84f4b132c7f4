import Testing

@testable import Serving

@Suite("JSON is read in one pass") struct JSONScannerTests {
    private func read<Value>(
        _ text: String, _ body: (inout JSONScanner) throws(JSONScanner.Fault) -> Value
    ) -> Result<Value, JSONScanner.Fault> {
        Array(text.utf8).withUnsafeBufferPointer { bytes in
            var scanner = JSONScanner(bytes)
            do throws(JSONScanner.Fault) {
                let value = try body(&scanner)
                try scanner.end()
                return .success(value)
            } catch {
                return .failure(error)
            }
        }
    }

    @Test(
        "Numbers are those of the C library",
        arguments: [
            "0", "-0", "1", "255", "0.1", "-12.75", "1e5", "1E-5", "123456789012345678",
            "1.7976931348623157e308", "5e-324",
            "0.30000000000000004", "9007199254740993", "3.14159265358979323846", "1e22", "1e23", "0.000001",
        ])
    func numbers(text: String) throws {
        let value = try read(text) { (scanner) throws(JSONScanner.Fault) in try scanner.number() }.get()
        #expect(value == Double(text))
    }

    @Test(
        "What is no number of JSON is refused",
        arguments: ["", "-", "01", "1.", ".5", "1e", "+1", "1e999", "0x1", "NaN"])
    func noNumbers(text: String) {
        #expect(throws: JSONScanner.Fault.self) {
            try read(text) { (scanner) throws(JSONScanner.Fault) in try scanner.number() }.get()
        }
    }

    @Test("Pixels are read, however they are written")
    func pixels() throws {
        func pixels(_ text: String) throws -> [UInt8] {
            try read(text) { (scanner) throws(JSONScanner.Fault) in
                var pixels: [UInt8] = []
                try scanner.bytes(into: &pixels)
                return pixels
            }.get()
        }
        #expect(try pixels(" [ 0,7 , 255,\n[[1e2],[ 1.0 ]],[] ] ") == [0, 7, 255, 100, 1])
        for text in [
            "[256]", "[01]", "[1.5]", "[-1]", "[1,]", "[1", "[1}", "[1 2]", "1", "[\"1\"]", "[999]", "[0255]",
        ] {
            #expect(throws: JSONScanner.Fault.self, "\(text)") { try pixels(text) }
        }
    }

    @Test("Escapes become characters")
    func strings() throws {
        let text = #""a\n\"\\\/ \u00e9 \ud83d\ude00 é""#
        let value = try read(text) { (scanner) throws(JSONScanner.Fault) in try scanner.string() }.get()
        #expect(value == "a\n\"\\/ é 😀 é")
    }

    @Test(
        "Damaged strings are refused",
        arguments: [#"""#, #""\"#, #""\u12"#, #""\ud83d""#, #""\q""#, "\"\u{1}\""])
    func noStrings(text: String) {
        #expect(throws: JSONScanner.Fault.self) {
            try read(text) { (scanner) throws(JSONScanner.Fault) in try scanner.string() }.get()
        }
    }

    @Test("Values nested too deep are refused, not followed")
    func depth() {
        let text = String(repeating: "[", count: 100_000)
        #expect(throws: JSONScanner.Fault.self) {
            try read(text) { (scanner) throws(JSONScanner.Fault) in try scanner.skip() }.get()
        }
    }
}
