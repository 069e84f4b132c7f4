import Arrays
import Support

/// Normal with mean 0 and a given standard deviation.
struct NormalValues: InitializationRule {
    static let kind = "normal"
    static let usage = "normal:0.01"

    let standardDeviation: Double

    init(standardDeviation: Double) { self.standardDeviation = standardDeviation }
    init(from settings: inout SettingText) throws {
        standardDeviation =
            try settings.number("deviation", main: true, in: SettingText.fromZero) ?? 0.01
    }

    var settingsText: String { "\(standardDeviation)" }

    func values(shape: [Int], using random: inout RandomState) -> NDArray<Float> {
        random.normal(scale: standardDeviation, shape: shape)
    }

    func numPyDeviation(inputs: Int) -> String? { "\(standardDeviation)" }
}

extension Initializer {
    /// Normal with mean 0 and the given standard deviation; the notebook's is 0.01.
    public static func normal(standardDeviation: Double) -> Initializer {
        Initializer(NormalValues(standardDeviation: standardDeviation))
    }
}
