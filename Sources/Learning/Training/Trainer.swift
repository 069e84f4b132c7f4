import Arrays
import Autodiff
import Datasets
import Networks

/// Trains a network on labelled images by mini-batch gradient descent.
///
/// Each epoch goes once through all training examples in a fresh random order; the last batch may be smaller.
/// After each epoch the network is measured on all training and all validation examples. One seed decides the
/// first weights and the orders: two runs give the same bits, with any number of threads.
///
/// ```swift
/// let network = Sequential {
///     Dense(784, 50, activation: .sigmoid)
///     Dense(50, 10)
/// }
/// let history = try Trainer(optimizer: .sgd(learningRate: 0.1), batchSize: 100, epochs: 16, seed: 1)
///     .fit(network, on: mnist.train, validating: mnist.test)
/// ```
public struct Trainer: Sendable, Equatable {
    /// The rule that changes the weights.
    public var optimizer: Optimizer
    /// What is made small.
    public var loss: Loss
    /// Examples per step.
    public var batchSize: Int
    /// Passes over the training examples.
    public var epochs: Int
    /// What everything random begins with, 0 ..< 2^32.
    public var seed: Int
    /// Only the first so many training examples are used; all when nil.
    public var trainLimit: Int?
    /// Whether the weights are drawn anew before training; set it to false to go on with those that are there.
    public var startsAnew: Bool

    /// A trainer with its settings; those of the notebook unless told otherwise.
    ///
    /// - Precondition: batchSize, epochs and trainLimit are positive; 0 <= seed < 2^32.
    public init(
        optimizer: Optimizer = .sgd(learningRate: 0.1), loss: Loss = .crossEntropy, batchSize: Int = 100,
        epochs: Int = 16, seed: Int = 1, trainLimit: Int? = nil, startsAnew: Bool = true
    ) {
        precondition(batchSize > 0, "a batch has at least one example, not \(batchSize)")
        precondition(epochs > 0, "training takes at least one epoch, not \(epochs)")
        precondition(trainLimit.map { $0 > 0 } ?? true, "at least one example is needed to learn from")
        precondition(UInt32(exactly: seed) != nil, "a seed is 0 to 4294967295, not \(seed)")
        self.optimizer = optimizer
        self.loss = loss
        self.batchSize = batchSize
        self.epochs = epochs
        self.seed = seed
        self.trainLimit = trainLimit
        self.startsAnew = startsAnew
    }

    /// Trains `network` and says how it went.
    ///
    /// - Parameters:
    ///   - network: what learns.
    ///   - training: what it learns from.
    ///   - validation: what it is measured on after each epoch, besides; nil for nothing.
    ///   - cancellation: when cancelled, the run ends after the current step, with the weights as they are then;
    ///     `History.ending` says so.
    ///   - progress: told about steps, at most twenty times a second, and about each epoch's end; called on the
    ///     caller's thread.
    /// - Throws: `TrainingDiverged` when a loss is not finite: the network then has the weights of the last good
    ///   epoch again. `DescentError` (`badData`) when there is nothing to learn from, (`usage`) when the images do
    ///   not fit the network.
    /// - Complexity: epochs x (a forward and a backward pass over the training examples, and a forward pass over
    ///   all).
    public func fit(
        _ network: any Layer, on training: LabeledImages, validating validation: LabeledImages? = nil,
        cancellation: Cancellation? = nil, progress: ((TrainingEvent) -> Void)? = nil
    ) throws -> History {
        let training = trainLimit.map(training.prefix) ?? training
        guard training.count > 0 else {
            throw DescentError(.badData, "there are no examples to learn from")
        }
        for examples in [training, validation].compactMap({ $0 }) where examples.count > 0 {
            try check(network, fits: examples)
        }
        var random = RandomState(seed)
        if startsAnew { network.initialize(using: &random) }
        let work = NetworkWork(
            network, trainer: self, training: training,
            validation: validation.flatMap { $0.count > 0 ? $0 : nil })
        return try TrainingLoop(batchSize: batchSize, epochs: epochs).run(
            work, permutation: { random.permutationIndices($0) }, cancellation: cancellation,
            progress: progress)
    }

    private func check(_ network: any Layer, fits examples: LabeledImages) throws {
        let width = examples.images.shape.dropFirst().reduce(1, *)
        guard let output = try network.outputShape(for: [width]) else { return }
        guard output.count == 1 else {
            throw DescentError(
                .usage, "the network has another number of outputs than there are classes",
                expected: "\(examples.classNames.count)", got: "\(output)")
        }
        try loss.check(outputs: output[0], classes: examples.classNames.count)
    }
}

/// The loop's work on a real network.
private final class NetworkWork: TrainingWork {
    private let network: any Layer
    private let parameters: [Parameter]
    private let loss: Loss
    private let training: Examples
    private let validation: Examples?
    private var trainingStep: TrainingStep
    private var kept: [NDArray<Float>] = []

    /// Images made ready for the network, with labels of the type that the loss takes.
    private struct Examples {
        let inputs: ByteRows
        let labels: [Int32]

        init(_ images: LabeledImages) {
            inputs = ByteRows(images.images)
            labels = images.labels.elements.map(Int32.init)
        }
    }

    init(_ network: any Layer, trainer: Trainer, training: LabeledImages, validation: LabeledImages?) {
        self.network = network
        parameters = network.parameters
        loss = trainer.loss
        self.training = Examples(training)
        self.validation = validation.map(Examples.init)
        trainingStep = TrainingStep(
            network, loss: trainer.loss, optimizer: trainer.optimizer, seed: trainer.seed)
    }

    var sampleCount: Int { training.labels.count }

    var learningRate: Double { Double(trainingStep.state.optimizer.learningRate) }

    func step(rows: [Int32], nextRows: [Int32]) throws -> Double {
        Double(trainingStep(training.inputs, labels: training.labels, rows: rows, nextRows: nextRows))
    }

    func scores() throws -> (training: Scores, test: Scores?) {
        (scores(on: training), validation.map(scores(on:)))
    }

    private func scores(on examples: Examples) -> Scores {
        let said = predict(network, examples.inputs, labels: examples.labels, loss: loss)
        let correct = zip(said.labels, examples.labels).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
        let count = Double(examples.labels.count)
        return Scores(loss: said.totalLoss / count, accuracy: Double(correct) / count)
    }

    // Arrays are values: a copy costs nothing until the next update writes to the original.
    func keepWeights() { kept = parameters.map(\.value) }

    func restoreWeights() {
        for (parameter, value) in zip(parameters, kept) { parameter.value = value }
    }
}
