import CKernels

// The texts of integers and Booleans, and the digits of floating-point numbers.

extension IntegerScalar {
    /// Decimal digits.
    public var scalarText: String { String(self) }

    /// Decimal digits, padded on the left to one width.
    public static func arrayTexts(_ values: [Self], _ format: ArrayFormat) -> [String] {
        let texts = values.map { String($0) }
        let width = texts.map(\.utf8.count).max() ?? 0
        return texts.map { padded($0, left: width) }
    }
}

extension Bool {
    /// `True` or `False`, as Python writes them.
    public var scalarText: String { self ? "True" : "False" }

    /// ` True` and `False`: one width.
    public static func arrayTexts(_ values: [Bool], _ format: ArrayFormat) -> [String] {
        values.map { $0 ? " True" : "False" }
    }
}

/// `text` with spaces before it up to `left` characters.
func padded(_ text: String, left width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.utf8.count)) + text
}

/// `text` with spaces behind it up to `width` characters.
func padded(_ text: String, right width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.utf8.count))
}

/// The shortest decimal digits that tell a number from its neighbours: 0.d1d2d3... * 10^point.
struct ShortestDigits {
    let digits: [UInt8]
    let point: Int

    /// From Swift's own shortest description of a finite number, in any of its forms (`12.5`, `1e-05`).
    init(_ description: String) {
        var digits: [UInt8] = []
        var point = 0
        var exponent = 0
        var seenPoint = false
        var characters = Array(description.utf8)[...]
        if characters.first == UInt8(ascii: "-") { characters.removeFirst() }
        if let e = characters.firstIndex(of: UInt8(ascii: "e")) {
            exponent = Int(String(decoding: characters[(e + 1)...], as: UTF8.self)) ?? 0
            characters = characters[..<e]
        }
        for character in characters {
            if character == UInt8(ascii: ".") {
                seenPoint = true
            } else {
                digits.append(character)
                if !seenPoint { point += 1 }
            }
        }
        let zeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
        digits.removeFirst(zeros)
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        self.digits = digits
        self.point = digits.isEmpty ? 1 : point - zeros + exponent
    }

    /// The digits before and after the point, the fraction as short as it is.
    var positional: (whole: String, fraction: String) {
        let text = String(decoding: digits, as: UTF8.self)
        if point <= 0 {
            return ("0", digits.isEmpty ? "" : String(repeating: "0", count: -point) + text)
        }
        if point >= digits.count {
            return (text.isEmpty ? "0" : text + String(repeating: "0", count: point - digits.count), "")
        }
        return (String(text.prefix(point)), String(text.dropFirst(point)))
    }

    /// The digit before the point, those after it, and the exponent of ten.
    var scientific: (whole: String, fraction: String, exponent: Int) {
        let text = String(decoding: digits, as: UTF8.self)
        return (
            text.isEmpty ? "0" : String(text.prefix(1)), String(text.dropFirst(1)),
            digits.isEmpty ? 0 : point - 1
        )
    }
}

/// `value`'s absolute value with `digits` digits after the point, correctly rounded.
func fixedText(_ value: Double, digits: Int) -> (whole: String, fraction: String) {
    let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400 + digits) { buffer -> String in
        let length = ck_text_fixed(buffer.baseAddress, buffer.count, Int32(digits), value.magnitude)
        return String(decoding: buffer.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    let parts = text.split(separator: ".", maxSplits: 1)
    return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
}

/// `value`'s absolute value with one digit before the point and `digits` after it, correctly rounded.
func scientificText(_ value: Double, digits: Int) -> (whole: String, fraction: String, exponent: Int) {
    let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32 + digits) { buffer -> String in
        let length = ck_text_scientific(
            buffer.baseAddress, buffer.count, Int32(digits), value.magnitude)
        return String(decoding: buffer.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    let parts = text.split(separator: "e")
    let mantissa = parts[0].split(separator: ".", maxSplits: 1)
    return (String(mantissa[0]), mantissa.count > 1 ? String(mantissa[1]) : "", Int(parts[1]) ?? 0)
}

/// `text` without the zeros at its end.
func trimmingZeros(_ text: String) -> String {
    var text = text
    while text.last == "0" { text.removeLast() }
    return text
}

/// An exponent as NumPy writes it: sign and at least `digits` digits.
func exponentText(_ exponent: Int, digits: Int) -> String {
    let text = String(abs(exponent))
    return (exponent < 0 ? "-" : "+") + String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
}
