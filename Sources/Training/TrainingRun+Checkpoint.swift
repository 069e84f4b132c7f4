import ArrayFiles
import Arrays
import Datasets
import ExampleData
import Networks
import Support

extension TrainingRun {
    var hasCheckpointsInEpochs: Bool { checkpoints?.comeInEpochs ?? false }

    func checkpoint(_ state: LoopState, isNeeded: Bool) -> CheckpointOutcome {
        guard let checkpoints else { return .notDue }
        let seconds = (ContinuousClock().now - lastCheckpoint).inSeconds
        guard isNeeded || checkpoints.isDue(seconds: seconds, epoch: state.step == 0 ? state.epoch - 1 : nil)
        else { return .notDue }
        // Also one that failed: the next one is tried when it is due.
        defer { lastCheckpoint = ContinuousClock().now }
        let outcome = write(state, as: CheckpointPolicy.FileName.last)
        guard case .written = outcome else { return outcome }
        hasFolder = true
        if case .failed(let error) = saveBest() { return .failed(error) }
        return .written
    }

    func endCheckpoint(_ state: LoopState) -> CheckpointOutcome {
        guard checkpoints != nil else { return .notDue }
        let outcome = write(state, as: CheckpointPolicy.FileName.end)
        if case .failed = outcome { return outcome }
        return hasFolder ? saveBest() : outcome
    }

    /// Writes a checkpoint, and then the best weights: the first contains them too, so that a run that is killed in between
    /// can be resumed.
    private func write(_ state: LoopState, as name: String) -> CheckpointOutcome {
        guard let checkpoints else { return .notDue }
        return Self.outcome {
            let directory = try checkpoints.directory()
            try AtomicFile.createDirectory(at: directory)
            try makeCheckpoint(state).write(to: "\(directory)/\(name)")
            checkpointDirectory = directory
        }
    }

    /// Writes the best weights under the names of a model folder's weights. A run without a checkpoint has no folder for
    /// them, and needs none.
    func saveBest() -> CheckpointOutcome {
        guard hasFolder, let checkpoints, let bestEpoch, bestEpoch != writtenBest else { return .notDue }
        return Self.outcome {
            var file = SafeTensors()
            file.metadata = ["format": "descent", "epoch": "\(bestEpoch)"]
            for (member, value) in zip(members, best) { file.set(value, named: member.name) }
            let directory = try checkpointDirectory ?? checkpoints.directory()
            try file.write(to: "\(directory)/\(CheckpointPolicy.FileName.best)")
            writtenBest = bestEpoch
        }
    }

    private static func outcome(_ body: () throws -> Void) -> CheckpointOutcome {
        do {
            try body()
            return .written
        } catch let error as DescentError {
            return .failed(error)
        } catch {
            return .failed(DescentError(.inputOutput, "cannot write the checkpoint", got: "\(error)"))
        }
    }

    private func makeCheckpoint(_ state: LoopState) -> Checkpoint {
        var checkpoint = Checkpoint()
        checkpoint.identity = identity
        checkpoint.information = checkpoints?.information ?? [:]
        add("weights", values, to: &checkpoint)
        // At the end of an epoch without an average these are the same.
        if zip(kept, values).contains(where: { $0 != $1 }) { add("good", kept, to: &checkpoint) }
        if let bestEpoch {
            add("best", best, to: &checkpoint)
            checkpoint.scalars["best/epoch"] = Double(bestEpoch)
        }
        checkpoint.add("optimizer", trainingStep.state)
        if let average { checkpoint.add("average", average) }
        if let plateau { checkpoint.add("plateau", plateau) }
        add(
            loader.sampler.epoch == state.epoch ? loader.sampler.randomBefore : loader.sampler.random,
            to: &checkpoint)
        checkpoint.scalars["place/epoch"] = Double(state.epoch)
        checkpoint.scalars["place/step"] = Double(state.step)
        checkpoint.scalars["place/loss sum"] = state.lossSum
        checkpoint.scalars["place/seconds"] = state.epochSeconds
        add(state.history, to: &checkpoint)
        return checkpoint
    }

    /// Restores a run from its checkpoint.
    ///
    /// - Throws: `badData` when it is of another run, or incomplete.
    func restore(_ checkpoint: Checkpoint) throws -> LoopState {
        try checkpoint.check(identity)
        hasFolder = true
        let weights = try values("weights", in: checkpoint)
        let hasGood = checkpoint.arrays.keys.contains { $0.hasPrefix("good/") }
        kept = hasGood ? try values("good", in: checkpoint) : weights
        if checkpoint.scalars["best/epoch"] != nil {
            bestEpoch = try checkpoint.count("best/epoch")
            best = try values("best", in: checkpoint)
        }
        try checkpoint.restore("optimizer", &trainingStep.state)
        if var restored = average {
            try checkpoint.restore("average", &restored)
            average = restored
        }
        if var restored = plateau {
            try checkpoint.restore("plateau", &restored)
            plateau = restored
        }
        let random = try randomState(in: checkpoint)
        var state = LoopState()
        state.epoch = try checkpoint.count("place/epoch")
        state.step = try checkpoint.count("place/step")
        state.lossSum = try checkpoint.scalar("place/loss sum")
        state.epochSeconds = try checkpoint.seconds("place/seconds")
        guard (1...trainer.epochs + 1).contains(state.epoch), state.step < stepsPerEpoch else {
            throw DescentError(
                .badData, "the checkpoint's place is outside of its run", at: checkpoint.path ?? "checkpoint",
                expected: "epoch 1 to \(trainer.epochs + 1), step 0 to \(stepsPerEpoch - 1)",
                got: "epoch \(state.epoch), step \(state.step)", advice: Checkpoint.advice)
        }
        state.history = try history(in: checkpoint, epochs: state.epoch - 1)
        let steps = (state.epoch - 1) * stepsPerEpoch + state.step
        guard state.history.steps == steps, state.history.stepLosses.count == steps else {
            throw checkpoint.impossible(
                "history/steps", expected: "\(steps) and a loss of each",
                got: "\(state.history.steps) and \(state.history.stepLosses.count) losses")
        }
        loader.sampler = trainer.makeSampler(count: training.count, random: random, epoch: state.epoch - 1)
        set(weights)
        return state
    }

