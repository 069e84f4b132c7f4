import Arrays
import Autodiff
import Classical
import Classification
import Datasets
import ExampleData
import Foundation
import Models
import Networks
import ONNXMessages
import Pipelines
import Support
import TestSupport
import Testing

@testable import Exchange

/// What an exported file says of itself, and what is refused. Whether other programs agree is InteropTests' matter.
@Suite struct ONNXExportTests {
    private let data = BuiltInDigits.dataset(trainCount: 60, testCount: 8)

    private func forms(_ values: [Onnx_ValueInfoProto]) -> [String] {
        values.map { value in
            let tensor = value.type.tensorType
            let lengths = tensor.shape.dim.map { $0.dimParam.isEmpty ? "\($0.dimValue)" : $0.dimParam }
            return "\(value.name) \(tensor.elemType) \(lengths.joined(separator: ","))"
        }
    }

    @Test func aConstantIsLittleEndian() {
        var graph = GraphBuilder()
        _ = graph.constant([1, 2])
        #expect(graph.constants[0].dims == [2] && graph.constants[0].dataType == 7)
        #expect(Array(graph.constants[0].rawData.prefix(9)) == [1, 0, 0, 0, 0, 0, 0, 0, 2])
    }

    @Test func aNetworkTakesPixelsAndNamesClasses() throws {
        let model = try TrainableNetwork(named: "lenet", for: data.test)
        let export = try ONNXExport(model.classifier(), samples: data.test.features)
        let graph = export.model.graph
        #expect(forms(graph.input) == ["image 2 N,28,28"])
        #expect(forms(graph.output) == ["label 8 N", "probabilities 1 N,10"])
        #expect(export.model.opsetImport.map(\.domain) == [""])
        // Each input of a node is one of the graph's, a constant, or comes from a node before.
        var known = Set(graph.input.map(\.name) + graph.initializer.map(\.name))
        for node in graph.node {
            #expect(node.input.allSatisfy(known.contains), "\(node.name)")
            known.formUnion(node.output)
        }
        #expect(graph.output.allSatisfy { known.contains($0.name) })
        let properties = Dictionary(export.model.metadataProps.map { ($0.key, $0.value) }) { $1 }
        #expect(properties["descent.classes"]?.hasPrefix("[\"0\",") == true)
        let samples = try #require(
            JSONSerialization.jsonObject(with: Data((properties["descent.samples"] ?? "").utf8))
                as? [String: Any])
        #expect(samples["count"] as? Int == 8 && (samples["labels"] as? [String])?.count == 8)
    }

    @Test func theFileIsReadAgain() throws {
        let model = try Pipeline(.pixels, SupportVectorMachine()).fit(data.train)
        let export = try ONNXExport(model, samples: data.test.features)
        try withTemporaryDirectory { directory in
            try export.write(to: "\(directory)/m.onnx")
            let read = try Onnx_ModelProto(serializedBytes: Files.read("\(directory)/m.onnx", limit: 1 << 26))
            #expect(read == export.model)
            #expect(
                forms(read.graph.output) == ["label 8 N", "scores 1 N,10", "decisions 1 N,45"])
            #expect(read.opsetImport.map(\.domain) == ["", "ai.onnx.ml"])
            let machine = try #require(read.graph.node.first { $0.opType == "SVMClassifier" })
            let rho = try #require(machine.attribute.first { $0.name == "rho" }).floats
            let classifier = try #require(model.classifier as? SupportVectorClassifier)
            #expect(rho == classifier.thresholds.map { Float(-$0) })
        }
    }

    private struct Doubling: Layer {
        func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
            input + input
        }
        var namedParameters: [NamedParameter] { [] }
        func outputShape(for shape: [Int]) throws -> [Int]? { shape }
    }

    @Test func whatCannotBeToldIsRefusedByName() throws {
        var graph = GraphBuilder()
        #expect(
            failure { _ = try graph.add([Flatten(), Doubling()], to: "x", [4]) }
                == "usage: layer 1: a layer that ONNX cannot be told (expected a layer of Descent's own, got Doubling); a layer of one's own has code that only Swift can run"
        )
        #expect(
            failure {
                _ = try graph.add([Residual { Sequential([Doubling()]) }], to: "x", [4])
            }.hasPrefix("usage: layer 0, residual layer 0, layer 0: a layer that ONNX"))
        let samples = data.test.features
        let upright = try Pipeline(.pixels, NearestCentroid(), deskews: true).fit(data.train)
        #expect(
            failure { _ = try ONNXExport(upright, samples: samples) }.hasPrefix("usage: deskewing: a step"))
        let approximate = NearestNeighbors(k: 1, search: .approximate(NeighborGraph.Settings()))
        let neighbors = try Pipeline(.pixels, approximate).fit(data.train)
        #expect(
            failure { _ = try ONNXExport(neighbors, samples: samples) }
                .hasPrefix("usage: knn: neighbours that a graph finds"))
        let words = try Pipeline(FeatureChoice(parsing: "sift:words=5"), NearestCentroid()).fit(data.train)
        #expect(
            failure { _ = try ONNXExport(words, samples: samples) }.hasPrefix("usage: sift: features that"))
        let own = KernelFunction.custom(name: "mine") { one, other in
            var sum: Float = 0
            for index in 0..<one.count { sum += one[index] * other[index] }
            return sum
        }
        let machine = try Pipeline(.pixels, SupportVectorMachine(kernel: own)).fit(data.train)
        #expect(
            failure { _ = try ONNXExport(machine, samples: samples) }.hasPrefix("usage: svm: a kernel that"))
    }

    /// Descent's own reader runs what has no kernels and no texts: the answers of another engine than the one that wrote them.
    @Test func theOwnReaderAgrees() throws {
        let data = BuiltInDigits.dataset(trainCount: 200, testCount: 50)
        // A residual network adds the sums of two convolutions.
        let networks = try ["lenet", "simple-conv", "residual", "residual:s2,16x2,32"].enumerated().map {
            let network = try TrainableNetwork(named: $1, for: data.test)
            var random = RandomState($0)
            network.network.initialize(using: &random)
            return try network.classifier()
        }
        let pipelines = try [
            Pipeline(.pixels, NearestNeighbors(k: 3)), Pipeline(.pixels, LinearSupportVectorMachine()),
            Pipeline(FeatureChoice(parsing: "hog:7"), LogisticRegression(), scaling: .standard),
            Pipeline(.pixels, GaussianNaiveBayes(smoothing: 1e-3), componentCount: 10),
            Pipeline(.pixels, SupportVectorMachine(kernel: .linear)),
        ].map { try $0.fit(data.train) }
        for model in networks + pipelines as [any TrainedClassifier] {
            try withTemporaryDirectory { directory in
                let path = "\(directory)/m.onnx"
                try ONNXExport(model, samples: data.test.features).write(to: path)
                let found = try ONNXVerification(of: path, with: .descent)
                #expect(found.agrees && found.count == 50, "\(model.summary): \(found)")
            }
        }
    }

    @Test func formatsByName() throws {
        #expect(ExportFormat(fileName: "a.ONNX") == .onnx && ExportFormat(fileName: "a.b.npz") == .npz)
        #expect(ExportFormat(fileName: "a.py") == .numPyScript && ExportFormat(fileName: "a.txt") == nil)
        let model = try TrainableNetwork(named: "two-layer", for: data.test).classifier()
        let export = ModelExport(model, samples: data.test.features)
        try withTemporaryDirectory { directory in
            for format in ExportFormat.allCases where format != .libsvm {
                try export.write(as: format, to: "\(directory)/\(format)")
            }
            #expect(
                failure { try export.write(as: .libsvm, to: "\(directory)/x") }
                    .hasPrefix("usage: two-layer: libsvm's models are support vector machines"))
            let names = try FileManager.default.contentsOfDirectory(atPath: directory)
            #expect(names.sorted() == ["coreML", "npz", "numPyScript", "onnx", "safetensors"])
        }
    }
}
