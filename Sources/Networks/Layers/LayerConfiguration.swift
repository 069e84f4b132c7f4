import Support

/// The settings of one kind of layer, known before the layer is made and stored in a model folder.
///
/// A kind of one's own is one type beside its layer. Its settings are written into `config.json` under the names and in the
/// order of its coding keys (not `type`, which holds the kind), and a model folder is loaded with a ``LayerRegistry`` that
/// has it:
///
/// ```swift
/// struct Scaling: DescribedLayer {
///     struct Configuration: LayerConfiguration {
///         static let kind = "scaling"
///         var channels: Int
///         func check() throws { try check(channels, "channels") }
///         func outputShape(for shape: [Int]) throws -> [Int] { shape }
///         func cost(for shape: [Int]) throws -> LayerCost {
///             LayerCost(parameters: channels, elementOperations: LayerCost.product(shape))
///         }
///         func makeLayer() -> any Layer { Scaling(channels) }
///     }
///     let factor: Parameter
///     init(_ channels: Int) { factor = Parameter(shape: [channels], initializer: .constant(1)) }
///     var configuration: any LayerConfiguration { Configuration(channels: factor.shape[0]) }
///     func callAsFunction<Scalar: DifferentiableScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
///         x * x.tape.parameter(factor)
///     }
/// }
/// var layers = LayerRegistry.standard
/// layers.register(Scaling.Configuration.self)
/// let model = try ModelFolder.load("models/mine", layers: layers)
/// ```
public protocol LayerConfiguration: Codable, Hashable, Sendable, CustomStringConvertible {
    /// The kind's name, the `type` in `config.json`.
    static var kind: String { get }

    /// Refuses impossible settings, which a file may have. Called before everything else; accepts all by default.
    ///
    /// - Throws: `usage` that names the setting (`impossible(_:expected:got:)`).
    func check() throws

    /// Returns the shape of one example's output for an example of `shape`, both without the axis N.
    ///
    /// - Precondition: `check()` holds, and `shape` has no more than 2^26 elements.
    /// - Throws: `usage`, without a place, if such examples do not fit.
    func outputShape(for shape: [Int]) throws -> [Int]

    /// Returns the layer's parameters and its operations for one example of `shape`.
    ///
    /// - Precondition: as for `outputShape(for:)`.
    /// - Throws: as `outputShape(for:)`.
    func cost(for shape: [Int]) throws -> LayerCost

    /// Creates a layer with these settings and its first weights.
    ///
    /// - Precondition: `check()` holds.
    func makeLayer() -> any Layer

    /// The one shape of examples that the layer takes; nil, as by default, if it takes several.
    var inputShape: [Int]? { get }

    /// A word for the layer in a row of sizes (`784-conv6-pool-10`); nil for one that only changes a shape. The kind by
    /// default.
    var shortName: String? { get }

    /// The settings that `summary` shows beside the layer's type; empty by default.
    var detail: String { get }

    /// The layer as errors call it: `Dense(784, 50)`. The kind by default.
    var description: String { get }
}

extension LayerConfiguration {
    /// Accepts all.
    public func check() throws {}
    /// nil.
    public var inputShape: [Int]? { nil }
    /// The kind.
    public var shortName: String? { Self.kind }
    /// The empty text.
    public var detail: String { "" }
    /// The kind.
    public var description: String { Self.kind }

    /// Returns an error that says that a setting has an impossible value.
    public func impossible(_ setting: String, expected: String, got: String) -> DescentError {
        DescentError(.usage, "impossible \(setting) of a \(Self.kind) layer", expected: expected, got: got)
    }

    /// Refuses an impossible size: fewer than one unit or channel, or more than 2^20.
    ///
    /// - Throws: `usage` that names the setting.
    public func check(_ size: Int, _ setting: String) throws {
        let range = 1...LayerDescription.largestLayer
        guard range.contains(size) else {
            throw impossible(setting, expected: "1 to \(range.upperBound)", got: "\(size)")
        }
    }

    /// Refuses channels that cannot be divided into `groups`.
    func check(channels: Int, outputs: Int, groups: Int) throws {
        try check(channels, "channels")
        try check(outputs, "outputs")
        try check(groups, "groups")
        guard channels % groups == 0, outputs % groups == 0 else {
            throw impossible(
                "groups", expected: "a divisor of channels \(channels) and outputs \(outputs)",
                got: "\(groups)")
        }
    }

    /// Refuses anything but images of `channels` channels.
    func check(images shape: [Int], channels: Int) throws {
        guard shape.count == 3, shape[0] == channels else {
            throw DescentError(
                .usage, "images do not fit the layer", expected: "\(channels) channels: [\(channels), H, W]",
                got: "\(shape)", advice: shape.count == 1 ? "put Reshape([C, H, W]) before the layer" : nil)
        }
    }
}

/// A layer that states its settings, so that a model folder can store it and `summary` can count its operations.
public protocol DescribedLayer: Layer {
    /// The layer's settings.
    ///
    /// - Throws: `usage` if it has a layer inside that is not described.
    var configuration: any LayerConfiguration { get throws }
}

extension DescribedLayer {
    /// Returns the shape that the configuration states.
    public func outputShape(for shape: [Int]) throws -> [Int]? {
        let configuration = try configuration
        do {
            return try configuration.outputShape(for: shape)
        } catch let error as DescentError {
            throw error.at("\(configuration)")
        }
    }
}
