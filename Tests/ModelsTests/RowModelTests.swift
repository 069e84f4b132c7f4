import ArrayFiles
import Arrays
import Classical
import Classification
import ExampleData
import Foundation
import Networks
import Pipelines
import Support
import TestSupport
import Testing
import Training

@testable import Models

/// Model folders of what takes rows of features, or images of several channels.
@Suite struct RowModelTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private static let dense = NDArray<Float>(shape: [4, 3], elements: (0..<12).map { Float($0) / 7 })
    private static let sparse = CompressedRows(
        width: 3, starts: [0, 1, 1, 3], columns: [2, 0, 1], values: [1, 2, 3])

    private static let inputs: [FeatureMatrix] = [
        .floats(dense), .sparse(sparse),
        .bytes(NDArray<UInt8>(shape: [2, 3], elements: [1, 2, 3, 4, 5, 6])),
    ]

    @Test(arguments: inputs.indices) func aNetworkOfRowsIsKept(index: Int) throws {
        let inputs = Self.inputs[index]
        let network = Sequential {
            Dense(3, 5, activation: .tanh)
            Dense(5, 2)
        }
        let classifier = try NetworkClassifier(
            network, classNames: ["a", "b"], preprocessing: Preprocessing(of: inputs))
        let path = try ModelFolder(classifier, samples: inputs).write(to: .folder(directory.path + "/m"))
        let text = try directory.text("m/config.json")
        #expect(text.contains("\"features\": 3") && !text.contains("height"))
        let loaded = try ModelFolder.load(path)
        #expect(loaded.classifier.exampleShape == [3] && loaded.classifier.imageSize == nil)
        #expect(
            try loaded.classifier.probabilities(of: inputs) == classifier.probabilities(of: inputs))
        #expect(loaded.samples.count == inputs.count)
        #expect(try directory.text("m/README.md").contains("a row of 3 features"))
    }

    @Test func coloursAreKept() throws {
        let images = FeatureMatrix.bytes(NDArray<UInt8>(shape: [2, 3, 4, 4], repeating: 9))
        let network = Sequential {
            Reshape([3, 4, 4])
            Flatten()
            Dense(48, 2)
        }
        let classifier = try NetworkClassifier(
            network, classNames: ["a", "b"], preprocessing: Preprocessing(of: images))
        let path = try ModelFolder(classifier, samples: images).write(to: .folder(directory.path + "/m"))
        #expect(try ModelFolder.load(path).classifier.exampleShape == [3, 4, 4])
        let grey = FeatureMatrix.bytes(NDArray<UInt8>(shape: [2, 4, 4], repeating: 9))
        #expect(throws: DescentError.self) { try classifier.answers(for: grey) }
    }

    @Test(
        arguments: [
            #"{"features": 0, "divide_by": 1}"#, #"{"features": 4, "divide_by": 1}"#,
            #"{"features": -1, "divide_by": 1}"#, #"{"features": 4294967296, "divide_by": 1}"#,
            #"{"features": 3, "height": 1, "width": 3, "divide_by": 1}"#, #"{"height": 3, "divide_by": 1}"#,
            #"{"divide_by": 1}"#, #"{"shape": [], "divide_by": 1}"#, #"{"shape": [1, 3], "divide_by": 1}"#,
            #"{"shape": [16384, 16384, 16384, 16384, 16384, 16384, 16384, 16384], "divide_by": 1}"#,
            #"{"shape": [1, 1, -3], "divide_by": 1}"#, #"{"features": 3}"#,
            #"{"features": "3", "divide_by": 1}"#,
        ])
    func impossibleShapesAreRefused(preprocessing: String) throws {
        let classifier = try NetworkClassifier(
            Sequential { Dense(3, 2) }, classNames: ["a", "b"],
            preprocessing: Preprocessing(exampleShape: [3]))
        let text = try classifier.configuration.json().document
        let start = try #require(text.range(of: "\"preprocessing\": {"))
        let end = try #require(text.range(of: "}", range: start.upperBound..<text.endIndex))
        let crafted = text.replacingCharacters(
            in: start.lowerBound..<end.upperBound, with: "\"preprocessing\": \(preprocessing)")
        let error = #expect(throws: DescentError.self) {
            try ModelConfiguration(json: Array(crafted.utf8), path: "config.json")
        }
        #expect(error?.kind == .badData && error?.place == "config.json", "\(String(describing: error))")
    }

    /// Sparse samples that contradict themselves end in an error that names the file.
    @Test func brokenSparseSamplesAreRefused() throws {
        let path = directory.path + "/samples.safetensors"
        let probabilities = NDArray<Float>(shape: [3, 2], repeating: 0.5)
        try ModelSamples(inputs: .sparse(Self.sparse), probabilities: probabilities).write(to: path)
        let classifier = try NetworkClassifier(
            Sequential { Dense(3, 2) }, classNames: ["a", "b"],
            preprocessing: Preprocessing(exampleShape: [3]))
        #expect(try ModelSamples(at: path, for: classifier).inputs.count == 3)
        func broken(_ change: (inout SafeTensors) -> Void) throws -> DescentError? {
            var file = try SafeTensors(contentsOf: path)
            change(&file)
            let other = directory.path + "/other.safetensors"
            try file.write(to: other)
            return #expect(throws: DescentError.self) { try ModelSamples(at: other, for: classifier) }
        }
        let cases: [(inout SafeTensors) -> Void] = [
            { $0.metadata["features.width"] = nil }, { $0.metadata["features.width"] = "2" },
            { $0.metadata["features.width"] = "-1" },
            { $0.set(NDArray<Int32>(shape: [4], elements: [0, 9, 1, 3]), named: "features.starts") },
            { $0.set(NDArray<Int32>(shape: [1], elements: [5]), named: "features.columns") },
            { $0.set(NDArray<Int32>(shape: [0], elements: []), named: "features.starts") },
        ]
        for change in cases { #expect(try broken(change)?.kind == .badData) }
    }

    /// A network that begins with something else than a dense layer needs sparse rows with their zeros.
    @Test func aNetworkSaysItsMemoryBefore() throws {
        let wide = CompressedRows(
            width: 16_000_000, starts: Array(0...100), columns: Array(0..<100),
            values: Array(repeating: 1, count: 100))
        let examples = LabeledExamples(
            .sparse(wide), classes: (0..<100).map { $0 % 2 }, classNames: ["a", "b"])
        let network = Sequential {
            ActivationLayer(.tanh)
            Dense(16_000_000, 2, initializer: .zeros)
        }
        let error = #expect(throws: DescentError.self) { try Trainer(epochs: 1).fit(network, on: examples) }
        #expect(error?.what.contains("too much memory") == true && error?.got?.hasPrefix("6.0 GiB") == true)
    }
}
