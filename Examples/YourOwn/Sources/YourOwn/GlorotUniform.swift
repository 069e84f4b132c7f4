import Descent

/// Uniform between -limit and limit, limit = gain sqrt(6 / (fan-in + fan-out)).
///
/// Source: Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks",
/// equation 16.
struct GlorotUniform: InitializationRule {
    static let kind = "glorot-uniform"
    static let usage = "glorot-uniform:1"

    let gain: Double

    init(from settings: inout SettingText) throws {
        gain = try settings.number("gain", main: true, in: SettingText.aboveZero) ?? 1
    }

    var settingsText: String { "\(gain)" }

    func values(shape: [Int], using random: inout RandomState) -> NDArray<Float> {
        let count = shape.reduce(1, *)
        // Of a matrix [D, H], H values come out.
        let fans = Initializer.fanIn(of: shape) + (shape.last ?? 1)
        let limit = gain * (6 / Double(fans)).squareRoot()
        return NDArray(
            shape: shape, elements: (0..<count).map { _ in Float(limit * (2 * random.uniform() - 1)) })
    }
}
