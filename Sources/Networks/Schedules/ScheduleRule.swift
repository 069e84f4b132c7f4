import Arrays
import Support

/// The rule of one kind of learning-rate schedule.
///
/// A rule of one's own is one type; `Schedule(_:)` makes a schedule of it, and ``ScheduleRegistry`` finds it by name:
///
/// ```swift
/// struct InverseTime: ScheduleRule {
///     static let kind = "inverse-time"
///     init() {}
///     init(from settings: inout SettingText) throws {}
///     func learningRate(_ rate: Double, at moment: ScheduleMoment) -> Double { rate / Double(moment.epoch + 1) }
/// }
/// var schedules = ScheduleRegistry.standard
/// schedules.register(InverseTime.self)
/// let schedule = try Schedule(parsing: "inverse-time", in: schedules)
/// ```
public protocol ScheduleRule: NamedBySettings {
    /// Returns the learning rate at a moment of training whose given rate is `rate`.
    func learningRate(_ rate: Double, at moment: ScheduleMoment) -> Double

    /// Returns the rate to which a warm-up that fills the whole run rises; the given rate by default.
    func peak(_ rate: Double, plateau: PlateauState?) -> Double

    /// The rule by which the rate is lowered on a plateau; nil, as by default, without one.
    var plateau: Plateau? { get }

    /// Returns a sentence on what is odd about the rule in a run of so many steps; nil, as by default, when nothing is.
    func warning(steps total: Int) -> String?
}

extension ScheduleRule {
    /// Returns the given rate.
    public func peak(_ rate: Double, plateau: PlateauState?) -> Double { rate }

    /// nil.
    public var plateau: Plateau? { nil }

    /// Returns nil.
    public func warning(steps total: Int) -> String? { nil }
}

/// The moment of training for which a schedule computes the learning rate.
public struct ScheduleMoment: Sendable {
    /// The step's index, from 0.
    public var step: Int
    /// The number of steps in the run.
    public var total: Int
    /// The number of steps in an epoch, at least 1.
    public var stepsPerEpoch: Int
    /// The state of a plateau over the losses so far; nil without one.
    package var plateau: PlateauState?

    /// The index of the epoch, from 0.
    public var epoch: Int { step / stepsPerEpoch }

    /// Creates the moment of one step.
    ///
    /// - Precondition: at least one step in an epoch.
    package init(step: Int, of total: Int, stepsPerEpoch: Int = 1, plateau: PlateauState? = nil) {
        require(stepsPerEpoch > 0, "an epoch of \(stepsPerEpoch) steps")
        (self.step, self.total, self.stepsPerEpoch, self.plateau) = (step, total, stepsPerEpoch, plateau)
    }
}
