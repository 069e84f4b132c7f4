import Arrays
import Images

/// The mapping of values to coordinates on the page, along one axis.
struct AxisScale {
    let range: ClosedRange<Double>
    let kind: LineChart.Scale
    /// The coordinate of the range's lower bound.
    let start: Double
    /// The coordinate of the range's upper bound.
    let end: Double

    /// Returns the coordinate of a value; `nil` for one that has none (not finite, or not positive on a logarithmic
    /// axis).
    func coordinate(_ value: Double) -> Double? {
        guard value.isFinite else { return nil }
        let fraction: Double
        switch kind {
        case .linear:
            // Halved, so that the difference of two huge values does not overflow.
            let length = range.upperBound / 2 - range.lowerBound / 2
            fraction = length > 0 ? (value / 2 - range.lowerBound / 2) / length : 0.5
        case .logarithmic:
            guard value > 0 else { return nil }
            let lower = Mathematics.log10(range.lowerBound)
            fraction = (Mathematics.log10(value) - lower) / (Mathematics.log10(range.upperBound) - lower)
        }
        // Far outside the picture all coordinates are the same, and stay numbers that SVG can hold.
        return start + min(max(fraction, -100), 100) * (end - start)
    }
}
