import Arrays
import Autodiff
import Classical
import Classification
import ExampleData
import ImageFeatures
import Networks
import Support
import TestSupport
import Testing

@testable import Models
@testable import Pipelines

/// Classes and figures together, for the price of one of them.
@Suite struct AnswersTests {
    /// Passes its numbers on and counts how often.
    private final class Counting: Layer {
        var passes = 0
        func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
            passes += 1
            return input
        }
    }

    @Test func aNetworkLooksOnce() throws {
        let counting = Counting()
        let plain = Sequential { Dense(144, 4) }
        let network = Sequential {
            counting
            plain
        }
        var random = RandomState(1)
        for parameter in network.parameters { parameter.initialize(using: &random) }
        let classifier = try NetworkClassifier(
            architecture: try Architecture(of: plain, name: "counted"), network: network,
            classNames: ["a", "b", "c", "d"], preprocessing: Preprocessing(height: 12, width: 12))
        let images = ToyImages.make(20, seed: 1).images
        // Compiling tries the shapes.
        counting.passes = 0
        let answers = try classifier.predictions(for: images)
        #expect(counting.passes == 1)
        #expect(answers.map { Int32($0.index) } == (try classifier.classes(of: .bytes(images))))
        #expect(answers.flatMap(\.probabilities) == (try classifier.probabilities(of: images).elements))
    }

    /// What could not be read again from a folder is no classifier.
    @Test func networksThatDoNotFitTheirArchitectureAreRefused() throws {
        /// Lists its parameters twice.
        struct Twice: Layer {
            let inner = Dense(144, 4)
            var namedParameters: [NamedParameter] {
                inner.namedParameters
                    + inner.namedParameters.map { NamedParameter("again.\($0.name)", $0.parameter) }
            }
            func callAsFunction<Scalar: DifferentiableScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
                inner(x)
            }
        }
        let plain = Sequential { Dense(144, 4) }
        let architecture = try Architecture(of: plain, name: "plain")
        func refusal(_ architecture: Architecture, _ network: Sequential) -> DescentError? {
            #expect(throws: DescentError.self) {
                try NetworkClassifier(
                    architecture: architecture, network: network, classNames: ["a", "b", "c", "d"],
                    preprocessing: Preprocessing(height: 12, width: 12))
            }
        }
        let deeper = refusal(
            architecture,
            Sequential {
                Dense(144, 8)
                Dense(8, 4)
            })
        #expect(deeper?.kind == .usage && deeper?.advice?.contains("cost") == true)
        #expect(deeper?.expected?.hasPrefix("580 ") == true && deeper?.got == "1196")
        #expect(refusal(architecture, Sequential { Twice() })?.got == "1160")
        // As many outputs as classes, but not one score each.
        let square = Sequential {
            Dense(144, 4)
            Reshape([1, 2, 2])
        }
        let wide = refusal(try Architecture(of: square, name: "square"), square)
        #expect(wide?.kind == .usage && wide?.expected == "outputs of shape [4]" && wide?.got == "[1, 2, 2]")
        let narrow = refusal(architecture, Sequential { Dense(144, 3) })
        #expect(narrow?.kind == .usage && narrow?.got == "[3]")
    }

    /// Stored answers are compared one by one, and none is left out.
    @Test func samplesAreAsManyAsTheirAnswers() throws {
        let classifier = try NetworkClassifier(
            Sequential { Dense(144, 4) }, classNames: ["a", "b", "c", "d"],
            preprocessing: Preprocessing(height: 12, width: 12))
        let images = ToyImages.make(3, seed: 1).images
        let probabilities = try classifier.probabilities(of: images)
        try ModelSamples(examples: .bytes(images), probabilities: probabilities).check(
            classifier, at: "samples")
        let error = #expect(throws: DescentError.self) {
            try ModelSamples(examples: .bytes(images), probabilities: probabilities[0..<2])
                .check(classifier, at: "samples")
        }
        #expect(error?.kind == .badData && error?.expected == "8 probabilities" && error?.got == "12")
    }

    /// A classifier is `Sendable`: many tasks ask the same one at once, and each gets its own answers.
    @Test func manyTasksMayAskAtOnce() async throws {
        let training = ToyImages.make(80, seed: 1)
        let network = Sequential {
            Dense(144, 8, activation: .relu)
            Dense(8, 4)
        }
        var random = RandomState(1)
        for parameter in network.parameters { parameter.initialize(using: &random) }
        let classifiers: [any TrainedClassifier] = [
            try NetworkClassifier(
                network, classNames: training.classNames,
                preprocessing: Preprocessing(height: 12, width: 12)),
            try Pipeline(.hog(HistogramOfOrientedGradients(cellSize: 3)), SupportVectorMachine(cost: 5))
                .fit(training),
            try Pipeline(.pixels, NearestNeighbors(k: 3), scaling: .standard).fit(training),
        ]
        let asked = (0..<12).map { ToyImages.make(10 + $0, seed: 3 + $0).images }
        for classifier in classifiers {
            let alone = try asked.map { try classifier.predictions(for: $0) }
            let together = try await withThrowingTaskGroup(of: (Int, [Prediction]).self) { group in
                for (place, images) in asked.enumerated() {
                    group.addTask { (place, try classifier.predictions(for: images)) }
                }
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            for (place, answers) in alone.enumerated() { #expect(together[place] == answers) }
        }
    }

    /// What comes from a folder goes to other tasks, and all of them get its answers.
    @Test(arguments: ["conv:4@3/2,8", "mlp:6"])
    func aLoadedModelAnswersManyTasks(_ name: String) async throws {
        let directory = try TemporaryDirectory()
        defer { withExtendedLifetime(directory) {} }
        let data = ToyImages.make(20, seed: 1)
        let model = TrainableNetwork(
            architecture: try Architecture(named: name, inputs: 144, classes: 4), classNames: data.classNames,
            preprocessing: Preprocessing(height: 12, width: 12))
        var random = RandomState(1)
        model.network.initialize(using: &random)
        let path = "\(directory.path)/model"
        try ModelFolder(model.classifier(), samples: data.prefix(2).features).write(to: .folder(path))
        let expected = try model.classifier().predictions(for: data.images)
        let folder = try ModelFolder.load(path)
        try await withThrowingTaskGroup(of: [Prediction].self) { group in
            for _ in 0..<8 { group.addTask { try folder.classifier.predictions(for: data.images) } }
            var asked = 0
            for try await answers in group {
                #expect(answers == expected)
                asked += 1
            }
            #expect(asked == 8)
        }
        // Training goes on, and the loaded model does not hear of it.
        for parameter in model.network.parameters { parameter.initialize(using: &random) }
        #expect(try model.classifier().predictions(for: data.images) != expected)
        #expect(try folder.classifier.predictions(for: data.images) == expected)
    }
}
