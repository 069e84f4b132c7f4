import Support

extension Augmentation: LosslessStringConvertible, Codable {
    /// One setting: its name in text, where its value is, and the values that it may have.
    struct Setting: Sendable {
        let name: String
        let value: WritableKeyPath<Augmentation, Double> & Sendable
        let range: ClosedRange<Double>
    }

    /// The settings, in the order of text.
    static let settings = [
        Setting(name: "shift", value: \.shift, range: 0...1000),
        Setting(name: "move", value: \.shiftShare, range: 0...1),
        Setting(name: "rotate", value: \.rotation, range: 0...180),
        Setting(name: "scale", value: \.scaling, range: 0...0.9),
        Setting(name: "shear", value: \.shear, range: 0...60),
        Setting(name: "flip", value: \.flipProbability, range: 0...1),
        Setting(name: "elastic", value: \.elastic, range: 0...10_000),
        Setting(name: "sigma", value: \.smoothness, range: 0.1...100),
        Setting(name: "erase", value: \.erasing, range: 0...1),
        Setting(name: "brightness", value: \.brightness, range: 0...1),
        Setting(name: "contrast", value: \.contrast, range: 0...1),
        Setting(name: "colour", value: \.colour, range: 0...1),
    ]

    /// The names of whole augmentations.
    package static let names = ["digits", "photos"]

    /// How an augmentation is written.
    package static let form =
        "shift=PIXELS,move=SHARE,rotate=DEGREES,scale=SHARE,shear=DEGREES,flip=PROBABILITY,elastic=STRENGTH,sigma=4,"
        + "erase=SHARE,brightness=SHARE,contrast=SHARE,colour=SHARE,edge=false"

    /// The augmentation that `text` names: `shift=2,rotate=10,scale=0.1,elastic=34,sigma=4`, each setting only if
    /// wanted; `digits` (shift=2,rotate=10,scale=0.1,elastic=20); or `photos`, which are ``photographs``. `edge=true` takes what
    /// comes from outside from the nearest pixel.
    ///
    /// - Throws: `usage` when a setting is impossible, or there is none.
    public init(parsing text: String) throws {
        switch text {
        case "digits": self = .digits
        case "photos": self = .photographs
        default: try self.init(settings: text)
        }
    }

    private init(settings text: String) throws {
        self.init()
        var settings = SettingText("augmentation:\(text)", of: "augmentation")
        for setting in Self.settings {
            if let value = try settings.number(setting.name, in: setting.range) {
                self[keyPath: setting.value] = value
            }
        }
        extendsEdges = try settings.isOn("edge")
        do {
            try settings.finish()
        } catch {
            throw DescentError(
                .usage, "not an augmentation", at: "augmentation", expected: Self.forms, got: "'\(text)'")
        }
        guard changesAnything else {
            throw DescentError(
                .usage, "the augmentation changes nothing", at: "augmentation", expected: Self.forms,
                got: "'\(text)'")
        }
    }

    static let forms = "digits, photos, or settings such as shift=2,rotate=10,flip=0.5 of: \(form)"

    private var changesAnything: Bool {
        Self.settings.contains { $0.name != "sigma" && self[keyPath: $0.value] > 0 }
    }

    /// The augmentation that `text` names, nil if it names none.
    public init?(_ text: String) {
        guard let augmentation = try? Augmentation(parsing: text) else { return nil }
        self = augmentation
    }

    /// The text that `init(parsing:)` reads.
    public var description: String {
        var parts = Self.settings.filter { setting in
            setting.name == "sigma" ? elastic > 0 && smoothness != 4 : self[keyPath: setting.value] > 0
        }.map { "\($0.name)=\(self[keyPath: $0.value])" }
        if extendsEdges { parts.append("edge=true") }
        return parts.joined(separator: ",")
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
