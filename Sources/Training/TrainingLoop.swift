import Arrays
import ExampleData
import Networks
import Support

/// The work that the loop drives: a network with its optimiser and its examples. A protocol, so that the loop's own rules
/// (order, cancellation, divergence, patience, progress) can be tested without a network.
protocol TrainingWork: AnyObject {
    /// The number of training examples.
    var sampleCount: Int { get }
    /// The optimiser's learning rate, for messages.
    var learningRate: Double { get }
    /// The rule that changes the weights, for messages; nil when there is none.
    var optimizer: (any Optimizer)? { get }
    /// Whether every weight is finite: after the last update no loss follows that would show it.
    var hasFiniteWeights: Bool { get }
    /// Runs one forward pass, backward pass and update on the given rows; returns the batch's mean loss before the update.
    /// `nextRows` is the batch that follows in this epoch, empty when there is none.
    func step(rows: [Int32], nextRows: [Int32]) throws -> Double
    /// Returns the scores on all training examples, and on all test examples if there are any.
    func scores() throws -> (training: Scores, test: Scores?)
    /// Keeps the present weights.
    func keepWeights()
    /// Restores the weights that were kept last.
    func restoreWeights()
    /// Observes the end of an epoch and its scores; `isBest` when none before was better.
    func epochEnded(_ epoch: History.Epoch, isBest: Bool)
    /// Gives the network the weights of the best epoch.
    func restoreBest()
    /// Gives the network the resulting weights of the run so far.
    func finish()
    /// Returns the layer where values that are not finite first appear in a step on these rows; nil when unknown.
    func nonFinitePlace(rows: [Int32]) -> String?
    /// Writes a checkpoint of the state if one is due, or in any case when `isNeeded`. `step` is 0 between two epochs.
    func checkpoint(_ state: LoopState, isNeeded: Bool) -> CheckpointOutcome
    /// Writes the best epoch's weights, if checkpoints have been written and these have not been yet.
    func saveBest() -> CheckpointOutcome
    /// Writes the checkpoint of a finished run, from which it is continued with more epochs.
    func endCheckpoint(_ state: LoopState) -> CheckpointOutcome
    /// Whether checkpoints may come in the middle of an epoch.
    var hasCheckpointsInEpochs: Bool { get }
}

/// The outcome of a checkpoint.
enum CheckpointOutcome {
    case notDue, written
    case failed(DescentError)
}

extension TrainingWork {
    var optimizer: (any Optimizer)? { nil }
    var hasFiniteWeights: Bool { true }
    func epochEnded(_ epoch: History.Epoch, isBest: Bool) {}
    func restoreBest() {}
    func finish() {}
    func nonFinitePlace(rows: [Int32]) -> String? { nil }
    func checkpoint(_ state: LoopState, isNeeded: Bool) -> CheckpointOutcome { .notDue }
    func saveBest() -> CheckpointOutcome { .notDue }
    func endCheckpoint(_ state: LoopState) -> CheckpointOutcome { .notDue }
    var hasCheckpointsInEpochs: Bool { false }
}

/// The state of a training loop.
struct LoopState {
    /// The epoch that is running, or the next one.
    var epoch = 1
    /// The number of its steps that are done.
    var step = 0
    /// The sum of their losses, each a mean over its batch; a smaller batch counts as the part of one that it is.
    var lossSum = 0.0
    /// The seconds that they took.
    var epochSeconds = 0.0
    /// The history so far.
    var history = History(
        epochs: [], training: Scores(loss: .nan, accuracy: .nan), test: nil, trainingSeconds: 0, steps: 0)
}

/// A loop of epochs of mini-batch steps over some work.
struct TrainingLoop {
    var batchSize: Int
    var epochs: Int
    /// The early stopping; nil for none.
    var patience: Patience?
    /// The least time between two reports of progress.
    var reportInterval: Duration = .milliseconds(50)

