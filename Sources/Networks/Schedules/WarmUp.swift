import Arrays
import Support

/// Warm-up: for so many steps up to where the other schedule begins, in equal steps from 1/steps of it; then that schedule
/// for the steps that are left. Where none are left, up to the given rate, or to the maximum of one cycle: the schedule that
/// would have followed does not decide (see `warning(steps:)`).
struct WarmUp: ScheduleRule {
    static let kind = "warm-up"
    static let usage = "warm-up:STEPS+ANOTHER"

    let steps: Int
    let next: Schedule

    init(steps: Int, then next: Schedule) { (self.steps, self.next) = (steps, next) }

    /// Creates a warm-up to the given rate, without another schedule, which `Schedule.init(parsing:in:)` reads.
    init(from settings: inout SettingText) throws {
        steps = try settings.whole("steps", main: true, from: 1) ?? 100
        next = .constant
    }

    var settingsText: String { "\(steps)+\(next)" }

    var plateau: Plateau? { next.plateau }

    func learningRate(_ rate: Double, at moment: ScheduleMoment) -> Double {
        var following = moment
        following.total = max(0, moment.total - steps)
        following.step = max(0, moment.step - steps)
        guard moment.step < steps else { return next.rule.learningRate(rate, at: following) }
        let top =
            moment.total > steps
            ? next.rule.learningRate(rate, at: following) : next.rule.peak(rate, plateau: moment.plateau)
        return top * (Double(moment.step + 1) / Double(steps))
    }

    func peak(_ rate: Double, plateau: PlateauState?) -> Double { next.rule.peak(rate, plateau: plateau) }

    /// Returns a sentence on what is odd about it in a run of so many steps; nil when nothing is.
    func warning(steps total: Int) -> String? {
        guard steps >= total else { return nil }
        let follows = next == .constant ? "" : "; \(next) never begins"
        let share = (1000 * Double(total) / Double(steps)).rounded() / 10
        return steps == total
            ? "the warm-up takes all \(total) steps of the run\(follows)"
            : "the warm-up takes \(steps) steps and the run has \(total): the learning rate ends at \(share) % of "
                + "where it would rise to\(follows)"
    }
}

extension Schedule {
    /// Warm-up: for so many steps up to where the other schedule begins, in equal steps from 1/steps of it; then that
    /// schedule for the steps that are left. Where none are left, up to the given rate, or to the maximum of one cycle: the
    /// schedule that would have followed does not decide (see `warning(steps:)`).
    public static func warmUp(steps: Int, then next: Schedule) -> Schedule {
        Schedule(WarmUp(steps: steps, then: next))
    }
}
