import Arrays
import Support

/// A confidence interval of a proportion: Wilson's score interval.
///
/// With p = correct / n and z the normal quantile: (p + z^2 / 2n +- z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n).
///
/// ```swift
/// ProportionInterval(correct: 9705, count: 10_000)   // 0.9670 ... 0.9736
/// ```
///
/// Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference" (1927).
public struct ProportionInterval: Codable, Equatable, Sendable {
    /// The lower end, 0...1.
    public let lower: Double
    /// The upper end, 0...1.
    public let upper: Double

    /// Creates the 95 % confidence interval.
    ///
    /// - Precondition: 0 <= correct <= count.
    public init(correct: Int, count: Int) {
        require(correct >= 0 && correct <= count, "\(correct) of \(count)")
        guard count > 0 else {
            (lower, upper) = (0, 1)
            return
        }
        let z = Self.quantile
        let n = Double(count)
        let p = Double(correct) / n
        let middle = p + z * z / (2 * n)
        let reach = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
        lower = max(0, (middle - reach) / (1 + z * z / n))
        upper = min(1, (middle + reach) / (1 + z * z / n))
    }

    /// The distance between the ends.
    package var width: Double { upper - lower }

    /// The quantile of the normal distribution that leaves 2.5 % above it.
    static let quantile = 1.959963984540054
}
