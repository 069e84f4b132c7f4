import Arrays
import Support

/// Normal with standard deviation sqrt(1 / fan-in): keeps the spread of sigmoid and tanh layers.
///
/// Source: Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural
/// networks", equation 1, in the form that counts fan-in alone.
struct Xavier: InitializationRule {
    static let kind = "xavier"

    init() {}
    init(from settings: inout SettingText) throws {}

    func values(shape: [Int], using random: inout RandomState) -> NDArray<Float> {
        random.normal(scale: (1 / Double(Initializer.fanIn(of: shape))).squareRoot(), shape: shape)
    }

    func numPyDeviation(inputs: Int) -> String? { "(1 / \(inputs)) ** 0.5" }
}

extension Initializer {
    /// Normal with standard deviation sqrt(1 / fan-in): keeps the spread of sigmoid and tanh layers.
    ///
    /// Source: Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural
    /// networks", equation 1, in the form that counts fan-in alone.
    public static let xavier = Initializer(Xavier())
}
