import CKernels
import Foundation
import Support
import TestSupport
import Testing

@testable import Tables

/// Numbers are rounded to the nearest double, to the even one of two that are as near.
@Suite struct NumberTests {
    private func read(_ text: String, point: String = ".") -> (kind: Int32, value: Double) {
        var value = 0.0
        let bytes = Array(text.utf8)
        let kind = ck_field_number(bytes, bytes.count, Array(point.utf8)[0], &value)
        return (kind, value)
    }

    /// Python's float: 1,600 texts, among them halfway cases of 700 digits.
    @Test func numbersAreThoseOfPython() throws {
        let text = try String(contentsOfFile: Fixture.path("numbers.txt"), encoding: .utf8)
        let lines = text.split(separator: "\n").map { $0.split(separator: " ") }
        #expect(lines.count > 1_300)
        for line in lines {
            let (kind, value) = read(String(line[0]))
            let expected = try #require(UInt64(line[1], radix: 16))
            #expect(kind == 1 && value.bitPattern == expected, "\(line[0]): \(value)")
        }
        // The vectorised reader has a way of its own to the same numbers.
        let column = "x,y\n" + lines.map { "\($0[0]),1\n" }.joined()
        let source = try source(Array(column.utf8))
        guard case .numbers(let numbers) = source.values[0] else {
            Issue.record("no numbers")
            return
        }
        #expect(numbers.values.map(\.bitPattern) == lines.map { UInt64($0[1], radix: 16) ?? 0 })
    }

    /// The C library's strtod, which Swift's `Double(_:)` calls.
    @Test func randomNumbersAreThoseOfTheLibrary() throws {
        var random = SplitMix64(state: 5)
        let texts = (0..<max(20_000, mutationCount)).map { round -> String in
            switch round % 5 {
            case 0: return "\(Double(bitPattern: random.next()).magnitude)"
            case 1: return String(random.next())
            case 2:
                let digits = String(random.next())
                let place = digits.index(
                    digits.startIndex, offsetBy: Int(random.next() % UInt64(digits.count)))
                return (random.next() & 1 == 0 ? "-" : "") + digits[..<place] + "." + digits[place...]
            case 3: return "\(random.next() % 1_000_000)e\(Int(random.next() % 640) - 330)"
            default: return "\(Double(random.next() >> 11) / 9e15)"
            }
        }.filter { !$0.contains("n") }
        let source = try source(Array(("x,y\n" + texts.map { "\($0),\($0)\n" }.joined()).utf8))
        guard case .numbers(let numbers) = source.values[0] else {
            Issue.record("no numbers")
            return
        }
        for (row, text) in texts.enumerated() where numbers[row].bitPattern != Double(text)?.bitPattern {
            Issue.record("\(text): \(numbers[row])")
        }
    }

    @Test func wordsForWhatIsMissing() {
        let missing = [
            "", " ", "NA", "na", "N/A", "n/a", "NaN", "nan", "NAN", "?", "-", "null", "NULL", "None", "none",
            "#N/A", "\"\"", " NA ", "\"NA\"",
        ]
        for text in missing {
            #expect(read(text).kind == 0 && read(text).value.isNaN, "\(text)")
            #expect(ck_field_is_missing(Array(text.utf8), text.utf8.count) == 1, "\(text)")
        }
        for text in [
            "nano", "--", "no", "N", "0x10", "1 2", "1,5", "1.2.3", "e5", "1e", "1e+", ".", "+", "+-1",
            "1_000", "१", "１",
        ] {
            #expect(read(text).kind == -1, "\(text)")
        }
    }

    @Test func spacesQuotesAndDecimalCommas() {
        #expect(read(" 1.5 ").value == 1.5 && read("\"1.5\"").value == 1.5 && read("\" 2\"").value == 2)
        #expect(read("1,5", point: ",").value == 1.5 && read("1.5", point: ",").kind == -1)
        #expect(read("inf").value == .infinity && read("-Infinity").value == -.infinity)
        #expect(read("-0").value.sign == .minus)
    }

    /// A million digits, and an exponent of as many.
    @Test func longNumbersEnd() {
        let digits = String(repeating: "1", count: 100_000)
        #expect(read(digits).value == .infinity && read("0." + digits).value == 0.1111111111111111111)
        #expect(read("1e" + digits).value == .infinity && read("1e-" + digits).value == 0)
        #expect(read("0e" + digits).value == 0)
    }
}
