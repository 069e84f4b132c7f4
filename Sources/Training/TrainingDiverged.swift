import Arrays
import Networks
import Support

/// The error of a diverged run: the training loss was not a finite number.
///
/// When `fit` throws it, the network's weights are those of the last epoch that ended well, or the first weights when there
/// was none, and ``history`` has those epochs.
public struct TrainingDiverged: Error, Equatable, Sendable, CustomStringConvertible {
    /// The epoch of the divergence, from 1.
    package let epoch: Int
    /// The step, from 1, counted from the start of the run.
    package let step: Int
    /// The loss: NaN or an infinity.
    package let loss: Double
    /// The optimiser's learning rate.
    package let learningRate: Double
    /// The layer where values that are not finite first appeared, in words: "layer 2 (Dense), forward"; nil when unknown.
    package var place: String?
    /// The optimiser; nil when unknown.
    package var optimizer: (any Optimizer)?
    /// The history of the run up to the end of its last good epoch.
    public private(set) var history: History

    /// Returns the same error with another history.
    func with(_ history: History) -> TrainingDiverged {
        var other = self
        other.history = history
        return other
    }

    /// The error in one line, with place and advice.
    public var description: String { error.description }

    /// The same as an error of the one form that all of Descent's errors have.
    public var error: DescentError {
        DescentError(
            .diverged, "the training loss is not a finite number",
            at: "epoch \(epoch), step \(step)" + (place.map { ", first in \($0)" } ?? ""),
            // The sign of a NaN is meaningless; the rate is of single precision.
            got: "\(loss.isNaN ? "nan" : "\(loss)") with learning rate \(Float(learningRate))" + decayWords,
            advice: DivergenceRemedy(optimizer, learningRate: learningRate).sentence
                + ", or scale the inputs to 0...1")
    }

    private var decayWords: String {
        guard let optimizer, DivergenceRemedy.isTooLarge(decay: optimizer.weightDecay) else { return "" }
        return " and weight decay \(optimizer.weightDecay)"
    }

    /// Returns whether both happened at the same step in the same way; NaN equals NaN here.
    public static func == (one: Self, other: Self) -> Bool {
        one.epoch == other.epoch && one.step == other.step && one.learningRate == other.learningRate
            && one.place == other.place
            && one.loss.isNaN == other.loss.isNaN && (one.loss.isNaN || one.loss == other.loss)
            && one.history == other.history
    }
}

/// The advice after a divergence: the only rule for it, wherever a divergence is reported.
package struct DivergenceRemedy {
    /// "lower the learning rate (try 0.001)".
    package let sentence: String

    /// Creates the advice; `optimizer` is nil when unknown, `learningRate` the one at the divergence.
    package init(_ optimizer: (any Optimizer)?, learningRate: Double) {
        let usual = Double(optimizer.map { type(of: $0).usualLearningRate } ?? 0.1)
        let largest = optimizer == nil ? 10 : 10 * usual
        // A tenth of the rate, unless that is still larger than any in use.
        let rate = learningRate <= largest ? learningRate / 10 : usual
        let lowerRate = "learning rate (try \(Numerals.twoDigits(rate)))"
        guard let optimizer, Self.isTooLarge(decay: optimizer.weightDecay) else {
            sentence = "lower the \(lowerRate)"
            return
        }
        let decay =
            "lower the weight decay (try \(Numerals.twoDigits(Double(type(of: optimizer).usualWeightDecay))))"
        sentence = learningRate <= largest ? decay : "\(decay) and the \(lowerRate)"
    }

    /// Returns whether a weight decay leaves nothing of the weights: no rule is trained with 1 or more.
    static func isTooLarge(decay: Float) -> Bool { decay >= 1 }
}
