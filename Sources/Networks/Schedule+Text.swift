import Arrays

extension Schedule: LosslessStringConvertible, Codable {
    /// How each schedule is written, with its usual settings.
    public static let names = [
        "constant", "step:every=5,factor=0.1", "exponential:0.95", "cosine:end=0",
        "one-cycle:max=RATE,rise=0.3,start-divisor=25,end-divisor=10000",
        "plateau:factor=0.1,patience=10,threshold=0.0001,cooldown=0,least=0", "warm-up:STEPS+ANOTHER",
    ]

    /// The schedule that `text` names: `cosine`, `step:every=5`, `one-cycle:max=0.01`, `warm-up:100+cosine`.
    ///
    /// - Throws: `usage` when there is none of this name, or a setting is impossible.
    public init(parsing text: String) throws {
        let parts = text.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
        // "1e+10" is a number too, so only what begins a warm-up is cut.
        if parts.count == 2, Self.beginsWarmUp(parts[0]) {
            var settings = SettingText(String(parts[0]), of: "schedule")
            let steps = try settings.whole("steps", main: true, from: 1) ?? 100
            try settings.finish()
            // Before it is read: a file may have a hundred thousand of them.
            guard !Self.beginsWarmUp(parts[1]) else {
                throw settings.wrong(
                    "schedule", expected: "one warm-up", got: text.count > 80 ? text.prefix(80) + "..." : text
                )
            }
            self = .warmUp(steps: steps, then: try Schedule(parsing: String(parts[1])))
            return
        }
        var settings = SettingText(text, of: "schedule")
        self = try Self.parsed(&settings)
        try settings.finish()
    }

    private static func beginsWarmUp(_ text: Substring) -> Bool {
        text.prefix { $0 != ":" && $0 != "+" } == "warm-up"
    }

    private static func parsed(_ settings: inout SettingText) throws -> Schedule {
        let positive = SettingText.aboveZero
        let factors = positive.lowerBound...1
        switch settings.name {
        case "constant": return .constant
        case "step":
            return .step(
                every: try settings.whole("every", main: true, from: 1) ?? 5,
                factor: try settings.number("factor", in: factors) ?? 0.1)
        case "exponential":
            return .exponential(factor: try settings.number("factor", main: true, in: factors) ?? 0.95)
        case "cosine":
            return .cosine(end: try settings.number("end", main: true, in: SettingText.fromZero) ?? 0)
        case "one-cycle":
            return .oneCycle(
                maximum: try settings.number("max", main: true, in: positive),
                rise: try settings.number("rise", in: 0...1) ?? 0.3,
                startDivisor: try settings.number("start-divisor", in: 1...positive.upperBound) ?? 25,
                endDivisor: try settings.number("end-divisor", in: 1...positive.upperBound) ?? 1e4)
        case "plateau":
            let usual = Plateau()
            return .plateau(
                Plateau(
                    factor: try settings.number("factor", main: true, in: positive.lowerBound..<1)
                        ?? usual.factor,
                    patience: try settings.whole("patience", from: 0) ?? usual.patience,
                    threshold: try settings.number("threshold", in: 0..<1) ?? usual.threshold,
                    cooldown: try settings.whole("cooldown", from: 0) ?? usual.cooldown,
                    least: try settings.number("least", in: 0...1) ?? usual.least))
        case "warm-up":
            return .warmUp(steps: try settings.whole("steps", main: true, from: 1) ?? 100, then: .constant)
        default: throw settings.unknownName(known: names)
        }
    }

    /// The schedule that `text` names, nil if there is none; see `init(parsing:)`.
    public init?(_ text: String) {
        guard let schedule = try? Schedule(parsing: text) else { return nil }
        self = schedule
    }

    /// The text that `init(parsing:)` reads.
    public var description: String {
        switch self {
        case .constant: "constant"
        case .step(let every, let factor): "step:every=\(every),factor=\(factor)"
        case .exponential(let factor): "exponential:\(factor)"
        case .cosine(let end): end == 0 ? "cosine" : "cosine:end=\(end)"
        case .oneCycle(let maximum, let rise, let start, let end):
            "one-cycle:" + (maximum.map { "max=\($0)," } ?? "")
                + "rise=\(rise),start-divisor=\(start),end-divisor=\(end)"
        case .plateau(let rule):
            "plateau:factor=\(rule.factor),patience=\(rule.patience),threshold=\(rule.threshold)"
                + ",cooldown=\(rule.cooldown),least=\(rule.least)"
        case .warmUp(let steps, let next): "warm-up:\(steps)+\(next)"
        }
    }

    /// Reads its text.
    public init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    /// Writes its text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
