/// The mean and the spread of a sample.
///
/// ```swift
/// let accuracies = SampleStatistics([0.981, 0.983, 0.982])
/// print(accuracies.mean, accuracies.deviation ?? 0)   // 0.982 0.001
/// ```
public struct SampleStatistics: Equatable, Sendable {
    /// The size of the sample.
    public let count: Int
    /// The mean; NaN for an empty sample.
    public let mean: Double
    /// Their standard deviation, sqrt(sum (x - mean)^2 / (n - 1)); nil when there are fewer than two.
    public let deviation: Double?

    /// Creates the statistics of `values`.
    public init(_ values: [Double]) {
        count = values.count
        let mean = values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
        self.mean = mean
        deviation =
            values.count < 2
            ? nil
            : (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
    }
}
