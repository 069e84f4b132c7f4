import Classification
import Support

/// The verdict on a training run, in one word and one sentence: the only rule by which Descent judges one, wherever it says
/// something about a run.
///
/// The first of these that holds for the run's resulting weights (the epoch that was kept, else the last):
///
/// | verdict | when |
/// |---|---|
/// | `diverged` | a loss was not finite, or the training loss is more than 10 times what it began with |
/// | `notLearned` | training accuracy is no better than guessing allows (`Guessing.limit`), and with cross-entropy the loss is not a tenth below that of guessing |
/// | `overfitted` | training accuracy is 10 points or more, and more than chance allows, above that of the examples watched |
/// | `underfitted` | training accuracy has come less than three quarters of the way from guessing to all right |
/// | `someOverfitting` | the gap is more than 3 points and more than chance allows: 2 √(p (1 − p) / n) for test accuracy p on n examples |
/// | `fits` | otherwise |
///
/// 3 points are a tenth of the usual difference between good and bad models on digits. The last quarter of epochs says
/// whether an underfitted run was still improving: the loss fell by 2 % or more.
///
/// ```swift
/// print(TrainingVerdict(history, testCount: digits.test.count).sentence)
/// ```
public struct TrainingVerdict: Equatable, Sendable {
    /// The kind of verdict; the raw value is that in JSON.
    public enum Kind: String, Equatable, Sendable, CaseIterable {
        /// No epoch was completed, or there is nothing to compare the training accuracy with.
        case unknown
        /// The loss has diverged.
        case diverged
        /// The answers are no better than guessing.
        case notLearned = "not-learned"
        /// Too many of the training examples themselves are wrong.
        case underfitted
        /// The training and the test accuracy are close, and the first is high.
        case fits
        /// They differ by more than chance, and by less than 10 points.
        case someOverfitting = "some-overfitting"
        /// They differ by 10 points or more.
        case overfitted
    }

    /// The kind of verdict.
    public let kind: Kind
    /// The verdict with its figures, for a person.
    public let sentence: String
    /// Training accuracy − test accuracy of the result, in 0...1 units; 0 when unknown.
    package let gap: Double
    /// The same after the epoch with the best test accuracy, up to the one that is the result.
    package let gapAtPeak: Double
    /// The epoch with the best test accuracy, up to the one that is the result; nil when unknown.
    package let peakEpoch: Int?
    /// The fall of the test accuracy from its peak to the result, in 0...1 units.
    package let fall: Double
    /// The last epoch at which the curves were still within the threshold of each other; nil when they have not parted.
    package let partingEpoch: Int?

