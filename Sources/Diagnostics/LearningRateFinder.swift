import Arrays
import Autodiff
import Datasets
import ExampleData
import Networks
import Support
import Training

/// A learning-rate range test: finds a suitable rate in one short run in which the rate grows step by step.
///
/// The rate of step i of n is least (most / least)^(i / (n - 1)). At rates that are too small the loss stays, at good
/// ones it falls, at too large ones it grows again; where that has clearly happened the test ends.
///
/// ```swift
/// let trainer = Trainer(optimizer: .adam(), batchSize: 100)
/// let curve = try LearningRateFinder(trainer).run(network, on: mnist.train)
/// print(curve.suggestion?.rate ?? 0)
/// ```
///
/// Source: Smith 2017, "Cyclical learning rates for training neural networks", section 3.3; with exponential growth, as
/// Gugger 2018 has it.
public struct LearningRateFinder: Sendable {
    /// The settings of the training; its rate, its schedule and its epochs are not used.
    package var trainer: Trainer
    /// The rates of the first and of the last step.
    package var range: ClosedRange<Double>
    /// The number of steps; nil for one pass over the examples, but 100 at least.
    package var steps: Int?

    /// Creates a test with its settings.
    ///
    /// - Precondition: at least two steps, and rates above zero.
    public init(_ trainer: Trainer, range: ClosedRange<Double> = 1e-6...10, steps: Int? = nil) {
        require(range.lowerBound > 0 && steps ?? 2 >= 2, "a range test needs steps and positive rates")
        self.trainer = trainer
        self.range = range
        self.steps = steps
    }

    /// Runs the test. The network's weights are of no use afterwards.
    ///
    /// - Throws: `badData` without examples, `usage` when they do not fit the network.
    /// - Complexity: `steps` training steps.
    public func run(
        _ network: any Layer, on examples: any ExampleSource, cancellation: Cancellation? = nil
    ) throws -> LearningRateCurve {
        let loader = try trainer.endlessBatches(for: network, of: examples)
        var step = trainer.makeStep(for: network)
        let count = steps ?? max(100, examples.count / trainer.batchSize)
        var curve = LearningRateCurve(range: range, steps: count)
        while curve.ending == nil, curve.points.count < count, cancellation?.isCancelled != true {
            let rate = curve.rate(ofStep: curve.points.count)
            step.state.optimizer.learningRate = Float(rate)
            curve.add(rate: rate, loss: Double(step(try loader.next())))
        }
        return curve
    }
}
