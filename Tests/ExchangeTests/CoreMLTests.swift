import Arrays
import Autodiff
import Classical
import Classification
import CoreMLMessages
import Datasets
import ExampleData
import Foundation
import ImageFeatures
import Models
import Networks
import Pipelines
import Support
import TestSupport
import Testing

@testable import Exchange

/// What a Core ML file says of itself, and what is refused. Whether its numbers are Descent's is the suite below's matter.
@Suite struct CoreMLExportTests {
    private let data = BuiltInDigits.dataset(trainCount: 60, testCount: 8)

    @Test func aNetworkTakesAnImageAndNamesClasses() throws {
        let model = try TrainableNetwork(named: "lenet", for: data.test)
        let file = try CoreMLExport(model.classifier(), samples: data.test.features).model
        let input = try #require(file.description_p.input.first)
        #expect(file.description_p.input.count == 1 && input.name == "image")
        #expect(input.type.imageType.height == 28 && input.type.imageType.width == 28)
        #expect(input.type.imageType.colorSpace == .grayscale)
        #expect(file.description_p.output.map(\.name) == ["label", "probabilities"])
        #expect(file.description_p.predictedFeatureName == "label")
        let network = file.neuralNetworkClassifier
        #expect(network.stringClassLabels.vector == (0..<10).map(String.init))
        #expect(network.preprocessing.map(\.scaler.channelScale) == [Float(1.0 / 255)])
        // Each input of a layer is the image or comes from a layer before; the last output is the probabilities.
        var known: Set = ["image"]
        for layer in network.layers {
            #expect(layer.input.allSatisfy(known.contains), "\(layer.name)")
            known.formUnion(layer.output)
        }
        #expect(network.layers.last?.output == [network.labelProbabilityLayerName])
        #expect(try CoreML_Specification_Model(serializedBytes: file.serializedBytes() as [UInt8]) == file)
    }

    /// Softmax of scores less the first's: of three classes two rows of weights.
    @Test func aLinearModelHasTheFirstClassAsReference() throws {
        let rows = NDArray<Float>(shape: [6, 2], elements: [0, 0, 0, 1, 5, 5, 5, 6, 9, 0, 9, 1])
        let examples = LabeledExamples(
            .floats(rows), classes: [0, 0, 1, 1, 2, 2], classNames: ["a", "b", "c"])
        let model = try Pipeline(.pixels, LogisticRegression()).fit(examples)
        let file = try CoreMLExport(model, samples: .floats(rows)).model
        let parts = file.pipelineClassifier.pipeline.models
        #expect(parts.count == 2 && file.description_p.input.first?.name == "features")
        let logistic = try #require(model.classifier as? LogisticRegressionClassifier)
        let formula = parts[1].glmClassifier
        #expect(formula.weights.count == 2 && formula.classEncoding == .referenceClass)
        for (row, array) in formula.weights.enumerated() {
            for column in 0..<2 {
                let own = logistic.weights[row + 1].elements[column] - logistic.weights[0].elements[column]
                #expect(abs(array.value[column] - own) < 1e-12)
            }
            #expect(
                abs(formula.offset[row] - (logistic.intercepts[row + 1] - logistic.intercepts[0])) < 1e-12)
        }
    }

    @Test func neighboursCanBeTaughtOnThePhone() throws {
        let model = try Pipeline(.pixels, NearestNeighbors(k: 3)).fit(data.train)
        let file = try CoreMLExport(model, samples: data.test.features).model
        let last = try #require(file.pipelineClassifier.pipeline.models.last)
        #expect(file.isUpdatable && last.isUpdatable && file.specificationVersion == 4)
        #expect(file.description_p.trainingInput.map(\.name) == ["image", "label"])
        let neighbors = last.kNearestNeighborsClassifier
        #expect(neighbors.numberOfNeighbors.defaultValue == 3)
        #expect(neighbors.nearestNeighborsIndex.floatSamples.count == 60)
        #expect(neighbors.stringClassLabels.vector.count == 60)
    }

    @Test func whatHasNoPlaceIsNamed() throws {
        func refusal(_ classifier: any TrainedClassifier) -> DescentError? {
            do {
                _ = try CoreMLExport(classifier, samples: data.test.features)
                return nil
            } catch {
                return error as? DescentError
            }
        }
        let machine = try refusal(Pipeline(.pixels, SupportVectorMachine()).fit(data.train))
        #expect(machine?.kind == .usage && machine?.expected == "knn, logistic or linear-svm")
        let gradients = try refusal(
            Pipeline(FeatureChoice(parsing: "hog:7"), LogisticRegression()).fit(data.train))
        #expect(gradients?.place == "hog" && gradients?.what == "a step that Core ML cannot be told")
        let network = Sequential {
            Dense(784, 8, activation: .gelu)
            Dense(8, 10)
        }
        network.randomize(seed: 1)
        let activation = try refusal(NetworkClassifier(network, classNames: data.test.classNames))
        #expect(activation?.place == "layer 0" && activation?.got == "gelu")
    }
}

