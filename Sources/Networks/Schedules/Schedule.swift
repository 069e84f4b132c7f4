import Arrays
import Support

/// How the learning rate changes in the course of training.
///
/// All but `plateau` follow from the step's number alone; `plateau` asks a `PlateauState` that is told the losses. The
/// rules stand beside this file, one type each (`ScheduleRule`).
///
/// ```swift
/// let schedule = try Schedule(parsing: "warm-up:100+cosine")
/// state.optimizer.learningRate = Float(schedule.learningRate(0.1, step: 250, of: 9600))
/// ```
public struct Schedule: Sendable, Hashable {
    /// What computes it.
    public let rule: any ScheduleRule

    /// The schedule that follows `rule`.
    public init(_ rule: some ScheduleRule) { self.rule = rule }

    /// The learning rate of a step.
    ///
    /// - Parameters:
    ///   - rate: the learning rate that training was given.
    ///   - step: the step's number, from 0.
    ///   - total: how many steps there will be. Beyond them `cosine` stays at `end`, which it reaches at step `total` as
    ///     PyTorch's does with T_max = total, and `oneCycle` at the rate of step `total - 1`; others go on as before.
    ///   - stepsPerEpoch: for the schedules that count epochs.
    ///   - plateau: what has been seen of the losses, for `plateau`.
    /// - Precondition: none of the numbers is negative, at least one step in an epoch.
    public func learningRate(
        _ rate: Double, step: Int, of total: Int, stepsPerEpoch: Int = 1, plateau: PlateauState? = nil
    ) -> Double {
        require(
            step >= 0 && total >= 0 && stepsPerEpoch > 0,
            "a schedule for step \(step) of \(total), \(stepsPerEpoch) in an epoch")
        let moment = ScheduleMoment(step: step, of: total, stepsPerEpoch: stepsPerEpoch, plateau: plateau)
        return rule.learningRate(rate, at: moment)
    }

    /// What is odd about the schedule in a run of so many steps, in a sentence; nil when nothing is.
    public func warning(steps total: Int) -> String? { rule.warning(steps: total) }

    /// The rule of the `plateau` in it, if there is one: what a `PlateauState` is made from.
    public var plateau: Plateau? { rule.plateau }

    /// Equal if they follow the same rule.
    public static func == (one: Schedule, other: Schedule) -> Bool {
        AnyHashable(one.rule) == AnyHashable(other.rule)
    }

    /// As the rule.
    public func hash(into hasher: inout Hasher) { rule.hash(into: &hasher) }

    /// Half a cosine between two rates; share 0 is the first, 1 and beyond the second.
    static func halfCosine(from first: Double, to second: Double, share: Double) -> Double {
        second + (first - second) * (1 + Mathematics.cosine(.pi * min(1, share))) / 2
    }
}
