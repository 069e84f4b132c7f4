import Arrays
import Support

/// The rule by which a learning rate is lowered when the loss has stopped falling.
public struct Plateau: Sendable, Hashable {
    /// The factor of the rate at each lowering.
    package var factor: Double
    /// The number of losses in a row that may be no better than the best; the next such lowers the rate.
    package var patience: Int
    /// A loss is better if it is below the best by more than this share of the best's size: below
    /// best - threshold |best|, for losses below zero too.
    package var threshold: Double
    /// The number of losses after a lowering that are not counted.
    package var cooldown: Int
    /// The smallest share of the first rate.
    package var least: Double

    /// Creates a rule with its settings.
    ///
    /// - Precondition: 0 < factor < 1, the others not negative, the threshold below 1.
    public init(
        factor: Double = 0.1, patience: Int = 10, threshold: Double = 1e-4, cooldown: Int = 0,
        least: Double = 0
    ) {
        require(
            factor > 0 && factor < 1 && patience >= 0 && (0..<1).contains(threshold) && cooldown >= 0
                && least >= 0,
            "a plateau with factor \(factor), patience \(patience), threshold \(threshold)")
        self.factor = factor
        self.patience = patience
        self.threshold = threshold
        self.cooldown = cooldown
        self.least = least
    }
}

/// The state of a plateau schedule over the losses so far.
///
/// ```swift
/// var plateau = PlateauState(Plateau(factor: 0.5, patience: 2))
/// plateau.observe(0.31)    // after each epoch
/// let rate = schedule.learningRate(0.1, step: 400, of: 9600, plateau: plateau)
/// ```
public struct PlateauState: Sendable, Equatable, Restorable {
    /// The rule by which the rate is lowered.
    package let rule: Plateau
    /// The present share of the first rate.
    package private(set) var scale = 1.0
    /// The smallest loss so far; infinity before the first.
    package private(set) var best = Double.infinity
    /// The number of losses in a row that were not better.
    package private(set) var worseCount = 0
    private var cooldownLeft = 0

    /// Creates the state before the first loss.
    package init(_ rule: Plateau) { self.rule = rule }

    /// Observes the loss of an epoch; returns whether the rate was lowered. A loss that is NaN is not better.
    @discardableResult
    package mutating func observe(_ loss: Double) -> Bool {
        // Of the size, because (1 - threshold) of a best below zero is above it: every loss would be better.
        let isBetter = best.isFinite ? loss < best - rule.threshold * abs(best) : loss < best
        if isBetter {
            best = loss
            worseCount = 0
        } else {
            worseCount += 1
        }
        if cooldownLeft > 0 {
            cooldownLeft -= 1
            worseCount = 0
        }
        guard worseCount > rule.patience else { return false }
        cooldownLeft = rule.cooldown
        worseCount = 0
        let lower = max(scale * rule.factor, rule.least)
        defer { scale = min(scale, lower) }
        return lower < scale
    }

    /// No arrays.
    package var stateArrays: [(name: String, value: NDArray<Float>)] { [] }

    /// `scale`, `worse`, `cooldown`, and `best` once there is one.
    package var stateScalars: [(name: String, value: Double)] {
        [("scale", scale), ("worse", Double(worseCount)), ("cooldown", Double(cooldownLeft))]
            + (best.isFinite ? [("best", best)] : [])
    }

    /// Restores the state of a plateau.
    package mutating func restore(
        arrays: [(name: String, value: NDArray<Float>)], scalars: [(name: String, value: Double)]
    ) throws {
        var saved = try SavedState(of: "the plateau", arrays: arrays, scalars: scalars)
        var restored = self
        restored.scale = try saved.number("scale")
        restored.worseCount = try saved.count("worse")
        restored.cooldownLeft = try saved.count("cooldown")
        restored.best = try saved.optionalNumber("best") ?? .infinity
        try saved.finish()
        self = restored
    }
}
