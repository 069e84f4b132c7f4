/// What the two accuracy curves of a run say about overfitting: learning the training examples by heart instead
/// of what they have in common.
///
/// The sign is the gap between the curves: training accuracy − test accuracy at the end of the run (validation accuracy,
/// where that was watched). It counts
/// when it is larger than 3 points (a tenth of what is usual between good and bad models on digits) and larger
/// than chance allows, which is twice the standard error of the test accuracy, √(p (1 − p) / n). Whether the run
/// went on too long shows in the second sign: how far test accuracy has fallen since its peak.
///
/// ```swift
/// print(Overfitting(history, testCount: digits.test.count).sentence)
/// ```
public struct Overfitting: Equatable, Sendable {
    /// The judgement.
    public enum Verdict: String, Equatable, Sendable {
        /// There are no test scores, or no complete epoch.
        case unknown
        /// The curves lie together.
        case none
        /// The curves lie apart: more than chance, not yet 10 points.
        case some
        /// The curves lie 10 points or more apart.
        case strong
    }

    /// The judgement.
    public let verdict: Verdict
    /// Training accuracy − test accuracy after the last epoch, in 0...1 units; 0 when unknown.
    public let gap: Double
    /// The same after the epoch with the best test accuracy.
    public let gapAtPeak: Double
    /// The epoch with the best test accuracy, from 1; nil when unknown.
    public let peakEpoch: Int?
    /// How far test accuracy has fallen from its peak to the end, in 0...1 units.
    public let fall: Double
    /// The last epoch at which the curves still lay within the threshold of each other, when they have parted.
    public let partingEpoch: Int?
    /// The judgement with its figures, for a person.
    public let sentence: String

    /// Judges a run from its epochs.
    ///
    /// `testCount`: how many test examples the accuracies were taken on, if those were watched; chance is not allowed for
    /// when it is nil.
    ///
    /// - Complexity: O(epochs).
    public init(_ history: History, testCount: Int? = nil) {
        guard let last = history.epochs.last, let test = last.test, let peak = history.best,
            let peakTest = peak.test
        else {
            verdict = .unknown
            (gap, gapAtPeak, fall, peakEpoch, partingEpoch) = (0, 0, 0, nil, nil)
            sentence = "Overfitting cannot be judged without test accuracies after each epoch."
            return
        }
        let name = history.watched.rawValue
        let testCount = history.watched == .validation ? history.validationCount : testCount
        let finalGap = last.training.accuracy - test.accuracy
        let finalFall = peakTest.accuracy - test.accuracy
        let error = testCount.map { (test.accuracy * (1 - test.accuracy) / Double(max(1, $0))).squareRoot() }
        let threshold = max(0.03, 2 * (error ?? 0))
        let parting = history.epochs.last { epoch in
            epoch.training.accuracy - (epoch.test?.accuracy ?? 0) <= threshold
        }
        gap = finalGap
        fall = finalFall
        gapAtPeak = peak.training.accuracy - peakTest.accuracy
        peakEpoch = peak.number
        verdict = finalGap <= threshold ? .none : (finalGap < 0.1 ? .some : .strong)
        partingEpoch = verdict == .none ? nil : parting?.number

        let points = { (ratio: Double) in Numerals.fixed(100 * ratio, 1) + " points" }
        switch verdict {
        case .none where finalGap < 0:
            sentence = "No overfitting: \(name) accuracy is \(points(-finalGap)) above training accuracy."
        case .none, .unknown:
            sentence = "No overfitting: training accuracy is only \(points(finalGap)) above \(name) accuracy."
        case .some, .strong:
            var text = verdict == .strong ? "Overfitting: " : "Some overfitting: "
            text += "the network gets \(Numerals.percent(last.training.accuracy)) of its training examples"
            text += " right and \(Numerals.percent(test.accuracy)) of the others, \(points(finalGap)) less"
            if let parting { text += "; the curves part after epoch \(parting.number)" }
            if finalFall > max(0.005, error ?? 0) {
                text += "; \(name) accuracy was best (\(Numerals.percent(peakTest.accuracy))) after epoch"
                text += " \(peak.number) and has fallen \(points(finalFall)) since"
            }
            sentence = text + ". More training examples help most."
        }
    }
}