    // MARK: Weights

    private func add(_ prefix: String, _ values: [NDArray<Float>], to checkpoint: inout Checkpoint) {
        for (member, value) in zip(members, values) { checkpoint.add("\(prefix)/\(member.name)", value) }
    }

    private func values(_ prefix: String, in checkpoint: Checkpoint) throws -> [NDArray<Float>] {
        try members.map { member in
            let value: NDArray<Float> = try checkpoint.array("\(prefix)/\(member.name)")
            guard value.shape == member.parameter.shape else {
                throw checkpoint.missing("\(prefix)/\(member.name)")
            }
            return value
        }
    }

    // MARK: Random numbers

    private func add(_ random: RandomState, to checkpoint: inout Checkpoint) {
        let state = random.state
        checkpoint.arrays["random/key"] = .int64(
            NDArray(shape: [state.key.count], elements: state.key.map(Int.init)))
        checkpoint.scalars["random/position"] = Double(state.position)
        if let gauss = state.cachedGauss { checkpoint.scalars["random/gauss"] = gauss }
    }

    private func randomState(in checkpoint: Checkpoint) throws -> RandomState {
        let key = try checkpoint.array("random/key", as: Int.self)
        return try checkpoint.located {
            try RandomState(
                restoring: RandomState.State(
                    key: key.elements.map { UInt32(truncatingIfNeeded: $0) },
                    position: try checkpoint.count("random/position"),
                    cachedGauss: checkpoint.scalars["random/gauss"]))
        }
    }

    // MARK: History

    /// Adds the history: an epoch is a row of nine values; the fourth says whether it has validation scores.
    private func add(_ history: History, to checkpoint: inout Checkpoint) {
        checkpoint.scalars["history/seconds"] = history.trainingSeconds
        checkpoint.scalars["history/steps"] = Double(history.steps)
        if !history.stepLosses.isEmpty {
            checkpoint.add(
                "history/losses", NDArray(shape: [history.stepLosses.count], elements: history.stepLosses))
        }
        guard !history.epochs.isEmpty else { return }
        var rows: [Double] = []
        for epoch in history.epochs {
            rows += [Double(epoch.number), epoch.training.loss, epoch.training.accuracy]
            rows += [epoch.test == nil ? 0 : 1, epoch.test?.loss ?? 0, epoch.test?.accuracy ?? 0]
            rows += [epoch.seconds, Double(epoch.steps), Double(epoch.samples)]
        }
        checkpoint.arrays["history/epochs"] = .float64(
            NDArray(shape: [history.epochs.count, 9], elements: rows))
    }

    /// Reads the history of so many whole epochs, whose rows must be those that this run writes.
    private func history(in checkpoint: Checkpoint, epochs: Int) throws -> History {
        var history = LoopState().history
        history.trainingSeconds = try checkpoint.seconds("history/seconds")
        history.steps = try checkpoint.count("history/steps")
        if history.steps > 0 { history.stepLosses = try checkpoint.array("history/losses").elements }
        guard epochs > 0 else { return history }
        let rows = try checkpoint.array("history/epochs", as: Double.self)
        guard rows.shape == [epochs, 9] else {
            throw checkpoint.impossible(
                "history/epochs", expected: "shape [\(epochs), 9]", got: "\(rows.shape)")
        }
        let numbers = rows.elements
        for number in 1...epochs {
            let row = Array(numbers[9 * (number - 1)..<9 * number])
            let counts = [number, stepsPerEpoch, sampleCount].map(Double.init)
            guard [row[0], row[7], row[8]] == counts, (0...1e9).contains(row[6]) else {
                throw checkpoint.impossible(
                    "history/epochs",
                    expected: "epoch \(number) of \(stepsPerEpoch) steps and \(sampleCount) examples",
                    got: "\(row)")
            }
            history.epochs.append(
                History.Epoch(
                    number: number, training: Scores(loss: row[1], accuracy: row[2]),
                    test: row[3] == 0 ? nil : Scores(loss: row[4], accuracy: row[5]), seconds: row[6],
                    steps: stepsPerEpoch, samples: sampleCount))
        }
        if let last = history.epochs.last { (history.training, history.test) = (last.training, last.test) }
        return history
    }

    // MARK: What the run is

    /// Returns the network, the data and the settings as text: all must be equal for a resumption.
    func makeIdentity() -> [(name: String, value: String)] {
        let shapes = members.map { "\($0.name) \($0.parameter.shape)" }.joined(separator: ", ")
        let described = (network as? Sequential)?.layers ?? []
        // A network of one's own is identified by its parameters only.
        let layers = described.compactMap { try? JSONText(encoding: LayerDescription(of: $0)).line }
        let isDescribed = !layers.isEmpty && layers.count == described.count
        var parts = [("architecture", isDescribed ? layers.joined(separator: " ") : shapes)]
        let frozen = members.filter { !$0.parameter.isTrainable && !$0.parameter.isBuffer }.map(\.name)
        if !frozen.isEmpty { parts.append(("frozen parameters", frozen.joined(separator: ", "))) }
        parts.append(("training data", training.contentChecksum))
        if let validation { parts.append(("validation data", validation.contentChecksum)) }
        return parts.map { (name: $0.0, value: $0.1) } + trainer.settings
    }
}
