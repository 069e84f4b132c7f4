import Foundation
import Support
import Testing

/// A value's Codable form as text, and back. Foundation's own coders are the oracle of what is read.
@Suite struct JSONCodingTests {
    private struct Inner: Codable, Equatable {
        var z: Int?
        var a: [Double]
    }
    private struct Whole: Codable, Equatable {
        var name: String
        var zeta: UInt8
        var alpha: Float
        var isOn: Bool
        var inner: Inner
        var list: [Inner]
        var nothing: String?
        var pairs: [[Int]]
    }
    private let value = Whole(
        name: "é\"\n", zeta: 7, alpha: 0.1, isOn: true, inner: Inner(z: nil, a: [1, 0.5]),
        list: [Inner(z: 3, a: []), Inner(z: -1, a: [1e-5])], nothing: nil, pairs: [[1, 2], []])

    private func parsed(_ text: String) throws -> JSONText {
        try JSONDecoder().decode(JSONText.self, from: Data(text.utf8))
    }

    @Test func keysKeepTheirOrder() throws {
        let text = try JSONText(encoding: value).line
        #expect(
            text
                == #"{"name":"é\"\n","zeta":7,"alpha":0.10000000149011612,"isOn":true,"inner":{"a":[1,0.5]},"#
                + #""list":[{"z":3,"a":[]},{"z":-1,"a":[1e-05]}],"pairs":[[1,2],[]]}"#)
        #expect(try parsed(text).decoded(as: Whole.self) == value)
        #expect(try JSONDecoder().decode(Whole.self, from: Data(text.utf8)) == value)
        #expect(try JSONText(encoding: value).decoded(as: Whole.self) == value)
    }

    @Test func whatFoundationWritesIsRead() throws {
        let text = String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
        #expect(try parsed(text).decoded(as: Whole.self) == value)
        #expect(try parsed("[null, 1, 2.5, -1e400]".replacing(", -1e400", with: "")).line == "[null,1,2.5]")
        #expect(try parsed("9223372036854775807").decoded(as: Int.self) == .max)
        #expect(try parsed("18446744073709551615").decoded(as: Double.self) == 0x1p64)
        #expect(try parsed("3.0").decoded(as: Int.self) == 3 && parsed("3").decoded(as: Double.self) == 3)
        #expect(try parsed("null").decoded(as: Int?.self) == nil)
        #expect(try parsed(#"{"a":1,"b":2}"#).decoded(as: [String: Int].self) == ["a": 1, "b": 2])
    }

    @Test func errorsSayWhere() throws {
        func path(_ old: String, _ new: String) throws -> String {
            let text = try JSONText(encoding: value).line
            let error = #expect(throws: DecodingError.self) {
                try parsed(text.replacing(old, with: new)).decoded(as: Whole.self)
            }
            func words(_ keys: [any CodingKey], _ kind: String) -> String {
                kind + " " + keys.map(\.stringValue).joined(separator: ".")
            }
            switch error {
            case .keyNotFound(let key, let context): return words(context.codingPath + [key], "missing")
            case .typeMismatch(_, let context): return words(context.codingPath, "type")
            case .valueNotFound(_, let context): return words(context.codingPath, "null")
            case .dataCorrupted(let context): return words(context.codingPath, "value")
            default: return "none"
            }
        }
        #expect(try path(#""zeta":7,"#, "") == "missing zeta")
        #expect(try path(#""zeta":7"#, #""zeta":256"#) == "value zeta")
        #expect(try path(#""zeta":7"#, #""zeta":7.5"#) == "value zeta")
        #expect(try path(#""zeta":7"#, #""zeta":1e300"#) == "value zeta")
        #expect(try path(#""isOn":true"#, #""isOn":1"#) == "type isOn")
        #expect(try path(#""isOn":true"#, #""isOn":null"#) == "null isOn")
        #expect(try path(#"{"z":-1,"a":[1e-05]}"#, #"{"z":"x","a":[1e-05]}"#) == "type list.[1].z")
        #expect(try path("[1e-05]", #"[1, "two"]"#) == "type list.[1].a.[1]")
        #expect(try path("[[1,2],[]]", "[[1,2],{}]") == "type pairs.[1]")
        #expect(try path(#""inner":{"a":[1,0.5]}"#, #""inner":[]"#) == "type inner")
    }

    @Test func aValueMayEncodeItselfInParts() throws {
        struct Base: Encodable { var b = 1, a = 2 }
        struct Parts: Encodable {
            var twice = false
            enum Key: String, CodingKey { case first, last, b, nested }
            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: Key.self)
                try container.encode("f", forKey: .first)
                try Base().encode(to: encoder)
                var nested = container.nestedUnkeyedContainer(forKey: .nested)
                try nested.encode(1)
                try nested.encodeNil()
                var inner = nested.nestedContainer(keyedBy: Key.self)
                try inner.encode(2.5, forKey: .last)
                try container.encodeNil(forKey: .last)
                if twice { try container.encode(3, forKey: .b) }
            }
        }
        #expect(
            try JSONText(encoding: Parts()).line
                == #"{"first":"f","b":1,"a":2,"nested":[1,null,{"last":2.5}],"last":null}"#)
        #expect(throws: DescentError.self) { try JSONText(encoding: Parts(twice: true)) }
    }

    @Test func whatJSONCannotHoldIsRefused() throws {
        for number in [Double.nan, .infinity] {
            let error = #expect(throws: DescentError.self) {
                try JSONText(encoding: Inner(z: 1, a: [0, number]))
            }
            #expect(error?.place == "a.[1]" && error?.what == "a number that JSON cannot hold")
        }
        #expect(throws: DescentError.self) { try JSONText(encoding: UInt64.max) }
        #expect(try JSONText(encoding: [Int8.min]).line == "[-128]")
        struct Empty: Encodable {}
        #expect(try JSONText(encoding: Empty()).line == "{}")
    }
}
