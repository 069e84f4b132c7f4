import Arrays
import Classification
import ExampleData
import Support
import Synchronization

/// A search for C and gamma by cross-validation: every pair of them, the same folds for all.
///
/// ```swift
/// let search = SupportVectorGridSearch(costs: [1, 10, 100], gammas: [0.01, 0.02, 0.05])
/// let result = try search.run(SupportVectorMachine(kernel: .rbf()), on: digits)
/// let classifier = try result.best.machine.fit(digits)
/// ```
public struct SupportVectorGridSearch: Sendable {
    /// The values of C.
    package var costs: [Double]
    /// The values of gamma; none for the kernel's own.
    package var gammas: [Double]
    /// The number of parts of the cross-validation, at least 2; each class is spread evenly over them.
    package var folds: Int
    /// The seed that assigns examples to parts.
    package var seed: Int

    /// Creates a grid.
    public init(costs: [Double], gammas: [Double], folds: Int = 5, seed: Int = 1) {
        self.costs = costs
        self.gammas = gammas
        self.folds = folds
        self.seed = seed
    }

    /// One pair of settings.
    public struct Trial: Sendable {
        /// The machine with these settings.
        package let machine: SupportVectorMachine
        /// C.
        public let cost: Double
        /// gamma; nil for the kernel's own.
        public let gamma: Double?
        /// Held-out examples that were classified correctly.
        package let correct: Int
        /// Their share, 0...1.
        public let accuracy: Double
        /// Whether all machines of the trial converged.
        package let converged: Bool
    }

    /// All trials, in the order of the grid: costs, then gammas.
    public struct Result: Sendable {
        /// All trials.
        public let trials: [Trial]
        /// The most accurate; among equals the one with the least C, then the least gamma: the smoothest.
        public let best: Trial

        init?(_ trials: [Trial]) {
            guard var best = trials.first else { return nil }
            for trial in trials.dropFirst()
            where (trial.correct, -trial.cost, -(trial.gamma ?? 0))
                > (best.correct, -best.cost, -(best.gamma ?? 0))
            {
                best = trial
            }
            self.trials = trials
            self.best = best
        }
    }

    /// Tries the whole grid, as many machines at once as threads compute.
    ///
    /// `progress` gets the share that is done, on the caller's thread.
    ///
    /// - Throws: what `SupportVectorMachine.fit` throws; `usage` for an empty grid, fewer than 2 folds, or a class with
    ///   fewer examples than folds.
    public func run(
        _ machine: SupportVectorMachine, on examples: LabeledExamples, cancellation: Cancellation? = nil,
        progress: ((LearningProgress) -> Void)? = nil
    ) throws -> Result {
        let trials = try checkedTrials(machine, examples)
        let parts = Self.stratified(examples, folds: folds, seed: seed)
        let jobs = trials.flatMap { trial in (0..<folds).map { (trial, $0) } }
        let results = Mutex([Swift.Result<(Int, Bool), any Error>?](repeating: nil, count: jobs.count))
        let done = Atomic<Int>(0)
        let stop = Atomic<Bool>(false)
        let caller = CallingThread()
        // Each part trains its own machine and writes its own result.
        inParts(jobs.count) { part in
            let result = Swift.Result {
                if stop.load(ordering: .relaxed) {
                    throw Cancellation.stopped()
                }
                let (trial, fold) = jobs[part]
                return try Self.evaluate(trial.machine, examples, parts, fold, cancellation)
            }
            if case .failure = result { stop.store(true, ordering: .relaxed) }
            let count = done.add(1, ordering: .relaxed).newValue
            if caller.isCurrent {
                progress?(
                    LearningProgress(
                        activity: "\(count) of \(jobs.count) machines",
                        fraction: Double(count) / Double(jobs.count)))
            }
            results.withLock { $0[part] = result }
        }
        // The first true error comes before those that only stopped because of it.
        let all = results.withLock { $0.compactMap { $0 } }
        for case .failure(let error) in all where (error as? DescentError)?.kind != .interrupted {
            throw error
        }
        let counts = try all.map { try $0.get() }
        let finished = trials.enumerated().map { place, trial in
            let own = counts[place * folds..<(place + 1) * folds]
            let correct = own.reduce(0) { $0 + $1.0 }
            return Trial(
                machine: trial.machine, cost: trial.cost, gamma: trial.gamma, correct: correct,
                accuracy: Double(correct) / Double(examples.count), converged: own.allSatisfy(\.1))
        }
        guard let result = Result(finished) else {
            throw DescentError(.usage, "a grid without settings", expected: "costs and gammas")
        }
        return result
    }

    private func checkedTrials(
        _ machine: SupportVectorMachine, _ examples: LabeledExamples
    ) throws -> [(machine: SupportVectorMachine, cost: Double, gamma: Double?)] {
        guard !costs.isEmpty else {
            throw DescentError(.usage, "a grid without settings", expected: "costs")
        }
        guard folds >= 2 else {
            throw DescentError(.usage, "too few folds", expected: "2 or more", got: "\(folds)")
        }
        guard UInt32(exactly: seed) != nil else {
            throw DescentError(.usage, "impossible seed", expected: "0..<2^32", got: "\(seed)")
        }
        var trials: [(machine: SupportVectorMachine, cost: Double, gamma: Double?)] = []
        for cost in costs {
            for gamma in gammas.isEmpty ? [nil] : gammas.map(Optional.some) {
                var machine = machine
                machine.search = nil
                machine.formulation = .cost(cost)
                if let gamma { machine.kernel = machine.kernel.with(gamma: gamma) }
                machine.fitsProbabilities = false
                try machine.check(examples)
                trials.append((machine, cost, gamma))
            }
        }
        for (name, count) in zip(examples.classNames, examples.countsByClass) where count < folds {
            throw DescentError(
                .usage, "a class with fewer examples than folds",
                expected: "at most \(count) folds for '\(name)'",
                got: "\(folds)")
        }
        return trials
    }

    /// Returns the part of each example: each class in random order, dealt out in turn; where one class ends, the next
    /// continues.
    static func stratified(_ examples: LabeledExamples, folds: Int, seed: Int) -> [Int] {
        var random = RandomState(seed)
        var rows = [[Int]](repeating: [], count: examples.classNames.count)
        for (row, index) in examples.classes.enumerated() { rows[Int(index)].append(row) }
        var parts = [Int](repeating: 0, count: examples.count)
        var next = 0
        for own in rows {
            for place in random.permutationIndices(own.count) {
                parts[own[Int(place)]] = next
                next = (next + 1) % folds
            }
        }
        return parts
    }

    /// Counts the examples of part `fold` that a machine trained on the others classifies correctly.
    private static func evaluate(
        _ machine: SupportVectorMachine, _ examples: LabeledExamples, _ parts: [Int], _ fold: Int,
        _ cancellation: Cancellation?
    ) throws -> (Int, Bool) {
        let seen = parts.indices.filter { parts[$0] != fold }
        let held = parts.indices.filter { parts[$0] == fold }
        let train = examples.gathered(seen.map { Int32($0) })
        let classifier = try machine.fit(train, cancellation: cancellation, progress: nil)
        let found = try classifier.classes(of: examples.features.gathered(held.map { Int32($0) }))
        return (
            zip(found, held).count { $0 == Int(examples.classes[$1]) }, classifier.report?.converged ?? true
        )
    }
}
