import Arrays
import Autodiff
import Networks
import Support

/// The architecture of a network: its layers' settings, from which it is built again before its weights are loaded.
///
/// ```swift
/// let architecture = try Architecture(named: "lenet", inputs: 784, classes: 10)
/// let network = architecture.makeNetwork(seed: 1)
/// ```
public struct Architecture: Equatable, Sendable {
    /// The architecture's name: "two-layer", "mlp:256,128", "lenet".
    public var name: String
    /// The shape of one example at the first layer's input: [D].
    public var inputShape: [Int]
    /// The layers, from input to output; softmax follows the last one.
    public var layers: [LayerDescription]

    /// Creates an architecture from its layers.
    public init(name: String, inputShape: [Int], layers: [LayerDescription]) {
        self.name = name
        self.inputShape = inputShape
        self.layers = layers
    }

    /// The largest number of parameters: 1 GiB of weights, three times that in training.
    static let largestParameterCount = 1 << 28
    /// The largest number of floating-point operations forward for one example, twice those of the largest networks that
    /// people train on pictures of 224x224 (VGG: 39e9).
    static let largestOperationCount = 1 << 36

    /// Creates the architecture of a network of layers that a model folder can describe.
    ///
    /// `inputShape`: the shape of one example; nil for the one that the first layer, a dense one or `Reshape`, takes.
    ///
    /// - Throws: `usage` when it has a layer that a model folder cannot describe, or the layers do not fit together.
    public init(of network: Sequential, name: String, inputShape: [Int]? = nil) throws {
        let layers = try network.layers.enumerated().map { index, layer in
            do {
                return try LayerDescription(of: layer)
            } catch let error as DescentError {
                throw error.at("layer \(index)")
            }
        }
        guard let shape = inputShape ?? layers.first?.configuration.inputShape else {
            throw DescentError(
                .usage, "the shape of an example is not known", at: "inputShape",
                advice: "give it, or begin the network with Reshape([C, H, W])")
        }
        self.init(name: name, inputShape: shape, layers: layers)
        _ = try shapes()
    }

    /// Creates a network of this architecture. Its first weights are drawn when they are first read (see `Parameter`): they
    /// cost nothing where a file's replace them.
    ///
    /// `two-layer` begins as the notebook does, with weights of standard deviation 0.01; other networks with deviations that
    /// keep the signal's spread through many layers: He's before ReLU and its kin, Xavier's otherwise.
    public func makeNetwork() -> Sequential {
        let network = Sequential(layers.map { $0.makeLayer() })
        if name == "two-layer" {
            for case let layer as Dense in network.layers {
                layer.weight.initializer = .normal(standardDeviation: 0.01)
            }
        }
        return network
    }

    /// Creates a network of this architecture with first weights drawn from `random`, layer by layer.
    public func makeNetwork(using random: inout RandomState) -> Sequential {
        let network = makeNetwork()
        network.initialize(using: &random)
        return network
    }

    /// Creates a network of this architecture with first weights drawn from a generator of this seed, equal to those that
    /// `Trainer` draws by the same seed.
    ///
    /// - Precondition: 0 <= seed < 2^32.
    public func makeNetwork(seed: Int) -> Sequential {
        var random = RandomState(seed)
        return makeNetwork(using: &random)
    }

    /// Returns the shape of one example after each layer.
    ///
    /// - Throws: `usage` that names the layer that does not fit.
    package func shapes() throws -> [[Int]] {
        var shape = inputShape
        return try layers.enumerated().map { index, layer in
            do {
                shape = try layer.outputShape(for: shape)
            } catch let error as DescentError {
                throw error.at("layer \(index), \(error.place ?? layer.kind)")
            }
            return shape
        }
    }

    /// The number of elements of one example.
    package var inputCount: Int { LayerCost.product(inputShape) }

    /// The number of outputs for one example: one for each class.
    package var outputCount: Int { (try? shapes().last).map { LayerCost.product($0) } ?? 0 }

    /// The number of parameters.
    public var parameterCount: Int { cost.parameters }

    /// The cost of all layers for one example, up to the first that does not fit.
    package var cost: LayerCost {
        var (shape, sum) = (inputShape, LayerCost())
        for layer in layers {
            guard let next = try? layer.outputShape(for: shape), let cost = try? layer.cost(for: shape)
            else { break }
            sum += cost
            shape = next
        }
        return sum
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
        let cost = cost
        try check(
            cost.parameters, Self.largestParameterCount, "the network is too large", "parameters")
        try check(
            cost.allOperations, Self.largestOperationCount, "the network computes too much",
            "operations for one example")
    }

    /// The layers in a row: "784-50-10", "784-conv6-pool-conv16-pool-120-84-10".
    package var sizes: String {
        ([String(inputCount)] + layers.compactMap(\.shortName)).joined(separator: "-")
    }
}
