extension JSONText {
    /// The most arrays and objects in one another. Files of Descent have fewer than ten.
    package static let deepest = 128

    /// Reads JSON (RFC 8259, UTF-8); the keys of an object keep their order.
    ///
    /// A whole number that fits is an `integer`. Time and memory grow with the length alone: deep nesting is refused where it
    /// begins, and so is a key that an object has twice.
    ///
    /// - Throws: `badData` with the byte.
    /// - Complexity: O(n).
    package init(json bytes: [UInt8]) throws(DescentError) {
        var parser = JSONParser(bytes: bytes, place: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
        self = try parser.document()
    }

    /// Decodes a value from JSON. `userInfo`: see `decoded(as:userInfo:)`.
    ///
    /// - Throws: `badData` with the byte for what is not JSON; `DecodingError` for what has not the value's form; and errors of
    ///   the type itself.
    package static func decode<Value: Decodable>(
        _ type: Value.Type = Value.self, from bytes: [UInt8],
        userInfo: [CodingUserInfoKey: any Sendable] = [:]
    ) throws -> Value {
        try JSONText(json: bytes).decoded(as: type, userInfo: userInfo)
    }
}

/// A parser of JSON by recursive descent.
private struct JSONParser {
    let bytes: [UInt8]
    var place: Int
    private var depth = 0

    init(bytes: [UInt8], place: Int) { (self.bytes, self.place) = (bytes, place) }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private func refused(_ expected: String, at place: Int? = nil, got: String? = nil) -> DescentError {
        let place = place ?? self.place
        let found: String
        if place >= bytes.count {
            found = "the end"
        } else if (0x21...0x7E).contains(bytes[place]) {
            found = "\(Character(Unicode.Scalar(bytes[place])))"
        } else {
            found = "byte 0x\(String(bytes[place], radix: 16))"
        }
        return DescentError(
            .badData, "not valid JSON", at: "byte \(place)", expected: expected, got: got ?? found)
    }

    private mutating func skipSpace() {
        while let byte = next, [0x20, 0x0A, 0x0D, 0x09].contains(byte) { place += 1 }
    }

    mutating func document() throws(DescentError) -> JSONText {
        let value = try value()
        skipSpace()
        guard place == bytes.count else { throw refused("nothing after the value") }
        return value
    }

    private mutating func value() throws(DescentError) -> JSONText {
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try nested { parser throws(DescentError) in try parser.object() }
        case UInt8(ascii: "["): return try nested { parser throws(DescentError) in try parser.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func nested(
        _ body: (inout JSONParser) throws(DescentError) -> JSONText
    ) throws(DescentError) -> JSONText {
        guard depth < JSONText.deepest else {
            throw refused("at most \(JSONText.deepest) arrays and objects in one another", got: "more")
        }
        depth += 1
        place += 1
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func object() throws(DescentError) -> JSONText {
        var members: [JSONText.Member] = []
        var keys: Set<[UInt8]> = []
        skipSpace()
        if next == UInt8(ascii: "}") {
            place += 1
            return .object([])
        }
        while true {
            skipSpace()
            let start = place
            guard next == UInt8(ascii: "\"") else { throw refused("a key in quotes") }
            let key = try string()
            guard keys.insert(Array(key.utf8)).inserted else {
                throw refused("each key once", at: start, got: "\"\(key.prefix(40))\" again")
            }
            skipSpace()
            guard next == UInt8(ascii: ":") else { throw refused(":") }
            place += 1
            members.append(.init(key, try value()))
            if try isEnd(UInt8(ascii: "}")) { return .object(members) }
        }
    }

    private mutating func array() throws(DescentError) -> JSONText {
        var values: [JSONText] = []
        skipSpace()
        if next == UInt8(ascii: "]") {
            place += 1
            return .array([])
        }
        while true {
            values.append(try value())
            if try isEnd(UInt8(ascii: "]")) { return .array(values) }
        }
    }

    /// Steps over a comma, or over the end of an array or object.
    private mutating func isEnd(_ close: UInt8) throws(DescentError) -> Bool {
        skipSpace()
        guard let byte = next, byte == UInt8(ascii: ",") || byte == close else {
            throw refused(", or \(Character(Unicode.Scalar(close)))")
        }
        place += 1
        return byte == close
    }

    private mutating func word(_ text: String, _ value: JSONText) throws(DescentError) -> JSONText {
        guard bytes[place...].starts(with: text.utf8) else { throw refused("a value") }
        place += text.utf8.count
        return value
    }

    private mutating func digits() throws(DescentError) {
        let start = place
        while let byte = next, (0x30...0x39).contains(byte) { place += 1 }
        guard place > start else { throw refused("a digit") }
    }

    private mutating func number() throws(DescentError) -> JSONText {
        let start = place
        var isWhole = true
        guard next == UInt8(ascii: "-") || next.map({ (0x30...0x39).contains($0) }) == true else {
            throw refused("a value")
        }
        if next == UInt8(ascii: "-") { place += 1 }
        let first = place
        try digits()
        guard bytes[first] != 0x30 || place == first + 1 else {
            throw refused("a number without a leading zero", at: first)
        }
        if next == UInt8(ascii: ".") {
            isWhole = false
            place += 1
            try digits()
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            isWhole = false
            place += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { place += 1 }
            try digits()
        }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        // -0 has a sign that an Int cannot keep.
        if isWhole, let integer = Int(text), integer != 0 || text == "0" { return .integer(integer) }
        guard let number = Double(text), number.isFinite else {
            throw refused("a number of at most 1.8e308", at: start, got: String(text.prefix(40)))
        }
        return .number(number)
    }

    private mutating func string() throws(DescentError) -> String {
        let start = place
        place += 1
        var text: [UInt8] = []
        var plain = place
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                text += bytes[plain..<place]
                place += 1
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw refused("UTF-8", at: start, got: "other bytes in a string")
                }
                return string
            case UInt8(ascii: "\\"):
                text += bytes[plain..<place]
                try escape(&text)
                plain = place
            case 0..<0x20: throw refused("no control character in a string")
            default: place += 1
            }
        }
        throw refused("the string's end", at: bytes.count)
    }

    private mutating func escape(_ text: inout [UInt8]) throws(DescentError) {
        let start = place
        place += 1
        guard let letter = next else { throw refused("an escaped character") }
        place += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if (0xD800..<0xDC00).contains(code), bytes[place...].starts(with: [0x5C, 0x75]) {
                place += 2
                let low = try hexadecimal()
                guard (0xDC00..<0xE000).contains(low) else { throw refused("a whole character", at: start) }
                code = 0x10000 + ((code - 0xD800) << 10 | (low - 0xDC00))
            }
            guard let scalar = Unicode.Scalar(code) else { throw refused("a whole character", at: start) }
            text += Array(String(Character(scalar)).utf8)
        default: throw refused("an escape of JSON", at: start + 1)
        }
    }

    private mutating func hexadecimal() throws(DescentError) -> UInt32 {
        let end = place + 4
        var code: UInt32 = 0
        while place < end {
            guard let byte = next, let digit = Self.digit(byte) else {
                throw refused("four hexadecimal digits")
            }
            code = code << 4 | digit
            place += 1
        }
        return code
    }

    private static func digit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x30...0x39: UInt32(byte) - 0x30
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"):
            UInt32(byte | 0x20) - 0x57
        default: nil
        }
    }
}
