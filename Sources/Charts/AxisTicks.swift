import Arrays
import Images

/// The marks of an axis, and their labels.
///
/// Steps are 1, 2 or 5 times a power of ten: P. Heckbert, "Nice numbers for graph labels", Graphics Gems (1990).
struct AxisTicks: Equatable {
    /// The marks, rising.
    var values: [Double]
    /// The text of each mark; empty where a mark goes without.
    var labels: [String]

    /// Returns the step of 1, 2 or 5 times a power of ten that is nearest to `raw`.
    ///
    /// - Precondition: `raw` is positive and finite.
    static func niceStep(_ raw: Double) -> (digit: Int, exponent: Int) {
        let exponent = Int(Mathematics.log10(raw).rounded(.down))
        let fraction = raw / Mathematics.power(10, Double(exponent))
        switch fraction {
        case ..<1.5: return (1, exponent)
        case ..<3: return (2, exponent)
        case ..<7: return (5, exponent)
        default: return (1, exponent + 1)
        }
    }

    /// `lower ... upper` widened to whole steps, so that the axis begins and ends with a mark.
    static func niceRange(_ lower: Double, _ upper: Double, about count: Int) -> ClosedRange<Double> {
        guard upper > lower else {
            let room = lower == 0 ? 1 : lower.magnitude * 0.1
            return niceRange(lower - room, lower + room, about: count)
        }
        let (digit, exponent) = niceStep((upper - lower) / Double(count))
        // A thousandth of a step is forgiven, so that 0.30000000000000004 does not ask for another step.
        let first = (lower / Mathematics.power(10, Double(exponent)) / Double(digit) + 0.001).rounded(.down)
        let last = (upper / Mathematics.power(10, Double(exponent)) / Double(digit) - 0.001).rounded(.up)
        return min(lower, multiple(first, digit, exponent))...max(upper, multiple(last, digit, exponent))
    }

    /// About `count` marks at whole steps inside `range`.
    static func linear(
        in range: ClosedRange<Double>, about count: Int, format: LineChart.NumberFormat
    ) -> AxisTicks {
        let length = range.upperBound - range.lowerBound
        guard length > 0 else {
            return AxisTicks(
                values: [range.lowerBound], labels: [format.tickText(range.lowerBound, decimals: 2)])
        }
        var (digit, exponent) = niceStep(length / Double(count))
        if format == .integer && exponent < 0 { (digit, exponent) = (1, 0) }
        let unit = Double(digit) * Mathematics.power(10, Double(exponent))
        let first = Int((range.lowerBound / unit - 0.001).rounded(.up))
        let last = Int((range.upperBound / unit + 0.001).rounded(.down))
        var values = first <= last ? (first...last).map { multiple(Double($0), digit, exponent) } : []
        // Steps finer than doubles are: several marks at one value.
        values = values.indices.filter { $0 == 0 || values[$0] != values[$0 - 1] }.map { values[$0] }
        return AxisTicks(
            values: values, labels: Self.labels(values, format: format, decimals: max(0, -exponent)))
    }

    /// Returns the text of each mark, with as many digits as it takes to distinguish them.
    private static func labels(_ values: [Double], format: LineChart.NumberFormat, decimals: Int) -> [String]
    {
        let usual = values.map { format.tickText($0, decimals: decimals) }
        guard Set(usual).count < usual.count else { return usual }
        return values.map(format.exactText)
    }

    /// Puts the last mark at `end`, a whole number: as one more, or in place of one that is too close to it.
    mutating func end(at end: Double) {
        guard let last = values.last, last < end, end == end.rounded(), values.count > 1 else { return }
        if end - last < 0.55 * (values[1] - values[0]) {
            values.removeLast()
            labels.removeLast()
        }
        values.append(end)
        labels.append(LineChart.NumberFormat.integer.tickText(end, decimals: 0))
    }

    /// Marks at powers of ten inside `range`; at 2 and 5 times these too when there are few.
    ///
    /// - Precondition: `range` is positive.
    static func logarithmic(in range: ClosedRange<Double>, about count: Int) -> AxisTicks {
        let lowest = Int((Mathematics.log10(range.lowerBound) + 1e-9).rounded(.down))
        let highest = Int((Mathematics.log10(range.upperBound) + 1e-9).rounded(.down))
        let decades = highest - lowest + 1
        let digits = decades <= 3 ? [1, 2, 5] : [1]
        let stride = max(1, (decades + count - 1) / max(count, 1))
        var ticks = AxisTicks(values: [], labels: [])
        for exponent in lowest...highest where (exponent - lowest) % stride == 0 {
            for digit in digits {
                let value = multiple(1, digit, exponent)
                guard value >= range.lowerBound * 0.999999, value <= range.upperBound * 1.000001 else {
                    continue
                }
                ticks.values.append(value)
                let isPlain = decades <= 3 && (-4...5).contains(exponent)
                ticks.labels.append(
                    isPlain
                        ? NumberText.fixed(value, decimals: max(0, -exponent))
                        : digit == 1 ? NumberText.powerOfTen(exponent) : "")
            }
        }
        // Between 1.1 and 1.4 there is no 1, 2 or 5 times a power of ten: the marks of a linear axis then, which differ.
        return ticks.values.count < 2 ? linear(in: range, about: count, format: .decimal) : ticks
    }

    /// `lower ... upper` widened to the next 1, 2 or 5 times a power of ten.
    static func niceLogarithmicRange(_ lower: Double, _ upper: Double) -> ClosedRange<Double> {
        let exponent = Int(Mathematics.log10(lower).rounded(.down))
        let below = [5, 2, 1].map { multiple(1, $0, exponent) }.first { $0 <= lower * 1.000001 }
        let top = Int(Mathematics.log10(upper).rounded(.down))
        let above = [1, 2, 5, 10].map { multiple(1, $0, top) }.first { $0 >= upper * 0.999999 }
        let range = min(lower, below ?? lower)...max(upper, above ?? upper)
        return range.lowerBound < range.upperBound ? range : lower / 2...upper * 2
    }

    /// `count * digit * 10^exponent`, dividing for negative exponents, which gives the double next to the decimal.
    private static func multiple(_ count: Double, _ digit: Int, _ exponent: Int) -> Double {
        let power = Mathematics.power(10, Double(abs(exponent)))
        return exponent < 0 ? count * Double(digit) / power : count * Double(digit) * power
    }
}
