import Arrays
import Support

/// The bytes of a pickle, and the forms in which its opcodes carry their arguments.
struct PickleInput {
    let path: String
    private(set) var index = 0
    private let bytes: [UInt8]

    init(bytes: [UInt8], path: String) {
        self.bytes = bytes
        self.path = path
    }

    /// The number of bytes left.
    var remaining: Int { bytes.count - index }

    mutating func byte() throws -> UInt8 {
        guard index < bytes.count else { throw truncated(1) }
        index += 1
        return bytes[index - 1]
    }

    /// Reads a little-endian integer; one of 8 bytes that does not fit is negative.
    mutating func number(_ length: Int) throws -> Int {
        guard bytes.count - index >= length else { throw truncated(length) }
        let value = bytes[index..<index + length].reversed().reduce(0) { $0 << 8 | Int($1) }
        index += length
        return value
    }

    mutating func bytes(_ count: Int) throws -> [UInt8] {
        guard count >= 0, count <= bytes.count - index else { throw truncated(count) }
        index += count
        return Array(bytes[index - count..<index])
    }

    mutating func text(_ count: Int) throws -> String {
        let start = index
        guard let text = String(validating: try bytes(count), as: UTF8.self) else {
            throw failure("a string that is not UTF-8", at: start)
        }
        return text
    }

    /// Reads the bytes up to the next line feed, which is consumed and not included.
    mutating func lineBytes() throws -> [UInt8] {
        guard let end = bytes[index...].firstIndex(of: 0x0A) else { throw truncated(bytes.count - index + 1) }
        defer { index = end + 1 }
        return Array(bytes[index..<end])
    }

    mutating func line() throws -> String {
        String(decoding: try lineBytes(), as: UTF8.self)
    }

    /// An index of the memo, in decimal.
    func index(_ line: String) throws -> Int {
        guard let value = Int(line), value >= 0 else {
            throw failure("not a number: \(line.prefix(20))", at: index)
        }
        return value
    }

    /// INT and LONG: a decimal line. INT's 00 and 01 are the truth values.
    mutating func decimal(isLong: Bool) throws -> PickleMachine.Item {
        let start = index
        var line = try line()
        if isLong, line.last == "L" { line.removeLast() }
        if !isLong, line == "00" || line == "01" { return .bool(line == "01") }
        guard let value = Int(line) else {
            throw failure("not an integer of 64 bits: \(line.prefix(20))", at: start)
        }
        return .int(value)
    }

    /// A two's complement number of any length, if it fits in 64 bits.
    mutating func long(length: Int) throws -> Int {
        let start = index
        let digits = try bytes(length)
        guard length > 0 else { return 0 }
        let sign: UInt8 = digits[length - 1] >= 0x80 ? 0xFF : 0
        guard digits.dropFirst(8).allSatisfy({ $0 == sign }),
            length <= 8 || (digits[7] >= 0x80) == (sign == 0xFF)
        else { throw failure("an integer of more than 64 bits", at: start) }
        let padded = digits.prefix(8) + [UInt8](repeating: sign, count: max(0, 8 - length))
        return padded.reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    mutating func float() throws -> Double {
        let start = index
        let line = try line()
        guard let value = Double(line) else { throw failure("not a number: \(line.prefix(20))", at: start) }
        return value
    }

    /// UNICODE: a line in Latin-1 with \u and \U escapes (Python's raw-unicode-escape).
    mutating func escapedText() throws -> String {
        let start = index
        let line = try lineBytes()
        var text = String.UnicodeScalarView()
        var place = 0
        while place < line.count {
            let digits = place + 1 < line.count ? ["u": 4, "U": 8][Unicode.Scalar(line[place + 1])] : nil
            if line[place] == UInt8(ascii: "\\"), let digits {
                guard place + 2 + digits <= line.count,
                    let value = UInt32(
                        String(decoding: line[(place + 2)..<(place + 2 + digits)], as: UTF8.self), radix: 16),
                    let scalar = Unicode.Scalar(value)
                else { throw failure("a broken escape in a string", at: start + place) }
                text.append(scalar)
                place += 2 + digits
            } else {
                text.append(Unicode.Scalar(line[place]))
                place += 1
            }
        }
        return String(text)
    }

    /// STRING: a line in quotes with Python 2's escapes.
    mutating func quotedBytes() throws -> [UInt8] {
        let start = index
        let line = try lineBytes()
        guard line.count >= 2, let quote = line.first, line.last == quote, quote == 0x22 || quote == 0x27
        else {
            throw failure("a string without quotes", at: start)
        }
        let inner = line[1..<line.count - 1]
        var result: [UInt8] = []
        var place = inner.startIndex
        while place < inner.endIndex {
            let byte = inner[place]
            place += 1
            guard byte == UInt8(ascii: "\\") else {
                result.append(byte)
                continue
            }
            guard place < inner.endIndex else {
                throw failure("a broken escape in a string", at: start + place)
            }
            let escape = inner[place]
            place += 1
            switch Unicode.Scalar(escape) {
            case "\\", "'", "\"": result.append(escape)
            case "n": result.append(10)
            case "r": result.append(13)
            case "t": result.append(9)
            case "x":
                guard place + 2 <= inner.endIndex,
                    let value = UInt8(String(decoding: inner[place..<place + 2], as: UTF8.self), radix: 16)
                else { throw failure("a broken escape in a string", at: start + place) }
                result.append(value)
                place += 2
            default: throw failure("an unknown escape in a string", at: start + place)
            }
        }
        return result
    }

    private func truncated(_ count: Int) -> DescentError {
        DescentError(
            .badData, "pickle: truncated", at: "\(path), byte \(bytes.count)",
            expected: count < 0 ? "fewer bytes than it says" : "\(count) bytes from byte \(index)",
            got: "\(bytes.count - index)")
    }

    private func failure(_ what: String, at place: Int) -> DescentError {
        DescentError(.badData, "pickle: \(what)", at: "\(path), byte \(place)")
    }

    /// The name in pickletools of an unsupported opcode.
    static func name(of opcode: UInt8) -> String {
        let names: [Unicode.Scalar: String] = [
            "i": "INST", "o": "OBJ", "\u{81}": "NEWOBJ", "\u{92}": "NEWOBJ_EX", "P": "PERSID",
            "Q": "BINPERSID",
            "\u{82}": "EXT1", "\u{83}": "EXT2", "\u{84}": "EXT4", "\u{8F}": "EMPTY_SET", "\u{90}": "ADDITEMS",
            "\u{91}": "FROZENSET", "\u{97}": "NEXT_BUFFER", "\u{98}": "READONLY_BUFFER",
        ]
        return names[Unicode.Scalar(opcode)] ?? "byte \(opcode)"
    }
}
