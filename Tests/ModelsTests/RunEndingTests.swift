import ArrayFiles
import Arrays
import Datasets
import Experiments
import Networks
import Support
import TestSupport
import Testing

@testable import Models
@testable import Training

/// How runs end: under patience, by divergence, with checkpoints that cannot be written, and how they go on.
@Suite struct RunEndingTests {
    private let directory: TemporaryDirectory
    private let data = ToyImages.make(90, seed: 1)
    private let test = ToyImages.make(30, seed: 2)

    init() throws { directory = try TemporaryDirectory() }

    private func network() -> Sequential {
        Sequential {
            Dense(144, 12, activation: .relu, initializer: .he)
            Dense(12, 4, initializer: .xavier)
        }
    }

    private func bits(_ network: Sequential) -> [[UInt32]] {
        network.parameters.map { $0.value.elements.map(\.bitPattern) }
    }

    private func trainer(epochs: Int = 6) -> Trainer {
        Trainer(optimizer: .adam(learningRate: 0.05), batchSize: 16, epochs: epochs, seed: 3)
    }

    // MARK: Patience

    /// Cancelled in its fifth epoch: the weights are those of the best of the four, by what patience watches.
    @Test(arguments: Patience.Measure.allCases) func aCancelledRunKeepsTheBestEpoch(measure: Patience.Measure)
        throws
    {
        var trainer = trainer()
        trainer.patience = Patience(50, measure: measure)
        var seen: [[[UInt32]]] = []
        let network = network()
        let cancellation = Cancellation()
        let history = try trainer.fit(network, on: data, validating: test, cancellation: cancellation) {
            event in
            guard case .epoch(let epoch, _) = event else { return }
            seen.append(bits(network))
            if epoch.number == 4 { cancellation.cancel() }
        }
        let best = try #require(Patience.best(of: history.epochs, by: measure))
        #expect(history.ending == .cancelled(epoch: 5, step: 0))
        #expect(history.keptEpoch == best.number && history.best?.number == best.number)
        #expect(history.training == best.training && history.test == best.test)
        #expect(bits(network) == seen[best.number - 1])
    }

