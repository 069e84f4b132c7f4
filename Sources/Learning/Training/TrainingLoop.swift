import Arrays

/// What the loop drives: a network with its optimiser and its examples. A seam, so that the loop's own rules
/// (order, cancellation, divergence, progress) can be tested without a network.
protocol TrainingWork: AnyObject {
    /// The number of training examples.
    var sampleCount: Int { get }
    /// The optimiser's learning rate, for messages.
    var learningRate: Double { get }
    /// One forward pass, backward pass and update on the given rows; the batch's mean loss before the update.
    /// `nextRows` is the batch that will follow in this epoch, empty when there is none.
    func step(rows: [Int32], nextRows: [Int32]) throws -> Double
    /// Scores on all training examples, and on all test examples if there are any.
    func scores() throws -> (training: Scores, test: Scores?)
    /// Remembers the weights as they are now.
    func keepWeights()
    /// Goes back to the weights last remembered.
    func restoreWeights()
}

/// Epochs of mini-batch steps over some work.
struct TrainingLoop {
    var batchSize: Int
    var epochs: Int
    /// Progress is told at most this often.
    var reportInterval: Duration = .milliseconds(50)

    /// Runs all epochs, each over a fresh order of the rows; the last batch of an epoch may be smaller.
    ///
    /// - Parameter permutation: a random order of 0 ..< n, drawn once per epoch.
    /// - Throws: `TrainingDiverged` when a loss is not finite, and what the work throws.
    func run(
        _ work: some TrainingWork, permutation: (Int) -> [Int32], cancellation: Cancellation?,
        progress: ((TrainingEvent) -> Void)?
    ) throws -> History {
        let count = work.sampleCount
        let stepsPerEpoch = (count + batchSize - 1) / batchSize
        let clock = ContinuousClock()
        let start = clock.now
        var history = History(
            epochs: [], training: Scores(loss: .nan, accuracy: .nan), test: nil, trainingSeconds: 0, steps: 0)
        var lastReport = start
        // All at once, so that no step waits for memory; a run of many millions grows as it goes.
        history.stepLosses.reserveCapacity(min(1 << 22, stepsPerEpoch * max(1, epochs)))
        work.keepWeights()

        for epoch in 1...max(1, epochs) {
            let order = permutation(count)
            let epochStart = clock.now
            var lossSum = 0.0
            var now = epochStart

            func status(_ step: Int) -> TrainingProgress {
                let seconds = (now - epochStart).inSeconds
                let samples = min(count, step * batchSize)
                var status = TrainingProgress(
                    epoch: epoch, epochs: epochs, step: step, stepsPerEpoch: stepsPerEpoch,
                    loss: step > 0 ? lossSum / Double(step) : .nan,
                    samplesPerSecond: seconds > 0 ? Double(samples) / seconds : 0, secondsLeft: 0)
                let fraction = status.fraction
                status.secondsLeft = fraction > 0 ? (now - start).inSeconds * (1 - fraction) / fraction : .nan
                return status
            }

            func batch(_ step: Int) -> [Int32] {
                Array(order[min(count, step * batchSize)..<min(count, (step + 1) * batchSize)])
            }
            var nextBatch = batch(0)
            for step in 0..<stepsPerEpoch {
                if cancellation?.isCancelled == true {
                    history.trainingSeconds += (clock.now - epochStart).inSeconds
                    (history.training, history.test) = try work.scores()
                    history.ending = .cancelled(epoch: epoch, step: step)
                    return history
                }
                let (rows, nextRows) = (nextBatch, batch(step + 1))
                nextBatch = nextRows
                let loss = try work.step(rows: rows, nextRows: nextRows)
                history.steps += 1
                history.stepLosses.append(Float(loss))
                guard loss.isFinite else {
                    throw try diverged(work, in: epoch, after: history, loss: loss)
                }
                lossSum += loss
                if let progress {
                    now = clock.now
                    if now - lastReport >= reportInterval {
                        lastReport = now
                        progress(.step(status(step + 1)))
                    }
                }
            }
            now = clock.now
            let seconds = (now - epochStart).inSeconds
            var ended = status(stepsPerEpoch)
            let scores = try work.scores()
            guard scores.training.loss.isFinite else {
                throw try diverged(work, in: epoch, after: history, loss: scores.training.loss)
            }
            history.trainingSeconds += seconds
            let row = History.Epoch(
                number: epoch, training: scores.training, test: scores.test, seconds: seconds,
                steps: stepsPerEpoch, samples: count)
            history.epochs.append(row)
            (history.training, history.test) = scores
            work.keepWeights()
            let elapsed = (clock.now - start).inSeconds
            ended.secondsLeft = elapsed / Double(epoch) * Double(epochs - epoch)
            progress?(.epoch(row, ended))
        }
        // A wish that came in the last step or the last evaluation: the run is complete, and still was stopped.
        if cancellation?.isCancelled == true {
            history.ending = .cancelled(epoch: max(1, epochs) + 1, step: 0)
        }
        return history
    }

    /// Goes back to the last good weights and says what happened.
    private func diverged(
        _ work: some TrainingWork, in epoch: Int, after history: History, loss: Double
    ) throws -> TrainingDiverged {
        let step = history.steps
        work.restoreWeights()
        var good = history
        (good.training, good.test) = try work.scores()
        good.steps = good.epochs.reduce(0) { $0 + $1.steps }
        return TrainingDiverged(
            epoch: epoch, step: step, loss: loss, learningRate: work.learningRate, history: good)
    }
}

extension Duration {
    /// The duration as a number of seconds.
    package var inSeconds: Double {
        let parts = components
        return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
    }
}
