import Descent

/// The rate over 1 + decay times the number of the epoch.
struct InverseTime: ScheduleRule {
    static let kind = "inverse-time"
    static let usage = "inverse-time:1"

    let decay: Double

    init(from settings: inout SettingText) throws {
        decay = try settings.number("decay", main: true, in: 0...) ?? 1
    }

    var settingsText: String { "\(decay)" }

    func learningRate(_ rate: Double, at moment: ScheduleMoment) -> Double {
        rate / (1 + decay * Double(moment.epoch))
    }
}
