import Arrays
import Support

/// Normal with standard deviation sqrt(2 / fan-in): keeps the spread of ReLU layers.
///
/// Source: He et al. 2015, "Delving deep into rectifiers", equation 10.
struct He: InitializationRule {
    static let kind = "he"

    init() {}
    init(from settings: inout SettingText) throws {}

    func values(shape: [Int], using random: inout RandomState) -> NDArray<Float> {
        random.normal(scale: (2 / Double(Initializer.fanIn(of: shape))).squareRoot(), shape: shape)
    }

    func numPyDeviation(inputs: Int) -> String? { "(2 / \(inputs)) ** 0.5" }
}

extension Initializer {
    /// Normal with standard deviation sqrt(2 / fan-in): keeps the spread of ReLU layers.
    ///
    /// Source: He et al. 2015, "Delving deep into rectifiers", equation 10.
    public static let he = Initializer(He())
}
