import Arrays
import Support

/// All zero, as biases are.
struct Zeros: InitializationRule {
    static let kind = "zeros"

    init() {}
    init(from settings: inout SettingText) throws {}

    func values(shape: [Int], using random: inout RandomState) -> NDArray<Float> {
        NDArray(shape: shape, repeating: 0)
    }

    func numPyDeviation(inputs: Int) -> String? { "0.0" }
}

extension Initializer {
    /// All zero, as biases are.
    public static let zeros = Initializer(Zeros())
}
