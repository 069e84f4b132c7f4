import Arrays
import Support

/// A random search with ``SuccessiveHalving`` over the hyperparameters of a training, each a ``SearchRange``.
///
/// The settings of every trial follow from the seed alone, and each result is written down before the next begins: a search
/// that was ended in any way resumes where it was.
///
/// Source: Bergstra and Bengio 2012, "Random search for hyper-parameter optimization"; see ``SuccessiveHalving``.
public struct SettingsSearch: Sendable {
    /// The hyperparameters that are varied.
    public var ranges: [SearchRange]
    /// The number of epochs for each trial.
    public var plan: SuccessiveHalving
    /// The seed by which settings are drawn.
    package var seed: Int

    /// Creates a search.
    ///
    /// - Precondition: 0 <= seed < 2^32.
    public init(ranges: [SearchRange], plan: SuccessiveHalving, seed: Int = 1) {
        self.ranges = ranges
        self.plan = plan
        self.seed = seed
    }

    /// The settings of all trials, in the order of the ranges.
    public var settings: [[SearchSetting]] {
        var random = RandomState(seed)
        return (0..<(plan.rungs.first?.trials ?? 0)).map { _ in
            ranges.map { range in
                // 32 bits of share are enough for four digits.
                let share = Double(random.nextUInt32()) / 4_294_967_296
                return SearchSetting(name: range.name, value: range.value(at: share))
            }
        }
    }

    /// Makes the search, or the rest of one.
    ///
    /// - Parameters:
    ///   - known: the results known already; such trials are not trained again.
    ///   - evaluate: trains with these settings for so many epochs; nil when it was interrupted.
    ///   - keep: called with each new result, before the next trial begins.
    /// - Returns: all results, those known included, in the order of the search. It is incomplete after an interruption.
    public func run(
        known: [SearchResult] = [],
        evaluate: (_ settings: [SearchSetting], _ epochs: Int) throws -> SearchResult.Outcome?,
        keep: (SearchResult) throws -> Void
    ) throws -> [SearchResult] {
        let (settings, clock) = (settings, ContinuousClock())
        var results: [SearchResult] = []
        var chosen = Array(settings.indices)
        for (number, rung) in plan.rungs.enumerated() {
            var ranked: [SearchResult] = []
            for trial in chosen {
                let old = known.first { $0.trial == trial && $0.rung == number }
                let start = clock.now
                guard let outcome = try old?.outcome ?? evaluate(settings[trial], rung.epochs) else {
                    return results + ranked
                }
                let result =
                    old
                    ?? SearchResult(
                        trial: trial, rung: number, epochs: rung.epochs, settings: settings[trial],
                        outcome: outcome,
                        seconds: (clock.now - start).inSeconds)
                if old == nil { try keep(result) }
                ranked.append(result)
            }
            results += ranked
            guard number + 1 < plan.rungs.count else { break }
            chosen = ranked.filter { $0.scores != nil }.sorted { $0.isBetter(than: $1) }
                .prefix(plan.rungs[number + 1].trials).map(\.trial)
        }
        return results
    }

    /// Returns the best of the results that were trained longest; nil when none has scores.
    public static func best(of results: [SearchResult]) -> SearchResult? {
        let scored = results.filter { $0.scores != nil }
        let longest = scored.map(\.rung).max() ?? 0
        return scored.filter { $0.rung == longest }.sorted { $0.isBetter(than: $1) }.first
    }
}