    /// Judges a run.
    ///
    /// `testCount`: the number of test examples of the accuracies, if those were watched; chance is not allowed for when it
    /// is nil.
    ///
    /// - Complexity: O(epochs).
    package init(_ history: History, testCount: Int? = nil) {
        let result = history.resultEpoch?.number ?? 0
        let epochs = history.epochs.filter { $0.number <= result }
        let training = history.training
        let isValidation = history.watched == .validation
        let test = isValidation ? history.validation : history.test
        let name = history.watched.rawValue
        let testCount = isValidation ? history.validationCount : testCount

        let peak = Patience.best(of: epochs, by: .accuracy)
        let peakTest = peak?.test?.accuracy ?? 0
        let finalGap = test.map { training.accuracy - $0.accuracy } ?? 0
        let finalFall = peak == nil ? 0 : max(0, peakTest - (test?.accuracy ?? 0))
        let error = testCount.flatMap { count in
            test.map { ($0.accuracy * (1 - $0.accuracy) / Double(max(1, count))).squareRoot() }
        }
        let threshold = Self.allowedGap(accuracy: test?.accuracy ?? 0, count: testCount)
        (gap, fall) = (finalGap, finalFall)
        gapAtPeak = (peak?.training.accuracy ?? 0) - peakTest
        peakEpoch = peak?.number
        let parted = test.map {
            Self.judgement(
                trainingAccuracy: training.accuracy, testAccuracy: $0.accuracy, testCount: testCount)
        }
        let isApart = parted == .someOverfitting || parted == .overfitted
        let parting = epochs.last { epoch in
            isApart && epoch.test.map { epoch.training.accuracy - $0.accuracy <= threshold } ?? false
        }
        partingEpoch = parting?.number

        let words = Words(history: history, training: training, test: test, name: name)
        if let text = words.divergence() {
            (kind, sentence) = (.diverged, text)
        } else if epochs.isEmpty {
            (kind, sentence) = (.unknown, "No epoch was completed: there is nothing to judge.")
        } else if let text = words.numbers() {
            (kind, sentence) = (.unknown, text)
        } else if let text = words.noLearning() {
            (kind, sentence) = (.notLearned, text)
        } else if parted == .overfitted {
            kind = .overfitted
            sentence = words.overfitting(
                "Overfitting", finalGap, parting, fall: finalFall > max(0.005, error ?? 0) ? peak : nil)
        } else if let text = words.underfitting(epochs, gap: isApart ? finalGap : nil) {
            (kind, sentence) = (.underfitted, text)
        } else if test == nil {
            kind = .unknown
            sentence = "Overfitting cannot be judged without test accuracies."
        } else if isApart {
            kind = .someOverfitting
            sentence = words.overfitting(
                "Some overfitting", finalGap, parting, fall: finalFall > max(0.005, error ?? 0) ? peak : nil)
        } else {
            (kind, sentence) = (.fits, words.fit(finalGap))
        }
    }

    /// Judges a model by its evaluation on examples that say nothing of how it was trained: whether it is better than always
    /// giving one answer. The kind is `notLearned` or `unknown`.
    package init(_ evaluation: Evaluation) {
        (gap, gapAtPeak, peakEpoch, fall, partingEpoch) = (0, 0, nil, 0, nil)
        let guessing = Guessing(counts: evaluation.confusion.map { $0.reduce(0, +) })
        guard evaluation.count > 0, evaluation.accuracy <= guessing.limit() else {
            (kind, sentence) = (.unknown, "Nothing of how the model was trained can be told from this.")
            return
        }
        kind = .notLearned
        sentence =
            "No better than guessing: always answering the most frequent class gets"
            + " \(Numerals.percent(guessing.accuracy)) of these right."
    }
}

extension TrainingVerdict {
    /// Judges a run that has learned by two accuracies alone: `overfitted`, `someOverfitting` or `fits`.
    ///
    /// `testCount`: the number of examples of the second one; chance is not allowed for when it is nil.
    package static func judgement(trainingAccuracy: Double, testAccuracy: Double, testCount: Int? = nil)
        -> Kind
    {
        let gap = trainingAccuracy - testAccuracy
        guard gap > allowedGap(accuracy: testAccuracy, count: testCount) else { return .fits }
        return gap >= 0.1 ? .overfitted : .someOverfitting
    }

    /// Returns the difference of a training accuracy from another one that says nothing: 3 points, or what chance allows.
    private static func allowedGap(accuracy: Double, count: Int?) -> Double {
        guard let count else { return 0.03 }
        return max(0.03, 2 * (accuracy * (1 - accuracy) / Double(max(1, count))).squareRoot())
    }

    /// The gap's name in `metrics.json`.
    package var gapWord: String {
        switch kind {
        case .fits: "none"
        case .someOverfitting: "some"
        case .overfitted: "strong"
        case .unknown, .diverged, .notLearned, .underfitted: "unknown"
        }
    }
}

/// The sentences of a verdict, and the conditions that belong to each.
private struct Words {
    let history: History
    let training: Scores
    let test: Scores?
    let name: String

    private func points(_ ratio: Double) -> String { Numerals.fixed(100 * ratio, 1) + " points" }

