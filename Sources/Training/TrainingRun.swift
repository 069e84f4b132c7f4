import Arrays
import Autodiff
import Classification
import Datasets
import ExampleData
import Inference
import Networks

/// The mutable state of a training run: network, optimiser, weight average, generator.
final class TrainingRun: TrainingWork {
    let trainer: Trainer
    let network: any Layer
    let members: [NamedParameter]
    let training: Examples
    let validation: Examples?
    /// The training examples that are measured after each epoch, where that is not all of them.
    private let sample: Examples?
    let checkpoints: CheckpointPolicy?
    let preparation: BatchPreparation?
    private let initialRate: Double
    private let totalSteps: Int
    let stepsPerEpoch: Int

    var trainingStep: TrainingStep
    /// Scores the network after each epoch.
    private let session: InferenceSession
    var average: WeightAverage?
    var plateau: PlateauState?
    /// The generator, and what it was before the newest order was drawn.
    var random: RandomState
    var randomBefore: RandomState
    /// How many orders have been drawn: the number of the epoch that runs.
    var orderCount = 0
    /// The next epoch's order and the generator after it, drawn before its time; `random` is still what it was, so that a
    /// checkpoint knows nothing of it.
    private var drawnAhead: (order: [Int32], random: RandomState)?
    /// The resulting weights of the last epoch that ended well, and of the best one.
    var kept: [NDArray<Float>] = []
    var best: [NDArray<Float>] = []
    /// The weights of the last `scores`, where they are not the network's own.
    private var measured: [NDArray<Float>]?

    var lastCheckpoint = ContinuousClock().now
    /// Whether a checkpoint has been written: then the best weights are stored beside it.
    var hasFolder = false
    /// The directory of the newest checkpoint.
    var checkpointDirectory: String?
    /// The number of the best epoch whose weights are in the file.
    var writtenBest: Int?
    var bestEpoch: Int?
    /// What a checkpoint must have in common with the run. With checkpoints it is taken before the first step: which
    /// parameters are frozen may be changed later, and a resumed run is compared before its first step too.
    lazy var identity = makeIdentity()

    /// Images made ready for the network, with labels of the type that the loss takes.
    struct Examples {
        let images: LabeledImages
        let inputs: ByteRows
        let labels: [Int32]

        init(_ images: LabeledImages) {
            self.images = images
            inputs = ByteRows(images.images)
            labels = images.labels.elements.map(Int32.init)
        }
    }

    init(
        _ network: any Layer, trainer: Trainer, training: LabeledImages, validation: LabeledImages?,
        random: RandomState, checkpoints: CheckpointPolicy?
    ) {
        self.network = network
        self.trainer = trainer
        self.random = random
        self.checkpoints = checkpoints
        randomBefore = random
        members = network.uniqueNamedParameters
        self.training = Examples(training)
        self.validation = validation.map(Examples.init)
        sample = trainer.trainingSample.flatMap { size in
            guard size < training.count else { return nil }
            // A generator of its own: how much is measured changes no weights.
            var random = RandomState(trainer.seed)
            return Examples(training.picked(random.permutationIndices(training.count).prefix(size).sorted()))
        }
        preparation = trainer.augmentation.map { BatchPreparation(training.images, $0, seed: trainer.seed) }
        trainingStep = trainer.makeStep(for: network)
        session = InferenceSession(network, for: [self.training.inputs.width])
        average = trainer.average.map { WeightAverage($0, of: network) }
        plateau = trainer.schedule.plateau.map(PlateauState.init)
        initialRate = Double(trainer.optimizer.learningRate)
        stepsPerEpoch = (training.count + trainer.batchSize - 1) / trainer.batchSize
        totalSteps = stepsPerEpoch * trainer.epochs
        if checkpoints != nil { _ = identity }
    }

    var sampleCount: Int { training.labels.count }

    var learningRate: Double { Double(trainingStep.state.optimizer.learningRate) }

    var optimizer: (any Optimizer)? { trainer.optimizer }

    var hasFiniteWeights: Bool { NonFinite.areWeightsFinite(members.map(\.parameter)) }

    /// The rows in the order of the next epoch.
    func order(_ count: Int) -> [Int32] {
        randomBefore = random
        orderCount += 1
        guard let ahead = drawnAhead else { return random.permutationIndices(count) }
        (drawnAhead, random) = (nil, ahead.random)
        return ahead.order
    }

