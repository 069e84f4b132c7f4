import Arrays
import Support

/// One kind of initialiser.
///
/// A kind of one's own is one type; `Initializer(_:)` makes an initialiser of it, and `InitializerRegistry` has its name read:
///
/// ```swift
/// struct Uniform: InitializationRule {
///     static let kind = "uniform"
///     let limit: Double
///     init(from settings: inout SettingText) throws {
///         limit = try settings.number("limit", main: true, in: SettingText.aboveZero) ?? 0.1
///     }
///     var settingsText: String { "\(limit)" }
///     func values(shape: [Int], using random: inout RandomState) -> NDArray<Float> {
///         NDArray(shape: shape, elements: (0..<shape.reduce(1, *)).map { _ in
///             Float(limit * (2 * random.uniform() - 1))
///         })
///     }
/// }
/// var initializers = InitializerRegistry.standard
/// initializers.register(Uniform.self)
/// let initializer = try Initializer(parsing: "uniform:0.05", in: initializers)
/// ```
public protocol InitializationRule: NamedBySettings {
    /// First values for a parameter of `shape`, drawn from `random` and nothing else.
    func values(shape: [Int], using random: inout RandomState) -> NDArray<Float>

    /// In Python, the standard deviation of the normal distribution around 0 that values for so many inputs are drawn from,
    /// for exported scripts; nil, as by default, where they are drawn otherwise.
    func numPyDeviation(inputs: Int) -> String?
}

extension InitializationRule {
    /// nil.
    public func numPyDeviation(inputs: Int) -> String? { nil }
}
