/// The level that separates two classes of values best, by Otsu's rule, and how well it does.
struct Threshold: Sendable {
    /// Values above it are of the upper class.
    let level: Float
    /// The means of both classes.
    let lower: Float
    let upper: Float
    /// The share of the variance that the classes explain, 0...1: 0.64 for one bell of values, near 1 for two levels.
    let separation: Float

    /// nil for values that are all alike.
    ///
    /// Source: Otsu 1979, "A threshold selection method from gray-level histograms".
    init?(_ values: [Float]) {
        guard let first = values.first else { return nil }
        var (low, high) = (first, first)
        for value in values {
            low = min(low, value)
            high = max(high, value)
        }
        // Apart by more than rounding.
        guard high - low > 1e-4 * max(abs(low), abs(high)), (high - low).isFinite else { return nil }
        let bins = 256
        let scale = Float(bins) / (high - low)
        var counts = [Int](repeating: 0, count: bins)
        for value in values { counts[min(bins - 1, Int((value - low) * scale))] += 1 }
        func middle(_ bin: Int) -> Double { Double(low) + (Double(bin) + 0.5) / Double(scale) }
        let total = Double(values.count)
        var (sum, squares) = (0.0, 0.0)
        for bin in 0..<bins {
            sum += Double(counts[bin]) * middle(bin)
            squares += Double(counts[bin]) * middle(bin) * middle(bin)
        }
        var (count, part) = (0.0, 0.0)
        var best = (between: -1.0, first: 0, last: 0, lower: 0.0, upper: 0.0)
        for bin in 0..<bins - 1 {
            count += Double(counts[bin])
            part += Double(counts[bin]) * middle(bin)
            guard count > 0, count < total else { continue }
            let (lower, upper) = (part / count, (sum - part) / (total - count))
            let between = count * (total - count) * (upper - lower) * (upper - lower)
            if between > best.between {
                best = (between, bin, bin, lower, upper)
            } else if between == best.between {
                best.last = bin
            }
        }
        let variance = max(squares - sum * sum / total, 1e-12)
        level = low + (Float(best.first + best.last) / 2 + 1) / scale
        (lower, upper) = (Float(best.lower), Float(best.upper))
        separation = Float(min(1, best.between / total / variance))
    }
}
