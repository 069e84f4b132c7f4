import Arrays
import Autodiff
import Datasets
import ExampleData
import Networks
import Support

/// Trains a network by mini-batch gradient descent on any examples with their targets: images, rows of features, sparse rows,
/// in memory or not; classes, or numbers with a loss that compares numbers.
///
/// Each epoch goes once through all training examples in a fresh random order; the last batch may be smaller.
/// After each epoch the network is measured on all training and all validation examples. Training goes on from the weights
/// that the network has, unless new ones are asked for (`reinitializesWeights`). One seed decides the orders, and new
/// weights: two runs from the same weights on one kind of processor give the same bits, with any number of threads.
///
/// ```swift
/// let network = Sequential {
///     Dense(784, 50, activation: .sigmoid)
///     Dense(50, 10)
/// }
/// let history = try Trainer(optimizer: .sgd(learningRate: 0.1), batchSize: 100, epochs: 16, seed: 1)
///     .fit(network, on: mnist.train, validating: mnist.test)
///
/// var trainer = Trainer(optimizer: .adamW(), epochs: 100)
/// trainer.schedule = .warmUp(steps: 200, then: .cosine())
/// trainer.augmentation = Augmentation(shift: 2, rotation: 10)
/// trainer.patience = Patience(5)
/// ```
public struct Trainer: Sendable {
    /// The rule that changes the weights.
    public var optimizer: any Optimizer
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
    /// Whether new weights are drawn from the seed before training, in place of those that the network has.
    public var reinitializesWeights: Bool
    /// How the learning rate changes from step to step.
    public var schedule = Schedule.constant
    /// Whether weight decay is for all weights; if not, it spares biases and the gains of normalisation.
    public var decaysVectors = true
    /// A limit on the gradients.
    public var clipping: GradientClipping?
    /// What convolutions and large dense layers multiply in; the weights, and sums, are float32 either way.
    public var precision = Precision.float32
    /// Which average of the weights is the result, and is measured after each epoch; nil for the last weights.
    public var average: WeightAverage.Rule?
    /// When training ends before its last epoch; the best epoch's weights are the result then. Needs validation examples.
    public var patience: Patience?
    /// How the images are changed each time they are learnt from.
    public var augmentation: Augmentation?
    /// How many of the training examples, drawn by chance, are measured after each epoch; all when nil. Measuring all costs
    /// about a third of an epoch.
    public var trainingSample: Int?

    /// A trainer with its settings; those of the notebook unless told otherwise.
    ///
    /// - Precondition: batchSize, epochs and trainLimit are positive; 0 <= seed < 2^32.
    public init(
        optimizer: some Optimizer = .sgd(learningRate: 0.1), loss: Loss = .crossEntropy, batchSize: Int = 100,
        epochs: Int = 16, seed: Int = 1, trainLimit: Int? = nil, reinitializesWeights: Bool = false
    ) {
        require(batchSize > 0, "a batch has at least one example, not \(batchSize)")
        require(epochs > 0, "training takes at least one epoch, not \(epochs)")
        require(trainLimit.map { $0 > 0 } ?? true, "at least one example is needed to learn from")
        require(UInt32(exactly: seed) != nil, "a seed is 0 to 4294967295, not \(seed)")
        self.optimizer = optimizer
        self.loss = loss
        self.batchSize = batchSize
        self.epochs = epochs
        self.seed = seed
        self.trainLimit = trainLimit
        self.reinitializesWeights = reinitializesWeights
    }

    /// Trains `network` and says how it went.
    ///
    /// - Parameters:
    ///   - network: what learns.
    ///   - training: what it learns from.
    ///   - validation: what it is measured on after each epoch, besides; nil for nothing.
    ///   - test: what it is measured on once, at the end. If given, `validation` is not what counts: the history says that
    ///     the epochs were watched on examples that were held back. If not, `validation` stands for the test examples.
    ///   - cancellation: when cancelled, the run ends after the current step, with the weights as they are then;
    ///     `History.ending` says so.
    ///   - checkpoints: where and how often the run is written down, so that it can go on; nil for never. A cancelled run
    ///     writes one in any case.
    ///   - checkpoint: where the run goes on from; nil for its beginning.
    ///   - progress: told about steps, at most twenty times a second, and about each epoch's end; called on the
    ///     caller's thread.
    /// - Throws: `TrainingDiverged` when a loss is not finite: the network then has the weights of the last good
    ///   epoch again. `DescentError` (`badData`) when there is nothing to learn from, or the checkpoint is of another
    ///   run; (`usage`) when the images do not fit the network, or a setting does not fit the run; and what writing a
    ///   checkpoint throws.
    /// - Complexity: epochs x (a forward and a backward pass over the training examples, and a forward pass over
    ///   all).
    public func fit(
        _ network: any Layer, on training: any ExampleSource,
        validating validation: (any ExampleSource)? = nil, testing test: (any ExampleSource)? = nil,
        cancellation: Cancellation? = nil, checkpoints: Checkpoints? = nil,
        resuming checkpoint: Checkpoint? = nil,
        progress: ((TrainingEvent) -> Void)? = nil
    ) throws -> History {
        let training = trainLimit.map { training.first($0) } ?? training
        let validation = validation.flatMap { $0.count > 0 ? $0 : nil }
        try check(network, on: training, validating: validation)
        if let test, test.count > 0 { try check(network, fits: test) }
        let random = checkpoint == nil ? firstRandomState(for: network) : RandomState(seed)
        let work = NetworkWork(
            network, trainer: self, training: training, validation: validation,
            sampler: makeSampler(count: training.count, random: random), checkpoints: checkpoints)
        let state = try checkpoint.map(work.restore)
        do {
            let history = try TrainingLoop(batchSize: batchSize, epochs: epochs, patience: patience).run(
                work, from: state, batches: work.nextEpoch, cancellation: cancellation, progress: progress)
            return try work.completed(history, testing: test)
        } catch let divergence as TrainingDiverged {
            throw divergence.with(try work.completed(divergence.history, testing: test))
        }
    }

