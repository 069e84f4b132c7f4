import Arrays
import Autodiff
import Classical
import Classification
import DataSources
import Datasets
import EvaluationMetrics
import ExampleData
import Exchange
import ImageFeatures
import Models
import Networks
import Pipelines
import Regression
import Support
import Tables
import TestSupport
import Testing

private enum Interop {
    static let environment = Environment["DESCENT_INTEROP"]
}

/// What onnx and onnxruntime say of exported files, on 1,000 pictures of each kind of model: the file passes the full check, the
/// classes are equal, and the numbers differ by no more than rounding. `./descent test --interop` makes the environment.
@Suite(
    .enabled(
        if: Interop.environment != nil, "needs the interop environment: ./descent test --interop"))
struct InteropTests {
    /// The classifier's file agrees with Descent on the samples.
    private func expectAgreement(
        _ classifier: any TrainedClassifier, input: ModelInput? = nil, _ samples: FeatureMatrix,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        try expectAgreement(classifier.summary, samples, sourceLocation: sourceLocation) {
            try ONNXExport(classifier, input: input, samples: $0)
        }
    }

    private func expectAgreement(
        _ summary: String, _ samples: FeatureMatrix, sourceLocation: SourceLocation,
        _ export: (FeatureMatrix) throws -> ONNXExport
    ) throws {
        let environment = try #require(Interop.environment)
        try withTemporaryDirectory { directory in
            let path = "\(directory)/model.onnx"
            try export(samples).write(to: path)
            let found = try ONNXVerification(of: path, with: .onnxruntime(environment: environment))
            #expect(found.agrees, "\(summary): \(found)", sourceLocation: sourceLocation)
            #expect(found.count == samples.count && !found.outputs.isEmpty, sourceLocation: sourceLocation)
            // The same as a NumPy program, which is slower.
            let few = samples[0..<min(50, samples.count)]
            let program = try NumPyModel(export(few))
            try program.write(to: "\(directory)/model.py")
            let outcome = try Child.run(
                "\(environment)/bin/python3", ["\(directory)/model.py"], environment: [:], timeLimit: 300)
            #expect(
                outcome.status == 0,
                "\(summary), NumPy: \(outcome.output)\(outcome.errors.suffix(600))",
                sourceLocation: sourceLocation)
        }
    }

    // MARK: Networks

    @Test(arguments: [
        "two-layer", "mlp:64,32", "lenet", "simple-conv", "deep-conv", "residual",
        "conv:8@5p2s2n,12@3/2,dropout0.3,32",
    ])
    func networks(name: String) throws {
        let data = BuiltInDigits.dataset(trainCount: 1, testCount: 1000)
        let model = try TrainableNetwork(named: name, for: data.test)
        model.network.randomize(seed: 3)
        try expectAgreement(try model.classifier(), data.test.features)
    }

    @Test(arguments: Activation.names)
    func activations(name: String) throws {
        let data = BuiltInDigits.dataset(trainCount: 1, testCount: 1000)
        let activation = try Activation(parsing: name)
        var random = RandomState(5)
        let network = Sequential {
            Dense(784, 20, activation: activation)
            LayerNormalization(20)
            ActivationLayer(activation)
            Dense(20, 10)
        }
        network.initialize(using: &random)
        network.randomize(seed: 4)
        try expectAgreement(
            try NetworkClassifier(network, classNames: data.test.classNames), data.test.features)
    }

    /// The layers that no name has, and colour.
    @Test func otherLayers() throws {
        let network = Sequential {
            Convolution(
                3, 8, kernel: Extent(3, 5), stride: Extent(1, 2), padding: .pixels(Extent(1, 2)), dilation: 1,
                groups: 1, activation: .silu)
            Residual(projection: Convolution(8, 12, kernel: 1)) {
                Convolution(8, 12, kernel: 3, padding: .same, dilation: 2, groups: 4, hasBias: false)
                BatchNormalization(12)
                ActivationLayer(.gelu)
                Dropout(0.5)
            }
            AveragePooling(3, stride: 2, padding: 1, countsPadding: false)
            TransposedConvolution(12, 6, kernel: 3, stride: 2, padding: 1)
            AveragePooling(2, padding: 1)
            MaxPooling(3, stride: 1, padding: 1)
            LayerNormalization(shape: [8, 5])
            GlobalAveragePooling()
            BatchNormalization(6)
            Dense(6, 4)
        }
        network.randomize(seed: 7)
        var random = RandomState(1)
        let pixels = (0..<200 * 3 * 16 * 20).map { _ in UInt8(truncatingIfNeeded: random.nextUInt32()) }
        let samples = FeatureMatrix.bytes(NDArray(shape: [200, 3, 16, 20], elements: pixels))
        let shape = try #require(try network.outputShape(for: [3, 16, 20]))
        #expect(shape == [4])
        let architecture = Architecture(
            name: "all", inputShape: [3, 16, 20],
            layers: try network.layers.map { try LayerDescription(of: $0) })
        try expectAgreement(
            try NetworkClassifier(
                architecture: architecture, network: network, classNames: ["a", "b", "한글", "d"],
                preprocessing: Preprocessing(exampleShape: [3, 16, 20])), samples)
    }

    @Test func calibratedNetwork() throws {
        let data = BuiltInDigits.dataset(trainCount: 1, testCount: 1000)
        let model = try TrainableNetwork(named: "two-layer", for: data.test)
        model.network.randomize(seed: 3)
        let classifier = try model.classifier()
        let calibration = try Calibration(
            fitting: classifier.probabilities(of: data.test.features), actual: data.test.classes)
        try expectAgreement(try CalibratedClassifier(classifier, calibration), data.test.features)
    }

    // MARK: Pipelines

    private static var learners: [(name: String, learner: any Learner)] {
        var fitted = SupportVectorMachine(kernel: .rbf(), cost: 5)
        fitted.fitsProbabilities = true
        return [
            ("knn", NearestNeighbors(k: 3)),
            ("knn cosine", NearestNeighbors(k: 5, metric: .cosine, weights: .distance)),
            ("knn l1", NearestNeighbors(k: 4, metric: .l1)),
            ("knn minkowski", NearestNeighbors(k: 4, metric: .minkowski(3), weights: .distance)),
            ("knn inf", NearestNeighbors(k: 4, metric: .minkowski(.infinity))),
            ("knn distance", NearestNeighbors(k: 4, weights: .distance)),
            ("rbf", SupportVectorMachine(kernel: .rbf(), cost: 5)),
            ("poly", SupportVectorMachine(kernel: .polynomial(degree: 3, gamma: 0.02, constant: 1), cost: 5)),
            ("linear", SupportVectorMachine(kernel: .linear, cost: 1)),
            ("sigmoid", SupportVectorMachine(kernel: .sigmoid(gamma: 0.005), cost: 5)),
            ("probabilities", fitted),
            ("linear-svm", LinearSupportVectorMachine(cost: 1)), ("logistic", LogisticRegression()),
            ("naive-bayes", GaussianNaiveBayes(smoothing: 1e-3)), ("centroid", NearestCentroid()),
        ]
    }

    @Test(arguments: learners.map(\.name))
    func classifiersOfPixels(name: String) throws {
        let data = BuiltInDigits.dataset(trainCount: 400, testCount: 1000)
        let learner = try #require(Self.learners.first { $0.name == name }).learner
        let model = try Pipeline(.pixels, learner).fit(data.train)
        try expectAgreement(model, data.test.features)
    }

    /// Rows of numbers behind scaling and principal components, and two classes only.
    @Test(arguments: learners.map(\.name))
    func pairsOfScaledFeatures(name: String) throws {
        let data = BuiltInDigits.dataset(trainCount: 1500, testCount: 1000)
        let rows = data.train.classes.indices.filter { data.train.classes[$0] < 2 }.map { Int32($0) }
        let pair = LabeledExamples(
            data.train.features.gathered(rows), classes: rows.map { data.train.classes[Int($0)] },
            classNames: ["zero", "one"])
        let learner = try #require(Self.learners.first { $0.name == name }).learner
        let model = try Pipeline(.pixels, learner, scaling: .standard, componentCount: 20).fit(pair)
        try expectAgreement(model, data.test.features)
    }

    @Test(arguments: [
        "hog:7", "hog:5,block=3,norm=L1-sqrt,orientations=6", "hog:7,signed=true,orientations=8,norm=L2",
        "hog:7,interpolation=trilinear", "hog:6,interpolation=trilinear,signed=true,norm=L1,orientations=5",
    ])
    func histogramsOfGradients(features: String) throws {
        let data = BuiltInDigits.dataset(trainCount: 300, testCount: 1000)
        let model = try Pipeline(try FeatureChoice(parsing: features), LogisticRegression()).fit(data.train)
        try expectAgreement(model, data.test.features)
    }

    @Test func colorPicturesInGrey() throws {
        var random = RandomState(2)
        let pixels = (0..<300 * 3 * 12 * 12).map { _ in UInt8(truncatingIfNeeded: random.nextUInt32()) }
        let samples = FeatureMatrix.bytes(NDArray(shape: [300, 3, 12, 12], elements: pixels))
        let examples = LabeledExamples(
            samples, classes: (0..<300).map { Int32($0 % 3) }, classNames: ["a", "b", "c"])
        let hog = try Pipeline(try FeatureChoice(parsing: "hog:4"), SupportVectorMachine()).fit(examples)
        try expectAgreement(hog, samples)
        try expectAgreement(try Pipeline(.pixels, NearestNeighbors(k: 3)).fit(examples), samples)
    }

    // MARK: Numbers

    @Test(
        arguments: [
            RidgeRegression(), NearestNeighborsRegression(k: 4),
            NearestNeighborsRegression(k: 3, weights: .distance), SupportVectorRegression(cost: 10),
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
        try expectAgreement(model.summary, samples, sourceLocation: #_sourceLocation) {
            try ONNXExport(model, target: RegressionTarget(name: "price", unit: "EUR"), samples: $0)
        }
    }

    @Test func networkOfNumbers() throws {
        let network = Sequential {
            Dense(3, 8, activation: .relu)
            Dense(8, 1)
        }
        network.randomize(seed: 2)
        let scaling = try #require(TargetScaling(checking: 200_000, scale: 30_000))
        let model = try NetworkRegressor(
            network, architecture: Architecture(of: network, name: "mlp:8"), targetScaling: scaling)
        var random = RandomState(4)
        let rows = (0..<3000).map { _ in Float(random.randn()) }
        let samples = FeatureMatrix.floats(NDArray(shape: [1000, 3], elements: rows))
        try expectAgreement(model.summary, samples, sourceLocation: #_sourceLocation) {
            try ONNXExport(model, samples: $0)
        }
    }

    // MARK: Tables

    @Test(arguments: [TablePreprocessing.Scaling.standard, .minmax, .none])
    func tables(scaling: TablePreprocessing.Scaling) throws {
        try withTemporaryDirectory { directory in
            var random = RandomState(9)
            var text = "width,color,height,label\n"
            for row in 0..<600 {
                let color = ["red", "green", "blue", ""][Int(random.nextUInt32() % 4)]
                let width = row % 17 == 0 ? "" : "\(Double(random.nextUInt32() % 10000) / 100)"
                let height = Double(random.nextUInt32() % 1000)
                let label = color == "red" || height > 600 ? "yes" : "no"
                text += "\(width),\(color),\(height),\(label)\n"
            }
            try AtomicFile.write(text, to: "\(directory)/t.csv")
            let table = try Table("\(directory)/t.csv")
            let preprocessing = try TablePreprocessing(fittedTo: table, scaling: scaling)
            let examples = try table.examples(preprocessing)
            for learner in [LogisticRegression(), NearestNeighbors(k: 3), SupportVectorMachine()]
                as [any Learner]
            {
                let model = try Pipeline(.pixels, learner).fit(examples)
                try expectAgreement(model, input: .table(preprocessing), examples.features)
            }
        }
    }
}

extension Sequential {
    /// Draws parameters as training might leave them: moments that are not 0 and 1, answers that differ.
    func randomize(seed: Int) {
        var random = RandomState(seed)
        initialize(using: &random)
        for named in namedParameters {
            let isVariance = named.name.hasSuffix("runningVariance")
            guard named.parameter.shape.count == 1 || isVariance else {
                named.parameter.value = named.parameter.value * 1.5
                continue
            }
            named.parameter.value = NDArray(
                shape: named.parameter.shape,
                elements: (0..<named.parameter.count).map { _ in
                    let number = Float(random.nextUInt32() % 1000) / 1000
                    return isVariance
                        ? 0.5 + number
                        : named.name.hasSuffix("scale") || named.name.hasSuffix("gain")
                            ? 0.5 + number : number - 0.5
                })
        }
    }
}
