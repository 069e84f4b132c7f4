import Arrays
import Support

/// The JSON header of a safetensors file.
///
/// It has a parser of its own, because errors must give the byte and a repeated name must be rejected; a general JSON
/// library does neither. It accepts only the format's subset: one object of objects.
struct SafeTensorsHeader {
    struct Entry {
        let name: String
        /// The byte of the file at which the entry begins.
        let place: Int
        /// The file's name of the element type, if given, and the type if it is supported.
        var typeName = ""
        var typePlace = 0
        var type: NumPyType?
        var shape: [Int] = []
        var begin = 0
        var end = 0
    }

    private(set) var metadata = NamedValues<String>()
    var entries: [Entry] = []

    private let bytes: [UInt8]
    private let path: String
    private let origin: Int
    private var index = 0

    /// - Parameter origin: the byte of the file at which the header begins.
    init(bytes: [UInt8], path: String, origin: Int) {
        self.bytes = bytes
        self.path = path
        self.origin = origin
    }

    /// The format's name of a type.
    static func name(of type: ElementType) -> String {
        switch type {
        case .float32: "F32"
        case .float64: "F64"
        case .int32: "I32"
        case .int64: "I64"
        case .uint8: "U8"
        case .bool: "BOOL"
        }
    }

    /// The type of that name in the format; nil if it is not supported.
    static func type(named name: String) -> NumPyType? {
        switch name {
        case "F64": NumPyType(kind: .float, size: 8)
        case "F32": NumPyType(kind: .float, size: 4)
        case "F16": NumPyType(kind: .float, size: 2)
        case "BF16": NumPyType(kind: .bfloat, size: 2)
        case "I64": NumPyType(kind: .signed, size: 8)
        case "I32": NumPyType(kind: .signed, size: 4)
        case "I16": NumPyType(kind: .signed, size: 2)
        case "I8": NumPyType(kind: .signed, size: 1)
        case "U64": NumPyType(kind: .unsigned, size: 8)
        case "U32": NumPyType(kind: .unsigned, size: 4)
        case "U16": NumPyType(kind: .unsigned, size: 2)
        case "U8": NumPyType(kind: .unsigned, size: 1)
        case "BOOL": NumPyType(kind: .boolean, size: 1)
        default: nil
        }
    }

    /// Reads the whole header.
    mutating func parse() throws {
        var names = NamedValues<Int>()
        try members { header, name, place in
            guard names[name] == nil else {
                throw header.failure("the name \(shown(name)) comes twice", at: place)
            }
            names[name] = place
            if name == SafeTensors.metadataKey {
                try header.members { header, key, place in
                    guard header.metadata[key] == nil else {
                        throw header.failure("the name \(shown(key)) comes twice", at: place)
                    }
                    header.metadata[key] = try header.string()
                }
            } else {
                header.entries.append(try header.entry(name, place))
            }
        }
        skipSpace()
        if index < bytes.count { throw failure("something follows the header's object", at: index) }
    }

    private mutating func entry(_ name: String, _ place: Int) throws -> Entry {
        var entry = Entry(name: name, place: origin + place)
        var seen: Set<String> = []
        try members { header, key, place in
            guard seen.insert(key).inserted else {
                throw header.failure("the name \(shown(key)) comes twice", at: place)
            }
            switch key {
            case "dtype":
                header.skipSpace()
                entry.typePlace = header.origin + header.index
                entry.typeName = try header.string()
                entry.type = Self.type(named: entry.typeName)
            case "shape":
                entry.shape = try header.integers(atMost: 64)
            case "data_offsets":
                let place = header.index
                let offsets = try header.integers(atMost: 2)
                guard offsets.count == 2 else {
                    throw header.failure(
                        "data_offsets", at: place, expected: "2 numbers", got: "\(offsets.count)")
                }
                (entry.begin, entry.end) = (offsets[0], offsets[1])
            default:
                throw header.failure(
                    "an unknown key \(shown(key))", at: place, expected: "dtype, shape, data_offsets")
            }
        }
        for key in ["dtype", "shape", "data_offsets"] where !seen.contains(key) {
            throw failure("array \(shown(name)) has no \(key)", at: place)
        }
        return entry
    }

    // MARK: JSON

    /// Reads an object; `body` is called with each key and its position, and reads the value.
    private mutating func members(_ body: (inout Self, String, Int) throws -> Void) throws {
        try expect("{")
        if skip("}") { return }
        repeat {
            skipSpace()
            let place = index
            let key = try string()
            try expect(":")
            try body(&self, key, place)
        } while skip(",")
        try expect("}")
    }

    private mutating func integers(atMost limit: Int) throws -> [Int] {
        try expect("[")
        var numbers: [Int] = []
        if skip("]") { return numbers }
        repeat {
            if numbers.count == limit { throw failure("more than \(limit) numbers", at: index) }
            numbers.append(try integer())
        } while skip(",")
        try expect("]")
        return numbers
    }

    private mutating func integer() throws -> Int {
        skipSpace()
        let start = index
        var value = 0
        while index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) {
            let (tens, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, stillTooLarge) = tens.addingReportingOverflow(Int(bytes[index] - UInt8(ascii: "0")))
            if tooLarge || stillTooLarge { throw failure("a number that is too large", at: start) }
            value = sum
            index += 1
        }
        if index == start { throw failure("not JSON", at: index, expected: "a number", got: found) }
        return value
    }

    private mutating func string() throws -> String {
        try expect("\"")
        let start = index
        var text: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw failure("a string that is not UTF-8", at: start)
                }
                return string
            case UInt8(ascii: "\\"): text += try escape()
            case 0..<0x20: throw failure("a control character in a string", at: index - 1)
            default: text.append(byte)
            }
        }
        throw failure("not JSON: a string without an end", at: start)
    }

    /// Reads the rest of an escape after its backslash, as UTF-8.
    private mutating func escape() throws -> [UInt8] {
        guard index < bytes.count else { throw failure("not JSON: a string without an end", at: index) }
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [8]
        case UInt8(ascii: "f"): return [12]
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "u"):
            let start = index
            var value = try hexadecimal()
            // Outside the basic plane, JSON writes a surrogate pair of UTF-16.
            if (0xD800..<0xDC00).contains(value), index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"),
                bytes[index + 1] == UInt8(ascii: "u")
            {
                index += 2
                let low = try hexadecimal()
                guard (0xDC00..<0xE000).contains(low) else {
                    throw failure("half a surrogate pair", at: start)
                }
                value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(value) else {
                throw failure("half a surrogate pair", at: start)
            }
            return Array(String(scalar).utf8)
        default: throw failure("not JSON: an unknown escape", at: index - 1)
        }
    }

    private mutating func hexadecimal() throws -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard index < bytes.count, let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue
            else {
                throw failure("not JSON: four hexadecimal digits are needed", at: index)
            }
            value = value << 4 | UInt32(digit)
            index += 1
        }
        return value
    }

    private mutating func skipSpace() {
        while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws {
        guard skip(character) else {
            throw failure("not JSON", at: index, expected: "\(character)", got: found)
        }
    }

    private var found: String {
        guard index < bytes.count else { return "the end of the header" }
        let byte = bytes[index]
        return (0x21..<0x7F).contains(byte) ? "\(Character(Unicode.Scalar(byte)))" : "byte \(byte)"
    }

    private func failure(_ what: String, at place: Int, expected: String? = nil, got: String? = nil)
        -> DescentError
    {
        DescentError(
            .badData, "safetensors header: \(what)", at: "\(path), byte \(origin + place)",
            expected: expected,
            got: got)
    }
}