    func step(rows: [Int32], nextRows: [Int32]) throws -> Double {
        if trainer.schedule != .constant { followSchedule() }
        let loss: Float
        if let preparation {
            let batch = preparation.take(rows, epoch: orderCount)
            if nextRows.isEmpty {
                prepareNextEpoch(preparation)
            } else {
                preparation.prepare(nextRows, epoch: orderCount)
            }
            loss = trainingStep(
                batch, labels: rows.map { training.labels[Int($0)] }, rows: (0..<rows.count).map { Int32($0) }
            )
        } else {
            loss = trainingStep(training.inputs, labels: training.labels, rows: rows, nextRows: nextRows)
        }
        if loss.isFinite { average?.update(step: trainingStep.state.stepCount) }
        return Double(loss)
    }

    /// Has the first batch of the next epoch made while the last step of this one runs.
    private func prepareNextEpoch(_ preparation: BatchPreparation) {
        guard orderCount < trainer.epochs else { return }
        var ahead = random
        let order = ahead.permutationIndices(sampleCount)
        drawnAhead = (order, ahead)
        preparation.prepare(Array(order.prefix(trainer.batchSize)), epoch: orderCount + 1)
    }

    private func followSchedule() {
        trainingStep.state.optimizer.learningRate = Float(
            trainer.schedule.learningRate(
                initialRate, step: trainingStep.state.stepCount, of: totalSteps, stepsPerEpoch: stepsPerEpoch,
                plateau: plateau))
    }

    // MARK: Measuring and keeping

    func scores() throws -> (training: Scores, test: Scores?) {
        withResult {
            // The loop has asked for the weights themselves. An average, and the moments that are found for it, may run away
            // although they have not.
            guard average == nil || hasFiniteWeights else { return (Scores(loss: .nan, accuracy: .nan), nil) }
            return (scores(on: sample ?? training), validation.map(scores(on:)))
        }
    }

    /// The account of a run with what it was watched on, and with the test examples' scores if they were kept apart.
    ///
    /// The network has its resulting weights already.
    func completed(_ history: History, testing test: LabeledImages?) -> History {
        var history = history
        history.trainingSample = sample.map(\.labels.count)
        history.guessing = Guessing(
            of: training.labels, classes: training.images.classNames.count,
            loss: trainer.loss == .crossEntropy)
        guard let test else { return history }
        history.validation = history.test
        history.validationCount = validation?.labels.count ?? 0
        if validation != nil { history.watched = .validation }
        history.test = test.count > 0 ? scores(on: Examples(test)) : nil
        return history
    }

    /// What `body` finds of the network with the weights that are the result, remembered in `measured`.
    private func withResult<Result>(_ body: () -> Result) -> Result {
        guard average != nil else { return body() }
        let own = values
        average?.swap()
        network.recalibrateMoments(on: training.inputs, batchSize: trainer.batchSize)
        let result = body()
        measured = values
        average?.swap()
        // The running moments too are restored.
        set(own)
        return result
    }

    private func scores(on examples: Examples) -> Scores {
        let said = session.predictions(for: examples.inputs, labels: examples.labels, loss: trainer.loss)
        let correct = zip(said.labels, examples.labels).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
        let count = Double(examples.labels.count)
        return Scores(loss: said.totalLoss / count, accuracy: Double(correct) / count)
    }

    // Arrays are values: a copy costs nothing until the next update writes to the original.
    var values: [NDArray<Float>] { members.map(\.parameter.value) }

    func set(_ values: [NDArray<Float>]) {
        for (member, value) in zip(members, values) { member.parameter.value = value }
    }

    func keepWeights() { kept = measured ?? values }

    func restoreWeights() {
        // The average has diverged too.
        average = nil
        set(kept)
    }

    func epochEnded(_ epoch: History.Epoch, isBest: Bool) {
        if isBest { (best, bestEpoch) = (kept, epoch.number) }
        plateau?.observe(epoch.test?.loss ?? epoch.training.loss)
    }

    func restoreBest() { if !best.isEmpty { set(best) } }

    func finish() { if let measured { set(measured) } }

    func nonFinitePlace(rows: [Int32]) -> String? {
        guard let augmentation = trainer.augmentation else {
            return NonFinite.place(in: network, training.inputs, rows: rows, step: trainingStep)
        }
        let changed = augmentation.images(
            training.images.images, rows: rows, seed: trainer.seed, epoch: orderCount)
        return NonFinite.place(
            in: network, ByteRows(changed), rows: (0..<rows.count).map { Int32($0) }, step: trainingStep)
    }
}
