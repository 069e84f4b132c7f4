import Arrays
import Support

/// A limit on gradients, against the rare batch that would throw the weights far away.
public enum GradientClipping: Sendable, Hashable {
    /// A limit on the norm of all gradients, taken as one vector; a longer one is scaled to this length.
    ///
    /// Source: Pascanu, Mikolov and Bengio 2013, "On the difficulty of training recurrent neural networks".
    case norm(Double)
    /// A limit on each element, which is clamped to -value...value.
    case value(Double)

    /// The limits that single precision represents as values above zero: a smaller one would make every gradient zero.
    package static let limits = SettingText.aboveZero
}

extension GradientClipping: LosslessStringConvertible, Codable {
    /// Creates the limit that `text` names: `norm:1`, `value:0.5`.
    ///
    /// - Throws: `usage` when no limit has this name, or the value is not above zero.
    package init(parsing text: String) throws {
        var settings = SettingText(text, of: "gradient limit")
        let range = Self.limits
        switch settings.name {
        case "norm": self = .norm(try settings.number("limit", main: true, in: range) ?? 1)
        case "value": self = .value(try settings.number("limit", main: true, in: range) ?? 1)
        default: throw settings.unknownName(known: ["norm:1", "value:1"])
        }
        try settings.finish()
    }

    /// Creates the limit that `text` names; nil if none has that name.
    public init?(_ text: String) {
        guard let limit = try? GradientClipping(parsing: text) else { return nil }
        self = limit
    }

    /// The text that `init(parsing:)` reads.
    public var description: String {
        switch self {
        case .norm(let limit): "norm:\(limit)"
        case .value(let limit): "value:\(limit)"
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
