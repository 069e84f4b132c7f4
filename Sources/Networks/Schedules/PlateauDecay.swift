import Arrays
import Support

/// Decay on a plateau: the rate is lowered whenever the loss has stopped falling.
struct PlateauDecay: ScheduleRule {
    static let kind = "plateau"
    static let usage = "plateau:factor=0.1,patience=10,threshold=0.0001,cooldown=0,least=0"

    let rule: Plateau

    init(_ rule: Plateau) { self.rule = rule }
    init(from settings: inout SettingText) throws {
        let usual = Plateau()
        rule = Plateau(
            factor: try settings.number("factor", main: true, in: SettingText.aboveZero.lowerBound..<1)
                ?? usual.factor,
            patience: try settings.whole("patience", from: 0) ?? usual.patience,
            threshold: try settings.number("threshold", in: 0..<1) ?? usual.threshold,
            cooldown: try settings.whole("cooldown", from: 0) ?? usual.cooldown,
            least: try settings.number("least", in: 0...1) ?? usual.least)
    }

    var settingsText: String {
        "factor=\(rule.factor),patience=\(rule.patience),threshold=\(rule.threshold)"
            + ",cooldown=\(rule.cooldown),least=\(rule.least)"
    }

    var plateau: Plateau? { rule }

    func learningRate(_ rate: Double, at moment: ScheduleMoment) -> Double {
        rate * (moment.plateau?.scale ?? 1)
    }

    func peak(_ rate: Double, plateau: PlateauState?) -> Double { rate * (plateau?.scale ?? 1) }
}

extension Schedule {
    /// Decay on a plateau: the rate is lowered whenever the loss has stopped falling.
    public static func plateau(_ rule: Plateau = Plateau()) -> Schedule { Schedule(PlateauDecay(rule)) }
}