    @Test func aRunThatDivergesUnderPatienceKeepsTheBestEpoch() throws {
        var trainer = trainer(epochs: 30)
        trainer.patience = Patience(100)
        // A rate that grows until the loss is no number.
        trainer.optimizer = SGD(learningRate: 0.01)
        trainer.schedule = .exponential(factor: 1e8)
        var seen: [[[UInt32]]] = []
        let network = network()
        let error = #expect(throws: TrainingDiverged.self) {
            try trainer.fit(network, on: data, validating: test) { event in
                if case .epoch = event { seen.append(bits(network)) }
            }
        }
        let history = try #require(error?.history)
        let best = try #require(history.epochs.min { ($0.test?.loss ?? 0) < ($1.test?.loss ?? 0) })
        #expect(history.epochs.count > best.number, "the last good epoch is not the best")
        #expect(history.keptEpoch == best.number && history.training == best.training)
        #expect(bits(network) == seen[best.number - 1])
        #expect(history.ending == .diverged(epoch: history.epochs.count + 1, step: history.steps))
        // As many losses as steps, the last of them no number.
        #expect(history.stepLosses.count == history.steps && history.stepLosses.last?.isFinite == false)
        let verdict = TrainingVerdict(history, testCount: 30)
        #expect(
            verdict.kind == .diverged
                && verdict.sentence.contains("the weights are those of epoch \(best.number)"))
    }

    // MARK: Checkpoints

    /// The first three cannot be written: the run goes on, tells each, and the fourth is whole.
    @Test func aCheckpointThatCannotBeWrittenDoesNotEndTheRun() throws {
        let whole = network()
        let expected = try trainer().fit(whole, on: data, validating: test)
        nonisolated(unsafe) var attempts = 0
        let path = directory.path
        let checkpoints = CheckpointPolicy(every: .epochs(1), information: [:]) {
            attempts += 1
            if attempts <= 3 { throw DescentError(.inputOutput, "the disk is full", at: "there") }
            return path
        }
        var failures: [DescentError] = []
        let network = network()
        let history = try trainer().fit(network, on: data, validating: test, checkpoints: checkpoints) {
            event in
            if case .checkpointFailed(let error) = event { failures.append(error) }
        }
        #expect(failures.map(\.what) == ["the disk is full", "the disk is full", "the disk is full"])
        #expect(history.checkpointFailure == nil && bits(network) == bits(whole))
        #expect(history.stepLosses == expected.stepLosses)
        #expect(try Checkpoint(contentsOf: "\(path)/last.safetensors").epochsDone() == 5)
        #expect(try Checkpoint(contentsOf: "\(path)/end.safetensors").epochsDone() == 6)
    }

    @Test func aRunWithoutAnyCheckpointSaysWhy() throws {
        let checkpoints = CheckpointPolicy(every: .epochs(1), information: [:]) {
            throw DescentError(.cannotCreate, "no such place", at: "there")
        }
        let history = try trainer().fit(network(), on: data, validating: test, checkpoints: checkpoints)
        #expect(history.ending == .finished && history.checkpointFailure?.what == "no such place")
    }

    /// Six epochs, and then six more, are the twelve epochs of one run, bit for bit.
    @Test func aFinishedRunGoesOn() throws {
        let whole = network()
        let expected = try trainer(epochs: 12).fit(whole, on: data, validating: test)
        _ = try trainer().fit(
            network(), on: data, validating: test,
            checkpoints: CheckpointPolicy(in: directory.path, every: .epochs(4)))
        var checkpoint = try Checkpoint(contentsOf: "\(directory.path)/end.safetensors")
        let refused = #expect(throws: DescentError.self) {
            try trainer(epochs: 12).fit(network(), on: data, validating: test, resuming: checkpoint)
        }
        #expect(refused?.what == "the checkpoint is of another run: its epochs differs")
        checkpoint.mayHaveOtherEpochs = true
        let rest = network()
        let history = try trainer(epochs: 12).fit(rest, on: data, validating: test, resuming: checkpoint)
        #expect(bits(rest) == bits(whole) && history.stepLosses == expected.stepLosses)
        #expect(history.epochs.map(\.training) == expected.epochs.map(\.training))
    }

    // MARK: A model that cannot be put in its place

    private func folder() throws -> ModelFolder {
        let network = network()
        return ModelFolder(
            try NetworkClassifier(
                network, classNames: data.classNames, preprocessing: Preprocessing(height: 12, width: 12)),
            samples: data.prefix(2).features)
    }

    @Test func aModelIsPutElsewhere() throws {
        try AtomicFile.write("x", to: "\(directory.path)/file")
        let elsewhere = "\(directory.path)/elsewhere"
        try AtomicFile.createDirectory(at: elsewhere)
        // A place below a file can never be made.
        let place = ModelDestination.folder("\(directory.path)/file/model")
        let (made, problem) = try folder().writeOrRescue(
            to: place, reserved: nil, elsewhere: ["\(directory.path)/nowhere", elsewhere])
        #expect(problem?.kind == .cannotCreate)
        #expect(made.path.hasPrefix("\(elsewhere)/descent-"))
        #expect(throws: Never.self) { try ModelFolder.load(made.path) }
        // A second one gets a name of its own.
        let (other, _) = try folder().writeOrRescue(to: place, reserved: nil, elsewhere: [elsewhere])
        #expect(other.path != made.path)
        #expect(throws: DescentError.self) {
            try folder().writeOrRescue(to: place, reserved: nil, elsewhere: ["\(directory.path)/nowhere"])
        }
    }

    // MARK: Searches

    /// Interrupted in the fourth trial: the three before it are in the account.
    @Test func aSearchThatIsInterruptedCountsItsTrials() throws {
        let search = SettingsSearch(
            ranges: [try SearchRange(parsing: "lr=0.1..1")],
            plan: SuccessiveHalving(trials: 9, epochs: 3, factor: 3))
        for stop in [1, 3, 10] {
            var (calls, kept) = (0, 0)
            let results = try search.run { _, _ in
                calls += 1
                return calls > stop ? nil : .scored(Scores(loss: 1, accuracy: 0.5))
            } keep: { _ in
                kept += 1
            }
            #expect(results.count == stop && kept == stop)
        }
    }
}