    /// Whether everything fits together, before any work is done.
    ///
    /// - Throws: as `fit`.
    public func check(
        _ network: any Layer, on training: any ExampleSource,
        validating validation: (any ExampleSource)? = nil
    ) throws {
        guard training.count > 0 else {
            throw DescentError(.badData, "there are no examples to learn from")
        }
        for examples in [training, validation].compactMap({ $0 }) where examples.count > 0 {
            try check(network, fits: examples)
        }
        guard network.parameterCount > 0 || network.frozenParameterCount == 0 else {
            throw DescentError(
                .usage, "all parameters of the network are frozen", at: "network",
                advice: "set isTrainable of those that are to be trained")
        }
        guard patience == nil || validation != nil else {
            throw DescentError(
                .usage, "patience needs examples to measure the epochs on", at: "patience",
                advice: "give validation examples, or no patience")
        }
    }

    /// The generator of a run from its beginning, after it has drawn new weights if they are asked for.
    package func firstRandomState(for network: any Layer) -> RandomState {
        var random = RandomState(seed)
        if reinitializesWeights { network.initialize(using: &random) }
        return random
    }

    /// The step that the settings describe, for a network with these weights.
    package func makeStep(for network: any Layer) -> TrainingStep {
        TrainingStep(
            network, loss: loss, optimizer: optimizer,
            groups: decaysVectors ? nil : ParameterGroup.sparingVectors(of: network),
            clipping: clipping, precision: precision, seed: seed)
    }

    /// Batches of `examples` as the trainer makes them.
    func makeLoader(_ examples: any ExampleSource, _ sampler: BatchSampler) -> BatchLoader {
        BatchLoader(
            examples, sampler: sampler,
            augmentation: augmentation.map { ImageAugmentation(augmentation: $0, seed: seed) })
    }

    /// The order of `count` examples in epochs.
    func makeSampler(count: Int, random: RandomState, epoch: Int = 0) -> BatchSampler {
        BatchSampler(count: count, batchSize: batchSize, random: random, epoch: epoch)
    }

    /// Full batches without end over the examples that the trainer would learn from, after it has drawn new weights if they are
    /// asked for: for what measures training instead of doing it.
    ///
    /// - Throws: as `check`, except that patience is not looked at: there are no epochs that it could look at.
    package func endlessBatches(
        for network: any Layer, of examples: any ExampleSource
    ) throws -> BatchLoader {
        let examples = trainLimit.map { examples.first($0) } ?? examples
        var patient = self
        patient.patience = nil
        try patient.check(network, on: examples)
        return makeLoader(
            examples,
            BatchSampler(
                count: examples.count, batchSize: batchSize, lastBatch: .leftOut,
                random: firstRandomState(for: network)))
    }

    private func check(_ network: any Layer, fits examples: any ExampleSource) throws {
        if augmentation != nil, !examples.areGreyImagesInMemory {
            throw DescentError(
                .usage, "augmentation changes grey images in memory", at: "augmentation",
                expected: "bytes of shape [N, H, W]", got: "examples of shape \(examples.exampleShape)",
                advice: "train without augmentation")
        }
        let output = try network.fittedOutputShape(for: [examples.featureCount])
        guard output.count == 1 else {
            throw DescentError(
                .usage, "the network has another number of outputs than there are classes",
                expected: "\(examples.classNames.count)", got: "\(output)")
        }
        switch examples.targets {
        case .classes: try loss.check(outputs: output[0], classes: examples.classNames.count)
        case .values(let values):
            try loss.check(outputs: output[0], values: values.shape[1])
            guard patience?.measure != .accuracy else {
                throw DescentError(
                    .usage, "targets that are numbers have no accuracy", at: "patience",
                    advice: "watch the loss")
            }
        }
    }
}

/// A trainer's augmentation of grey images.
private struct ImageAugmentation: BatchAugmentation {
    let augmentation: Augmentation
    let seed: Int

    func augmented(_ features: FeatureMatrix, rows: [Int32], epoch: Int, parts: Int) -> FeatureMatrix {
        guard case .bytes(let images) = features.storage else { mistake("augmentation of no images") }
        return .bytes(
            augmentation.images(images, rows: rows, seed: seed, epoch: epoch, parts: parts),
            scale: features.scale)
    }
}

extension ExampleSource {
    /// Whether they are what an augmentation changes.
    fileprivate var areGreyImagesInMemory: Bool {
        guard exampleShape.count == 2, case .bytes? = residentFeatures?.storage else { return false }
        return true
    }
}
