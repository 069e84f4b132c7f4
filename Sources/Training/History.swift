import Arrays
import Classification
import Support

/// How good a model is on a set of examples.
public struct Scores: Equatable, Sendable {
    /// The mean over the examples of the loss that was trained: cross-entropy in nats unless another was chosen.
    public var loss: Double
    /// The part of the examples whose most probable class is the right one, 0...1; not a number where the targets are
    /// numbers (see `hasAccuracy`).
    public var accuracy: Double

    /// Scores from their two figures.
    public init(loss: Double, accuracy: Double) {
        self.loss = loss
        self.accuracy = accuracy
    }

    /// Scores of predicted numbers, which have no accuracy.
    public init(loss: Double) { self.init(loss: loss, accuracy: .nan) }

    /// Whether the targets were classes, so that some answers are right and others are not.
    public var hasAccuracy: Bool { !accuracy.isNaN }

    /// Equal figures; one that is not a number is equal to itself.
    public static func == (one: Scores, other: Scores) -> Bool {
        func isSame(_ a: Double, _ b: Double) -> Bool { a == b || a.isNaN && b.isNaN }
        return isSame(one.loss, other.loss) && isSame(one.accuracy, other.accuracy)
    }
}

/// What happened in a training run: the scores after each epoch, and how the run ended.
///
/// ```swift
/// let history = try trainer.fit(network, on: digits.train, validating: digits.test)
/// print(history.epochs.map { $0.training.accuracy })
/// ```
public struct History: Equatable, Sendable {
    /// One pass over the training examples, and the scores at its end.
    public struct Epoch: Equatable, Sendable {
        /// 1 for the first.
        public var number: Int
        /// Scores on the training examples (or on a sample, see `History.trainingSample`), taken after the last step of the
        /// epoch.
        public var training: Scores
        /// Scores on all examples that were watched (see `History.watched`); nil when none were.
        public var test: Scores?
        /// Seconds spent in the epoch's training steps; the evaluation at its end is not in it.
        public var seconds: Double
        /// Steps in the epoch.
        public var steps: Int
        /// Examples seen in the epoch.
        public var samples: Int

        /// An epoch from its figures.
        public init(
            number: Int, training: Scores, test: Scores?, seconds: Double, steps: Int, samples: Int
        ) {
            self.number = number
            self.training = training
            self.test = test
            self.seconds = seconds
            self.steps = steps
            self.samples = samples
        }

        /// Examples per second of training.
        public var samplesPerSecond: Double { seconds > 0 ? Double(samples) / seconds : 0 }
    }

    /// What the epochs were measured on besides the training examples. Whoever chooses an epoch or a setting by it chooses by
    /// these examples.
    public enum Watched: String, Equatable, Sendable {
        /// The test examples: nothing was chosen by them, or the caller says so.
        case test
        /// Examples that were held back; the test examples were measured once, at the end.
        case validation
    }

    /// How a run ended.
    public enum Ending: Equatable, Sendable {
        /// All epochs were done.
        case finished
        /// It was cancelled in the given epoch (from 1) after so many of its steps.
        case cancelled(epoch: Int, step: Int)
        /// A loss was not finite in the given epoch, at the given step of the whole run, both from 1.
        case diverged(epoch: Int, step: Int)

        /// Whether it was cancelled.
        public var isCancelled: Bool { if case .cancelled = self { true } else { false } }

        /// Where a run stopped before its end, in words; nil for one that finished.
        public var place: String? {
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
    /// How the run ended.
    public var ending: Ending
    /// The epoch whose weights are the result, if training had patience; nil when it is the last one without.
    public var keptEpoch: Int?
    /// Training scores of the network as the run left it: those of the last epoch, unless it was cancelled
    /// inside a later one or an earlier one was kept.
    public var training: Scores
    /// Test scores of the network as the run left it; nil when there were no test examples.
    public var test: Scores?
    /// What the epochs' second scores are of.
    public var watched = Watched.test
    /// Scores of the network as the run left it on the examples that were held back; nil when none were.
    public var validation: Scores?
    /// How many examples were held back.
    public var validationCount = 0
    /// How many of the training examples, drawn by chance, the training scores are of; nil for all.
    public var trainingSample: Int?
    /// What the best epoch is the best by: what patience watches, else accuracy.
    public var measure = Patience.Measure.accuracy
    /// What always answering the most frequent class would come to on the training examples; nil when not known.
    public var guessing: Guessing?
    /// Why the newest checkpoint could not be written; nil when it was, or none was due.
    public var checkpointFailure: DescentError?
    /// Seconds in training steps, those of an unfinished epoch included; no evaluation.
    public var trainingSeconds: Double
    /// Training steps done, those of an unfinished epoch included, and the one whose loss was not finite.
    public var steps: Int
    /// The loss of each step's batch, before its update: `steps` of them.
    public var stepLosses: [Float]

    /// A history from its parts.
    public init(
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

    /// Training steps per second; evaluation is not counted.
    public var stepsPerSecond: Double { trainingSeconds > 0 ? Double(steps) / trainingSeconds : 0 }

    /// The epoch that did best by `measure` on what was watched (the first of equals); nil without such scores.
    public var best: Epoch? { Patience.best(of: epochs, by: measure) }

    /// The epoch whose weights are the result: the one that was kept, else the last.
    public var resultEpoch: Epoch? {
        keptEpoch.flatMap { kept in epochs.last { $0.number == kept } } ?? epochs.last
    }
}
