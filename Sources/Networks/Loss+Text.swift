import Arrays

extension Loss: LosslessStringConvertible, Codable {
    /// How each loss is written, those with settings with their usual values.
    public static let names = [
        "cross-entropy:smoothing=0,weights=1/1/1", "mean-squared-error", "binary-cross-entropy", "hinge:1",
        "huber:1",
    ]

    /// The loss that `text` names: `cross-entropy`, `cross-entropy:smoothing=0.1`, `cross-entropy:weights=1/2/1`,
    /// `huber:0.5`.
    ///
    /// - Throws: `usage` when there is none of this name, or a setting is impossible.
    public init(parsing text: String) throws {
        var settings = SettingText(text, of: "loss")
        switch settings.name {
        case "cross-entropy":
            let smoothing = try settings.number("smoothing", main: true, in: 0...1) ?? 0
            let weights =
                settings.text("weights")?.split(separator: "/", omittingEmptySubsequences: false) ?? []
            let numbers = weights.compactMap { Double($0) }.filter { $0.isFinite && $0 >= 0 }
            guard numbers.count == weights.count, numbers.isEmpty || numbers.contains(where: { $0 > 0 })
            else {
                throw settings.wrong(
                    "weights", expected: "numbers from 0 up, as in 1/2/0.5",
                    got: weights.joined(separator: "/"))
            }
            self = .crossEntropy(smoothing: smoothing, classWeights: numbers)
        case "mean-squared-error": self = .meanSquaredError
        case "binary-cross-entropy": self = .binaryCrossEntropy
        case "hinge":
            self = .hinge(margin: try settings.number("margin", main: true, in: SettingText.fromZero) ?? 1)
        case "huber":
            let delta = try settings.number("delta", main: true, in: SettingText.aboveZero) ?? 1
            self = .huber(delta: delta)
        default: throw settings.unknownName(known: Self.names)
        }
        try settings.finish()
    }

    /// The loss that `text` names, nil if there is none; see `init(parsing:)`.
    public init?(_ text: String) {
        guard let loss = try? Loss(parsing: text) else { return nil }
        self = loss
    }

    /// The text that `init(parsing:)` reads.
    public var description: String {
        switch self {
        case .crossEntropy(let smoothing, let weights):
            let settings = [
                smoothing == 0 ? nil : "smoothing=\(smoothing)",
                weights.isEmpty ? nil : "weights=" + weights.map { "\($0)" }.joined(separator: "/"),
            ].compactMap { $0 }
            return settings.isEmpty ? "cross-entropy" : "cross-entropy:" + settings.joined(separator: ",")
        case .meanSquaredError: return "mean-squared-error"
        case .binaryCrossEntropy: return "binary-cross-entropy"
        case .hinge(let margin): return "hinge:\(margin)"
        case .huber(let delta): return "huber:\(delta)"
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
