import Arrays
import Support

/// The rule of one kind of initialiser.
///
/// A kind of one's own is one type; `Initializer(_:)` makes an initialiser of it, and ``InitializerRegistry`` finds
/// it by name:
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
    /// Draws the first values of a parameter of `shape` from `random` and from nothing else.
    func values(shape: [Int], using random: inout RandomState) -> NDArray<Float>

    /// Returns, in Python, the standard deviation of the normal distribution around 0 from which values for so many inputs
    /// are drawn, for exported scripts; nil, as by default, where another distribution is used.
    func numPyDeviation(inputs: Int) -> String?
}

extension InitializationRule {
    /// Returns nil.
    public func numPyDeviation(inputs: Int) -> String? { nil }
}
