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
    /// What the layers' random numbers begin with; those of a step follow from it and the step's number.
    public let seed: Int

    /// Steps that train `network`; all parameters alike unless `groups` say otherwise.
    public init(
        _ network: any Layer, loss: Loss = .crossEntropy, optimizer: Optimizer,
        groups: [ParameterGroup]? = nil,
        clipping: GradientClipping? = nil, seed: Int = 0
    ) {
        self.network = network
        self.loss = loss
        self.seed = seed
        state =
            groups.map { OptimizerState(optimizer, groups: $0, clipping: clipping) }
            ?? OptimizerState(optimizer, for: network, clipping: clipping)
    }

    /// Learns from the examples `rows` of `inputs`, whose classes are `labels[row]`; returns their mean loss before
    /// the update. When that is not finite, nothing is changed.
    ///
    /// `nextRows`: the batch that will come after this one, if known; it is fetched meanwhile.
    ///
    /// - Precondition: at least one row; every row in range of inputs and labels.
    public mutating func callAsFunction(
        _ inputs: ByteRows, labels: [Int32], rows: [Int32], nextRows: [Int32] = []
    ) -> Float {
        let picked = [Int32](unsafeUninitializedCapacity: rows.count) { picked, count in
            for (place, row) in rows.enumerated() { picked[place] = labels[Int(row)] }
            count = rows.count
        }
        let (network, loss) = (network, loss)
        return learn(
            { loss(network($0.input(inputs, rows: rows)), labels: picked) },
            before: { if !nextRows.isEmpty { inputs.prefetch(nextRows) } })
    }

    /// Learns from a batch of numbers and what the network should say of them; returns the mean loss before the update.
    /// When that is not finite, nothing is changed.
    ///
    /// Shapes: `inputs` [N, ...], `targets` as the network's output, [N, D].
    ///
    /// - Precondition: at least one row; a loss that takes targets.
    public mutating func callAsFunction(_ inputs: NDArray<Float>, targets: NDArray<Float>) -> Float {
        let (network, loss) = (network, loss)
        return learn({ loss(network($0.constant(inputs)), targets: targets) }, before: {})
    }

    /// Learns from whatever loss `batchLoss` makes on the step's tape; returns it as it was before the update.
    public mutating func callAsFunction(_ batchLoss: (Tape<Float>) -> Tensor<Float>) -> Float {
        learn(batchLoss, before: {})
    }

    private mutating func learn(_ forward: (Tape<Float>) -> Tensor<Float>, before backward: () -> Void)
        -> Float
    {
        let tape = Tape<Float>(seed: seed, step: state.stepCount)
        let batchLoss = forward(tape)
        let value = batchLoss.value.elements[0]
        guard value.isFinite else {
            tape.clear()
            return value
        }
        backward()
        let gradients = tape.gradients(of: batchLoss)
        // The tape holds the weights too; without it each has one owner again and is changed where it lies.
        tape.clear()
        state.update(with: gradients)
        return value
    }
}
