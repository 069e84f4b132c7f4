import Descent

/// The training, validation and test sets of a run; the last is measured once, at the end.
struct TrainingParts {
    var training: any ExampleSource
    /// The validation set: the data's own, or held back from those to learn from; nil for none.
    var validation: (any ExampleSource)?
    var test: any ExampleSource
}

extension TrainingJob {
    /// Returns the share to hold back: patience and plateaus choose, and the examples they choose by cannot be those
    /// reported.
    ///
    /// - Throws: `usage` when they would have nothing to choose by.
    static func heldBack(_ flags: TrainingFlags, _ trainer: Trainer) throws -> HeldBack {
        let chooser =
            trainer.patience != nil ? "--patience" : trainer.schedule.plateau != nil ? "--schedule" : nil
        let limits = flags.limits
        guard let held = limits.validation ?? limits.valSplit.map(HeldBack.share) else {
            return .share(chooser == nil ? 0 : 0.1)
        }
        guard limits.validation == nil || limits.valSplit == nil else {
            throw DescentError(
                .usage, "--validation and --val-split say the same", at: "--val-split",
                advice: "give one of the two")
        }
        guard !held.isNone || chooser == nil else {
            throw DescentError(
                .usage, "\(chooser ?? "") chooses by examples that are held back", at: limits.heldFlag,
                expected: "a share above 0", got: "0", advice: "leave it out for 0.1")
        }
        guard held.isNone || flags.folder.emitPython == nil else {
            throw DescentError(
                .usage, "a NumPy script holds no examples back", at: limits.heldFlag,
                advice: "leave it or --emit-python out")
        }
        return held
    }

    /// Returns the validation part that the data have, unless none is wanted.
    private func ownValidation(of data: ExampleParts) -> (any ExampleSource)? {
        isHeldBackGiven && heldBack.isNone ? nil : data.validation
    }

    /// Checks that no share is asked for of data that have a validation part of their own.
    ///
    /// - Throws: `usage`.
    func check(_ loaded: LoadedData) throws {
        guard loaded.ownSubsets.contains(.validation), isHeldBackGiven, !heldBack.isNone else { return }
        throw DescentError(
            .usage, "the folder has validation pictures of its own", at: heldFlag,
            advice: "leave it out, or give 0 to train without them")
    }

    /// Returns the size of the validation set.
    ///
    /// - Throws: `usage` when too few are left.
    func validationCount(of data: ExampleParts) throws -> Int {
        try ownValidation(of: data)?.count ?? drawnCount(of: data)
    }

    /// Returns how many of the examples to learn from are held back: none where the data have a validation part.
    ///
    /// - Throws: `usage` when too few are left.
    func drawnCount(of data: ExampleParts) throws -> Int {
        let count = data.train.count
        guard data.validation == nil, !heldBack.isNone else { return 0 }
        let held = heldBack.count(of: count)
        guard held < count else {
            throw DescentError(
                .usage, "nothing is left to learn from", at: heldFlag,
                expected: "less than \(count) examples held back", got: "\(held)")
        }
        return held
    }

    /// Returns the parts of the data. Which examples are held back follows from the seed.
    ///
    /// - Throws: `usage` when too few are left.
    func parts(of data: ExampleParts) throws -> TrainingParts {
        let held = try drawnCount(of: data)
        guard held > 0 else {
            return TrainingParts(
                training: data.train, validation: ownValidation(of: data), test: data.test)
        }
        let split = data.train.splitting(holding: held, seed: trainer.seed)
        return TrainingParts(training: split.learning, validation: split.held, test: data.test)
    }

    /// "900 training examples, 100 validation examples, 200 test examples".
    func summary(of data: ExampleParts) throws -> String {
        let parts = [
            (data.train.count - (try drawnCount(of: data)), "training"),
            (try validationCount(of: data), "validation"), (data.test.count, "test"),
        ]
        return parts.filter { $0.0 > 0 || $0.1 != "validation" }
            .map { Numerals.counted($0.0, "\($0.1) example") }.joined(separator: ", ")
    }

    /// Trains on the parts, watched by the examples held back, or by the test examples where nothing is chosen by them.
    func fit(
        _ network: any Layer, on data: ExampleParts, cancellation: Cancellation,
        progress: @escaping (TrainingEvent) -> Void
    ) throws -> History {
        let parts = try parts(of: data)
        let testsOnce = parts.validation != nil || testsAtEnd
        return try trainer.fit(
            network, on: parts.training, validating: testsOnce ? parts.validation : parts.test,
            testing: testsOnce ? parts.test : nil, cancellation: cancellation, checkpoints: checkpoints,
            resuming: resumption?.checkpoint, progress: progress)
    }

    /// The examples that the epochs are measured on.
    func watched(of data: ExampleParts) -> History.Watched {
        ownValidation(of: data) == nil && (heldBack.isNone || data.validation != nil) ? .test : .validation
    }
}

extension LimitOptions {
    /// The flag by which examples were held back.
    var heldFlag: String { valSplit == nil ? "--validation" : "--val-split" }
}
