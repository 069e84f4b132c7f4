import Arrays
import Autodiff
import Datasets
import ExampleData
import Inference
import Networks
import Support
import Training

/// What came of learning one batch by heart.
public struct OneBatchResult: Sendable, Equatable {
    /// The loss before the first step and after the last.
    public var firstLoss: Double, lastLoss: Double
    /// The share of the batch that is told right at the end.
    public var accuracy: Double
    /// Steps made.
    public var steps: Int
    /// Whether the loss came as near to zero as `Trainer.nearlyZero`, with every example told right.
    public var reached: Bool
}

extension Trainer {
    /// A mean loss that stands for zero.
    public static let nearlyZero = 0.01

    /// Learns the first batch by heart: a network and an optimiser that work bring its loss to nearly zero. If they do not,
    /// something is wrong with the network, the loss, the labels or the learning rate, and a long training is in vain.
    ///
    /// Penalties, dropout's effect on the loss, label smoothing, averages and augmentation would keep the loss away from
    /// zero: they are left out. The batch is measured as in evaluation.
    ///
    /// - Throws: as `fit`.
    public func overfitOneBatch(
        _ network: any Layer, on training: any ExampleSource, atMost steps: Int = 20_000,
        cancellation: Cancellation? = nil
    ) throws -> OneBatchResult {
        let examples = training.first(batchSize)
        var plain = self
        plain.patience = nil
        try plain.check(network, on: examples)
        plain.loss = plain.loss.withoutSmoothing
        plain.optimizer.weightDecay = 0
        plain.decaysVectors = true
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
        // The last update is followed by no loss that would tell.
        if !NonFinite.areWeightsFinite(network.uniqueNamedParameters.map(\.parameter)) {
            now = (.nan, now.accuracy)
        }
        return OneBatchResult(
            firstLoss: first.loss, lastLoss: now.loss, accuracy: now.accuracy, steps: step.state.stepCount,
            reached: isNearlyZero())
    }
}
