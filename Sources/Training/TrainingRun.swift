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
    let training: any ExampleSource
    let validation: (any ExampleSource)?
    /// The training examples that are measured after each epoch, where that is not all of them.
    private let sample: (any ExampleSource)?
    let checkpoints: CheckpointPolicy?
    /// The batches and their order.
    let loader: BatchLoader
    private let initialRate: Double
    private let totalSteps: Int
    let stepsPerEpoch: Int

    var trainingStep: TrainingStep
    /// Scores the network after each epoch.
    private let session: InferenceSession
    var average: WeightAverage?
    var plateau: PlateauState?
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

    init(
        _ network: any Layer, trainer: Trainer, training: any ExampleSource,
        validation: (any ExampleSource)?, sampler: BatchSampler, checkpoints: CheckpointPolicy?
    ) {
        self.network = network
        self.trainer = trainer
        self.checkpoints = checkpoints
        members = network.uniqueNamedParameters
        self.training = training
        self.validation = validation
        sample = trainer.trainingSample.flatMap { size in
            guard size < training.count else { return nil }
            // A generator of its own: how much is measured changes no weights.
            var random = RandomState(trainer.seed)
            return training.selecting(random.permutationIndices(training.count).prefix(size).sorted())
        }
        loader = trainer.makeLoader(training, sampler)
        trainingStep = trainer.makeStep(for: network)
        session = InferenceSession(network, for: [training.featureCount])
        average = trainer.average.map { WeightAverage($0, of: network) }
        plateau = trainer.schedule.plateau.map(PlateauState.init)
        initialRate = Double(trainer.optimizer.learningRate)
        stepsPerEpoch = sampler.batchesPerEpoch
        totalSteps = stepsPerEpoch * trainer.epochs
        if checkpoints != nil { _ = identity }
    }

    var sampleCount: Int { training.count }

    var learningRate: Double { Double(trainingStep.state.optimizer.learningRate) }

    var optimizer: (any Optimizer)? { trainer.optimizer }

    var hasFiniteWeights: Bool { NonFinite.areWeightsFinite(members.map(\.parameter)) }

    /// Begins the next epoch and returns its batches.
    func nextEpoch() -> EpochBatches { loader.sampler.nextEpoch() }

    func step(rows: [Int32], nextRows: [Int32]) throws -> Double {
        if trainer.schedule != .constant { followSchedule() }
        let loss = trainingStep(
            try loader.batch(rows, next: nextRows, endsRun: loader.sampler.epoch >= trainer.epochs))
        if loss.isFinite { average?.update(step: trainingStep.state.stepCount) }
        return Double(loss)
    }

    private func followSchedule() {
        trainingStep.state.optimizer.learningRate = Float(
            trainer.schedule.learningRate(
                initialRate, step: trainingStep.state.stepCount, of: totalSteps, stepsPerEpoch: stepsPerEpoch,
                plateau: plateau))
    }

    // MARK: Measuring and keeping

    func scores() throws -> (training: Scores, test: Scores?) {
        try withResult {
            // The loop has asked for the weights themselves. An average, and the moments that are found for it, may run away
            // although they have not.
            guard average == nil || hasFiniteWeights else { return (Scores(loss: .nan, accuracy: .nan), nil) }
            return (try scores(on: sample ?? training), try validation.map(scores(on:)))
        }
    }

    /// The account of a run with what it was watched on, and with the test examples' scores if they were kept apart.
    ///
    /// The network has its resulting weights already.
    func completed(_ history: History, testing test: (any ExampleSource)?) throws -> History {
        var history = history
        history.trainingSample = sample?.count
        if let classes = training.targets.classes {
            history.guessing = Guessing(
                of: classes, classes: training.classNames.count, loss: trainer.loss == .crossEntropy)
        }
        guard let test else { return history }
        history.validation = history.test
        history.validationCount = validation?.count ?? 0
        if validation != nil { history.watched = .validation }
        history.test = test.count > 0 ? try scores(on: test) : nil
        return history
    }

    /// What `body` finds of the network with the weights that are the result, remembered in `measured`.
    private func withResult<Result>(_ body: () throws -> Result) throws -> Result {
        guard average != nil else { return try body() }
        let own = values
        average?.swap()
        try network.recalibrateMoments(
            count: training.count, batchSize: trainer.batchSize, batch: training.rows)
        let result = try body()
        measured = values
        average?.swap()
        // The running moments too are restored.
        set(own)
        return result
    }

    private func scores(on examples: any ExampleSource) throws -> Scores {
        let said = try session.predictions(for: examples, loss: trainer.loss)
        let count = Double(examples.count)
        guard let classes = examples.targets.classes else { return Scores(loss: said.totalLoss / count) }
        let correct = zip(said.labels, classes).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
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
        guard let batch = try? loader.repeated(rows) else { return nil }
        return NonFinite.place(in: network, batch, step: trainingStep)
    }
}