    /// Runs all epochs, each over a fresh order of the rows; the last batch of an epoch may be smaller.
    ///
    /// - Parameters:
    ///   - saved: where the run had come to, if it goes on.
    ///   - batches: the batches of the next epoch, asked for once per epoch.
    /// - Throws: `TrainingDiverged` when a loss is not finite, and what the work throws.
    func run(
        _ work: some TrainingWork, from saved: LoopState? = nil, batches: () -> EpochBatches,
        cancellation: Cancellation?, progress: ((TrainingEvent) -> Void)?
    ) throws -> History {
        let count = work.sampleCount
        let stepsPerEpoch = (count + batchSize - 1) / batchSize
        let clock = ContinuousClock()
        let start = clock.now
        var state = saved ?? LoopState()
        let firstStep = (state.epoch - 1) * stepsPerEpoch + state.step
        var lastReport = start
        // All at once, so that no step waits for memory; a run of many millions grows as it goes.
        state.history.stepLosses.reserveCapacity(min(1 << 22, stepsPerEpoch * max(1, epochs)))
        state.history.measure = patience?.measure ?? .accuracy
        if saved == nil { work.keepWeights() }

        // A checkpoint that cannot be written is no reason to end the work that it was to save.
        func take(_ outcome: CheckpointOutcome) {
            switch outcome {
            case .notDue: break
            case .written: state.history.checkpointFailure = nil
            case .failed(let error):
                state.history.checkpointFailure = error
                progress?(.checkpointFailed(error))
            }
        }

        while state.epoch <= max(1, epochs), patience.map({ !$0.isOver(after: state.history.epochs) }) ?? true
        {
            let epoch = state.epoch
            let batches = batches()
            let epochStart = clock.now - .seconds(state.epochSeconds)
            var now = clock.now

            func status(_ step: Int) -> TrainingProgress {
                let seconds = (now - epochStart).inSeconds
                let samples = min(count, step * batchSize)
                // As many as full batches, so that every example counts alike.
                let batches = Double(samples) / Double(batchSize)
                var status = TrainingProgress(
                    epoch: epoch, epochs: epochs, step: step, stepsPerEpoch: stepsPerEpoch,
                    loss: step > 0 ? state.lossSum / batches : .nan,
                    samplesPerSecond: seconds > 0 ? Double(samples) / seconds : 0, secondsLeft: 0)
                let done = (epoch - 1) * stepsPerEpoch + step
                let left = epochs * stepsPerEpoch - done
                status.secondsLeft =
                    done > firstStep
                    ? (now - start).inSeconds * Double(left) / Double(done - firstStep) : .nan
                return status
            }

            var nextBatch = batches[state.step]
            for step in state.step..<stepsPerEpoch {
                if cancellation?.isCancelled == true {
                    state.epochSeconds = (clock.now - epochStart).inSeconds
                    guard work.hasFiniteWeights else {
                        throw try diverged(work, in: epoch, after: state.history, loss: .nan, rows: nextBatch)
                    }
                    take(work.checkpoint(state, isNeeded: state.history.steps > 0))
                    return try cancelled(work, state)
                }
                let (rows, nextRows) = (nextBatch, batches[step + 1])
                nextBatch = nextRows
                let loss = try work.step(rows: rows, nextRows: nextRows)
                state.history.steps += 1
                state.history.stepLosses.append(Float(loss))
                guard loss.isFinite else {
                    throw try diverged(work, in: epoch, after: state.history, loss: loss, rows: rows)
                }
                state.lossSum += loss * (Double(rows.count) / Double(batchSize))
                state.step = step + 1
                if let progress {
                    now = clock.now
                    if now - lastReport >= reportInterval {
                        lastReport = now
                        progress(.step(status(step + 1)))
                    }
                }
                if work.hasCheckpointsInEpochs, step + 1 < stepsPerEpoch {
                    state.epochSeconds = (clock.now - epochStart).inSeconds
                    take(work.checkpoint(state, isNeeded: false))
                }
            }
            now = clock.now
            let seconds = (now - epochStart).inSeconds
            var ended = status(stepsPerEpoch)
            // ReLU makes 0 of NaN in some products, so weights that have diverged may leave a finite loss.
            let scores = work.hasFiniteWeights ? try work.scores() : nil
            guard let scores, scores.training.loss.isFinite else {
                throw try diverged(
                    work, in: epoch, after: state.history, loss: scores?.training.loss ?? .nan,
                    rows: batches[0]
                )
            }
            state.history.trainingSeconds += seconds
            let row = History.Epoch(
                number: epoch, training: scores.training, test: scores.test, seconds: seconds,
                steps: stepsPerEpoch, samples: count)
            state.history.epochs.append(row)
            // Numbers are neither right nor wrong: without patience too the loss says which epoch is best.
            if !row.training.hasAccuracy { state.history.measure = .loss }
            (state.history.training, state.history.test) = scores
            work.keepWeights()
            work.epochEnded(row, isBest: state.history.best?.number == epoch)
            let elapsed = (clock.now - start).inSeconds
            let done = epoch * stepsPerEpoch - firstStep
            ended.secondsLeft = elapsed / Double(max(1, done)) * Double((epochs - epoch) * stepsPerEpoch)
            progress?(.epoch(row, ended))
            (state.epoch, state.step, state.lossSum, state.epochSeconds) = (epoch + 1, 0, 0, 0)
            if epoch < epochs { take(work.checkpoint(state, isNeeded: false)) }
        }
        // Nothing comes after it: the history says it.
        if case .failed(let error) = work.endCheckpoint(state) { state.history.checkpointFailure = error }
        return complete(work, state, wasCancelled: cancellation?.isCancelled == true)
    }

