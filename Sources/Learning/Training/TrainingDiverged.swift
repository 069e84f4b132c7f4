import Arrays

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
            got: "\(loss.isNaN ? "nan" : "\(loss)") with learning rate \(Float(learningRate))",
            advice: "lower the learning rate (try \(Numerals.twoDigits(sensibleRate))),"
                + " or scale the inputs to 0...1")
    }

    /// A tenth of the rate, unless that is still larger than any that people train with.
    private var sensibleRate: Double { learningRate <= 10 ? learningRate / 10 : 0.1 }

    /// Two divergences are the same when they happened at the same place in the same way; NaN equals NaN here.
    public static func == (one: Self, other: Self) -> Bool {
        one.epoch == other.epoch && one.step == other.step && one.learningRate == other.learningRate
            && one.place == other.place
            && one.loss.isNaN == other.loss.isNaN && (one.loss.isNaN || one.loss == other.loss)
            && one.history == other.history
    }
}
