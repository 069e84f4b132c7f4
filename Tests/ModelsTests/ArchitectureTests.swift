import Arrays
import Autodiff
import Networks
import Support
import Testing

@testable import Models

@Suite struct ArchitectureTests {
    @Test func namesMeanLayers() throws {
        let two = try Architecture(named: "two-layer", inputs: 784, classes: 10)
        #expect(
            two.layers == [
                .dense(inputs: 784, outputs: 50, activation: .sigmoid),
                .dense(inputs: 50, outputs: 10, activation: .identity),
            ])
        // 784 · 50 + 50 + 50 · 10 + 10
        #expect(two.parameterCount == 39_760)
        #expect(two.makeNetwork().parameterCount == 39_760)
        let deep = try Architecture(named: "mlp:256,128", inputs: 784, classes: 10, activation: .tanh)
        #expect(deep.sizes == "784-256-128-10")
        #expect(
            deep.layers[1] == .dense(inputs: 256, outputs: 128, activation: .tanh))
        #expect(try Architecture(named: "two-layer", inputs: 4, classes: 2, hidden: 7).sizes == "4-7-2")
    }

    /// `init(named:)` is the oracle: a name that it does not know is refused as such, one with impossible sizes is not.
    @Test func whichNamesThereAre() throws {
        let known = Architecture.names.map(\.name)
        for name in known + ["mlp:0", "mlp:", "conv:", "conv:nonsense", "mlp:8"] {
            #expect(Architecture.hasName(name), "\(name)")
        }
        for name in ["", "mlp", "conv", "resnet", "lenet:", "two-layer:3", "Lenet", "xmlp:8", "knn"] {
            #expect(!Architecture.hasName(name), "\(name)")
        }
        for name in ["", "mlp", "conv", "lenet:", "Lenet", "mlp:0", "conv:nonsense"] + known {
            var isRefused = false
            do {
                _ = try Architecture(named: name, inputs: 784, classes: 10)
            } catch let error as DescentError {
                isRefused = error.expected == known.joined(separator: ", ")
            }
            #expect(isRefused == !Architecture.hasName(name), "\(name)")
        }
    }

    @Test func twoLayerBeginsAsTheNotebookDoes() throws {
        let layers = try Architecture(named: "two-layer", inputs: 784, classes: 10).makeNetwork().layers
        #expect(
            layers.compactMap { ($0 as? Dense)?.weight.initializer } == [
                .normal(standardDeviation: 0.01), .normal(standardDeviation: 0.01),
            ])
        let deep = try Architecture(named: "mlp:20", inputs: 784, classes: 10).makeNetwork().layers
        #expect(deep.compactMap { ($0 as? Dense)?.weight.initializer } == [.he, .xavier])
    }

    /// `initialize` is the oracle: layer by layer from one generator, which goes on from there.
    @Test func networksAreDrawnFromASeed() throws {
        let architecture = try Architecture(named: "lenet", inputs: 784, classes: 10)
        var (random, other) = (RandomState(9), RandomState(9))
        let (network, byHand) = (architecture.makeNetwork(using: &random), architecture.makeNetwork())
        byHand.initialize(using: &other)
        let values = network.parameters.map(\.value)
        #expect(values == byHand.parameters.map(\.value) && random.uniform() == other.uniform())
        #expect(architecture.makeNetwork(seed: 9).parameters.map(\.value) == values)
        #expect(architecture.makeNetwork(seed: 8).parameters.map(\.value) != values)
        // Without a seed: always the same, and no two layers alike.
        let deep = try Architecture(named: "mlp:20,20,20", inputs: 20, classes: 20)
        let weights = deep.makeNetwork().parameters.map(\.value)
        #expect(weights == deep.makeNetwork().parameters.map(\.value))
        #expect(Set(weights.filter { $0.ndim == 2 }.map(\.elements)).count == 4)
    }

    @Test(arguments: [
        "three-layer", "mlp", "mlp:", "mlp:0", "mlp:12,", "mlp:-5", "mlp:1e9", "mlp:99999999",
        "mlp:1048576,1048576", "",
        "mlp:" + String(repeating: "2,", count: 64) + "2",
    ])
    func otherNamesAreUsageErrors(name: String) {
        let error = #expect(throws: DescentError.self) {
            try Architecture(named: name, inputs: 784, classes: 10)
        }
        #expect(error?.kind == .usage)
        #expect(error?.place == "`named`")
    }

    // The last is a possible layer, but 784 · 2^20 weights are more than 2^28.
    @Test(arguments: [0, -1, 1 << 21, 1 << 20])
    func impossibleHiddenSizesAreUsageErrors(hidden: Int) {
        let error = #expect(throws: DescentError.self) {
            try Architecture(named: "two-layer", inputs: 784, classes: 10, hidden: hidden)
        }
        #expect(error?.kind == .usage)
        #expect(error?.place == "`hidden`")
    }

    @Test func theLimitIsTheNumberOfParameters() throws {
        // 2^14 + 1 inputs with biases, 2^14 - 1 units: (2^14 + 1)(2^14 - 1) = 2^28 - 1, and 1 of the last bias.
        let largest = try Architecture(
            named: "two-layer", inputs: (1 << 14) - 1, classes: 1, hidden: (1 << 14) - 1)
        #expect(largest.parameterCount == 1 << 28)
        #expect(throws: DescentError.self) {
            try Architecture(named: "two-layer", inputs: 1 << 14, classes: 1, hidden: (1 << 14) - 1)
        }
    }

    @Test func hiddenIsNotForMLP() {
        let error = #expect(throws: DescentError.self) {
            try Architecture(named: "mlp:5", inputs: 784, classes: 10, hidden: 5)
        }
        #expect(error?.kind == .usage)
    }

    @Test func networksDescribeThemselves() throws {
        let network = Sequential {
            Dense(6, 3, activation: .relu)
            Dense(3, 2)
        }
        let architecture = try Architecture(of: network, name: "mine")
        #expect(architecture.sizes == "6-3-2")
        let error = #expect(throws: DescentError.self) {
            try Architecture(of: Sequential { network }, name: "nested")
        }
        #expect(error?.kind == .usage)
        #expect(error?.place == "layer 0")
    }
}