    private var keptWords: String {
        history.keptEpoch.map { "; the weights are those of epoch \($0)" }
            ?? (history.epochs.last.map { "; the weights are those of epoch \($0.number), the last good one" }
                ?? "; the weights are the first ones")
    }

    func divergence() -> String? {
        if case .diverged(let epoch, _) = history.ending {
            return "Diverged: the loss was not a finite number in epoch \(epoch)\(keptWords)."
        }
        guard !history.epochs.isEmpty else { return nil }
        guard training.loss.isFinite else { return "Diverged: the training loss is not a finite number." }
        let start = max(history.stepLosses.first.map(Double.init) ?? 0, history.guessing?.loss ?? 0)
        guard start > 0, training.loss > 10 * start else { return nil }
        return "Diverged: the training loss is \(Numerals.loss(training.loss)), where training began at"
            + " \(Numerals.loss(start)). A lower learning rate helps most, or less weight decay where there is much."
    }

    /// The sentence where the targets are numbers.
    func numbers() -> String? {
        guard !training.hasAccuracy, training.loss.isFinite else { return nil }
        let watched = test.map { ", and \(Numerals.loss($0.loss)) on the \(name) examples" } ?? ""
        return
            "The targets are numbers, which have no accuracy: the mean loss is \(Numerals.loss(training.loss)) on the"
            + " training examples\(watched)."
    }

    func noLearning() -> String? {
        guard let guessing = history.guessing,
            training.accuracy <= guessing.limit(measured: history.trainingSample)
        else { return nil }
        var text =
            "Has not learned: \(Numerals.percent(training.accuracy)) of the training examples are right, and always"
            + " answering the most frequent class gets \(Numerals.percent(guessing.accuracy))"
        if let loss = guessing.loss {
            // Probabilities may have been learned before any answer changes.
            guard training.loss > 0.9 * loss else { return nil }
            text += "; the loss is \(Numerals.loss(training.loss)), that of guessing \(Numerals.loss(loss))"
        }
        return text + ". Another learning rate or more steps may help."
    }

    func underfitting(_ epochs: [History.Epoch], gap: Double?) -> String? {
        guard let guessing = history.guessing, guessing.accuracy < 1,
            (training.accuracy - guessing.accuracy) / (1 - guessing.accuracy) < 0.75
        else { return nil }
        var text =
            "Underfitting: the network gets only \(Numerals.percent(training.accuracy)) of its training examples"
            + " right"
        if let gap, let test {
            text += " (and \(Numerals.percent(test.accuracy)) of the others, \(points(gap)) less)"
        }
        guard let last = epochs.last, epochs.count > 1 else {
            return text + " after one epoch: more epochs may help."
        }
        let earlier = epochs[epochs.count - 1 - max(1, epochs.count / 4)]
        let isImproving = last.training.loss <= 0.98 * earlier.training.loss
        return text
            + (isImproving
                ? "; its loss was still falling: more epochs or a larger learning rate may help."
                : "; its loss falls no more: other settings, a larger network or other features may help.")
    }

    func fit(_ gap: Double) -> String {
        gap < 0
            ? "No overfitting: \(name) accuracy is \(points(-gap)) above training accuracy."
            : "No overfitting: training accuracy is only \(points(gap)) above \(name) accuracy."
    }

    func overfitting(_ word: String, _ gap: Double, _ parting: History.Epoch?, fall peak: History.Epoch?)
        -> String
    {
        let testAccuracy = test?.accuracy ?? 0
        var text = "\(word): the network gets \(Numerals.percent(training.accuracy)) of its training examples"
        text += " right and \(Numerals.percent(testAccuracy)) of the others, \(points(gap)) less"
        if let parting { text += "; the curves part after epoch \(parting.number)" }
        if let peak, let best = peak.test?.accuracy {
            text += "; \(name) accuracy was best (\(Numerals.percent(best))) after epoch"
            text += " \(peak.number) and has fallen \(points(best - testAccuracy)) since"
        }
        return text + ". More training examples help most."
    }
}
