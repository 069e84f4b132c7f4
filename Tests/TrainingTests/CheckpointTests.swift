import Arrays
import Autodiff
import Datasets
import ExampleData
import Foundation
import Networks
import Support
import TestSupport
import Testing

@testable import Training

@Suite(.serialized) final class CheckpointTests {
    private let temporary: TemporaryDirectory
    private var directory: String { "\(temporary.path)/checkpoints" }
    private let data = ToyImages.make(90, seed: 1)
    private let test = ToyImages.make(30, seed: 2)

    init() throws { temporary = try TemporaryDirectory() }

    private func network(_ hidden: Int = 12) -> Sequential {
        Sequential {
            Dense(144, hidden, activation: .relu, initializer: .he)
            BatchNormalization(hidden)
            Dropout(0.2)
            Dense(hidden, 4, initializer: .xavier)
        }
    }

    private var trainer: Trainer {
        var trainer = Trainer(optimizer: .adam(learningRate: 0.01), batchSize: 16, epochs: 4, seed: 3)
        trainer.schedule = .warmUp(steps: 3, then: .plateau(Plateau(factor: 0.5, patience: 0)))
        trainer.average = .exponential(decay: 0.9)
        trainer.augmentation = Augmentation(shift: 1, rotation: 10, elastic: 5)
        trainer.patience = Patience(10)
        return trainer
    }

    private func bits(_ network: Sequential) -> [[UInt32]] {
        network.parameters.map { $0.value.elements.map(\.bitPattern) }
    }

    /// Cancels after so many steps, then goes on from the checkpoint.
    @Test(arguments: [1, 5, 6, 7, 13, 23]) func goesOnToTheSameBits(stop: Int) throws {
        let whole = network()
        let wholeHistory = try trainer.fit(whole, on: data, validating: test)
        let cancellation = Cancellation()
        let (directory, path) = (directory, "\(directory)/last.safetensors")
        // A checkpoint is written after each step; the one before it tells how many steps there were.
        let checkpoints = CheckpointPolicy(every: .seconds(0), information: [:]) {
            let before = (try? Checkpoint(contentsOf: path))?.scalars["history/steps"] ?? 0
            if Int(before) + 1 == stop { cancellation.cancel() }
            return directory
        }
        let part = network()
        let broken = try trainer.fit(
            part, on: data, validating: test, cancellation: cancellation, checkpoints: checkpoints)
        // Six steps are an epoch.
        #expect(broken.ending == .cancelled(epoch: stop / 6 + 1, step: stop % 6) && broken.steps == stop)
        let checkpoint = try Checkpoint(contentsOf: path)
        #expect(checkpoint.scalars["place/step"] == Double(stop % 6))
        let rest = network()
        let history = try trainer.fit(rest, on: data, validating: test, resuming: checkpoint)
        #expect(bits(rest) == bits(whole))
        #expect(history.stepLosses == wholeHistory.stepLosses)
        #expect(history.epochs.map(\.test) == wholeHistory.epochs.map(\.test))
        #expect(history.keptEpoch == wholeHistory.keptEpoch)
    }

    /// The run is the one that began: what is frozen on its way makes no other of it.
    @Test func whatIsFrozenOnTheWayDoesNotHinderAResumption() throws {
        let part = network()
        _ = try trainer.fit(
            part, on: data, validating: test, checkpoints: CheckpointPolicy(in: directory, every: .epochs(1))
        ) { _ in part.layers[0].freeze() }
        #expect(part.frozenParameterCount == 145 * 12)
        let checkpoint = try Checkpoint(contentsOf: "\(directory)/last.safetensors")
        #expect(throws: Never.self) {
            try trainer.fit(network(), on: data, validating: test, resuming: checkpoint)
        }
    }

    @Test func whatDoesNotFitIsRefusedByName() throws {
        _ = try trainer.fit(
            network(), on: data, validating: test,
            checkpoints: CheckpointPolicy(in: directory, every: .epochs(1)))
        let path = "\(directory)/last.safetensors"
        let checkpoint = try Checkpoint(contentsOf: path)
        func refusal(_ trainer: Trainer, _ network: Sequential, _ data: LabeledExamples) -> String? {
            #expect(throws: DescentError.self) {
                try trainer.fit(network, on: data, validating: test, resuming: checkpoint)
            }?.what
        }
        #expect(refusal(trainer, network(13), data)?.contains("architecture differs") == true)
        #expect(refusal(trainer, network(), data.prefix(80))?.contains("training data differs") == true)
        var other = trainer
        other.seed = 4
        #expect(refusal(other, network(), data)?.contains("seed differs") == true)

        // Places that no run of six steps in four epochs comes to.
        for (epoch, step) in [(0, 0), (6, 0), (2, 6), (5, 1000), (1 << 40, 0)] {
            var astray = checkpoint
            astray.scalars["place/epoch"] = Double(epoch)
            astray.scalars["place/step"] = Double(step)
            let error = #expect(throws: DescentError.self) {
                try trainer.fit(network(), on: data, validating: test, resuming: astray)
            }
            #expect(error?.kind == .badData && error?.place == path)
            #expect(error?.got == "epoch \(epoch), step \(step)")
        }

        var bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
        for place in [bytes.count - 3, bytes.count / 2, 12] {
            bytes[place] ^= 1
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            let error = #expect(throws: DescentError.self) { try Checkpoint(contentsOf: path) }
            #expect(error?.kind == .badData, "byte \(place): \(error?.description ?? "")")
            bytes[place] ^= 1
        }
    }
}

