import Arrays
import Autodiff
import Datasets
import ExampleData
import Handwriting
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
    /// The loss that is minimised.
    public var loss: Loss
    /// The number of examples in a step.
    public var batchSize: Int
    /// The number of passes over the training examples.
    public var epochs: Int
    /// The seed of everything random, 0 ..< 2^32.
    public var seed: Int
    /// The number of training examples that are used, the first ones; nil for all.
    public var trainLimit: Int?
    /// Whether new weights are drawn from the seed before training, in place of the network's own.
    public var reinitializesWeights: Bool
    /// The learning-rate schedule.
    public var schedule = Schedule.constant
    /// Whether weight decay applies to all weights; if not, it spares biases and the gains of normalisation.
    public var decaysBiasesAndNorms = true
    /// The gradient clipping; nil for none.
    public var clipping: GradientClipping?
    /// The type in which convolutions and large dense layers multiply; the weights, and sums, are float32 either way.
    public var precision = Precision.float32
    /// The weight average that is the result, and is scored after each epoch; nil for the last weights.
    public var average: WeightAverage.Rule?
    /// The early stopping; the best epoch's weights are the result then. Needs validation examples. Nil for none.
    public var patience: Patience?
    /// The augmentation of the images each time they are trained on; nil for none.
    public var augmentation: Augmentation?
    /// The drawing anew of handwritten digits each time they are trained on, in place of an augmentation; nil for none. Each is
    /// normalised, so the images to train on and to score are to be normalised before (`LabeledExamples.normalized(by:)`).
    package var redrawing: HandwritingVariation?
    /// The number of training examples, drawn at random, that are scored after each epoch; nil for all. Scoring all costs
    /// about a third of an epoch.
    public var trainingSample: Int?

    /// Creates a trainer with its settings; the defaults are the notebook's.
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

    /// Trains `network` and returns the history of the run.
    ///
    /// - Parameters:
    ///   - network: the network that is trained.
    ///   - training: the training set.
    ///   - validation: the examples on which the network is scored after each epoch, besides; nil for none.
    ///   - test: the examples on which it is scored once, at the end. If given, the history says that the epochs were
    ///     watched on a validation set. If not, `validation` is taken for the test set.
    ///   - cancellation: when cancelled, the run ends after the current step, with its present weights;
    ///     `History.ending` says so.
    ///   - checkpoints: the directory and frequency of checkpoints, from which the run can be resumed; nil for none. A
    ///     cancelled run writes one in any case.
    ///   - checkpoint: the checkpoint from which the run is resumed; nil for its beginning.
    ///   - progress: called at most twenty times a second about steps, and at each epoch's end, on the caller's
    ///     thread.
    /// - Throws: `TrainingDiverged` when a loss is not finite: the weights are restored to the last good epoch.
    ///   `DescentError` (`badData`) when there are no examples, or the checkpoint is of another run; (`usage`) when the
    ///   images do not fit the network, or a setting does not fit the run; and the errors of writing a checkpoint.
    /// - Complexity: epochs x (a forward and a backward pass over the training examples, and a forward pass over
    ///   all).
    public func fit(
        _ network: any Layer, on training: any ExampleSource,
        validating validation: (any ExampleSource)? = nil, testing test: (any ExampleSource)? = nil,
        cancellation: Cancellation? = nil, checkpoints: CheckpointPolicy? = nil,
        resuming checkpoint: Checkpoint? = nil,
        progress: ((TrainingEvent) -> Void)? = nil
    ) throws -> History {
        let training = trainLimit.map { training.first($0) } ?? training
        let validation = validation.flatMap { $0.count > 0 ? $0 : nil }
        try check(network, on: training, validating: validation)
        if let test, test.count > 0 { try check(network, fits: test) }
        let random = checkpoint == nil ? firstRandomState(for: network) : RandomState(seed)
        let work = TrainingRun(
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

    /// Checks that network, examples and settings fit together, before any work is done.
    ///
    /// - Throws: as `fit`.
    package func check(
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

    /// Returns the generator at a run's beginning, after it has drawn new weights if they are requested.
    package func firstRandomState(for network: any Layer) -> RandomState {
        var random = RandomState(seed)
        if reinitializesWeights { network.initialize(using: &random) }
        return random
    }

    /// Creates the step that the settings describe, for a network with its present weights.
    package func makeStep(for network: any Layer) -> TrainingStep {
        TrainingStep(
            network, loss: loss, optimizer: optimizer,
            groups: decaysBiasesAndNorms ? nil : ParameterGroup.sparingVectors(of: network),
            clipping: clipping, precision: precision, seed: seed)
    }

    /// Creates the loader of `examples`.
    func makeLoader(_ examples: any ExampleSource, _ sampler: BatchSampler) -> BatchLoader {
        BatchLoader(
            examples, sampler: sampler,
            augmentation: DigitRedrawing(redrawing, of: examples, seed: seed)
                ?? augmentation.map { ImageAugmentation(augmentation: $0, seed: seed) })
    }

    /// Creates the order of `count` examples in epochs.
    func makeSampler(count: Int, random: RandomState, epoch: Int = 0) -> BatchSampler {
        BatchSampler(count: count, batchSize: batchSize, random: random, epoch: epoch)
    }

    /// Creates a loader of full batches without end over the examples that the trainer would learn from, after drawing new weights
    /// if they are requested: for code that measures training.
    ///
    /// - Throws: as `check`, except for patience: there are no epochs to watch.
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
        if augmentation != nil, try !examples.areImages() {
            throw DescentError(
                .usage, "augmentation changes images", at: "augmentation",
                expected: "bytes of shape [N, H, W] or [N, 3, H, W]",
                got: "examples of shape \(examples.exampleShape)",
                advice: "train without augmentation")
        }
        if redrawing != nil { try DigitRedrawing.check(examples, augmentation: augmentation) }
        let output = try network.fittedOutputShape(for: [examples.featureCount])
        try network.requireUnpackable(examples.residentFeatures, batchSize: batchSize)
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

/// A trainer's augmentation of images.
private struct ImageAugmentation: BatchAugmentation {
    let augmentation: Augmentation
    let seed: Int

    func augmented(
        _ features: FeatureMatrix, rows: [Int32], numbers: [Int32], epoch: Int, parts: Int
    ) -> FeatureMatrix {
        guard case .bytes(let images) = features.storage else { mistake("augmentation of no images") }
        return .bytes(
            augmentation.images(
                images, rows: rows, numbers: numbers, seed: seed, epoch: epoch, parts: parts),
            scale: features.scale)
    }
}

extension ExampleSource {
    /// Returns whether they are what an augmentation changes; one that is not in memory is read to see.
    fileprivate func areImages() throws -> Bool {
        guard FeatureMatrix.isImage(exampleShape), count > 0 else { return false }
        let features = try residentFeatures ?? features(of: [0])
        guard case .bytes = features.storage else { return false }
        return true
    }
}
