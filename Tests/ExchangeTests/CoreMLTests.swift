import Arrays
import Autodiff
import Classical
import Classification
import CoreMLMessages
import DataSources
import Datasets
import ExampleData
import Foundation
import ImageFeatures
import Models
import Networks
import Pipelines
import Regression
import Support
import Tables
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
        let neighbors = try refusal(
            Pipeline(.pixels, NearestNeighbors(k: 3, metric: .l1)).fit(data.train))
        #expect(neighbors?.kind == .usage && neighbors?.place == "knn")
        let gradients = try refusal(
            Pipeline(FeatureChoice(parsing: "hog:7"), LogisticRegression()).fit(data.train))
        #expect(gradients?.place == "hog" && gradients?.what == "a step that Core ML cannot be told")
        let network = Sequential {
            Reshape([1, 784])
            Flatten()
            Dense(784, 10)
        }
        network.randomize(seed: 1)
        let layer = try refusal(NetworkClassifier(network, classNames: data.test.classNames))
        #expect(layer?.place == "layer 0" && layer?.got == "Reshape")
    }
}

/// A reading of the specification in NumPy gives Descent's answers, on 1,000 pictures of each kind of model.
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

    private func read(
        _ classifier: any TrainedClassifier, input: ModelInput? = nil, _ samples: FeatureMatrix
    ) throws -> Found {
        try read(CoreMLExport(classifier, input: input, samples: samples))
    }

    private func read(_ file: CoreMLExport) throws -> Found {
        let environment = try #require(Environment["DESCENT_INTEROP"])
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "read_coreml.py")
            .path
        return try withTemporaryDirectory { directory in
            let path = "\(directory)/Model.mlmodel"
            try file.write(to: path)
            let outcome = try Child.run(
                "\(environment)/bin/python3", [script, path], environment: [:], timeLimit: 300)
            let line = try #require(
                outcome.output.split(separator: "\n").last, "\(outcome.errors.suffix(800))")
            return try JSONDecoder().decode(Found.self, from: Data(line.utf8))
        }
    }

    @Test(arguments: ["two-layer", "mlp:64,32", "lenet", "simple-conv", "residual", "conv:8@5p2s2,12@3/2,32"])
    func networks(name: String) throws {
        let data = BuiltInDigits.dataset(trainCount: 1, testCount: 1000)
        let model = try TrainableNetwork(named: name, for: data.test)
        model.network.randomize(seed: 3)
        let found = try read(model.classifier(), data.test.features)
        #expect(found.count == 1000 && found.equal == 1000 && found.largest < 1e-5, "\(name): \(found)")
    }

    @Test(arguments: [
        "identity", "relu", "sigmoid", "tanh", "softplus", "leaky-relu", "elu:0.5", "silu", "gelu",
        "gelu-tanh",
    ])
    func activations(name: String) throws {
        let data = BuiltInDigits.dataset(trainCount: 1, testCount: 1000)
        let activation = try Activation(parsing: name)
        let network = Sequential {
            Dense(784, 20, activation: activation)
            Dense(20, 10)
        }
        network.randomize(seed: 4)
        let found = try read(
            NetworkClassifier(network, classNames: data.test.classNames), data.test.features)
        #expect(found.equal == 1000 && found.largest < 1e-5, "\(name): \(found)")
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

    /// Normalisation over a row and over a picture's last axes; transposed convolutions in groups, with dilation and borders.
    @Test func normalizationAndTransposition() throws {
        let network = Sequential {
            Reshape([1, 28, 28])
            Convolution(1, 4, kernel: 4, stride: 4)
            LayerNormalization(7, 7)
            TransposedConvolution(
                4, 6, kernel: Extent(3, 2), stride: Extent(2, 1), padding: .pixels(Extent(1, 0)),
                dilation: Extent(1, 2), groups: 2, activation: .tanh)
            LayerNormalization(6, 13, 9, epsilon: 1e-3)
            Flatten()
            Dense(702, 16)
            LayerNormalization(16)
            Dense(16, 10)
        }
        network.randomize(seed: 9)
        let data = BuiltInDigits.dataset(trainCount: 1, testCount: 100)
        let found = try read(
            NetworkClassifier(network, classNames: data.test.classNames), data.test.features)
        #expect(found.equal == 100 && found.largest < 1e-5, "\(found)")
    }

    @Test func pipelines() throws {
        let data = BuiltInDigits.dataset(trainCount: 300, testCount: 1000)
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
            ("naive Bayes", try Pipeline(.pixels, GaussianNaiveBayes()).fit(data.train)),
            ("nearest centroid", try Pipeline(.pixels, NearestCentroid(), scaling: .minMax).fit(data.train)),
        ] {
            let found = try read(model, samples)
            #expect(found.equal == 1000 && found.largest < 1e-5, "\(name): \(found)")
            #expect(found.updatable == (name == "neighbours"))
        }
    }

    /// Of several classes and of two, with probabilities that were fitted in training, and with those that Core ML asks for.
    @Test(arguments: [
        KernelFunction.rbf(gamma: .scale), .linear, .polynomial(degree: 3, gamma: .scale, constant: 1),
        .sigmoid(gamma: .value(0.005), constant: 0),
    ])
    func machines(kernel: KernelFunction) throws {
        let data = BuiltInDigits.dataset(trainCount: 300, testCount: 1000)
        var machine = SupportVectorMachine(kernel: kernel)
        for isFitted in [false, true] {
            machine.fitsProbabilities = isFitted
            let model = try Pipeline(.pixels, machine).fit(data.train)
            let file = try CoreMLExport(model, samples: data.test.features)
            #expect(file.probabilitiesAreFitted == !isFitted)
            let found = try read(file)
            #expect(
                found.count == 1000 && found.equal == 1000 && found.largest < 1e-5, "\(kernel): \(found)")
        }
    }

    /// Each column is an input of its own; numbers are filled and scaled, texts one-hot, in the columns' order.
    @Test(arguments: [TablePreprocessing.Scaling.standard, .minmax, .none])
    func tables(scaling: TablePreprocessing.Scaling) throws {
        try withTemporaryDirectory { directory in
            var random = RandomState(9)
            var text = "color,width,label,shape,height\n"
            for row in 0..<600 {
                let color = ["red", "green", "blue", ""][Int(random.nextUInt32() % 4)]
                let shape = ["round", "square"][Int(random.nextUInt32() % 2)]
                let width = row % 17 == 0 ? "" : "\(Double(random.nextUInt32() % 10000) / 100)"
                let height = Double(random.nextUInt32() % 1000)
                let label = color == "red" || height > 600 ? "yes" : "no"
                text += "\(color),\(width),\(label),\(shape),\(height)\n"
            }
            try AtomicFile.write(text, to: "\(directory)/t.csv")
            let table = try Table("\(directory)/t.csv")
            let preprocessing = try TablePreprocessing(fittedTo: table, scaling: scaling)
            let examples = try table.examples(preprocessing)
            var machine = SupportVectorMachine()
            machine.fitsProbabilities = true
            for learner in [
                LogisticRegression(), NearestNeighbors(k: 3), GaussianNaiveBayes(),
                machine,
            ] as [any Learner] {
                let model = try Pipeline(.pixels, learner).fit(examples)
                let found = try read(model, input: .table(preprocessing), examples.features)
                #expect(
                    found.count == 600 && found.equal == 600 && found.largest < 1e-4, "\(learner): \(found)")
            }
            let network = Sequential {
                Dense(preprocessing.featureCount, 8, activation: .relu)
                Dense(8, 2)
            }
            network.randomize(seed: 2)
            let found = try read(
                NetworkClassifier(
                    architecture: Architecture(of: network, name: "mlp:8"), network: network,
                    classNames: preprocessing.classNames,
                    preprocessing: Preprocessing(exampleShape: [preprocessing.featureCount])),
                input: .table(preprocessing), examples.features)
            #expect(found.count == 600 && found.equal == 600 && found.largest < 1e-5, "\(found)")
        }
    }

    @Test(
        arguments: [
            RidgeRegression(), SupportVectorRegression(cost: 10),
            SupportVectorRegression(kernel: .linear, cost: 1),
        ] as [any RegressionLearner])
    func regressors(learner: any RegressionLearner) throws {
        var random = RandomState(4)
        var (rows, targets): ([Float], [Float]) = ([], [])
        for _ in 0..<1000 {
            let row = (0..<3).map { _ in Float(random.randn()) }
            rows += row
            targets.append(200_000 + 30_000 * row[0] - 9_000 * row[1] * row[2])
        }
        let samples = FeatureMatrix.floats(NDArray(shape: [1000, 3], elements: rows))
        let examples = LabeledExamples(samples[0..<200], values: NDArray(Array(targets[..<200])))
        let model = try RegressionPipeline(learner, scaling: .standard).fit(examples)
        let found = try read(
            CoreMLExport(model, target: RegressionTarget(name: "price", unit: "EUR"), samples: samples))
        // A hundred-thousandth of the targets' deviation, and the last digits of a float of that size.
        #expect(
            found.count == 1000 && found.largest < 1e-5 * model.targetScaling.scale + 0.06, "\(found)")
    }

    @Test func networkOfNumbers() throws {
        let network = Sequential {
            Dense(3, 8, activation: .gelu)
            Dense(8, 1)
        }
        network.randomize(seed: 2)
        let scaling = try #require(TargetScaling(checking: 200_000, scale: 30_000))
        let model = try NetworkRegressor(
            network, architecture: Architecture(of: network, name: "mlp:8"), targetScaling: scaling)
        var random = RandomState(4)
        let rows = (0..<3000).map { _ in Float(random.randn()) }
        let samples = FeatureMatrix.floats(NDArray(shape: [1000, 3], elements: rows))
        let found = try read(CoreMLExport(model, samples: samples))
        #expect(found.count == 1000 && found.largest < 0.3 + 0.06, "\(found)")
    }
}
