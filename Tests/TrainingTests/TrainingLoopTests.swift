import Arrays
import ExampleData
import Support
import TestSupport
import Testing

@testable import Training

/// Work that learns nothing and remembers what it was asked to do.
private final class FakeWork: TrainingWork {
    var sampleCount: Int
    var learningRate: Double { 0.5 }
    var batches: [[Int32]] = []
    var announced: [[Int32]] = []
    var weight = 0
    var kept: [Int] = []
    var restored = 0
    var losses: (Int) -> Double = { _ in 1 }
    var trainingLoss: (Int) -> Double = { _ in 1 }
    var onStep: (Int) -> Void = { _ in }
    var isFinite: (Int) -> Bool = { _ in true }
    var hasFiniteWeights: Bool { isFinite(weight) }

    init(_ sampleCount: Int) { self.sampleCount = sampleCount }

    func step(rows: [Int32], nextRows: [Int32]) -> Double {
        batches.append(rows)
        announced.append(nextRows)
        weight += 1
        onStep(batches.count)
        return losses(batches.count)
    }

    func scores() -> (training: Scores, test: Scores?) {
        (Scores(loss: trainingLoss(weight), accuracy: Double(weight) / 100), Scores(loss: 2, accuracy: 0.5))
    }

    func keepWeights() { kept.append(weight) }

    func restoreWeights() {
        weight = kept.last ?? -1
        restored += 1
    }
}

@Suite struct TrainingLoopTests {
    private func run(
        _ work: FakeWork, batch: Int = 4, epochs: Int = 3, cancellation: Cancellation? = nil,
        interval: Duration = .zero, progress: ((TrainingEvent) -> Void)? = nil
    ) throws -> History {
        var drawn: Int32 = 0
        // Rotations stand for permutations: epoch e begins with row e − 1.
        return try TrainingLoop(batchSize: batch, epochs: epochs, reportInterval: interval).run(
            work,
            batches: {
                drawn += 1
                let count = Int32(work.sampleCount)
                return EpochBatches(
                    order: (0..<count).map { ($0 + drawn - 1) % count }, batchSize: batch)
            }, cancellation: cancellation, progress: progress)
    }

