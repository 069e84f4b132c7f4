// Floating-point numbers in NumPy's printed form: the shortest digits that tell a number from its neighbours, at
// most `precision` of them after the point, all numbers of an array in one form and one width.

extension FloatingScalar {
    /// The text of a scalar as NumPy prints it: positional from 1e-4 to 1e16 (float32: 1e6), else with an exponent.
    public var scalarText: String {
        if isNaN { return "nan" }
        let sign = self.sign == .minus ? "-" : ""
        if isInfinite { return sign + "inf" }
        let shortest = ShortestDigits("\(self)")
        if self == 0 || (Double(magnitude) >= 1e-4 && magnitude < (Self.significandIsShort ? 1e6 : 1e16)) {
            let (whole, fraction) = shortest.positional
            return "\(sign)\(whole).\(fraction.isEmpty ? "0" : fraction)"
        }
        let (whole, fraction, exponent) = shortest.scientific
        return "\(sign)\(whole)\(fraction.isEmpty ? "" : "." + fraction)e\(exponentText(exponent, digits: 2))"
    }

    /// The texts of an array's elements.
    public static func arrayTexts(_ values: [Self], _ format: ArrayFormat) -> [String] {
        let finite = values.filter(\.isFinite)
        let hasNegativeInfinity = values.contains { $0 == -.infinity }
        let words: [String]
        let width: Int
        if usesExponent(finite, format) {
            (words, width) = scientificTexts(finite, format)
        } else {
            (words, width) = positionalTexts(finite, format)
        }
        guard finite.count < values.count else { return words }
        // `nan` and `inf` are aligned with the ends of the other numbers; a column that is too narrow for them grows.
        let special = max(3, hasNegativeInfinity ? 4 : 3)
        let total = max(width, special)
        var next = words.makeIterator()
        return values.map { value in
            if value.isNaN { return padded("nan", left: total) }
            if value.isInfinite { return padded(value < 0 ? "-inf" : "inf", left: total) }
            return padded(next.next() ?? "", left: total)
        }
    }

    /// Whether the type is single precision.
    private static var significandIsShort: Bool { significandBitCount < 24 }

    /// Returns whether a number is so large or so small, or two are so far apart, that all get an exponent.
    private static func usesExponent(_ finite: [Self], _ format: ArrayFormat) -> Bool {
        let magnitudes = finite.lazy.map(\.magnitude).filter { $0 != 0 }
        guard let largest = magnitudes.max(), let smallest = magnitudes.min() else { return false }
        // 10^8, or what the type resolves if that is less (float32: 10^6).
        let limit: Self = Self.significandIsShort ? 1e6 : 1e8
        return largest >= limit
            || (!format.suppressingSmall && (smallest < 0.0001 || largest / smallest > 1000))
    }

    private static func positionalTexts(_ finite: [Self], _ format: ArrayFormat) -> ([String], Int) {
        let parts = finite.map { value -> (whole: String, fraction: String) in
            var (whole, fraction) = ShortestDigits("\(value)").positional
            if fraction.utf8.count > format.precision {
                (whole, fraction) = fixedText(Double(value), digits: format.precision)
                fraction = trimmingZeros(fraction)
            }
            return (value.sign == .minus ? "-" + whole : whole, fraction)
        }
        let left = parts.map(\.whole.utf8.count).max() ?? 0
        let right = parts.map(\.fraction.utf8.count).max() ?? 0
        let words = parts.map { padded($0.whole, left: left) + "." + padded($0.fraction, right: right) }
        return (words, finite.isEmpty ? 1 : left + right + 1)
    }

    private static func scientificTexts(_ finite: [Self], _ format: ArrayFormat) -> ([String], Int) {
        let parts = finite.map { value -> (whole: String, fraction: String, exponent: Int) in
            var (whole, fraction, exponent) = ShortestDigits("\(value)").scientific
            if fraction.utf8.count > format.precision {
                (whole, fraction, exponent) = scientificText(Double(value), digits: format.precision)
                fraction = trimmingZeros(fraction)
            }
            return (value.sign == .minus ? "-" + whole : whole, fraction, exponent)
        }
        let left = parts.map(\.whole.utf8.count).max() ?? 0
        let right = parts.map(\.fraction.utf8.count).max() ?? 0
        let exponentDigits = max(2, parts.map { String(abs($0.exponent)).utf8.count }.max() ?? 0)
        let words = zip(finite, parts).map { value, part -> String in
            // With more digits than the shortest, a number shows its own digits instead of zeros.
            var (whole, fraction, exponent) = part
            if fraction.utf8.count < right && value != 0 {
                (whole, fraction, exponent) = scientificText(Double(value), digits: right)
                if value.sign == .minus { whole = "-" + whole }
            }
            return padded(whole, left: left) + "." + fraction
                + String(repeating: "0", count: right - fraction.utf8.count) + "e"
                + exponentText(exponent, digits: exponentDigits)
        }
        // The width that NumPy reserves for nan and inf: digits, exponent with its sign, and e.
        return (words, left + 1 + right + exponentDigits + 2)
    }
}
