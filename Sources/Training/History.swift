import Arrays
import Classification
import Support

/// The scores of a model on a set of examples.
public struct Scores: Equatable, Sendable {
    /// The mean loss over the examples, of the loss that was trained: cross-entropy in nats by default.
    public var loss: Double
    /// The part of the examples whose most probable class is the right one, 0...1; not a number where the targets are
    /// numbers (see `hasAccuracy`).
    public var accuracy: Double

    /// Creates scores from loss and accuracy.
    package init(loss: Double, accuracy: Double) {
        self.loss = loss
        self.accuracy = accuracy
    }

    /// Scores of predicted numbers, which have no accuracy.
    package init(loss: Double) { self.init(loss: loss, accuracy: .nan) }

    /// Whether the targets were classes, so that some answers are right and others are not.
    package var hasAccuracy: Bool { !accuracy.isNaN }

    /// Compares the figures; a NaN is equal to itself.
    public static func == (one: Scores, other: Scores) -> Bool {
        func isSame(_ a: Double, _ b: Double) -> Bool { a == b || a.isNaN && b.isNaN }
        return isSame(one.loss, other.loss) && isSame(one.accuracy, other.accuracy)
    }
}

/// The history of a training run: the scores after each epoch, and its ending.
///
/// ```swift
/// let history = try trainer.fit(network, on: digits.train, validating: digits.test)
/// print(history.epochs.map { $0.training.accuracy })
/// ```
public struct History: Equatable, Sendable {
    /// One pass over the training examples, and the scores at its end.
    public struct Epoch: Equatable, Sendable {
        /// The epoch's number, from 1.
        public var number: Int
        /// The scores on the training examples (or on a sample, see `History.trainingSample`), taken after the last step of
        /// the epoch.
        public var training: Scores
        /// The scores on all watched examples (see `History.watched`); nil without any.
        public var test: Scores?
        /// The seconds spent in the epoch's training steps, without the evaluation at its end.
        public var seconds: Double
        /// The number of steps in the epoch.
        package var steps: Int
        /// The number of examples trained on in the epoch.
        package var samples: Int

        /// Creates an epoch from its figures.
        package init(
            number: Int, training: Scores, test: Scores?, seconds: Double, steps: Int, samples: Int
        ) {
            self.number = number
            self.training = training
            self.test = test
            self.seconds = seconds
            self.steps = steps
            self.samples = samples
        }

        /// The number of examples per second of training.
        public var samplesPerSecond: Double { seconds > 0 ? Double(samples) / seconds : 0 }
    }

    /// The set on which the epochs were scored besides the training examples. An epoch or a setting that is chosen by it is
    /// chosen by these examples.
    public enum Watched: String, Equatable, Sendable {
        /// The test set: it was used to choose nothing, or the caller says so.
        case test
        /// A validation set, held back from training; the test set was scored once, at the end.
        case validation
    }

    /// The ending of a run.
    public enum Ending: Equatable, Sendable {
        /// All epochs were done.
        case finished
        /// It was cancelled in the given epoch (from 1) after so many of its steps.
        case cancelled(epoch: Int, step: Int)
        /// A loss was not finite in the given epoch, at the given step of the whole run, both from 1.
        case diverged(epoch: Int, step: Int)

        /// Whether the run was cancelled.
        public var isCancelled: Bool { if case .cancelled = self { true } else { false } }

        /// The epoch and step at which a run stopped before its end, in words; nil for one that finished.
        package var place: String? {
            switch self {
            case .finished: nil
            case .diverged(let epoch, let step): "in epoch \(epoch), at step \(Numerals.grouped(step))"
            case .cancelled(1, 0): "before the first step"
            case .cancelled(let epoch, 0): "after epoch \(epoch - 1)"
            case .cancelled(let epoch, let step): "in epoch \(epoch), after \(Numerals.counted(step, "step"))"
            }
        }
    }

    /// The complete epochs, in order.
    public var epochs: [Epoch]
    /// The ending of the run.
    public var ending: Ending
    /// The epoch whose weights are the result, if training had patience; nil when it is the last one without.
    public var keptEpoch: Int?
    /// The training scores of the resulting weights: those of the last epoch, unless the run was cancelled inside a later
    /// one or an earlier one was kept.
    public var training: Scores
    /// The test scores of the resulting weights; nil without a test set.
    public var test: Scores?
    /// The set of the epochs' second scores.
    public var watched = Watched.test
    /// The scores of the resulting weights on the validation set; nil without one.
    public var validation: Scores?
    /// The number of validation examples.
    package var validationCount = 0
    /// The number of training examples, drawn at random, that the training scores are of; nil for all.
    package var trainingSample: Int?
    /// The measure of the best epoch: that of patience, else accuracy.
    package var measure = Patience.Measure.accuracy
    /// The scores of always answering the most frequent class of the training examples; nil when unknown.
    package var guessing: Guessing?
    /// The reason why the newest checkpoint could not be written; nil when it was, or none was due.
    package var checkpointFailure: DescentError?
    /// The seconds in training steps, those of an unfinished epoch included, without evaluation.
    public var trainingSeconds: Double
    /// The number of training steps, those of an unfinished epoch included, and the one whose loss was not finite.
    public var steps: Int
    /// The loss of each step's batch, before its update: `steps` of them.
    package var stepLosses: [Float]

    /// Creates a history from its parts.
    package init(
        epochs: [Epoch], ending: Ending = .finished, training: Scores, test: Scores?, trainingSeconds: Double,
        steps: Int, stepLosses: [Float] = []
    ) {
        self.epochs = epochs
        self.ending = ending
        self.training = training
        self.test = test
        self.trainingSeconds = trainingSeconds
        self.steps = steps
        self.stepLosses = stepLosses
    }

    /// The number of training steps per second, without evaluation.
    public var stepsPerSecond: Double { trainingSeconds > 0 ? Double(steps) / trainingSeconds : 0 }

    /// The best epoch by `measure` on the watched examples (the first of equals); nil without such scores.
    public var best: Epoch? { Patience.best(of: epochs, by: measure) }

    /// The epoch whose weights are the result: the kept one, else the last.
    public var resultEpoch: Epoch? {
        keptEpoch.flatMap { kept in epochs.last { $0.number == kept } } ?? epochs.last
    }
}
