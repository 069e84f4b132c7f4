import Arrays
import Support

/// One cycle: from maximum / startDivisor up to `maximum` (the given rate when nil) over the first share `rise` of the
/// steps, and down to maximum / startDivisor / endDivisor over the rest, along half a cosine each.
///
/// Source: Smith and Topin 2018, "Super-convergence"; with cosines, as PyTorch has it.
struct OneCycle: ScheduleRule {
    static let kind = "one-cycle"
    static let usage = "one-cycle:max=RATE,rise=0.3,start-divisor=25,end-divisor=10000"

    let maximum: Double?
    let rise: Double
    let startDivisor: Double
    let endDivisor: Double

    init(maximum: Double?, rise: Double, startDivisor: Double, endDivisor: Double) {
        (self.maximum, self.rise) = (maximum, rise)
        (self.startDivisor, self.endDivisor) = (startDivisor, endDivisor)
    }

    init(from settings: inout SettingText) throws {
        maximum = try settings.number("max", main: true, in: SettingText.aboveZero)
        rise = try settings.number("rise", in: 0...1) ?? 0.3
        startDivisor = try settings.number("start-divisor", in: 1...SettingText.fromZero.upperBound) ?? 25
        endDivisor = try settings.number("end-divisor", in: 1...SettingText.fromZero.upperBound) ?? 1e4
    }

    var settingsText: String {
        (maximum.map { "max=\($0)," } ?? "")
            + "rise=\(rise),start-divisor=\(startDivisor),end-divisor=\(endDivisor)"
    }

    func learningRate(_ rate: Double, at moment: ScheduleMoment) -> Double {
        let maximum = maximum ?? rate
        // A cycle of one step has no room to rise or fall.
        guard moment.total > 1 else { return maximum }
        let start = maximum / startDivisor
        let (step, top) = (Double(moment.step), rise * Double(moment.total) - 1)
        let last = Double(moment.total - 1)
        if step <= top || top >= last {
            return Schedule.halfCosine(from: start, to: maximum, share: top > 0 ? step / top : 1)
        }
        return Schedule.halfCosine(
            from: maximum, to: start / endDivisor, share: (step - top) / (last - top))
    }

    func peak(_ rate: Double, plateau: PlateauState?) -> Double { maximum ?? rate }
}

extension Schedule {
    /// One cycle: from maximum / startDivisor up to `maximum` (the given rate when nil) over the first share `rise` of the
    /// steps, and down to maximum / startDivisor / endDivisor over the rest, along half a cosine each.
    ///
    /// Source: Smith and Topin 2018, "Super-convergence"; with cosines, as PyTorch has it.
    public static func oneCycle(
        maximum: Double? = nil, rise: Double = 0.3, startDivisor: Double = 25, endDivisor: Double = 1e4
    ) -> Schedule {
        Schedule(
            OneCycle(maximum: maximum, rise: rise, startDivisor: startDivisor, endDivisor: endDivisor))
    }

    /// One cycle whose maximum is the given rate.
    package static var oneCycle: Schedule { .oneCycle(maximum: nil) }
}
