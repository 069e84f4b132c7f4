import Arrays
import Autodiff
import Datasets
import ExampleData
import Networks
import Support

/// An estimate of a training run's time, measured by a few steps on a copy of the network.
public struct TrainingEstimate: Sendable, Equatable {
    /// The numbers of steps in an epoch, and in the run if it goes to its last epoch.
    package var stepsPerEpoch: Int, steps: Int
    /// The seconds of a step, and of the evaluation after each epoch.
    package var secondsPerStep: Double, secondsPerEvaluation: Double

    /// Returns the seconds of the whole run if it goes to its last epoch.
    package func seconds(epochs: Int) -> Double {
        Double(steps) * secondsPerStep + Double(epochs) * secondsPerEvaluation
    }
}

extension Trainer {
    /// Estimates the time of `fit` by steps of about a third of a second in all. The weights change: pass a copy.
    ///
    /// - Throws: as `fit`.
    package func estimate(
        _ network: any Layer, on training: any ExampleSource,
        validating validation: (any ExampleSource)? = nil
    ) throws -> TrainingEstimate {
        let examples = trainLimit.map { training.first($0) } ?? training
        let validation = validation.flatMap { $0.count > 0 ? $0 : nil }
        try check(network, on: examples, validating: validation)
        // Not all examples are made ready for a few steps.
        let sample = examples.first(max(batchSize, min(2000, examples.count)))
        let random = firstRandomState(for: network)
        var plain = self
        plain.average = nil
        plain.trainingSample = nil
        let work = TrainingRun(
            network, trainer: plain, training: sample, validation: nil,
            sampler: plain.makeSampler(count: sample.count, random: random), checkpoints: nil)
        let clock = ContinuousClock()
        let rows = (0..<min(batchSize, sample.count)).map { Int32($0) }
        // The first steps create what the others use again.
        for _ in 0..<3 { _ = try work.step(rows: rows, nextRows: rows) }
        let start = clock.now
        var count = 0
        repeat {
            _ = try work.step(rows: rows, nextRows: rows)
            count += 1
        } while clock.now - start < .milliseconds(300) && count < 1000
        let perStep = (clock.now - start).inSeconds / Double(count)
        _ = try work.scores()
        let evaluation = clock.now
        _ = try work.scores()
        let perExample = (clock.now - evaluation).inSeconds / Double(sample.count)
        let perEpoch = (examples.count + batchSize - 1) / batchSize
        return TrainingEstimate(
            stepsPerEpoch: perEpoch, steps: perEpoch * epochs, secondsPerStep: perStep,
            secondsPerEvaluation: perExample
                * Double(min(examples.count, trainingSample ?? examples.count) + (validation?.count ?? 0)))
    }
}
