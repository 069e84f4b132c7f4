import Support

/// A description of one layer: what must be known to make it again before its weights are loaded.
///
/// The kinds are in the files beside this one, one type each (``LayerConfiguration``).
///
/// ```swift
/// let layer = LayerDescription.dense(inputs: 784, outputs: 50, activation: .relu)
/// print(try layer.outputShape(for: [784]), try layer.cost(for: [784]).parameters)   // [50] 39250
/// ```
public struct LayerDescription: Hashable, Sendable {
    /// The layer's settings.
    public let configuration: any LayerConfiguration

    /// Creates a description with these settings.
    public init(_ configuration: some LayerConfiguration) { self.configuration = configuration }

    /// Creates the description of a layer.
    ///
    /// - Throws: `usage` if the layer is not described (``DescribedLayer``), or contains one that is not.
    package init(of layer: any Layer) throws {
        guard let described = layer as? any DescribedLayer else {
            throw DescentError(
                .usage, "a model folder cannot describe a layer of type \(type(of: layer))",
                advice: "give the type a configuration: see DescribedLayer")
        }
        configuration = try described.configuration
    }

    /// The largest number of units or channels of a layer, which keeps every size far from overflow.
    package static let largestLayer = 1 << 20
    /// The most elements that a layer may make of a smaller example: 256 MiB. A product of two extents of such an example or
    /// of a window is far from overflow.
    static let largestExample = 1 << 26

    /// The kind's name.
    public var kind: String { type(of: configuration).kind }

    /// Returns the shape of one example's output for an example of `shape`, without making the layer: sizes from a file may
    /// be anything, and memory is taken only for networks that fit together. No size overflows.
    ///
    /// - Throws: `usage` that says what does not fit, at the layer's kind.
    package func outputShape(for shape: [Int]) throws -> [Int] {
        let output = try located {
            try configuration.check()
            return try configuration.outputShape(for: shape)
        }
        // A layer may keep the size of its input; only what it makes larger is bounded.
        guard LayerCost.product(output) <= max(Self.largestExample, LayerCost.product(shape)) else {
            throw DescentError(
                .usage, "the layer makes too much of an example", at: kind,
                expected: "at most \(Self.largestExample) numbers", got: "\(output)")
        }
        return output
    }

    /// Returns the layer's parameters and its operations for one example of `shape`.
    ///
    /// - Throws: as `outputShape(for:)`.
    package func cost(for shape: [Int]) throws -> LayerCost {
        try located {
            try configuration.check()
            return try configuration.cost(for: shape)
        }
    }

    /// Creates the layer, with its first weights.
    ///
    /// - Precondition: its settings are possible (`outputShape(for:)` refuses others).
    public func makeLayer() -> any Layer { configuration.makeLayer() }

    /// A word for the layer in a row of them; nil for one that only changes a shape.
    package var shortName: String? { configuration.shortName }

    private func located<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as DescentError {
            throw error.at(error.place.map { "\(kind), \($0)" } ?? kind)
        }
    }

    /// Returns whether kind and settings are equal.
    public static func == (one: LayerDescription, other: LayerDescription) -> Bool {
        AnyHashable(one.configuration) == AnyHashable(other.configuration)
    }

    /// Hashes the settings.
    public func hash(into hasher: inout Hasher) { configuration.hash(into: &hasher) }
}