    /// Returns the history of a run whose last epoch has ended.
    private func complete(_ work: some TrainingWork, _ state: LoopState, wasCancelled: Bool) -> History {
        var history = state.history
        work.finish()
        keepBest(work, &history)
        // A cancellation in the last step or the last evaluation: the run is complete, and still was stopped.
        if wasCancelled { history.ending = .cancelled(epoch: state.epoch, step: 0) }
        return history
    }

    /// Restores the best epoch with patience, however the run ended; returns false when there is none.
    @discardableResult
    private func keepBest(_ work: some TrainingWork, _ history: inout History) -> Bool {
        guard patience != nil, let best = history.best else { return false }
        work.restoreBest()
        (history.training, history.test) = (best.training, best.test)
        history.keptEpoch = best.number
        return true
    }

    /// Returns the history of a run that was cancelled before a step.
    private func cancelled(_ work: some TrainingWork, _ state: LoopState) throws -> History {
        var history = state.history
        history.trainingSeconds += state.epochSeconds
        history.ending = .cancelled(epoch: state.epoch, step: state.step)
        if !keepBest(work, &history) {
            (history.training, history.test) = try work.scores()
            work.finish()
        }
        return history
    }

    /// Restores the last good weights, or with patience the best, and returns the error.
    private func diverged(
        _ work: some TrainingWork, in epoch: Int, after history: History, loss: Double, rows: [Int32]
    ) throws -> TrainingDiverged {
        var history = history
        let step = history.steps
        let place = work.nonFinitePlace(rows: rows)
        let learningRate = work.learningRate
        if case .failed(let error) = work.saveBest() { history.checkpointFailure = error }
        work.restoreWeights()
        var good = history
        good.ending = .diverged(epoch: epoch, step: step)
        if !keepBest(work, &good) {
            if let last = history.epochs.last {
                (good.training, good.test) = (last.training, last.test)
            } else {
                (good.training, good.test) = try work.scores()
            }
        }
        return TrainingDiverged(
            epoch: epoch, step: step, loss: loss, learningRate: learningRate, place: place,
            optimizer: work.optimizer, history: good)
    }
}
