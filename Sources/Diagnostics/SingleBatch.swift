import Arrays
import Autodiff
import Datasets
import ExampleData
import Inference
import Networks
import Support
import Training

/// The result of overfitting a single batch.
public struct SingleBatchResult: Sendable, Equatable {
    /// The loss before the first step and after the last.
    public var firstLoss: Double, lastLoss: Double
    /// The share of the batch that is correctly classified at the end.
    public var accuracy: Double
    /// The number of steps made.
    public var steps: Int
    /// Whether the loss came as near to zero as `Trainer.nearlyZero`, with every example correctly classified.
    public var reached: Bool
}

extension Trainer {
    /// The mean loss that counts as zero.
    package static let nearlyZero = 0.01

    /// Memorises the first batch: with a network and an optimiser that work, its loss comes to nearly zero. If it does not,
    /// the fault is in the network, the loss, the labels or the learning rate, and a long training is in vain.
    ///
    /// Penalties, dropout's effect on the loss, label smoothing, averages and augmentation would keep the loss away from
    /// zero: they are left out. The batch is scored as in evaluation.
    ///
    /// - Throws: as `fit`.
    public func overfitSingleBatch(
        _ network: any Layer, on training: any ExampleSource, atMost steps: Int = 20_000,
        cancellation: Cancellation? = nil
    ) throws -> SingleBatchResult {
        let examples = training.first(batchSize)
        var plain = self
        plain.patience = nil
        try plain.check(network, on: examples)
        plain.loss = plain.loss.withoutSmoothing
        plain.optimizer.weightDecay = 0
        plain.decaysBiasesAndNorms = true
        _ = firstRandomState(for: network)
        var step = plain.makeStep(for: network)
        let (features, rows) = try examples.rows(0..<examples.count)
        let batch = Batch(of: features, targets: examples.targets, rows: rows)
        let session = InferenceSession(network, for: [examples.featureCount])

        func measure() throws -> (loss: Double, accuracy: Double) {
            let said = try session.predictions(for: examples, loss: plain.loss)
            // Numbers are neither right nor wrong: the loss decides alone.
            guard let classes = examples.targets.classes else {
                return (said.totalLoss / Double(batch.count), 1)
            }
            let right = zip(said.labels, classes).count { $0 == $1 }
            return (said.totalLoss / Double(batch.count), Double(right) / Double(batch.count))
        }
        let first = try measure()
        var now = first
        func isNearlyZero() -> Bool { now.loss < Self.nearlyZero && now.accuracy == 1 }
        while step.state.stepCount < steps, !isNearlyZero(), cancellation?.isCancelled != true {
            guard step(batch).isFinite else {
                now = (.nan, now.accuracy)
                break
            }
            // A measurement costs a third of a step.
            if step.state.stepCount % 10 == 0 || step.state.stepCount == steps { now = try measure() }
        }
        // After the last update no loss follows that would show it.
        if !NonFinite.areWeightsFinite(network.uniqueNamedParameters.map(\.parameter)) {
            now = (.nan, now.accuracy)
        }
        return SingleBatchResult(
            firstLoss: first.loss, lastLoss: now.loss, accuracy: now.accuracy, steps: step.state.stepCount,
            reached: isNearlyZero())
    }
}
