import Arrays
import Autodiff
import ExampleData

/// One step of learning, as often as it is called: forward, loss, gradients, update.
///
/// ```swift
/// var step = TrainingStep(network, loss: .crossEntropy, optimizer: .sgd(learningRate: 0.1))
/// let loss = step(Batch(of: pixels, targets: .classes(labels), rows: [5, 0, 4]))   // before the update
/// ```
public struct TrainingStep {
    /// The network that is trained.
    public let network: any Layer
    /// The loss that is minimised.
    package let loss: Loss
    /// The optimiser and its state.
    package var state: OptimizerState
    /// The learning rate, which may change between steps.
    public var learningRate: Float {
        get { state.optimizer.learningRate }
        set { state.optimizer.learningRate = newValue }
    }
    /// The seed of the layers' random numbers; those of a step follow from it and the step's index.
    package let seed: Int
    /// An optional observer of where the time of each step goes; nil disables it.
    package var observer: TapeObserver?
    /// The type in which convolutions and dense layers multiply; the weights are float32 either way.
    package let precision: Precision

    /// Creates steps that train `network`, with all parameters alike unless `groups` say otherwise.
    public init(
        _ network: any Layer, loss: Loss = .crossEntropy, optimizer: some Optimizer,
        groups: [ParameterGroup]? = nil,
        clipping: GradientClipping? = nil, precision: Precision = .float32, seed: Int = 0
    ) {
        // A network of one's own has equal layers that no sequence has indexed.
        if !(network is Sequential) { network.seedFirstValues() }
        self.network = network
        self.loss = loss
        self.seed = seed
        self.precision = precision
        state =
            groups.map { OptimizerState(optimizer, groups: $0, clipping: clipping) }
            ?? OptimizerState(optimizer, for: network, clipping: clipping)
    }

    /// Learns from a batch; returns its mean loss before the update. When that is not finite, no weight is changed.
    ///
    /// - Precondition: at least one example; a loss that takes such targets; targets that are numbers have the shape of the
    ///   network's output, [N, K].
    public mutating func callAsFunction(_ batch: Batch) -> Float {
        let (network, loss) = (network, loss)
        return learn(fetching: batch.upcoming) { loss(network($0.input(batch)), of: batch.targets) }
    }

    /// Trains on the loss that `batchLoss` computes on the step's tape; returns its value before the update.
    public mutating func callAsFunction(_ batchLoss: (Tape<Float>) -> Tensor<Float>) -> Float {
        learn(fetching: nil, batchLoss)
    }

    private mutating func learn(
        fetching upcoming: UpcomingRows?, _ forward: (Tape<Float>) -> Tensor<Float>
    ) -> Float {
        let tape = Tape<Float>(precision: precision, seed: seed, step: state.stepCount)
        tape.observer = observer
        var moment = observer?.now
        let batchLoss = forward(tape)
        let value = batchLoss.value.elements[0]
        lap(&moment) { $0.forwardSeconds += $1 }
        guard value.isFinite else {
            tape.clear()
            return value
        }
        upcoming?.fetchIfNotTaken()
        if let start = moment { observer?.addData(since: start) }
        moment = observer?.now
        let gradients = tape.gradients(of: batchLoss)
        lap(&moment) { $0.backwardSeconds += $1 }
        // The tape shares the weights too; without it each has one owner again and is changed in place.
        tape.clear()
        moment = observer?.now
        state.update(with: gradients)
        lap(&moment) { $0.updateSeconds += $1 }
        return value
    }

    /// Reports the seconds since `moment` to the observer, if there is one, and begins a new count.
    private func lap(_ moment: inout ContinuousClock.Instant?, _ add: (TapeObserver, Double) -> Void) {
        guard let observer, let start = moment else { return }
        add(observer, observer.seconds(since: start))
        moment = observer.now
    }
}