    @Test func everyEpochHasItsOrderAndASmallerLastBatch() throws {
        let work = FakeWork(10)
        let history = try run(work, epochs: 2)
        #expect(
            work.batches == [
                [0, 1, 2, 3], [4, 5, 6, 7], [8, 9], [1, 2, 3, 4], [5, 6, 7, 8], [9, 0],
            ])
        #expect(work.announced == [[4, 5, 6, 7], [8, 9], [], [5, 6, 7, 8], [9, 0], []])
        #expect(history.epochs.map(\.number) == [1, 2])
        #expect(history.epochs.map(\.steps) == [3, 3])
        #expect(history.epochs.map(\.samples) == [10, 10])
        #expect(history.epochs.map(\.training.accuracy) == [0.03, 0.06])
        #expect(history.training == history.epochs[1].training)
        #expect(history.test == Scores(loss: 2, accuracy: 0.5))
        #expect(history.steps == 6)
        #expect(history.ending == .finished)
        #expect(work.kept == [0, 3, 6])
    }

    /// 101 examples in batches of 100: the one that is left counts as one, and not as a hundred.
    @Test func theProgressLossIsTheMeanOverExamples() throws {
        for (count, losses, wanted) in [
            (101, [1, 102], [1, 2]), (10, [3, 5, 8], [3, 4, 4.8]), (4, [7], [7]), (3, [2], [2]),
        ] as [(Int, [Double], [Double])] {
            let work = FakeWork(count)
            work.losses = { losses[($0 - 1) % losses.count] }
            var seen: [Double] = []
            _ = try run(work, batch: count == 101 ? 100 : 4, epochs: 2) { event in
                switch event {
                case .step(let progress), .epoch(_, let progress): seen.append(progress.loss)
                case .checkpointFailed(let error): Issue.record("\(error)")
                }
            }
            // Each step tells, and the epoch's end once more.
            let epoch = wanted + [wanted[wanted.count - 1]]
            #expect(seen.count == 2 * epoch.count)
            for (found, wanted) in paired(seen, epoch + epoch) {
                #expect(abs(found - wanted) < 1e-12, "\(seen)")
            }
        }
    }

    @Test func cancellationEndsAfterTheStepThatItCameIn() throws {
        let work = FakeWork(10)
        let cancellation = Cancellation()
        work.onStep = { if $0 == 5 { cancellation.cancel() } }
        let history = try run(work, cancellation: cancellation)
        #expect(work.batches.count == 5)
        #expect(history.ending == .cancelled(epoch: 2, step: 2))
        #expect(history.epochs.count == 1)
        // The scores are those of the weights as they are now, not of the last complete epoch.
        #expect(history.training.accuracy == 0.05)
        #expect(history.steps == 5)
        #expect(work.restored == 0)
    }

    @Test func cancellationInTheLastStepOrEvaluationIsNotLost() throws {
        for inEvaluation in [false, true] {
            let work = FakeWork(10)
            let cancellation = Cancellation()
            if inEvaluation {
                work.trainingLoss = {
                    if $0 == 9 { cancellation.cancel() }
                    return 1
                }
            } else {
                work.onStep = { if $0 == 9 { cancellation.cancel() } }
            }
            let history = try run(work, cancellation: cancellation)
            #expect(history.epochs.count == 3)
            #expect(history.ending == .cancelled(epoch: 4, step: 0))
            #expect(history.ending.place == "after epoch 3")
        }
    }

    @Test func theMessageOfADivergenceHasNoNoiseInItsNumbers() {
        let history = History(
            epochs: [], training: Scores(loss: 1, accuracy: 0), test: nil, trainingSeconds: 0, steps: 0)
        func text(_ rate: Float) -> String {
            TrainingDiverged(epoch: 1, step: 2, loss: -.nan, learningRate: Double(rate), history: history)
                .description
        }
        #expect(text(0.1).contains("(got nan with learning rate 0.1); lower the learning rate (try 0.01)"))
        #expect(text(1.2345678).contains("rate 1.2345678); lower the learning rate (try 0.12)"))
        // A tenth of what nobody can mean would be no advice.
        #expect(text(1.2345678e16).contains("rate 1.2345678e+16); lower the learning rate (try 0.1)"))
    }

    @Test func cancelledBeforeTheFirstStepDoesNothing() throws {
        let work = FakeWork(10)
        let cancellation = Cancellation()
        cancellation.cancel()
        let history = try run(work, cancellation: cancellation)
        #expect(work.batches.isEmpty)
        #expect(history.ending == .cancelled(epoch: 1, step: 0))
        #expect(history.epochs.isEmpty)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func aLossThatIsNotFiniteGoesBackToTheLastGoodEpoch(loss: Double) {
        let work = FakeWork(10)
        work.losses = { $0 == 5 ? loss : 1 }
        let error = #expect(throws: TrainingDiverged.self) { try run(work) }
        #expect(error?.epoch == 2)
        #expect(error?.step == 5)
        #expect(error?.learningRate == 0.5)
        #expect(error?.history.epochs.count == 1)
        #expect(error?.history.training.accuracy == 0.03)
        #expect(work.weight == 3)
        #expect(work.restored == 1)
    }

    @Test func divergenceInTheFirstEpochGoesBackToTheFirstWeights() {
        let work = FakeWork(10)
        work.losses = { $0 == 2 ? .nan : 1 }
        let error = #expect(throws: TrainingDiverged.self) { try run(work) }
        #expect(error?.history.epochs.isEmpty == true)
        #expect(work.weight == 0)
        #expect(
            error?.description == """
                epoch 1, step 2: the training loss is not a finite number (got nan with learning rate 0.5); lower \
                the learning rate (try 0.05), or scale the inputs to 0...1
                """)
    }

    // The last step of an epoch can ruin the weights after its own loss was still good.
    @Test func divergenceIsFoundByTheEvaluationToo() {
        let work = FakeWork(10)
        work.trainingLoss = { $0 == 6 ? .nan : 1 }
        let error = #expect(throws: TrainingDiverged.self) { try run(work) }
        #expect(error?.epoch == 2)
        #expect(error?.history.epochs.count == 1)
        #expect(work.weight == 3)
    }

    /// The last update of a run that ends, or is ended, is followed by no loss that would tell.
    @Test func weightsThatTheLastUpdateRuinedAreFound() {
        let work = FakeWork(10)
        work.isFinite = { $0 != 9 }
        let error = #expect(throws: TrainingDiverged.self) { try run(work) }
        #expect(error?.epoch == 3 && error?.step == 9 && error?.history.epochs.count == 2)
        #expect(error?.loss.isNaN == true && work.weight == 6)
        // And where a signal came after that update.
        let stopped = FakeWork(10)
        let cancellation = Cancellation()
        stopped.onStep = { if $0 == 5 { cancellation.cancel() } }
        stopped.isFinite = { $0 != 5 }
        let other = #expect(throws: TrainingDiverged.self) { try run(stopped, cancellation: cancellation) }
        #expect(other?.epoch == 2 && other?.step == 5 && stopped.weight == 3)
    }

    @Test func progressTellsWhereTheRunIs() throws {
        let work = FakeWork(8)
        work.losses = { Double($0) }
        var events: [TrainingEvent] = []
        _ = try run(work, epochs: 2) { events.append($0) }
        let steps = events.compactMap { event -> [Double]? in
            guard case .step(let at) = event else { return nil }
            return [Double(at.epoch), Double(at.step), at.loss, at.fraction]
        }
        // The loss is the mean of the epoch's batches so far.
        #expect(steps == [[1, 1, 1, 0.25], [1, 2, 1.5, 0.5], [2, 1, 3, 0.75], [2, 2, 3.5, 1]])
        let epochs = events.compactMap { event -> Int? in
            if case .epoch(let epoch, _) = event { epoch.number } else { nil }
        }
        #expect(epochs == [1, 2])
        guard case .epoch(_, let last)? = events.last else {
            Issue.record("the last event is no epoch")
            return
        }
        #expect(last.secondsLeft == 0)
    }

    @Test func stepsAreToldNoMoreOftenThanTheInterval() throws {
        let work = FakeWork(100)
        var steps = 0
        _ = try run(work, batch: 1, interval: .seconds(3600)) { event in
            if case .step = event { steps += 1 }
        }
        #expect(steps == 0)
    }
}
