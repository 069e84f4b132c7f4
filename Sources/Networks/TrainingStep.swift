import Arrays
import Autodiff

/// One step of learning, as often as it is called: forward, loss, gradients, update.
///
/// ```swift
/// var step = TrainingStep(network, loss: .crossEntropy, optimizer: .sgd(learningRate: 0.1))
/// let loss = step(inputs, labels: labels, rows: [5, 0, 4])   // of the batch, before the update
/// ```
public struct TrainingStep {
    /// The network that learns.
    public let network: any Layer
    /// What is made small.
    public let loss: Loss
    /// The optimiser and what it remembers.
    public var state: OptimizerState

    /// Steps that train `network`.
    public init(_ network: any Layer, loss: Loss = .crossEntropy, optimizer: Optimizer) {
        self.network = network
        self.loss = loss
        state = OptimizerState(optimizer, for: network.parameters)
    }

    /// Learns from the examples `rows` of `inputs`, whose classes are `labels[row]`; returns their mean loss before
    /// the update. When that is not finite, nothing is changed.
    ///
    /// - Parameter nextRows: the batch that will come after this one, if known; it is fetched meanwhile.
    /// - Precondition: at least one row; every row in range of inputs and labels.
    public mutating func callAsFunction(
        _ inputs: ByteRows, labels: [Int32], rows: [Int32], nextRows: [Int32] = []
    ) -> Float {
        let tape = Tape<Float>()
        let scores = network(tape.input(inputs, rows: rows))
        let picked = [Int32](unsafeUninitializedCapacity: rows.count) { picked, count in
            for (place, row) in rows.enumerated() { picked[place] = labels[Int(row)] }
            count = rows.count
        }
        let batchLoss = loss(scores, labels: picked)
        let value = batchLoss.value.elements[0]
        guard value.isFinite else {
            tape.clear()
            return value
        }
        if !nextRows.isEmpty { inputs.prefetch(nextRows) }
        let gradients = tape.gradients(of: batchLoss)
        // The tape holds the weights too; without it each has one owner again and is changed where it lies.
        tape.clear()
        state.update(with: gradients)
        return value
    }
}
