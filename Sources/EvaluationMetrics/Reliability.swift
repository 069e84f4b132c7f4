import Support

/// How well probabilities are kept: of answers given with 80 %, are 80 % right?
///
/// Answers are put into bins of equal width by their confidence p, the bin b over ((b − 1)/B, b/B]. With the accuracy a_b and the
/// mean confidence p_b of the n_b answers of each bin:
///
///     expected calibration error  Σ n_b / N |a_b − p_b|
///
/// Source: M. P. Naeini, G. F. Cooper, M. Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning" (2015).
public struct Reliability: Codable, Equatable, Sendable {
    /// The answers of one bin.
    public struct Bin: Codable, Equatable, Sendable {
        /// The bin is over (lower, upper].
        public let lower: Double
        /// The end of the bin.
        public let upper: Double
        /// The number of answers.
        public let count: Int
        /// Their mean confidence; nil when there are none.
        public let confidence: Double?
        /// The share of them that is right; nil when there are none.
        public let accuracy: Double?
    }

    /// The expected calibration error.
    public let expectedCalibrationError: Double
    /// The largest |a_b − p_b|.
    package let maximumCalibrationError: Double
    /// The mean of the confidences.
    public let meanConfidence: Double
    /// The bins, from low to high confidence.
    public let bins: [Bin]

    /// The reliability of answers with confidences in 0...1.
    ///
    /// - Precondition: `bins` is 1 or more.
    /// - Throws: `badData`: no examples, other counts, a confidence outside 0...1 (a thousandth above 1 is taken for 1).
    /// - Complexity: O(N).
    public init(confidence: [Double], isCorrect: [Bool], bins count: Int = 15) throws(DescentError) {
        require(count >= 1, "\(count) bins")
        try AnswerChecks.requireCounts(isCorrect.count, confidence.count, of: "confidences")
        if let row = confidence.firstIndex(where: { !($0 >= 0 && $0 <= 1.001) }) {
            throw DescentError(
                .badData, "a confidence that is no probability", at: "confidences, example \(row)",
                expected: "0...1", got: "\(confidence[row])")
        }
        var numbers = [Int](repeating: 0, count: count)
        var sums = [Double](repeating: 0, count: count)
        var right = [Int](repeating: 0, count: count)
        for (confidence, isCorrect) in zip(confidence, isCorrect) {
            let p = min(1, confidence)
            // The edges are compared as quotients, so that a confidence of b/B falls into bin b.
            var bin = min(count - 1, Int((p * Double(count)).rounded(.down)))
            while bin > 0, p <= Double(bin) / Double(count) { bin -= 1 }
            while bin + 1 < count, p > Double(bin + 1) / Double(count) { bin += 1 }
            numbers[bin] += 1
            sums[bin] += p
            if isCorrect { right[bin] += 1 }
        }
        let total = Double(confidence.count)
        bins = (0..<count).map { bin in
            let number = Double(numbers[bin])
            return Bin(
                lower: Double(bin) / Double(count), upper: Double(bin + 1) / Double(count),
                count: numbers[bin], confidence: numbers[bin] > 0 ? sums[bin] / number : nil,
                accuracy: numbers[bin] > 0 ? Double(right[bin]) / number : nil)
        }
        let gaps = (0..<count).map { bin in
            numbers[bin] > 0 ? abs(Double(right[bin]) - sums[bin]) / Double(numbers[bin]) : 0
        }
        expectedCalibrationError = zip(gaps, numbers).reduce(0) { $0 + $1.0 * Double($1.1) / total }
        maximumCalibrationError = gaps.max() ?? 0
        meanConfidence = sums.reduce(0, +) / total
    }
}
