import Arrays
import Autodiff
import Networks

/// The shape of a network in words: what must be known to build it again before its weights are put in.
///
/// ```swift
/// let architecture = try Architecture(named: "mlp:256,128", inputs: 784, classes: 10)
/// let network = architecture.makeNetwork()
/// ```
public struct Architecture: Equatable, Sendable {
    /// One layer.
    public enum Layer: Equatable, Sendable {
        /// `activation(x W + b)`; W: [inputs, outputs].
        case dense(inputs: Int, outputs: Int, activation: Activation)

        /// Values that one example has before the layer.
        var inputs: Int {
            switch self {
            case .dense(let inputs, _, _): inputs
            }
        }

        /// Values that one example has after the layer.
        var outputs: Int {
            switch self {
            case .dense(_, let outputs, _): outputs
            }
        }

        /// Numbers that the layer learns. Saturates: sizes from a file may be anything.
        var parameterCount: Int {
            switch self {
            case .dense(let inputs, let outputs, _):
                let (weights, overflow) = inputs.multipliedReportingOverflow(by: outputs)
                return overflow || weights > Int.max / 4 ? Int.max / 4 : weights + outputs
            }
        }
    }

    /// What people call it: "two-layer", "mlp:256,128".
    public var name: String
    /// The layers, from input to output; softmax follows the last one.
    public var layers: [Layer]

    /// An architecture from its layers.
    public init(name: String, layers: [Layer]) {
        self.name = name
        self.layers = layers
    }

    /// The largest number of units that a layer may have, which keeps every size far from overflow.
    static let largestLayer = 1 << 20

    /// The most numbers that a network may learn: 1 GiB of weights, three times that while it learns.
    static let largestParameterCount = 1 << 28

    /// An architecture by its name.
    ///
    /// - `two-layer`: the notebook's network, inputs-50-classes; `hidden` is another number than 50, the hidden
    ///   activation is sigmoid unless said otherwise.
    /// - `mlp:A,B,...`: hidden layers of A, B, ... units, with ReLU unless said otherwise.
    ///
    /// - Throws: `usage` when there is no such architecture, a size is not in 1...1,048,576, or the network would
    ///   have more than 2^28 numbers to learn.
    public init(
        named name: String, inputs: Int, classes: Int, hidden: Int? = nil, activation: Activation? = nil
    ) throws {
        let sizes: [Int]
        let hiddenActivation: Activation
        if name == "two-layer" {
            sizes = [hidden ?? 50]
            hiddenActivation = activation ?? .sigmoid
        } else if name.hasPrefix("mlp:") {
            guard hidden == nil else {
                throw DescentError(
                    .usage, "--hidden is for two-layer", at: "--hidden",
                    advice: "an mlp has its sizes in its name, as in mlp:256,128")
            }
            let parts = name.dropFirst(4).split(separator: ",", omittingEmptySubsequences: false)
            sizes = parts.map { Int($0) ?? 0 }
            hiddenActivation = activation ?? .relu
        } else {
            throw DescentError(
                .usage, "there is no model of this name", at: "--model", expected: "two-layer or mlp:256,128",
                got: "'\(name)'")
        }
        guard sizes.allSatisfy({ (1...Self.largestLayer).contains($0) }) else {
            throw DescentError(
                .usage, "a hidden layer has an impossible size",
                at: name == "two-layer" ? "--hidden" : "--model", expected: "1 to \(Self.largestLayer) units",
                got: name == "two-layer" ? "\(sizes[0])" : "'\(name)'")
        }
        guard sizes.count <= 64 else {
            throw DescentError(
                .usage, "too many layers", at: "--model", expected: "at most 64 hidden layers",
                got: "\(sizes.count)")
        }
        var layers: [Layer] = []
        var width = inputs
        for size in sizes {
            layers.append(.dense(inputs: width, outputs: size, activation: hiddenActivation))
            width = size
        }
        layers.append(.dense(inputs: width, outputs: classes, activation: .identity))
        self.init(name: name, layers: layers)
        guard parameterCount <= Self.largestParameterCount else {
            throw DescentError(
                .usage, "the network is too large", at: name == "two-layer" ? "--hidden" : "--model",
                expected: "at most \(Numerals.grouped(Self.largestParameterCount)) numbers to learn",
                got: "\(Numerals.grouped(parameterCount)) for \(sizes.count) hidden layers")
        }
    }

    /// The architecture of a network of dense layers.
    ///
    /// - Throws: `usage` when it has a layer that a model folder cannot describe.
    public init(of network: Sequential, name: String) throws {
        let layers = try network.layers.enumerated().map { index, layer -> Layer in
            guard let dense = layer as? Dense else {
                throw DescentError(
                    .usage, "a model folder cannot describe a layer of type \(type(of: layer))",
                    at: "layer \(index)")
            }
            return .dense(
                inputs: dense.weight.shape[0], outputs: dense.weight.shape[1], activation: dense.activation)
        }
        self.init(name: name, layers: layers)
    }

    /// A network of this architecture, its parameters not yet drawn.
    ///
    /// `two-layer` begins as the notebook does, with weights of deviation 0.01; other networks with deviations
    /// that keep the signal's spread through many layers: He's before ReLU and its kin, Xavier's otherwise.
    public func makeNetwork() -> Sequential {
        Sequential(
            layers.map { layer in
                switch layer {
                case .dense(let inputs, let outputs, let activation):
                    Dense(inputs, outputs, activation: activation, initializer: initializer(activation))
                }
            })
    }

    private func initializer(_ activation: Activation) -> Initializer {
        if name == "two-layer" { return .normal(deviation: 0.01) }
        return switch activation {
        case .relu, .leakyReLU, .elu, .gelu, .geluTanh, .silu: .he
        case .identity, .sigmoid, .tanh, .softplus, .softmax: .xavier
        }
    }

    /// Values that one example has.
    public var inputCount: Int { layers.first?.inputs ?? 0 }

    /// Numbers that the network gives for one example: one for each class.
    public var outputCount: Int { layers.last?.outputs ?? 0 }

    /// Numbers that the network learns.
    public var parameterCount: Int {
        layers.reduce(0) { min(Int.max / 4, $0 + $1.parameterCount) }
    }

    /// The sizes in a row: "784-50-10".
    public var sizes: String {
        ([inputCount] + layers.map(\.outputs)).map(String.init).joined(separator: "-")
    }
}
