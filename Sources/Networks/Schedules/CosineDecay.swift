import Arrays
import Support

/// Cosine decay: along half a cosine from the given rate to `end`: end + (rate - end) (1 + cos(pi step / total)) / 2.
///
/// Source: Loshchilov and Hutter 2017, "SGDR: stochastic gradient descent with warm restarts", equation 5, without
/// restarts.
struct CosineDecay: ScheduleRule {
    static let kind = "cosine"
    static let usage = "cosine:end=0"

    let end: Double

    init(end: Double) { self.end = end }
    init(from settings: inout SettingText) throws {
        end = try settings.number("end", main: true, in: SettingText.fromZero) ?? 0
    }

    var settingsText: String { end == 0 ? "" : "end=\(end)" }

    func learningRate(_ rate: Double, at moment: ScheduleMoment) -> Double {
        Schedule.halfCosine(
            from: rate, to: end, share: moment.total > 0 ? Double(moment.step) / Double(moment.total) : 1)
    }
}

extension Schedule {
    /// Cosine decay: along half a cosine from the given rate to `end`: end + (rate - end) (1 + cos(pi step / total)) / 2.
    ///
    /// Source: Loshchilov and Hutter 2017, "SGDR: stochastic gradient descent with warm restarts", equation 5, without
    /// restarts.
    public static func cosine(end: Double = 0) -> Schedule { Schedule(CosineDecay(end: end)) }
}
