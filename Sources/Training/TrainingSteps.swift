import Arrays
import Autodiff
import Datasets
import ExampleData
import Networks

/// Steps as a trainer makes them, for as long as they are asked for: for what measures training instead of doing it.
package struct TrainingSteps {
    /// The step, whose rate or observer may be set.
    package var step: TrainingStep
    private let inputs: ByteRows
    private let labels: [Int32]
    private let preparation: BatchPreparation?
    private var order: BatchOrder
    private var rows: [Int32]

    /// New weights are drawn if the trainer asks for them, and the first batch is chosen.
    ///
    /// - Throws: as `Trainer.check`, except that patience is not looked at.
    package init(_ network: any Layer, _ trainer: Trainer, on examples: LabeledImages) throws {
        let examples = trainer.trainLimit.map(examples.prefix) ?? examples
        // Steps have no epochs that patience could look at.
        var patient = trainer
        patient.patience = nil
        try patient.check(network, on: examples)
        let random = trainer.firstRandomState(for: network)
        inputs = ByteRows(examples.images)
        labels = examples.labels.elements.map(Int32.init)
        preparation = trainer.augmentation.map { BatchPreparation(examples.images, $0, seed: trainer.seed) }
        step = trainer.makeStep(for: network)
        order = BatchOrder(
            count: examples.count, size: min(trainer.batchSize, examples.count), random: random)
        rows = order.next()
    }

    /// Examples of the next step.
    package var batchSize: Int { rows.count }

    /// Makes the next step; its loss before the update.
    package mutating func next() -> Double {
        let start = step.observer?.now
        let (now, epoch) = (rows, order.epoch)
        rows = order.next()
        guard let preparation else {
            if let start { step.observer?.addData(since: start) }
            return Double(step(inputs, labels: labels, rows: now, nextRows: rows))
        }
        let batch = preparation.take(now, epoch: epoch)
        preparation.prepare(rows, epoch: order.epoch)
        let classes = now.map { labels[Int($0)] }
        if let start { step.observer?.addData(since: start) }
        return Double(step(batch, labels: classes, rows: now.indices.map { Int32($0) }))
    }
}

/// Full batches over one fresh order after the other, for as long as they are asked for.
private struct BatchOrder {
    let count: Int
    let size: Int
    var random: RandomState
    /// The number of the order that the newest batch is of, from 1.
    private(set) var epoch = 0
    private var order: [Int32] = []
    private var place = 0

    init(count: Int, size: Int, random: RandomState) {
        (self.count, self.size, self.random) = (count, size, random)
    }

    /// The next batch.
    mutating func next() -> [Int32] {
        if place + size > order.count {
            (order, place) = (random.permutationIndices(count), 0)
            epoch += 1
        }
        defer { place += size }
        return Array(order[place..<place + size])
    }
}
