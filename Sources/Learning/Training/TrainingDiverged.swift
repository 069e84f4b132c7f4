import Arrays
import Networks
import Support

/// The training loss was not a finite number: the weights have run away.
///
/// When `fit` throws it, the network again has the weights of the last epoch that ended well, or its first
/// weights when there was none, and `history` has those epochs.
public struct TrainingDiverged: Error, Equatable, Sendable, CustomStringConvertible {
    /// The epoch it happened in, from 1.
    public let epoch: Int
    /// The step, from 1, counted from the start of the run.
    public let step: Int
    /// The loss: NaN or an infinity.
    public let loss: Double
    /// The optimiser's learning rate.
    public let learningRate: Double
    /// The layer where numbers that are none first appeared, in words: "layer 2 (Dense), forward"; nil when not known.
    public var place: String?
    /// The rule that changed the weights; nil when not known.
    public var optimizer: (any Optimizer)?
    /// The run up to the end of its last good epoch.
    public private(set) var history: History

    /// The same with another account of the run.
    func with(_ history: History) -> TrainingDiverged {
        var other = self
        other.history = history
        return other
    }

    /// What, where and what to do, in one line.
    public var description: String { error.description }

    /// The same as an error of the one form that all of Descent's errors have.
    public var error: DescentError {
        DescentError(
            .diverged, "the training loss is not a finite number",
            at: "epoch \(epoch), step \(step)" + (place.map { ", first in \($0)" } ?? ""),
            // A NaN has a sign, which says nothing; the rate is a number of single precision.
            got: "\(loss.isNaN ? "nan" : "\(loss)") with learning rate \(Float(learningRate))" + decayWords,
            advice: DivergenceRemedy(optimizer, learningRate: learningRate).sentence
                + ", or scale the inputs to 0...1")
    }

    private var decayWords: String {
        guard let optimizer, DivergenceRemedy.isTooLarge(decay: optimizer.weightDecay) else { return "" }
        return " and weight decay \(optimizer.weightDecay)"
    }

    /// Two divergences are the same when they happened at the same place in the same way; NaN equals NaN here.
    public static func == (one: Self, other: Self) -> Bool {
        one.epoch == other.epoch && one.step == other.step && one.learningRate == other.learningRate
            && one.place == other.place
            && one.loss.isNaN == other.loss.isNaN && (one.loss.isNaN || one.loss == other.loss)
            && one.history == other.history
    }
}

/// What to change where the weights have run away: the only rule for it, wherever a divergence is told.
package struct DivergenceRemedy {
    /// "lower the learning rate (try 0.001)".
    package let sentence: String

    /// `optimizer`: nil when not known; `learningRate`: what it was when the weights ran away.
    package init(_ optimizer: (any Optimizer)?, learningRate: Double) {
        let usual = Double(optimizer.map { type(of: $0).usualLearningRate } ?? 0.1)
        let largest = optimizer == nil ? 10 : 10 * usual
        // A tenth of the rate, unless that is still larger than any that people train with.
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

    /// Whether a weight decay leaves nothing of the weights: no rule is trained with 1 or more.
    static func isTooLarge(decay: Float) -> Bool { decay >= 1 }
}
