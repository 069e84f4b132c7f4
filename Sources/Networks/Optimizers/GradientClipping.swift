import Arrays
import Support

/// A limit on gradients, against the rare batch that would throw the weights far away.
public enum GradientClipping: Sendable, Hashable {
    /// All gradients together, seen as one vector, are shortened to this length if they are longer.
    ///
    /// Source: Pascanu, Mikolov and Bengio 2013, "On the difficulty of training recurrent neural networks".
    case norm(Double)
    /// Each number is held to -value...value.
    case value(Double)

    /// Limits that single precision has as numbers above zero: a smaller one would make every gradient nothing.
    package static let limits = SettingText.aboveZero
}

extension GradientClipping: LosslessStringConvertible, Codable {
    /// The limit that `text` names: `norm:1`, `value:0.5`.
    ///
    /// - Throws: `usage` when there is none of this name, or the number is not above zero.
    public init(parsing text: String) throws {
        var settings = SettingText(text, of: "gradient limit")
        let range = Self.limits
        switch settings.name {
        case "norm": self = .norm(try settings.number("limit", main: true, in: range) ?? 1)
        case "value": self = .value(try settings.number("limit", main: true, in: range) ?? 1)
        default: throw settings.unknownName(known: ["norm:1", "value:1"])
        }
        try settings.finish()
    }

    /// The limit that `text` names, nil if there is none.
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
