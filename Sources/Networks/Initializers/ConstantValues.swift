import Arrays
import Support

/// Every element the same value, as the gains of normalisation are 1.
struct ConstantValues: InitializationRule {
    static let kind = "constant"
    static let usage = "constant:1"

    let value: Double

    init(_ value: Double) { self.value = value }
    init(from settings: inout SettingText) throws {
        let largest = SettingText.fromZero.upperBound
        value = try settings.number("value", main: true, in: -largest...largest) ?? 1
    }

    var settingsText: String { "\(value)" }

    func values(shape: [Int], using random: inout RandomState) -> NDArray<Float> {
        NDArray(shape: shape, repeating: Float(value))
    }
}

extension Initializer {
    /// Every element the same value, as the gains of normalisation are 1.
    public static func constant(_ value: Double) -> Initializer { Initializer(ConstantValues(value)) }
}
