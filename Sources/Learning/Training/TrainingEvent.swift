import Arrays
import Support

/// Where a training run is.
public struct TrainingProgress: Equatable, Sendable {
    /// The epoch, from 1.
    public var epoch: Int
    /// How many epochs there are to be.
    public var epochs: Int
    /// Steps done in the epoch.
    public var step: Int
    /// Steps in an epoch.
    public var stepsPerEpoch: Int
    /// The mean loss of the examples learnt from in this epoch so far, each before its step's update.
    public var loss: Double
    /// Examples per second of training, over this epoch so far.
    public var samplesPerSecond: Double
    /// An estimate of the seconds that the rest of the run takes, evaluations included.
    public var secondsLeft: Double

    /// A place in a run from its figures.
    public init(
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

    /// The part of all steps that is done, 0...1.
    public var fraction: Double {
        let done = (epoch - 1) * stepsPerEpoch + step
        return Double(done) / Double(max(1, epochs * stepsPerEpoch))
    }
}

/// News from a training run.
public enum TrainingEvent: Equatable, Sendable {
    /// The run goes on; told at most twenty times a second.
    case step(TrainingProgress)
    /// An epoch has ended and been evaluated.
    case epoch(History.Epoch, TrainingProgress)
    /// A checkpoint could not be written; the run goes on, and the next one is tried when it is due.
    case checkpointFailed(DescentError)
}
