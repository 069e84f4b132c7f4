import Arrays
import Images

/// Numbers as a chart shows them, without a locale, so that the same data give the same file.
enum NumberText {
    /// Returns the number with exactly `decimals` decimals and a true minus sign; an exponent where digits would not
    /// help.
    static func fixed(_ value: Double, decimals: Int) -> String {
        guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "\u{2212}\u{221E}" : "\u{221E}" }
        let power = Mathematics.power(10, Double(decimals))
        guard decimals <= 9, value.magnitude * power < 1e15 else { return exponential(value) }
        let scaled = Int((value * power).rounded(.toNearestOrAwayFromZero))
        let unit = Int(power)
        var text = grouped(Int(scaled.magnitude) / unit)
        if decimals > 0 {
            let digits = String(Int(scaled.magnitude) % unit)
            text += "." + String(repeating: "0", count: decimals - digits.count) + digits
        }
        return scaled < 0 ? "\u{2212}" + text : text
    }

    /// Returns the number with three significant digits: 0.0787, 1.23, 97.1, 1,230, 4.56e−7.
    static func short(_ value: Double) -> String {
        guard value.isFinite, value != 0 else { return fixed(value, decimals: 0) }
        let exponent = Int(Mathematics.log10(value.magnitude).rounded(.down))
        guard (-4...5).contains(exponent) else { return exponential(value) }
        return fixed(value, decimals: max(0, 2 - exponent))
    }

    /// Returns the shortest decimal that is this double and no other: 0.1234562.
    static func exact(_ value: Double) -> String {
        guard value.isFinite else { return fixed(value, decimals: 0) }
        let text = "\(value)".replacing("-", with: "\u{2212}").replacing("e+", with: "e")
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// Returns a fraction as percent with `decimals` decimals: 0.971 is "97.1 %" with a space that does not break.
    static func percent(_ fraction: Double, decimals: Int = 1) -> String {
        fixed(fraction * 100, decimals: decimals) + "\u{A0}%"
    }

    /// Ten to a whole power, in superscript digits.
    static func powerOfTen(_ exponent: Int) -> String {
        let digits: [Character: Character] = [
            "-": "\u{207B}", "0": "\u{2070}", "1": "\u{B9}", "2": "\u{B2}", "3": "\u{B3}", "4": "\u{2074}",
            "5": "\u{2075}", "6": "\u{2076}", "7": "\u{2077}", "8": "\u{2078}", "9": "\u{2079}",
        ]
        return "10" + String(String(exponent).map { digits[$0] ?? $0 })
    }

    private static func exponential(_ value: Double) -> String {
        guard value.magnitude >= 1e-300 else { return "0" }
        var exponent = Int(Mathematics.log10(value.magnitude).rounded(.down))
        var digits = value / Mathematics.power(10, Double(exponent))
        if (digits.magnitude * 100).rounded() >= 1000 {  // 9.999 rounds up to 10.00
            digits /= 10
            exponent += 1
        }
        var text = fixed(digits, decimals: 2)
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text + "e" + (exponent < 0 ? "\u{2212}\(-exponent)" : "\(exponent)")
    }

    /// Thousands parted by commas.
    private static func grouped(_ value: Int) -> String {
        var digits = String(value)
        guard digits.count > 3 else { return digits }
        var groups: [String] = []
        while digits.count > 3 {
            groups.append(String(digits.suffix(3)))
            digits.removeLast(3)
        }
        return ([digits] + groups.reversed()).joined(separator: ",")
    }
}
