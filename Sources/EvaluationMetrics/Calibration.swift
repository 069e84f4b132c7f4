import Arrays
import Support

/// Temperature scaling: one number that makes a classifier's probabilities mean what they say.
///
/// A row p of probabilities becomes q_k = p_k^(1/T) / Σ_j p_j^(1/T), which is the softmax of the logits over T. T above 1 makes
/// answers less sure, below 1 surer; the order of the classes stays. T is the number in 0.05...20 with the least mean
/// negative log-likelihood −ln q of the true classes. It belongs to examples that the classifier was not trained on, and the
/// report to others again.
///
/// ```swift
/// let calibration = try Calibration(fitting: validation.scores, actual: validation.classes)
/// let probabilities = try calibration.applied(to: test.scores)
/// ```
///
/// Source: C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger, "On calibration of modern neural networks" (2017).
public struct Calibration: Codable, Equatable, Sendable {
    /// The temperature T.
    public let temperature: Double
    /// The number of examples that it was fitted to; 0 when it was given.
    public let count: Int
    /// The mean negative log-likelihood of these before, in nats.
    package let lossBefore: Double?
    /// The mean negative log-likelihood of these after.
    package let lossAfter: Double?

    /// The temperatures that are tried.
    package static let range = 0.05...20.0

    private enum CodingKeys: String, CodingKey {
        case temperature, count, lossBefore, lossAfter
    }

    /// A known temperature.
    ///
    /// - Throws: `badData` unless it is in 0.05...20.
    public init(temperature: Double) throws(DescentError) {
        guard Self.range.contains(temperature) else {
            throw DescentError(
                .badData, "not a temperature", at: "calibration", expected: "0.05...20",
                got: "\(temperature)")
        }
        (self.temperature, count, lossBefore, lossAfter) = (temperature, 0, nil, nil)
    }

    /// Reads what was stored.
    ///
    /// - Throws: `badData` for another temperature than 0.05...20.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        temperature = try Calibration(temperature: values.decode(Double.self, forKey: .temperature))
            .temperature
        count = try values.decode(Int.self, forKey: .count)
        lossBefore = try values.decodeIfPresent(Double.self, forKey: .lossBefore)
        lossAfter = try values.decodeIfPresent(Double.self, forKey: .lossAfter)
    }

    /// Fits the temperature to probabilities [N, K] of examples of known classes.
    ///
    /// A probability of 0 counts as the least normal `Float`, e^−87.
    ///
    /// - Throws: `badData`: no examples, other counts, a class that there is not, scores that are not probabilities.
    /// - Complexity: O(N K) for each of about ten steps.
    public init(fitting probabilities: NDArray<Float>, actual: [Int32]) throws(DescentError) {
        let width = probabilities.ndim == 2 ? probabilities.shape[1] : 0
        try AnswerChecks.requireCounts(actual.count, probabilities.shape.first ?? 0, of: "scores")
        try AnswerChecks.requireProbabilities(probabilities, count: actual.count, classes: width)
        try AnswerChecks.requireClasses(actual, count: width, of: "labels")
        let logits = probabilities.withUnsafeElements { $0.map(Self.logit) }
        // In 1/T the loss is convex: Newton's steps, and halving where one would leave what is left of the range.
        var (least, most) = (1 / Self.range.upperBound, 1 / Self.range.lowerBound)
        let before = Self.likelihood(logits, actual, width, 1)
        var (inverse, state) = (1.0, before)
        for _ in 0..<100 {
            if state.slope > 0 { most = inverse } else { least = inverse }
            let step = state.curvature > 0 ? inverse - state.slope / state.curvature : .infinity
            // Where the loss falls to the very end there is no zero of the slope; halving comes to that end.
            let next = step > least && step < most ? step : (least + most) / 2
            guard abs(next - inverse) > 1e-12 * inverse else { break }
            inverse = next
            state = Self.likelihood(logits, actual, width, inverse)
        }
        temperature = min(max(1 / inverse, Self.range.lowerBound), Self.range.upperBound)
        count = actual.count
        (lossBefore, lossAfter) = (before.loss, min(before.loss, state.loss))
    }

    /// Returns the probabilities [N, K] at this temperature.
    ///
    /// - Throws: `badData` for scores that are not probabilities.
    /// - Complexity: O(N K).
    public func applied(to probabilities: NDArray<Float>) throws(DescentError) -> NDArray<Float> {
        let shape = probabilities.shape
        guard shape.count == 2, shape[1] > 0 else {
            throw DescentError(
                .badData, "scores of another shape", at: "scores", expected: "[N, K]", got: "\(shape)")
        }
        try AnswerChecks.requireProbabilities(probabilities, count: shape[0], classes: shape[1])
        let inverse = 1 / temperature
        return NDArray(shape: shape) { target in
            probabilities.withUnsafeElements { source in
                for start in stride(from: 0, to: source.count, by: shape[1]) {
                    let row = source[start..<start + shape[1]].map { Self.logit($0) * inverse }
                    let most = row.max() ?? 0
                    let powers = row.map { Mathematics.exponential($0 - most) }
                    let sum = powers.reduce(0, +)
                    for (column, power) in powers.enumerated() {
                        target.initializeElement(at: start + column, to: Float(power / sum))
                    }
                }
            }
        }
    }

    /// The logarithm of a probability: a logit, up to a number that all classes of a row share.
    private static func logit(_ probability: Float) -> Double {
        Mathematics.logarithm(Double(max(probability, .leastNormalMagnitude)))
    }

    /// The mean negative log-likelihood at the inverse temperature b, and its derivatives by b: with the logits z and
    /// the probabilities q at b, E[z] − z_y and E[z²] − E[z]².
    private static func likelihood(
        _ logits: [Double], _ actual: [Int32], _ width: Int, _ inverse: Double
    ) -> (loss: Double, slope: Double, curvature: Double) {
        var (loss, slope, curvature) = (0.0, 0.0, 0.0)
        for (row, right) in actual.enumerated() {
            let start = row * width
            var most = -Double.infinity
            for place in start..<start + width { most = max(most, logits[place]) }
            var (sum, first, second) = (0.0, 0.0, 0.0)
            for place in start..<start + width {
                let z = logits[place] - most
                let power = Mathematics.exponential(inverse * z)
                sum += power
                first += power * z
                second += power * z * z
            }
            let own = logits[start + Int(right)] - most
            loss += Mathematics.logarithm(sum) - inverse * own
            slope += first / sum - own
            curvature += second / sum - (first / sum) * (first / sum)
        }
        let count = Double(actual.count)
        return (loss / count, slope / count, curvature / count)
    }
}
