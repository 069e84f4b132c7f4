/// A reader of JSON that goes through the bytes once and builds nothing, so that a tensor of numbers is read straight into an
/// array of them.
///
/// The grammar is RFC 8259's; values are nested at most 64 deep, so a hostile text cannot exhaust the stack.
///
/// The bytes are borrowed: a scanner lives no longer than the closure that it is made in.
struct JSONScanner {
    private let bytes: UnsafeBufferPointer<UInt8>
    private(set) var position = 0
    private var depth = 0
    private static let deepest = 64

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// Where the text is no JSON, or no JSON of the form that is asked for.
    struct Fault: Error {
        var message: String
    }

    func fault(_ message: String) -> Fault { Fault(message: "\(message) at byte \(position)") }

    /// The next byte that is no white space; nil at the end.
    mutating func peek() -> UInt8? {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return bytes[position]
            }
        }
        return nil
    }

    mutating func expect(_ byte: UInt8) throws(Fault) {
        guard peek() == byte else { throw fault("'\(Character(Unicode.Scalar(byte)))' expected") }
        position += 1
    }

    /// Passes over the byte if it comes next.
    mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        position += 1
        return true
    }

    /// Requires the end of the text.
    mutating func end() throws(Fault) {
        guard peek() == nil else { throw fault("something follows the value") }
    }

    /// Reads an object; `member` reads the value of each name.
    mutating func object(_ member: (inout JSONScanner, String) throws(Fault) -> Void) throws(Fault) {
        try expect(UInt8(ascii: "{"))
        try deepen()
        defer { depth -= 1 }
        if take(UInt8(ascii: "}")) { return }
        repeat {
            let name = try string()
            try expect(UInt8(ascii: ":"))
            try member(&self, name)
        } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"))
    }

    /// Reads an array; `element` reads each of its values.
    mutating func array(_ element: (inout JSONScanner) throws(Fault) -> Void) throws(Fault) {
        try expect(UInt8(ascii: "["))
        try deepen()
        defer { depth -= 1 }
        if take(UInt8(ascii: "]")) { return }
        repeat { try element(&self) } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"))
    }

    /// Reads an array whose elements, one at least, `elements` reads with the commas between them.
    @inline(__always)
    mutating func nested(_ elements: (inout JSONScanner) throws(Fault) -> Void) throws(Fault) {
        try expect(UInt8(ascii: "["))
        try deepen()
        defer { depth -= 1 }
        if take(UInt8(ascii: "]")) { return }
        try elements(&self)
        try expect(UInt8(ascii: "]"))
    }

    /// Reads a number of one to three digits, at most 255; nil, and nothing is read, where it is written in another way.
    @inline(__always)
    mutating func smallNumber() -> UInt8? {
        var (place, value) = (position, 0)
        while place < bytes.count, place < position + 3, bytes[place] &- UInt8(ascii: "0") < 10 {
            value = value * 10 + Int(bytes[place] &- UInt8(ascii: "0"))
            place += 1
        }
        guard place > position, place < bytes.count, value <= 255 else { return nil }
        // A zero that begins a longer number, a fraction or an exponent are left to the other way.
        if bytes[position] == UInt8(ascii: "0"), place > position + 1 { return nil }
        switch bytes[place] {
        case UInt8(ascii: ","), UInt8(ascii: "]"), 0x20, 0x09, 0x0A, 0x0D: break
        default: return nil
        }
        position = place
        return UInt8(truncatingIfNeeded: value)
    }

    private mutating func deepen() throws(Fault) {
        depth += 1
        guard depth <= Self.deepest else { throw fault("values are nested more than \(Self.deepest) deep") }
    }

    /// Passes over a value of any kind.
    mutating func skip() throws(Fault) {
        switch peek() {
        case UInt8(ascii: "{"): try object { (scanner, _) throws(Fault) in try scanner.skip() }
        case UInt8(ascii: "["): try array { (scanner) throws(Fault) in try scanner.skip() }
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        default: _ = try number()
        }
    }

    mutating func word(_ word: StaticString) throws(Fault) {
        let matches = word.withUTF8Buffer { word in
            position + word.count <= bytes.count
                && word.indices.allSatisfy { word[$0] == bytes[position + $0] }
        }
        guard matches else { throw fault("no JSON value") }
        position += word.utf8CodeUnitCount
    }

    /// Reads true or false.
    mutating func boolean() throws(Fault) -> Bool {
        if peek() == UInt8(ascii: "t") {
            try word("true")
            return true
        }
        try word("false")
        return false
    }

    /// Reads a number. Up to 15 digits and powers of ten up to 22 are exact by one operation (Clinger 1990, "How to read floating
    /// point numbers accurately"); the C library reads the rest.
    mutating func number() throws(Fault) -> Double {
        _ = peek()
        let start = position
        var isNegative = false
        if position < bytes.count, bytes[position] == UInt8(ascii: "-") {
            isNegative = true
            position += 1
        }
        var mantissa: UInt64 = 0
        var (digits, exponent) = (0, 0)
        let first = position
        digitLoop(&mantissa, &digits)
        guard position > first else { throw fault("a number expected") }
        if bytes[first] == UInt8(ascii: "0"), position > first + 1 { throw fault("a number begins with 0") }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            let begin = position
            digitLoop(&mantissa, &digits)
            guard position > begin else { throw fault("digits expected after the point") }
            exponent = begin - position
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            exponent += try exponentPart()
        }
        if digits <= 15, (-22...22).contains(exponent) {
            let value = Double(mantissa)
            let power = Self.powers[abs(exponent)]
            let scaled = exponent < 0 ? value / power : value * power
            return isNegative ? -scaled : scaled
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let value = Double(text), value.isFinite else {
            throw fault("a number beyond double precision")
        }
        return value
    }

    private mutating func digitLoop(_ mantissa: inout UInt64, _ digits: inout Int) {
        while position < bytes.count {
            let digit = bytes[position] &- UInt8(ascii: "0")
            guard digit < 10 else { return }
            if digits < 18 { mantissa = mantissa &* 10 &+ UInt64(digit) }
            if digits > 0 || digit > 0 { digits += 1 }
            position += 1
        }
    }

    private mutating func exponentPart() throws(Fault) -> Int {
        position += 1
        var isNegative = false
        if position < bytes.count,
            bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+")
        {
            isNegative = bytes[position] == UInt8(ascii: "-")
            position += 1
        }
        let begin = position
        var value = 0
        while position < bytes.count, bytes[position] &- UInt8(ascii: "0") < 10 {
            value = min(value * 10 + Int(bytes[position] - UInt8(ascii: "0")), 100_000)
            position += 1
        }
        guard position > begin else { throw fault("digits expected in the exponent") }
        return isNegative ? -value : value
    }

    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
        1e19, 1e20,
        1e21, 1e22,
    ]

    /// Reads a string.
    mutating func string() throws(Fault) -> String {
        try expect(UInt8(ascii: "\""))
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                defer { position += 1 }
                return try text(bytes[start..<position])
            case UInt8(ascii: "\\"): return try escaped(from: start)
            case 0..<0x20: throw fault("a control character in a string")
            default: position += 1
            }
        }
        throw fault("a string that does not end")
    }

    private func text(_ bytes: some Collection<UInt8>) throws(Fault) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw fault("a string that is no UTF-8")
        }
        return text
    }

    /// Reads the rest of a string with escapes, byte by byte.
    private mutating func escaped(from start: Int) throws(Fault) -> String {
        var read = Array(bytes[start..<position])
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return try text(read)
            case 0..<0x20: throw fault("a control character in a string")
            case UInt8(ascii: "\\"):
                guard position < bytes.count else { throw fault("a string that does not end") }
                let kind = bytes[position]
                position += 1
                switch kind {
                case UInt8(ascii: "n"): read.append(0x0A)
                case UInt8(ascii: "t"): read.append(0x09)
                case UInt8(ascii: "r"): read.append(0x0D)
                case UInt8(ascii: "b"): read.append(0x08)
                case UInt8(ascii: "f"): read.append(0x0C)
                case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): read.append(kind)
                case UInt8(ascii: "u"): read += Array(String(try scalar()).utf8)
                default: throw fault("an unknown escape")
                }
            default: read.append(byte)
            }
        }
        throw fault("a string that does not end")
    }

    /// Reads the digits of \u, and the second half of a pair of surrogates.
    private mutating func scalar() throws(Fault) -> Unicode.Scalar {
        let first = try hexadecimal()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard (0xD800..<0xDC00).contains(first), position + 1 < bytes.count,
            bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        else { throw fault("half of a pair of surrogates") }
        position += 2
        let second = try hexadecimal()
        guard (0xDC00..<0xE000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw fault("half of a pair of surrogates") }
        return scalar
    }

    private mutating func hexadecimal() throws(Fault) -> UInt32 {
        guard position + 4 <= bytes.count else { throw fault("four hexadecimal digits expected") }
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue else {
                throw fault("four hexadecimal digits expected")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}
