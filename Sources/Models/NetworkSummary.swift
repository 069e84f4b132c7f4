import Arrays
import Autodiff
import Networks

/// A summary of a network, layer by layer: shapes, parameters, operations and memory for one example.
///
/// ```swift
/// let summary = try NetworkSummary(of: network, inputShape: [784])
/// print(summary.parameterCount, summary.operations ?? 0)
/// ```
public struct NetworkSummary: Equatable, Sendable {
    /// One layer.
    public struct Layer: Equatable, Sendable {
        /// The layer's index, which is that in its parameters' names.
        package var index: Int
        /// The layer's type: "Dense".
        public var type: String
        /// The layer's other settings: "sigmoid", "5x5, padding 2".
        public var detail: String
        /// The shape of one example after the layer; nil where it is unknown before the layer runs.
        public var outputShape: [Int]?
        /// The number of trainable values.
        public var parameterCount: Int
        /// The number of frozen values.
        package var frozenCount: Int
        /// The floating-point operations for one example forward: two for each multiplication with its addition, as in
        /// matrix products and convolutions; nil when unknown.
        public var operations: Int?
    }

    /// The layers, first to last.
    public let layers: [Layer]
    /// The shape of one example.
    public let inputShape: [Int]

    /// Creates the summary of a network for examples of `inputShape`.
    ///
    /// - Throws: `usage` that names the layer that does not fit.
    public init(of network: Sequential, inputShape: [Int]) throws {
        self.inputShape = inputShape
        // Its own check names the layer by its index.
        _ = try network.outputShape(for: inputShape)
        var shape: [Int]? = inputShape
        var seen: Set<ObjectIdentifier> = []
        layers = try network.layers.enumerated().map { index, layer in
            let output = try shape.flatMap { try layer.outputShape(for: $0) }
            // A parameter that two layers share is counted where it is used first.
            let own = layer.parameters.filter { !$0.isBuffer && seen.insert(ObjectIdentifier($0)).inserted }
            func count(trainable: Bool) -> Int {
                own.reduce(0) { $0 + ($1.isTrainable == trainable ? $1.count : 0) }
            }
            let summary = Layer(
                index: index, type: String("\(type(of: layer))".prefix { $0 != "<" }),
                detail: (try? (layer as? any DescribedLayer)?.configuration.detail) ?? "",
                outputShape: output, parameterCount: count(trainable: true),
                frozenCount: count(trainable: false),
                operations: shape.flatMap { layer.operations(for: $0) })
            shape = output
            return summary
        }
    }

    /// The number of trainable values.
    public var parameterCount: Int { layers.reduce(0) { $0 + $1.parameterCount } }

    /// The number of frozen values.
    package var frozenCount: Int { layers.reduce(0) { $0 + $1.frozenCount } }

    /// The floating-point operations for one example forward; nil when a layer's are unknown.
    public var operations: Int? {
        layers.reduce(0 as Int?) { sum, layer in sum.flatMap { sum in layer.operations.map { sum + $0 } } }
    }

    /// The number of bytes of the parameters, frozen ones too, in single precision.
    package var parameterBytes: Int { 4 * (parameterCount + frozenCount) }

    /// The number of bytes of one example and of all layers' outputs for it, which training keeps for the backward pass; nil
    /// when a shape is unknown.
    package var activationBytes: Int? {
        layers.reduce(inputShape.reduce(4, *) as Int?) { sum, layer in
            sum.flatMap { sum in layer.outputShape.map { sum + $0.reduce(4, *) } }
        }
    }

    /// Estimates the bytes of a training step with Adam: parameters, two moments and the gradients of the trainable ones,
    /// and the layers' outputs for the batch. The working memory of the kernels is not included.
    package func trainingBytes(batchSize: Int) -> Int? {
        activationBytes.map { parameterBytes + 12 * parameterCount + batchSize * $0 }
    }
}

extension Networks.Layer {
    /// Returns the floating-point operations for one example of `shape`; nil for a layer that does not state them.
    fileprivate func operations(for shape: [Int]) -> Int? {
        if let sequence = self as? Sequential {
            var (current, sum) = (shape, 0)
            for layer in sequence.layers {
                guard let work = layer.operations(for: current),
                    let next = (try? layer.outputShape(for: current)) ?? nil
                else { return nil }
                (current, sum) = (next, sum + work)
            }
            return sum
        }
        guard let configuration = try? (self as? any DescribedLayer)?.configuration else { return nil }
        return try? LayerDescription(configuration).cost(for: shape).operations
    }
}