/// Checkpoints whose checksum is right and whose numbers no run writes: what they say is refused, and ends no program.
@Suite final class CraftedCheckpointTests {
    private let temporary: TemporaryDirectory
    private var directory: String { "\(temporary.path)/crafted" }
    private let data = ToyImages.make(40, seed: 1)
    private var trainer: Trainer {
        var trainer = Trainer(batchSize: 16, epochs: 4, seed: 3)
        trainer.patience = Patience(10)
        return trainer
    }

    init() throws { temporary = try TemporaryDirectory() }

    /// After three of four epochs of three steps.
    private func checkpoint() throws -> Checkpoint {
        _ = try trainer.fit(
            Dense(144, 4), on: data, validating: data,
            checkpoints: CheckpointPolicy(in: directory, every: .epochs(1)))
        return try Checkpoint(contentsOf: "\(directory)/last.safetensors")
    }

    /// What is said of the checkpoint after it was written anew, well signed, and read again.
    private func refusal(_ checkpoint: Checkpoint, _ change: (inout Checkpoint) throws -> Void) throws
        -> DescentError?
    {
        var crafted = checkpoint
        try change(&crafted)
        let path = "\(directory)/crafted.safetensors"
        try crafted.write(to: path)
        let read = try Checkpoint(contentsOf: path)
        let error = #expect(throws: DescentError.self) {
            try trainer.fit(Dense(144, 4), on: data, validating: data, resuming: read)
        }
        #expect(error?.kind == .badData && error?.place == path, "\(error?.description ?? "")")
        return error
    }

    @Test func impossibleNumbersAreRefused() throws {
        let good = try checkpoint()
        _ = try trainer.fit(Dense(144, 4), on: data, validating: data, resuming: good)
        for value in [.nan, 1e300, -1e19, -1, .infinity, 2e9] {
            for name in ["place/seconds", "history/seconds"] {
                let error = try refusal(good) { $0.scalars[name] = value }
                #expect(error?.what == "'\(name)' of the checkpoint is impossible")
                #expect(error?.got == "\(value)")
            }
        }
        for value in [9_223_372_036_854_774_784, 0x1p53 + 2, -1, 0.5, .nan] {
            let error = try refusal(good) { $0.scalars["history/steps"] = value }
            #expect(error?.expected == "a whole number from 0 to 2^53", "\(value)")
        }
        let other = try refusal(good) { $0.scalars["history/steps"] = 8 }
        #expect(other?.expected == "9 and a loss of each" && other?.got == "8 and 9 losses")
        let short = try refusal(good) { $0.add("history/losses", NDArray(shape: [2], elements: [1, 2])) }
        #expect(short?.got == "9 and 2 losses")
    }

    @Test func impossibleEpochsAreRefused() throws {
        let good = try checkpoint()
        func refusal(row: Int, column: Int, _ value: Double) throws -> DescentError? {
            try self.refusal(good) { crafted in
                var numbers = try crafted.array("history/epochs", as: Double.self).elements
                numbers[9 * row + column] = value
                crafted.arrays["history/epochs"] = .float64(NDArray(shape: [3, 9], elements: numbers))
            }
        }
        // The number, the seconds, the steps and the examples of an epoch.
        for (column, values) in [
            (0, [-0x1p63, 4e18, 2, 0, .nan]), (6, [.nan, -1, 1e300]), (7, [0x1p53, 9e18, 2]),
            (8, [9e18, 39, .infinity]),
        ] {
            for value in values {
                let error = try refusal(row: 0, column: column, value)
                #expect(error?.what == "'history/epochs' of the checkpoint is impossible")
                #expect(error?.expected == "epoch 1 of 3 steps and 40 examples", "\(column), \(value)")
            }
        }
        for shape in [[0, 9], [2, 9], [3, 8], [27]] {
            let error = try self.refusal(good) {
                $0.arrays["history/epochs"] = .float64(NDArray(shape: shape, repeating: 1))
            }
            #expect(error?.expected == "shape [3, 9]" && error?.got == "\(shape)")
        }
    }
}

