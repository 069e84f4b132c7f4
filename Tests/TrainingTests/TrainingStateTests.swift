import Arrays
import Autodiff
import Networks
import Support
import TestSupport
import Testing
import TrainingTestSupport

@testable import Training

/// The state of a run is a value: taken at any step it stays as it was, and a run goes on from it with the same bits.
@Suite struct TrainingStateTests {
    private var trainer: Trainer {
        var trainer = Trainer(optimizer: .adam(learningRate: 0.01), batchSize: 8, epochs: 3, seed: 3)
        trainer.average = .exponential(decay: 0.9)
        trainer.schedule = .plateau
        return trainer
    }

    private func makeRun(seed: Int = 1) -> TrainingRun {
        var random = RandomState(seed)
        let network = Dense(144, 4, using: &random)
        return TrainingRun(
            network, trainer: trainer, training: ToyImages.make(40, seed: 5), validation: nil,
            sampler: trainer.makeSampler(count: 40, random: random), checkpoints: nil)
    }

    /// The losses of the steps from `first` to the end of the epoch that begins now.
    private func losses(_ run: TrainingRun, from first: Int) throws -> [Double] {
        let batches = run.nextEpoch()
        return try (first..<batches.count).map { try run.step(rows: batches[$0], nextRows: []) }
    }

    @Test func aRunGoesOnFromAStateThatWasTakenBefore() throws {
        let run = makeRun()
        run.keepWeights()
        let batches = run.nextEpoch()
        for step in 0..<2 { _ = try run.step(rows: batches[step], nextRows: []) }
        var loop = LoopState()
        loop.step = 2
        let state = run.state(at: loop)
        let weights = state.weights
        let first = try (2..<batches.count).map { try run.step(rows: batches[$0], nextRows: []) }
        #expect(run.values != weights)
        #expect(state.weights == weights, "the value follows the run")

        try run.resume(from: state)
        #expect(run.values == weights)
        #expect(try losses(run, from: 2) == first)

        // Another run, whose own first weights and order are others.
        let other = makeRun(seed: 2)
        try other.resume(from: state)
        #expect(try losses(other, from: 2) == first)
        #expect(other.values == run.values)
    }

    /// A checkpoint is the state written down: read again it is the same state.
    @Test func aCheckpointIsTheStateWrittenDown() throws {
        let run = makeRun()
        run.keepWeights()
        _ = try losses(run, from: 0)
        var loop = LoopState()
        loop.epoch = 2
        loop.history.epochs = [
            History.Epoch(
                number: 1, training: Scores(loss: 1.5, accuracy: 0.5), test: nil, seconds: 0.25, steps: 5,
                samples: 40)
        ]
        loop.history.steps = 5
        loop.history.stepLosses = [5, 4, 3, 2, 1]
        let state = run.state(at: loop)
        let checkpoint = Checkpoint(state, identity: run.identity, information: ["note": "written"])
        let read = try checkpoint.state(
            of: TrainingState.Run(
                members: run.members, epochs: 3, stepsPerEpoch: 5, sampleCount: 40, hasAverage: true,
                hasPlateau: true))
        #expect(read.weights == state.weights && read.good == state.good)
        #expect(read.best == nil)
        let pairs = [
            (read.optimizer, state.optimizer), (try #require(read.average), try #require(state.average)),
            (try #require(read.plateau), try #require(state.plateau)),
        ]
        for (a, b) in pairs {
            func arrays(_ part: TrainingState.Part) -> [String: NDArray<Float>] {
                Dictionary(uniqueKeysWithValues: part.stateArrays.map { ($0.name, $0.value) })
            }
            func scalars(_ part: TrainingState.Part) -> [String: Double] {
                Dictionary(uniqueKeysWithValues: part.stateScalars.map { ($0.name, $0.value) })
            }
            #expect(arrays(a) == arrays(b) && scalars(a) == scalars(b))
        }
        #expect(read.average != nil && read.plateau != nil && !read.optimizer.stateArrays.isEmpty)
        #expect(read.random == state.random)
        #expect(read.loop.epoch == 2 && read.loop.history.stepLosses == [5, 4, 3, 2, 1])
        #expect(read.loop.history.epochs == loop.history.epochs)
    }
}
