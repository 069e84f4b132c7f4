import Arrays
import Autodiff
import Networks
import Support

/// The shape of a network in words: what must be known to build it again before its weights are put in.
///
/// ```swift
/// let architecture = try Architecture(named: "lenet", inputs: 784, classes: 10)
/// let network = architecture.makeNetwork()
/// ```
public struct Architecture: Equatable, Sendable {
    /// What people call it: "two-layer", "mlp:256,128", "lenet".
    public var name: String
    /// The shape of one example as the first layer gets it: [D].
    public var inputShape: [Int]
    /// The layers, from input to output; softmax follows the last one.
    public var layers: [LayerDescription]

    /// An architecture from its layers.
    public init(name: String, inputShape: [Int], layers: [LayerDescription]) {
        self.name = name
        self.inputShape = inputShape
        self.layers = layers
    }

    /// The most numbers that a network may learn: 1 GiB of weights, three times that while it learns.
    static let largestParameterCount = 1 << 28
    /// The most floating-point operations forward for one example, twice those of the largest networks that people train
    /// on pictures of 224x224 (VGG: 39e9).
    static let largestOperationCount = 1 << 36

    /// The architecture of a network of layers that a model folder can describe.
    ///
    /// `inputShape`: one example's; nil for the one that the first layer, a dense one or `Reshape`, wants.
    ///
    /// - Throws: `usage` when it has a layer that a model folder cannot describe, or the layers do not fit together.
    public init(of network: Sequential, name: String, inputShape: [Int]? = nil) throws {
        let layers = try network.layers.enumerated().map { index, layer -> LayerDescription in
            guard let described = LayerDescription(layer) else {
                throw DescentError(
                    .usage, "a model folder cannot describe a layer of type \(type(of: layer))",
                    at: "layer \(index)")
            }
            return described
        }
        let first: [Int]? =
            switch layers.first {
            case .dense(let inputs, _, _): [inputs]
            case .reshape(let shape): [ShapeRules.product(shape)]
            default: nil
            }
        guard let shape = inputShape ?? first else {
            throw DescentError(
                .usage, "the shape of an example is not known", at: "inputShape",
                advice: "give it, or begin the network with Reshape([C, H, W])")
        }
        self.init(name: name, inputShape: shape, layers: layers)
        _ = try shapes()
    }

    /// A network of this architecture, its parameters not yet drawn.
    ///
    /// `two-layer` begins as the notebook does, with weights of deviation 0.01; other networks with deviations
    /// that keep the signal's spread through many layers: He's before ReLU and its kin, Xavier's otherwise.
    public func makeNetwork() -> Sequential {
        Sequential(
            layers.map { $0.makeLayer(initializer: name == "two-layer" ? .normal(deviation: 0.01) : nil) })
    }

    /// The shape of one example after each layer.
    ///
    /// - Throws: `usage` that names the layer that does not fit.
    public func shapes() throws -> [[Int]] {
        var shape = inputShape
        return try layers.enumerated().map { index, layer in
            do {
                shape = try layer.outcome(for: shape).shape
            } catch let error as DescentError {
                throw error.at("layer \(index), \(layer.typeName)")
            }
            return shape
        }
    }

    /// Values that one example has.
    public var inputCount: Int { ShapeRules.product(inputShape) }

    /// Numbers that the network gives for one example: one for each class.
    public var outputCount: Int { (try? shapes().last).map { ShapeRules.product($0) } ?? 0 }

    /// Numbers that the network learns.
    public var parameterCount: Int { outcome.parameters }

    /// What all layers together make of one example, up to the first that does not fit.
    private var outcome: LayerDescription.Outcome {
        var whole = LayerDescription.Outcome(shape: inputShape, parameters: 0, operations: 0)
        for layer in layers {
            guard let next = try? layer.outcome(for: whole.shape) else { break }
            whole.append(next)
        }
        return whole
    }

    /// Refuses a network that no memory would hold, or that would compute for minutes on one example.
    ///
    /// - Throws: `usage` that says the limit, without a place.
    func checkSize() throws {
        func check(_ count: Int, _ limit: Int, _ what: String, _ unit: String) throws {
            guard count > limit else { return }
            throw DescentError(
                .usage, what, expected: "at most \(Numerals.grouped(limit)) \(unit)",
                got: Numerals.grouped(count))
        }
        let whole = outcome
        try check(
            whole.parameters, Self.largestParameterCount, "the network is too large", "numbers to learn")
        try check(
            whole.operations, Self.largestOperationCount, "the network computes too much",
            "operations for one example")
    }

    /// Numbers that the network keeps: those that it learns and those that it measures.
    var storedCount: Int { layers.reduce(parameterCount) { $0 + $1.measuredCount } }

    /// The layers in a row: "784-50-10", "784-conv6-pool-conv16-pool-120-84-10".
    public var sizes: String {
        ([String(inputCount)] + layers.compactMap(\.shortName)).joined(separator: "-")
    }
}

extension LayerDescription {
    /// A word for the layer in a row of them; nil for one that only changes a shape.
    var shortName: String? {
        switch self {
        case .dense(_, let outputs, _): String(outputs)
        case .convolution(_, let outputs, _, _, _, _): "conv\(outputs)"
        case .transposedConvolution(_, let outputs, _, _, _): "unconv\(outputs)"
        case .maxPooling: "pool"
        case .averagePooling: "mean"
        case .globalAveragePooling: "global"
        case .batchNormalization: "norm"
        case .layerNormalization: "norm"
        case .dropout: "dropout"
        case .activation(let activation): activation.description
        case .reshape, .flatten: nil
        case .residual(let body, _): "(" + body.compactMap(\.shortName).joined(separator: "-") + ")"
        }
    }
}
