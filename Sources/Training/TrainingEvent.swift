import Arrays
import Support

/// The progress of a training run.
public struct TrainingProgress: Equatable, Sendable {
    /// The epoch, from 1.
    public var epoch: Int
    /// The number of epochs in the run.
    public var epochs: Int
    /// The number of steps done in the epoch.
    public var step: Int
    /// The number of steps in an epoch.
    public var stepsPerEpoch: Int
    /// The mean loss of the examples trained on in this epoch so far, each before its step's update.
    public var loss: Double
    /// The number of examples per second of training, over this epoch so far.
    public var samplesPerSecond: Double
    /// An estimate of the seconds that the rest of the run takes, evaluations included.
    public var secondsLeft: Double

    /// Creates a progress from its figures.
    package init(
        epoch: Int, epochs: Int, step: Int, stepsPerEpoch: Int, loss: Double, samplesPerSecond: Double,
        secondsLeft: Double
    ) {
        self.epoch = epoch
        self.epochs = epochs
        self.step = step
        self.stepsPerEpoch = stepsPerEpoch
        self.loss = loss
        self.samplesPerSecond = samplesPerSecond
        self.secondsLeft = secondsLeft
    }

    /// The share of all steps that is done, 0...1.
    package var fraction: Double {
        let done = (epoch - 1) * stepsPerEpoch + step
        return Double(done) / Double(max(1, epochs * stepsPerEpoch))
    }
}

/// An event of a training run.
public enum TrainingEvent: Equatable, Sendable {
    /// The run goes on; sent at most twenty times a second.
    case step(TrainingProgress)
    /// An epoch has ended and been evaluated.
    case epoch(History.Epoch, TrainingProgress)
    /// A checkpoint could not be written; the run goes on, and the next one is tried when it is due.
    case checkpointFailed(DescentError)
}
