/// Formatting of numbers for people. Foundation's formatting follows the locale and is slow to load; the tables and
/// files of Descent always use a point and no grouping.
package enum Numerals {
    /// `value` with exactly so many decimals: `fixed(0.12345, 2)` is "0.12". Not-finite values print as "nan",
    /// "inf" and "-inf".
    package static func fixed(_ value: Double, _ decimals: Int) -> String {
        guard value.isFinite else { return value.isNaN ? "nan" : (value < 0 ? "-inf" : "inf") }
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let scaled = (abs(value) * scale).rounded()
        guard scaled < 9e15 else { return value.description }
        let digits = String(Int(scaled))
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        let whole = padded.dropLast(decimals)
        let sign = value < 0 && scaled > 0 ? "-" : ""
        return decimals == 0 ? sign + digits : "\(sign)\(whole).\(padded.suffix(decimals))"
    }

    /// A loss: four decimals, or three digits and a power of ten when it has diverged ("1.14e+10").
    package static func loss(_ value: Double) -> String {
        guard abs(value) >= 1e6, value.isFinite else { return fixed(value, 4) }
        var (mantissa, exponent) = (value, 0)
        while abs(mantissa) >= 9.995 {
            mantissa /= 10
            exponent += 1
        }
        return "\(fixed(mantissa, 2))e+\(exponent)"
    }

    /// A number of single precision rounded to two digits, as short as it can be written: "0.05", "1.2e+15".
    package static func twoDigits(_ value: Double) -> String {
        guard value.isFinite, value != 0 else { return fixed(value, 0) }
        var (mantissa, exponent) = (abs(value), -1)
        while mantissa >= 99.5 {
            mantissa /= 10
            exponent += 1
        }
        while mantissa < 9.95 {
            mantissa *= 10
            exponent -= 1
        }
        // Reading the digits back rounds once, to the nearest number that has this text.
        let text = "\(value < 0 ? "-" : "")\(Int(mantissa.rounded()))e\(exponent + 1)"
        return Float(text)?.description ?? text
    }

    /// A ratio as a percentage with two decimals: "94.32 %".
    package static func percent(_ ratio: Double) -> String { fixed(100 * ratio, 2) + " %" }

    /// A count with commas between thousands: "60,000".
    package static func grouped(_ count: Int) -> String {
        let digits = Array(String(count.magnitude))
        var text = count < 0 ? "-" : ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place).isMultiple(of: 3) { text += "," }
            text.append(digit)
        }
        return text
    }

    /// A number without a trailing ".0": "5", "0.05".
    package static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }

    /// A measured number in units of its own, which may be prices or shares: `0.0421`, `53.78`, `1,250,000`.
    package static func measure(_ value: Double, decimals: (small: Int, large: Int) = (4, 2)) -> String {
        let size = value.magnitude
        guard size < 1e15, size == 0 || size >= 1e-3 else { return twoDigits(value) }
        guard size < 99_999.5 else {
            return (value < 0 ? "-" : "") + grouped(Int(size.rounded()))
        }
        return fixed(value, size < 10 ? decimals.small : decimals.large)
    }

    /// A count with its noun: "1 epoch", "16 epochs".
    package static func counted(_ count: Int, _ noun: String) -> String {
        "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")"
    }

    /// A number of bytes: `812 B`, `1.7 MB`: powers of ten, two digits that count below ten.
    package static func bytes(_ count: Int) -> String {
        var value = Double(count)
        for unit in ["B", "kB", "MB", "GB"] {
            if value < 999.5 || unit == "GB" {
                return "\(fixed(value, unit == "B" || value >= 9.95 ? 0 : 1)) \(unit)"
            }
            value /= 1000
        }
        return ""
    }

    /// A length of time: "0.42 s", "12.3 s", "3:05", "1:02:03".
    package static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e9 else { return "-" }
        if seconds < 9.995 { return fixed(seconds, 2) + " s" }
        if seconds < 59.95 { return fixed(seconds, 1) + " s" }
        let whole = Int(seconds.rounded())
        let two = { (part: Int) in part < 10 ? "0\(part)" : "\(part)" }
        if whole < 3600 { return "\(whole / 60):\(two(whole % 60))" }
        return "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))"
    }
}
