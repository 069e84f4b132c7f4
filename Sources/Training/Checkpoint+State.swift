import ArrayFiles
import Arrays
import Networks
import Support

// A training state in a checkpoint's arrays and scalars, and back.
extension Checkpoint {
    /// Creates the checkpoint of a state.
    init(_ state: TrainingState, identity: [(name: String, value: String)], information: [String: String]) {
        self.init()
        self.identity = identity
        self.information = information
        add("weights", state.weights, names: state.names)
        // At the end of an epoch without an average these are the same.
        if zip(state.good, state.weights).contains(where: { $0 != $1 }) {
            add("good", state.good, names: state.names)
        }
        if let best = state.best {
            add("best", best.weights, names: state.names)
            scalars["best/epoch"] = Double(best.number)
        }
        add("optimizer", state.optimizer)
        if let average = state.average { add("average", average) }
        if let plateau = state.plateau { add("plateau", plateau) }
        add(state.random)
        scalars["place/epoch"] = Double(state.loop.epoch)
        scalars["place/step"] = Double(state.loop.step)
        scalars["place/loss sum"] = state.loop.lossSum
        scalars["place/seconds"] = state.loop.epochSeconds
        add(state.loop.history)
    }

    /// Returns the state of a run of this extent.
    ///
    /// - Throws: `badData` when it is incomplete, or impossible in that run.
    func state(of run: TrainingState.Run) throws -> TrainingState {
        let names = run.members.map(\.name)
        let weights = try values("weights", of: run.members)
        let hasGood = arrays.keys.contains { $0.hasPrefix("good/") }
        let good = hasGood ? try values("good", of: run.members) : weights
        var best: TrainingState.Epoch?
        if scalars["best/epoch"] != nil {
            best = try TrainingState.Epoch(
                number: count("best/epoch"), weights: values("best", of: run.members))
        }
        return try TrainingState(
            names: names, weights: weights, good: good, best: best, optimizer: part("optimizer"),
            average: run.hasAverage ? part("average") : nil, plateau: run.hasPlateau ? part("plateau") : nil,
            random: randomState(), loop: loopState(of: run))
    }

    private func loopState(of run: TrainingState.Run) throws -> LoopState {
        var state = LoopState()
        state.epoch = try count("place/epoch")
        state.step = try count("place/step")
        state.lossSum = try scalar("place/loss sum")
        state.epochSeconds = try seconds("place/seconds")
        guard (1...run.epochs + 1).contains(state.epoch), state.step < run.stepsPerEpoch else {
            throw DescentError(
                .badData, "the checkpoint's place is outside of its run", at: path ?? "checkpoint",
                expected: "epoch 1 to \(run.epochs + 1), step 0 to \(run.stepsPerEpoch - 1)",
                got: "epoch \(state.epoch), step \(state.step)", advice: Self.advice)
        }
        state.history = try history(epochs: state.epoch - 1, of: run)
        let steps = (state.epoch - 1) * run.stepsPerEpoch + state.step
        guard state.history.steps == steps, state.history.stepLosses.count == steps else {
            throw impossible(
                "history/steps", expected: "\(steps) and a loss of each",
                got: "\(state.history.steps) and \(state.history.stepLosses.count) losses")
        }
        return state
    }

    // MARK: Weights

    private mutating func add(_ prefix: String, _ values: [NDArray<Float>], names: [String]) {
        for (name, value) in zip(names, values) { add("\(prefix)/\(name)", value) }
    }

    private func values(_ prefix: String, of members: [NamedParameter]) throws -> [NDArray<Float>] {
        try members.map { member in
            let value: NDArray<Float> = try array("\(prefix)/\(member.name)")
            guard value.shape == member.parameter.shape else { throw missing("\(prefix)/\(member.name)") }
            return value
        }
    }

    private func part(_ prefix: String) throws -> TrainingState.Part {
        var part = TrainingState.Part(arrays: [], scalars: [])
        try restore(prefix, &part)
        return part
    }

    // MARK: Random numbers

    private mutating func add(_ random: RandomState) {
        let state = random.state
        arrays["random/key"] = .int64(
            NDArray(shape: [state.key.count], elements: state.key.map(Int.init)))
        scalars["random/position"] = Double(state.position)
        if let gauss = state.cachedGauss { scalars["random/gauss"] = gauss }
    }

    private func randomState() throws -> RandomState {
        let key = try array("random/key", as: Int.self)
        return try located {
            try RandomState(
                restoring: RandomState.State(
                    key: key.elements.map { UInt32(truncatingIfNeeded: $0) },
                    position: try count("random/position"), cachedGauss: scalars["random/gauss"]))
        }
    }

    // MARK: History

    /// Adds the history: an epoch is a row of nine values; the fourth says whether it has validation scores.
    private mutating func add(_ history: History) {
        scalars["history/seconds"] = history.trainingSeconds
        scalars["history/steps"] = Double(history.steps)
        if !history.stepLosses.isEmpty {
            add("history/losses", NDArray(shape: [history.stepLosses.count], elements: history.stepLosses))
        }
        guard !history.epochs.isEmpty else { return }
        var rows: [Double] = []
        for epoch in history.epochs {
            rows += [Double(epoch.number), epoch.training.loss, epoch.training.accuracy]
            rows += [epoch.test == nil ? 0 : 1, epoch.test?.loss ?? 0, epoch.test?.accuracy ?? 0]
            rows += [epoch.seconds, Double(epoch.steps), Double(epoch.samples)]
        }
        arrays["history/epochs"] = .float64(NDArray(shape: [history.epochs.count, 9], elements: rows))
    }

    /// Reads the history of so many whole epochs, whose rows must be those that the run writes.
    private func history(epochs: Int, of run: TrainingState.Run) throws -> History {
        var history = LoopState().history
        history.trainingSeconds = try seconds("history/seconds")
        history.steps = try count("history/steps")
        if history.steps > 0 { history.stepLosses = try array("history/losses").elements }
        guard epochs > 0 else { return history }
        let rows = try array("history/epochs", as: Double.self)
        guard rows.shape == [epochs, 9] else {
            throw impossible("history/epochs", expected: "shape [\(epochs), 9]", got: "\(rows.shape)")
        }
        let numbers = rows.elements
        for number in 1...epochs {
            let row = Array(numbers[9 * (number - 1)..<9 * number])
            let counts = [number, run.stepsPerEpoch, run.sampleCount].map(Double.init)
            guard [row[0], row[7], row[8]] == counts, (0...1e9).contains(row[6]) else {
                throw impossible(
                    "history/epochs",
                    expected: "epoch \(number) of \(run.stepsPerEpoch) steps and \(run.sampleCount) examples",
                    got: "\(row)")
            }
            history.epochs.append(
                History.Epoch(
                    number: number, training: Scores(loss: row[1], accuracy: row[2]),
                    test: row[3] == 0 ? nil : Scores(loss: row[4], accuracy: row[5]), seconds: row[6],
                    steps: run.stepsPerEpoch, samples: run.sampleCount))
        }
        if let last = history.epochs.last { (history.training, history.test) = (last.training, last.test) }
        return history
    }
}
