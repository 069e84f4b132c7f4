import ArrayFiles
import Arrays
import Support

/// The lines of a file in one of libsvm's formats: words between spaces and tabs, errors with the line's number.
///
/// Source: the syntax that libsvm's `svm-train.c` (3.x) and SVMlight's `svm_learn_main.c` take and refuse.
struct LibSVMLines {
    let path: String
    /// Whether `#` begins a comment, as SVMlight has it. A model file has none.
    var hasComments = false
    private let bytes: [UInt8]
    private var position = 0
    /// The end of the line's words: the line feed, or a comment before it.
    private var end = 0
    private var nextLine = 0
    /// The line that is being read, from 1.
    private(set) var number = 0

    init(contentsOf path: String) throws {
        let size = try ByteSource(path: path).size
        self.init(
            try Gzip.contents(ofFile: path, limit: MemoryLimit.bytes(forFileOf: size)), path: path)
    }

    init(_ bytes: [UInt8], path: String) {
        self.bytes = bytes
        self.path = path
        // Some editors put a byte order mark in front of UTF-8.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { nextLine = 3 }
    }

    /// The bytes of the whole file.
    var size: Int { bytes.count }

    /// Goes to the next line; false at the end of the file.
    mutating func next() -> Bool {
        position = nextLine
        guard position < bytes.count else { return false }
        number += 1
        end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        nextLine = end + 1
        if hasComments, let comment = bytes[position..<end].firstIndex(of: UInt8(ascii: "#")) {
            end = comment
        }
        return true
    }

    /// Reads the next word of the line; nil at its end.
    mutating func word() -> ArraySlice<UInt8>? {
        while position < end, Self.isSpace(bytes[position]) { position += 1 }
        guard position < end else { return nil }
        let first = position
        while position < end, !Self.isSpace(bytes[position]) { position += 1 }
        return bytes[first..<position]
    }

    /// Space, tab, vertical tab, form feed, carriage return: C's `isspace`.
    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    /// Returns an error in this line.
    func wrong(_ what: String, expected: String? = nil, got: String? = nil, advice: String? = nil)
        -> DescentError
    {
        DescentError(
            .badData, what, at: "\(path), line \(number)", expected: expected, got: got, advice: advice)
    }

    /// Returns a word as an error shows it.
    static func shown(_ word: ArraySlice<UInt8>) -> String {
        let text = String(decoding: word.prefix(40), as: UTF8.self)
        return word.count > 40 ? "'\(text)...'" : "'\(text)'"
    }

    /// Reads the rest of the line as `index:value` pairs, ascending; gives the index as the file has it, from 0.
    ///
    /// Spaces may follow a colon, as libsvm's own "protein" has them. `qid:`, with which SVMlight groups rows for ranking,
    /// is passed over before the first pair.
    mutating func features(_ body: (Int, Float) -> Void) throws {
        var last = -1
        var isFirst = true
        while let word = word() {
            guard let colon = word.firstIndex(of: UInt8(ascii: ":")) else {
                throw wrong("not a feature", expected: "index:value", got: Self.shown(word))
            }
            // The colon ends the word: after spaces comes its value.
            var value = word[(colon + 1)...]
            if value.isEmpty { value = self.word() ?? [] }
            if isFirst, hasComments, word[..<colon].elementsEqual("qid".utf8) {
                guard Self.whole(value) != nil else {
                    throw wrong("not a number of a query", expected: "qid:number", got: Self.shown(value))
                }
                isFirst = false
                continue
            }
            isFirst = false
            guard let index = Self.whole(word[..<colon]), index < (1 << 31) - 1 else {
                throw wrong("an impossible index", expected: "0..<\((1 << 31) - 1)", got: Self.shown(word))
            }
            guard index > last else {
                throw wrong("indices must ascend", expected: "more than \(last)", got: "\(index)")
            }
            last = index
            guard let number = Self.number(value) else {
                throw wrong(
                    "not a number", expected: "index:value", got: Self.shown(value.isEmpty ? word : value))
            }
            guard Float(number).isFinite else {
                throw wrong("a value that is not finite", expected: "a finite number", got: Self.shown(value))
            }
            body(index, Float(number))
        }
    }

    /// Decimal digits, with a plus before them or not, as a number; nil if there is anything else.
    static func whole(_ word: ArraySlice<UInt8>) -> Int? {
        let word = word.first == UInt8(ascii: "+") ? word.dropFirst() : word
        guard !word.isEmpty, word.count <= 18 else { return nil }
        var value = 0
        for byte in word {
            guard byte >= 0x30 && byte <= 0x39 else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return value
    }

    /// Returns a decimal number. Short ones exactly without the library: below 2^53, a whole number over a power of ten
    /// up to 10^22 is one rounded division (W. Clinger, "How to read floating point numbers accurately", 1990).
    static func number(_ word: ArraySlice<UInt8>) -> Double? {
        var digits = 0
        var whole = 0
        var fraction = 0
        var seenPoint = false
        var rest = word
        let negative = rest.first == UInt8(ascii: "-")
        if negative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        for byte in rest {
            if byte == UInt8(ascii: "."), !seenPoint {
                seenPoint = true
            } else if byte >= 0x30 && byte <= 0x39 && digits < 15 {
                whole = whole * 10 + Int(byte - 0x30)
                digits += 1
                if seenPoint { fraction += 1 }
            } else {
                // Longer, or with an exponent; words such as nan and 0x1 are refused.
                let allowed = rest.allSatisfy { byte in
                    byte >= 0x30 && byte <= 0x39 || ".eE+-".utf8.contains(byte)
                }
                return allowed ? Double(String(decoding: word, as: UTF8.self)) : nil
            }
        }
        guard digits > 0 else { return nil }
        let value = Double(whole) / powersOfTen[fraction]
        return negative ? -value : value
    }

    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]

    /// Returns the name of the class that has this label: `1`, `-1`, `2.5`.
    static func className(_ label: Double) -> String {
        Int(exactly: label).map { "\($0)" } ?? "\(label)"
    }
}