/// A reading of the specification in NumPy gives Descent's answers, on 200 pictures of each kind of model.
@Suite(
    .enabled(
        if: Environment["DESCENT_INTEROP"] != nil, "needs the interop environment: ./descent test --interop"))
struct CoreMLInteropTests {
    private struct Found: Decodable {
        let count: Int
        let equal: Int
        let largest: Double
        let updatable: Bool
    }

    private func read(_ classifier: any TrainedClassifier, _ samples: FeatureMatrix) throws -> Found {
        let environment = try #require(Environment["DESCENT_INTEROP"])
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "read_coreml.py")
            .path
        return try withTemporaryDirectory { directory in
            let path = "\(directory)/Model.mlmodel"
            try CoreMLExport(classifier, samples: samples).write(to: path)
            let outcome = try Child.run(
                "\(environment)/bin/python3", [script, path], environment: [:], timeLimit: 300)
            let line = try #require(
                outcome.output.split(separator: "\n").last, "\(outcome.errors.suffix(800))")
            return try JSONDecoder().decode(Found.self, from: Data(line.utf8))
        }
    }

    @Test(arguments: ["two-layer", "mlp:64,32", "lenet", "simple-conv", "residual", "conv:8@5p2s2,12@3/2,32"])
    func networks(name: String) throws {
        let data = BuiltInDigits.dataset(trainCount: 1, testCount: 200)
        let model = try TrainableNetwork(named: name, for: data.test)
        model.network.randomize(seed: 3)
        let found = try read(model.classifier(), data.test.features)
        #expect(found.count == 200 && found.equal == 200 && found.largest < 1e-5, "\(name): \(found)")
    }

    @Test(arguments: ["identity", "relu", "sigmoid", "tanh", "softplus", "leaky-relu", "elu:0.5"])
    func activations(name: String) throws {
        let data = BuiltInDigits.dataset(trainCount: 1, testCount: 50)
        let activation = try Activation(parsing: name)
        let network = Sequential {
            Dense(784, 20, activation: activation)
            Dense(20, 10)
        }
        network.randomize(seed: 4)
        let found = try read(
            NetworkClassifier(network, classNames: data.test.classNames), data.test.features)
        #expect(found.equal == 50 && found.largest < 1e-5, "\(name): \(found)")
    }

    /// Colours, groups, dilation, normalisation, and averages with padding in them and without.
    @Test func otherLayers() throws {
        let network = Sequential {
            Convolution(3, 8, kernel: Extent(3, 5), stride: Extent(1, 2), padding: .pixels(Extent(1, 2)))
            Residual(projection: Convolution(8, 12, kernel: 1)) {
                Convolution(8, 12, kernel: 3, padding: .same, dilation: 2, groups: 4, hasBias: false)
                BatchNormalization(12)
                ActivationLayer(.relu)
                Dropout(0.5)
            }
            AveragePooling(3, stride: 2, padding: 1, countsPadding: false)
            AveragePooling(2, padding: 1)
            MaxPooling(3, stride: 1, padding: 1)
            Flatten()
            Dense(180, 12)
            Dense(12, 4)
        }
        network.randomize(seed: 7)
        var random = RandomState(1)
        let pixels = (0..<60 * 3 * 16 * 20).map { _ in UInt8(truncatingIfNeeded: random.nextUInt32()) }
        let samples = FeatureMatrix.bytes(NDArray(shape: [60, 3, 16, 20], elements: pixels))
        let architecture = Architecture(
            name: "all", inputShape: [3, 16, 20],
            layers: try network.layers.map { try LayerDescription(of: $0) })
        let found = try read(
            NetworkClassifier(
                architecture: architecture, network: network, classNames: ["a", "b", "c", "d"],
                preprocessing: Preprocessing(exampleShape: [3, 16, 20])), samples)
        #expect(found.equal == 60 && found.largest < 1e-5, "\(found)")
    }

    @Test func pipelines() throws {
        let data = BuiltInDigits.dataset(trainCount: 300, testCount: 100)
        let samples = data.test.features
        for (name, model) in [
            ("logistic", try Pipeline(.pixels, LogisticRegression()).fit(data.train)),
            ("linear machine", try Pipeline(.pixels, LinearSupportVectorMachine()).fit(data.train)),
            ("scaled", try Pipeline(.pixels, LogisticRegression(), scaling: .standard).fit(data.train)),
            (
                "components",
                try Pipeline(.pixels, LogisticRegression(), scaling: .standard, componentCount: 20)
                    .fit(data.train)
            ),
            ("neighbours", try Pipeline(.pixels, NearestNeighbors(k: 5)).fit(data.train)),
        ] {
            let found = try read(model, samples)
            #expect(found.equal == 100 && found.largest < 1e-5, "\(name): \(found)")
            #expect(found.updatable == (name == "neighbours"))
        }
    }
}
