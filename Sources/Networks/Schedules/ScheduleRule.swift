import Arrays
import Support

/// One way in which the learning rate changes in the course of training.
///
/// A rule of one's own is one type; `Schedule(_:)` makes a schedule of it, and `ScheduleRegistry` has its name read:
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
    /// The learning rate at a moment of training that was given `rate`.
    func learningRate(_ rate: Double, at moment: ScheduleMoment) -> Double

    /// What a warm-up that fills the whole run rises to; the given rate by default.
    func peak(_ rate: Double, plateau: PlateauState?) -> Double

    /// When the rate is lowered because the loss has stopped falling; nil, as by default, when it is not.
    var plateau: Plateau? { get }

    /// What is odd about the rule in a run of so many steps, in a sentence; nil, as by default, when nothing is.
    func warning(steps total: Int) -> String?
}

extension ScheduleRule {
    /// The given rate.
    public func peak(_ rate: Double, plateau: PlateauState?) -> Double { rate }

    /// nil.
    public var plateau: Plateau? { nil }

    /// nil.
    public func warning(steps total: Int) -> String? { nil }
}

/// Where training is when a schedule is asked for the learning rate.
public struct ScheduleMoment: Sendable {
    /// The step's number, from 0.
    public var step: Int
    /// How many steps there will be.
    public var total: Int
    /// Steps in an epoch, at least 1.
    public var stepsPerEpoch: Int
    /// What has been seen of the losses, if anything.
    public var plateau: PlateauState?

    /// The number of the epoch, from 0.
    public var epoch: Int { step / stepsPerEpoch }

    /// The moment of one step.
    ///
    /// - Precondition: at least one step in an epoch.
    public init(step: Int, of total: Int, stepsPerEpoch: Int = 1, plateau: PlateauState? = nil) {
        require(stepsPerEpoch > 0, "an epoch of \(stepsPerEpoch) steps")
        (self.step, self.total, self.stepsPerEpoch, self.plateau) = (step, total, stepsPerEpoch, plateau)
    }
}
