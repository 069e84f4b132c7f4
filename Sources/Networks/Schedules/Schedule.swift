import Arrays
import Support

/// A learning-rate schedule: the learning rate as a function of the step.
///
/// All but `plateau` follow from the step's index alone; `plateau` reads a ``PlateauState`` that observes the losses. The
/// rules are in the files beside this one, one type each (``ScheduleRule``).
///
/// ```swift
/// let schedule = try Schedule(parsing: "warm-up:100+cosine")
/// state.optimizer.learningRate = Float(schedule.learningRate(0.1, step: 250, of: 9600))
/// ```
public struct Schedule: Sendable, Hashable {
    /// The rule that computes the rate.
    package let rule: any ScheduleRule

    /// Creates the schedule that follows `rule`.
    public init(_ rule: some ScheduleRule) { self.rule = rule }

    /// Returns the learning rate of a step.
    ///
    /// - Parameters:
    ///   - rate: the learning rate that training was given.
    ///   - step: the step's index, from 0.
    ///   - total: the number of steps in the run. Beyond them `cosine` stays at `end`, which it reaches at step `total` as
    ///     PyTorch's does with T_max = total, and `oneCycle` at the rate of step `total - 1`; others go on as before.
    ///   - stepsPerEpoch: the number of steps in an epoch, for the schedules that count epochs.
    ///   - plateau: the state over the losses so far, for `plateau`.
    /// - Precondition: no argument is negative, at least one step in an epoch.
    package func learningRate(
        _ rate: Double, step: Int, of total: Int, stepsPerEpoch: Int = 1, plateau: PlateauState? = nil
    ) -> Double {
        require(
            step >= 0 && total >= 0 && stepsPerEpoch > 0,
            "a schedule for step \(step) of \(total), \(stepsPerEpoch) in an epoch")
        let moment = ScheduleMoment(step: step, of: total, stepsPerEpoch: stepsPerEpoch, plateau: plateau)
        return rule.learningRate(rate, at: moment)
    }

    /// Returns a sentence on what is odd about the schedule in a run of so many steps; nil when nothing is.
    package func warning(steps total: Int) -> String? { rule.warning(steps: total) }

    /// The rule of the `plateau` in it, from which a `PlateauState` is made; nil without one.
    public var plateau: Plateau? { rule.plateau }

    /// Returns whether both follow the same rule.
    public static func == (one: Schedule, other: Schedule) -> Bool {
        AnyHashable(one.rule) == AnyHashable(other.rule)
    }

    /// Hashes the rule.
    public func hash(into hasher: inout Hasher) { rule.hash(into: &hasher) }

    /// Returns a rate on half a cosine between two rates; share 0 is the first, 1 and beyond the second.
    static func halfCosine(from first: Double, to second: Double, share: Double) -> Double {
        second + (first - second) * (1 + Mathematics.cosine(.pi * min(1, share))) / 2
    }
}
