import Arrays
import Classical
import Classification
import Datasets
import ExampleData
import ImageFeatures
import Networks
import Pipelines
import Training

/// A way to read digits: features and a classifier, or a network with its training.
public struct ComparedMethod: Sendable {
    /// The learning method.
    public enum Way: Sendable {
        /// Designed features, and a classical classifier.
        case pipeline(Pipeline)
        /// A network that learns its features, and the settings of its training.
        case network(String, Trainer)
    }

    /// `SVM on HOG`.
    public var name: String
    /// `pixels`, `HOG`, `SIFT words`, `learned`.
    package var features: String
    /// `KNN`, `linear SVM`, `RBF SVM`, `network`.
    package var classifier: String
    /// The learning method.
    public var way: Way

    /// Creates a method.
    public init(_ features: String, _ classifier: String, _ way: Way) {
        self.features = features
        self.classifier = classifier
        self.way = way
        name = "\(classifier) on \(features)"
        if case .network(let network, _) = way { name = network }
    }

    /// Returns the methods for examples: those for images, or for rows of features.
    public static func all(for examples: LabeledExamples, seed: Int = 1) -> [ComparedMethod] {
        examples.exampleShape.count == 2
            ? all(seed: seed, trainCount: examples.count) : rows(for: examples, seed: seed)
    }

    /// Returns the methods for rows of features: classical classifiers of standardised features, or of sparse ones as they are,
    /// and a network.
    private static func rows(for examples: LabeledExamples, seed: Int) -> [ComparedMethod] {
        // Standardised, rows have no zeros to skip.
        let scaling: Pipeline.Scaling =
            if case .sparse = examples.features.storage { .none } else { .standard }
        let learners: [(String, any Learner)] = [
            ("KNN", NearestNeighbors(k: 3)), ("linear SVM", LinearSupportVectorMachine(cost: 1)),
            ("RBF SVM", SupportVectorMachine(kernel: .rbf(), cost: 10)),
        ]
        let usual = 100
        var trainer = Trainer(
            optimizer: .adam(learningRate: 0.001), batchSize: min(100, max(1, examples.count / 10)),
            epochs: usual, seed: seed)
        trainer.trainingSample = 1000
        return learners.map {
            ComparedMethod("features", $0.0, .pipeline(Pipeline(.pixels, $0.1, scaling: scaling, seed: seed)))
        } + [ComparedMethod("learned", "network", .network("two-layer", trainer))]
    }

    /// Returns the notebook's three answers: features times classifiers, and networks.
    ///
    /// Settings are the usual ones of the literature for digits of 28x28 pixels.
    ///
    /// - Parameters:
    ///   - seed: the seed of every method.
    ///   - trainCount: the number of training images; with fewer of them networks see each more often.
    public static func all(seed: Int = 1, trainCount: Int = 60_000) -> [ComparedMethod] {
        let hog = HistogramOfOrientedGradients(cellSize: 4, interpolation: .trilinear)
        let features: [(String, FeatureChoice, gamma: Double, cost: Double, linear: Double)] = [
            ("pixels", .pixels, 0.02, 5, 0.05),
            ("HOG", .hog(hog), 0.02, 10, 0.5),
            ("SIFT words", .sift(words: 300, grid: 2), 1, 10, 4),
            ("SURF words", .surf(words: 200, grid: 2), 1, 10, 4),
        ]
        var methods: [ComparedMethod] = []
        for (name, choice, gamma, cost, linear) in features {
            let learners: [(String, any Learner)] = [
                ("KNN", NearestNeighbors(k: 3)),
                ("linear SVM", LinearSupportVectorMachine(cost: linear)),
                ("RBF SVM", SupportVectorMachine(kernel: .rbf(gamma: .value(gamma)), cost: cost)),
            ]
            methods += learners.map {
                ComparedMethod(name, $0.0, .pipeline(Pipeline(choice, $0.1, seed: seed)))
            }
        }
        func epochs(_ usual: Int) -> Int { max(usual, min(10 * usual, usual * 60_000 / max(1, trainCount))) }
        let plain = Trainer(
            optimizer: .adam(learningRate: 0.001), batchSize: 100, epochs: epochs(8), seed: seed)
        var convolutional = Trainer(
            optimizer: .adam(learningRate: 0.002), batchSize: 128, epochs: epochs(3), seed: seed)
        convolutional.schedule = Schedule("one-cycle") ?? .constant
        for (name, trainer) in [("two-layer", plain), ("lenet", convolutional)] {
            var trainer = trainer
            trainer.trainingSample = 1000
            methods.append(ComparedMethod("learned", "network", .network(name, trainer)))
        }
        return methods
    }
}