@Suite struct ToolTests {
    // The first batch of an epoch too is made while the step before it runs, and the order is the one it always was.
    @Test func batchesArePreparedAcrossEpochs() throws {
        let data = ToyImages.make(20, seed: 5)
        var trainer = Trainer(batchSize: 8, epochs: 2, seed: 3)
        trainer.augmentation = Augmentation(shift: 1)
        var random = RandomState(7)
        let work = TrainingRun(
            Dense(144, 4), trainer: trainer, training: data, validation: nil,
            sampler: trainer.makeSampler(count: 20, random: random), checkpoints: nil)
        func rows(_ epoch: EpochBatches) -> [Int32] { (0..<epoch.count).flatMap { epoch[$0] } }
        let order = rows(work.nextEpoch())
        #expect(order == random.permutationIndices(20))
        let between = work.loader.sampler.random.state
        _ = try work.step(rows: Array(order[16...]), nextRows: [])
        // A checkpoint between two epochs finds the generator as it was.
        let after = work.loader.sampler.random.state
        #expect(after.key == between.key && after.position == between.position)
        let expected = random.permutationIndices(20)
        #expect(try work.loader.isPrepared(Array(expected[..<8]), epoch: 2))
        #expect(rows(work.nextEpoch()) == expected)
        #expect(work.loader.sampler.random.state.position == random.state.position)
        // The last epoch has none after it.
        _ = try work.step(rows: Array(expected[16...]), nextRows: [])
        #expect(rows(work.nextEpoch()) == random.permutationIndices(20))
    }

    @Test func augmentationDependsOnSeedEpochAndRowAlone() throws {
        let images = ToyImages.make(20, seed: 5).images
        let augmentation = try Augmentation(parsing: "shift=2,rotate=10,scale=0.1,elastic=20,sigma=3")
        let rows = (0..<20).map { Int32($0) }
        let all = augmentation.images(images, rows: rows, seed: 1, epoch: 2, parts: 7)
        #expect(augmentation.images(images, rows: rows, seed: 1, epoch: 2, parts: 1) == all)
        #expect(augmentation.images(images, rows: [7], seed: 1, epoch: 2) == all[7..<8])
        #expect(augmentation.images(images, rows: rows, seed: 1, epoch: 3) != all)
        #expect(augmentation.images(images, rows: rows, seed: 2, epoch: 2) != all)
        // Nothing asked for, nothing changed.
        #expect(Augmentation().images(images, rows: rows, seed: 1, epoch: 2) == images)
    }

    @Test func nonFiniteNumbersNameTheirLayer() throws {
        let network = Sequential {
            Dense(144, 8, activation: .relu, initializer: .he)
            Dense(8, 4)
        }
        network.parameters[0].value = NDArray(shape: [144, 8], repeating: 1)
        network.parameters[2].value = NDArray(shape: [8, 4], repeating: 1e38)
        let error = #expect(throws: TrainingDiverged.self) {
            try Trainer().fit(network, on: ToyImages.make(20, seed: 1))
        }
        #expect(error?.place == "layer 1 (Dense), forward", "\(error?.place ?? "")")
    }

    @Test func layersThatDoNotFitAreNamedBeforeTraining() {
        let network = Sequential {
            Dense(144, 8)
            Dense(9, 4)
        }
        let error = #expect(throws: DescentError.self) {
            try Trainer().fit(network, on: ToyImages.make(20, seed: 1))
        }
        #expect(
            error?.description
                == "layer 1, Dense(9, 4): examples do not fit the layer (expected shape [9], got [8])")
    }
}
