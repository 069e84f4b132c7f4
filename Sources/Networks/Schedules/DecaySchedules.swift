import Arrays
import Support

/// A constant rate: always the given one.
struct ConstantRate: ScheduleRule {
    static let kind = "constant"

    init() {}
    init(from settings: inout SettingText) throws {}

    func learningRate(_ rate: Double, at moment: ScheduleMoment) -> Double { rate }
}

/// Step decay: the rate times `factor` after each `every` epochs.
struct StepDecay: ScheduleRule {
    static let kind = "step"
    static let usage = "step:every=5,factor=0.1"

    let every: Int
    let factor: Double

    init(every: Int, factor: Double) { (self.every, self.factor) = (every, factor) }
    init(from settings: inout SettingText) throws {
        every = try settings.whole("every", main: true, from: 1) ?? 5
        factor = try settings.number("factor", in: SettingText.aboveZero.lowerBound...1) ?? 0.1
    }

    var settingsText: String { "every=\(every),factor=\(factor)" }

    func learningRate(_ rate: Double, at moment: ScheduleMoment) -> Double {
        rate * Mathematics.power(factor, Double(moment.epoch / max(1, every)))
    }
}

/// Exponential decay: the rate times `factor` after each epoch.
struct ExponentialDecay: ScheduleRule {
    static let kind = "exponential"
    static let usage = "exponential:0.95"

    let factor: Double

    init(factor: Double) { self.factor = factor }
    init(from settings: inout SettingText) throws {
        factor = try settings.number("factor", main: true, in: SettingText.aboveZero.lowerBound...1) ?? 0.95
    }

    var settingsText: String { "\(factor)" }

    func learningRate(_ rate: Double, at moment: ScheduleMoment) -> Double {
        rate * Mathematics.power(factor, Double(moment.epoch))
    }
}

extension Schedule {
    /// A constant rate: always the given one.
    public static var constant: Schedule { Schedule(ConstantRate()) }

    /// Step decay: the rate times `factor` after each `every` epochs.
    public static func step(every: Int, factor: Double = 0.1) -> Schedule {
        Schedule(StepDecay(every: every, factor: factor))
    }

    /// Exponential decay: the rate times `factor` after each epoch.
    public static func exponential(factor: Double = 0.95) -> Schedule {
        Schedule(ExponentialDecay(factor: factor))
    }
}
