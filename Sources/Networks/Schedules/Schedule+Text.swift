import Arrays
import Support

/// The registry of schedules: finds a rule by its name.
public typealias ScheduleRegistry = ComponentRegistry<any ScheduleRule.Type>

extension ComponentRegistry where Kind == any ScheduleRule.Type {
    /// The schedules of this library.
    public static let standard: ScheduleRegistry = {
        var registry = ScheduleRegistry(of: "schedule")
        let kinds: [any ScheduleRule.Type] = [
            ConstantRate.self, StepDecay.self, ExponentialDecay.self, CosineDecay.self, OneCycle.self,
            PlateauDecay.self, WarmUp.self,
        ]
        for kind in kinds { registry.register(kind) }
        return registry
    }()

    /// Adds a schedule under its `kind`; replaces one of that name.
    public mutating func register(_ rule: any ScheduleRule.Type) { register(rule, named: rule.kind) }
}

extension Schedule: LosslessStringConvertible, Codable {
    /// The texts of this library's schedules, with the usual values of their settings.
    package static let names = ScheduleRegistry.standard.kinds.map { $0.usage }

    /// Creates the schedule that `text` names: `cosine`, `step:every=5`, `one-cycle:max=0.01`, `warm-up:100+cosine`.
    ///
    /// - Throws: `usage` when no schedule has this name, or a setting is impossible.
    public init(parsing text: String, in registry: ScheduleRegistry = .standard) throws {
        let parts = text.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
        // "1e+10" is a number too, so only what begins a warm-up is cut.
        if parts.count == 2, Self.beginsWarmUp(parts[0]) {
            var settings = SettingText(String(parts[0]), of: registry.component)
            let warmUp = try WarmUp(from: &settings)
            try settings.finish()
            // Checked before it is read: a file may have a hundred thousand of them.
            guard !Self.beginsWarmUp(parts[1]) else {
                throw settings.wrong(
                    "schedule", expected: "one warm-up", got: text.count > 80 ? text.prefix(80) + "..." : text
                )
            }
            let next = try Schedule(parsing: String(parts[1]), in: registry)
            self = .warmUp(steps: warmUp.steps, then: next)
            return
        }
        self = try registry.component(parsing: text, usage: { $0.usage }) { kind, settings in
            Schedule(try kind.init(from: &settings))
        }
    }

    private static func beginsWarmUp(_ text: Substring) -> Bool {
        text.prefix { $0 != ":" && $0 != "+" } == WarmUp.kind
    }

    /// Creates the schedule of this library that `text` names; nil if none has that name. See `init(parsing:in:)`.
    public init?(_ text: String) {
        guard let schedule = try? Schedule(parsing: text) else { return nil }
        self = schedule
    }

    /// The text that `init(parsing:in:)` reads.
    public var description: String { rule.text }

    /// Reads its text; a schedule of one's own is read by `init(parsing:in:)` only, because a decoder has no registry.
    public init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    /// Writes its text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
