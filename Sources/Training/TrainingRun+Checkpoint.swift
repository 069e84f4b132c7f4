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
    private func write(_ loop: LoopState, as name: String) -> CheckpointOutcome {
        guard let checkpoints else { return .notDue }
        return Self.outcome {
            try checkpoints.writing {
                let directory = try checkpoints.directory()
                try AtomicFile.createDirectory(at: directory)
                try Checkpoint(state(at: loop), identity: identity, information: checkpoints.information)
                    .write(to: "\(directory)/\(name)")
                checkpointDirectory = directory
            }
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
            let written = file
            try checkpoints.writing {
                try written.write(to: "\(directory)/\(CheckpointPolicy.FileName.best)")
            }
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

    // MARK: The state as a value

    /// The state of the run where its loop is.
    func state(at loop: LoopState) -> TrainingState {
        TrainingState(
            names: members.map(\.name), weights: values, good: kept,
            best: bestEpoch.map { TrainingState.Epoch(number: $0, weights: best) },
            optimizer: TrainingState.Part(trainingStep.state),
            average: average.map { TrainingState.Part($0) },
            plateau: plateau.map { TrainingState.Part($0) },
            random: loader.sampler.epoch == loop.epoch ? loader.sampler.randomBefore : loader.sampler.random,
            loop: loop)
    }

    /// Goes on from a state that a run like this one was in.
    ///
    /// - Throws: `badData` that names what does not fit; the run is unchanged then.
    func resume(from state: TrainingState) throws {
        var optimizer = trainingStep.state
        try optimizer.restore(
            arrays: state.optimizer.stateArrays, scalars: state.optimizer.stateScalars)
        var (average, plateau) = (average, plateau)
        if let part = state.average {
            try average?.restore(arrays: part.stateArrays, scalars: part.stateScalars)
        }
        if let part = state.plateau {
            try plateau?.restore(arrays: part.stateArrays, scalars: part.stateScalars)
        }
        trainingStep.state = optimizer
        (self.average, self.plateau) = (average, plateau)
        kept = state.good
        if let best = state.best { (self.best, bestEpoch) = (best.weights, best.number) }
        loader.sampler = trainer.makeSampler(
            count: training.count, random: state.random, epoch: state.loop.epoch - 1)
        set(state.weights)
    }

    /// Restores a run from its checkpoint; returns where its loop is.
    ///
    /// - Throws: `badData` when it is of another run, or incomplete.
    func restore(_ checkpoint: Checkpoint) throws -> LoopState {
        try checkpoint.check(identity)
        let state = try checkpoint.state(
            of: TrainingState.Run(
                members: members, epochs: trainer.epochs, stepsPerEpoch: stepsPerEpoch,
                sampleCount: sampleCount, hasAverage: average != nil, hasPlateau: plateau != nil))
        try checkpoint.located { try resume(from: state) }
        hasFolder = true
        return state.loop
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
