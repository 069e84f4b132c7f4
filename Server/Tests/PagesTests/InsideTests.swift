import Classical
import Descent
import Foundation
import ImageFeatures
import Pipelines
import Testing

@testable import Pages

@Suite("What a model shows of itself") struct InsideTests {
    private static let digits = BuiltInDigits.dataset(trainCount: 200, testCount: 4)

    /// The look of one digit, by a model that has been written and read.
    private func look(_ classifier: any TrainedClassifier) throws -> Look {
        let path = NSTemporaryDirectory() + "inside-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        var folder = ModelFolder(classifier, samples: Self.digits.test.features)
        folder.input = .images(ImageInput(height: 28, width: 28, isColor: false))
        _ = try folder.write(to: .folder(path))
        let inside = try ModelInside(ClassifierModel(contentsOf: path), at: path)
        var look = Look(
            kind: inside.kind, seen: .init(height: 28, width: 28, channels: 1, bytes: ""))
        try inside.add(to: &look, for: Self.digits.test.features.gathered([0]))
        return look
    }

    private func network(_ name: String) throws -> NetworkClassifier {
        let architecture = try Architecture(named: name, inputs: 784, classes: 10)
        let network = architecture.makeNetwork()
        var random = RandomState(1)
        network.initialize(using: &random)
        return try NetworkClassifier(
            architecture: architecture, network: network, classNames: (0..<10).map(String.init))
    }

    @Test("A dense network: each hidden layer's units, and the weights of the most active, largest first")
    func dense() throws {
        let network = try network("mlp:20,12")
        let look = try look(network)
        #expect(look.kind == "network" && look.layers.map(\.count) == [20, 12])
        #expect(
            look.units.count == 6 && look.units.map(\.activity) == look.units.map(\.activity).sorted(by: >))
        #expect(look.units.allSatisfy { $0.weights.height == 28 && $0.weights.width == 28 })
        // As the layer computes it by itself.
        guard let first = network.makeNetwork().layers.first(where: { $0 is Dense }) as? Dense else {
            Issue.record("no dense layer")
            return
        }
        let input = (Self.digits.test.features.gathered([0]).unscaledFloats * (1 / 255)).elements
        let (weights, bias) = (first.weight.value.elements, first.bias.value.elements)
        for unit in look.units {
            let sum = (0..<784).reduce(bias[unit.index]) { $0 + input[$1] * weights[$1 * 20 + unit.index] }
            #expect(abs(max(0, sum) - unit.activity) < 1e-3)
        }
    }

    @Test("A convolutional network: maps, and kernels")
    func convolutional() throws {
        let look = try look(network("lenet"))
        #expect(look.layers.first?.kind == "maps" && look.layers.last?.kind == "dense")
        #expect(look.layers.count <= 4)
        #expect(look.units.first?.weights.height == 5)
    }

    @Test("Nearest neighbours: training examples, the nearest first; a training example is its own nearest")
    func neighbors() throws {
        let classifier = try Pipeline(.pixels, NearestNeighbors(k: 3)).fit(Self.digits.train)
        let look = try look(classifier)
        #expect(look.kind == "knn" && look.neighbors.count == 8)
        #expect(look.neighbors.map(\.distance) == look.neighbors.map(\.distance).sorted())
        #expect(look.neighbors.allSatisfy { $0.picture?.width == 28 })
        var own = Look(kind: "knn", seen: look.seen)
        let path = NSTemporaryDirectory() + "inside-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        _ = try ModelFolder(classifier, samples: Self.digits.test.features).write(to: .folder(path))
        try ModelInside(ClassifierModel(contentsOf: path), at: path)
            .add(to: &own, for: Self.digits.train.features.gathered([5]))
        #expect(own.neighbors.first?.distance == 0)
        #expect(own.neighbors.first?.label == "\(Self.digits.train.classes[5])")
    }

    @Test("HOG: its cells, also where the features are scaled after it")
    func cells() throws {
        for scaling in [Pipeline.Scaling.none, .standard] {
            let pipeline = Pipeline(
                .hog(.init(cellSize: 7)), SupportVectorMachine(kernel: .linear), scaling: scaling)
            let cells = try #require(try look(pipeline.fit(Self.digits.train)).cells)
            #expect(cells.rows == 4 && cells.columns == 4 && cells.directions == 9)
            let bytes = try #require(Data(base64Encoded: cells.bytes))
            #expect(bytes.count == 4 * 4 * 9 && bytes.max() == 255)
        }
    }
}
