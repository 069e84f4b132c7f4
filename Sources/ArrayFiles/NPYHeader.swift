import Arrays
import Support

/// The header of an npy file: a Python dictionary with `descr`, `fortran_order` and `shape`, and nothing else.
struct NPYHeader {
    private(set) var type = NumPyType.byte
    private(set) var isFortran = false
    private(set) var shape: [Int] = []

    private let bytes: [UInt8]
    private let path: String
    private let origin: Int
    private var index = 0

    init(bytes: [UInt8], path: String, origin: Int) {
        self.bytes = bytes
        self.path = path
        self.origin = origin
    }

    mutating func parse() throws {
        var seen: Set<String> = []
        try expect("{")
        while !skip("}") {
            let start = place
            let key = try string()
            guard seen.insert(key).inserted else { throw failure("the key '\(key)' comes twice", at: start) }
            try expect(":")
            switch key {
            case "descr": type = try descr()
            case "fortran_order": isFortran = try boolean()
            case "shape": shape = try tuple()
            default:
                throw failure(
                    "an unknown key '\(key)'", at: start, expected: "descr, fortran_order, shape")
            }
            if !skip(",") {
                try expect("}")
                break
            }
        }
        for key in ["descr", "fortran_order", "shape"] where !seen.contains(key) {
            throw failure("there is no '\(key)'", at: place)
        }
        if place < bytes.count { throw failure("something follows the dictionary", at: place) }
    }

    private mutating func descr() throws -> NumPyType {
        let start = place
        if start < bytes.count, bytes[start] == UInt8(ascii: "[") {
            throw failure("a structured array, which is not read here", at: start)
        }
        let text = try string()
        guard let type = NumPyType(text) else {
            throw failure(
                NumPyType.refusal, at: start, expected: NumPyType.readable, got: NumPyType.described(text))
        }
        return type
    }

    private mutating func boolean() throws -> Bool {
        let start = place
        for (word, value) in [("True", true), ("False", false)] where bytes[start...].starts(with: word.utf8)
        {
            index = start + word.utf8.count
            return value
        }
        throw failure("a broken header", at: start, expected: "True or False")
    }

    private mutating func tuple() throws -> [Int] {
        try expect("(")
        var numbers: [Int] = []
        while !skip(")") {
            if numbers.count == 64 { throw failure("more than 64 axes", at: place) }
            numbers.append(try integer())
            // Python 2 wrote long integers with an L.
            if index < bytes.count, bytes[index] == UInt8(ascii: "L") { index += 1 }
            if !skip(",") {
                try expect(")")
                break
            }
        }
        return numbers
    }

    private mutating func integer() throws -> Int {
        let start = place
        let digits = bytes[start...].prefix { (0x30...0x39).contains($0) }
        guard !digits.isEmpty else { throw failure("a broken header", at: start, expected: "a length") }
        guard let value = Int(String(decoding: digits, as: UTF8.self)) else {
            throw failure("a length that is too large", at: start)
        }
        index = digits.endIndex
        return value
    }

    private mutating func string() throws -> String {
        let start = place
        guard start < bytes.count, [UInt8(ascii: "'"), UInt8(ascii: "\"")].contains(bytes[start]) else {
            throw failure("a broken header", at: start, expected: "a string")
        }
        guard let end = bytes[(start + 1)...].firstIndex(of: bytes[start]) else {
            throw failure("a string without an end", at: start)
        }
        index = end + 1
        return String(decoding: bytes[(start + 1)..<end], as: UTF8.self)
    }

    /// The next byte that is not a space.
    private var place: Int {
        var place = index
        while place < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
        return place
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        let start = place
        guard start < bytes.count, bytes[start] == UInt8(ascii: character) else { return false }
        index = start + 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws {
        guard skip(character) else { throw failure("a broken header", at: place, expected: "\(character)") }
    }

    private func failure(
        _ what: String, at place: Int, expected: String? = nil, got: String? = nil
    ) -> DescentError {
        DescentError(
            .badData, "npy header: \(what)", at: "\(path), byte \(origin + place)", expected: expected,
            got: got)
    }
}
