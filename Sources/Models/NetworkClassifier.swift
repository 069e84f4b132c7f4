import Arrays
import Autodiff
import Classical
import Classification
import Datasets
import ExampleData
import Inference
import Networks
import Support

/// A trained network with what it takes to be used: the names of its classes and how an image becomes its input.
///
/// It never changes and may be asked from any number of tasks at once. To train it further, `makeNetwork` gives a network
/// with its weights.
///
/// ```swift
/// let model = try ModelFolder.load("runs/latest").classifier
/// print(try model.predictions(for: images)[0].label)   // images: [N, 28, 28] bytes
/// ```
public struct NetworkClassifier: ImageClassifier {
    /// The network in words.
    public let architecture: Architecture
    /// The network, compiled for one example of the architecture's shape; softmax follows its last layer.
    public let compiled: CompiledNetwork
    /// The values of its parameters.
    public let weights: [NamedWeights]
    /// The architecture's name.
    public var name: String { architecture.name }
    /// Its sizes: `784-50-10`.
    public var summary: String { architecture.sizes }
    /// The size of the images that it takes.
    public var imageSize: (height: Int, width: Int) { (preprocessing.height, preprocessing.width) }
    /// The names of the classes, in the order of the network's outputs.
    public let classNames: [String]
    /// How an image becomes the network's input.
    public let preprocessing: Preprocessing
    /// Probabilities after training by cross-entropy; after any other loss, softmax gives figures in the right order only.
    public let scoreKind: ScoreKind

    /// A classifier with the weights that a network has now.
    ///
    /// - Throws: `usage` when the network does not take the architecture's examples.
    public init(_ model: TrainableNetwork) throws(DescentError) {
        architecture = model.architecture
        compiled = try model.network.compiled(for: model.architecture.inputShape)
        weights = NamedWeights.all(of: model.network)
        classNames = model.classNames
        preprocessing = model.preprocessing
        scoreKind = model.scoreKind
    }

    /// A classifier with the weights that `network` has now. `scoreKind`: the meaning of softmax of its scores;
    /// `Loss.scoreKind` says it of the loss that it was trained by.
    ///
    /// - Precondition: one class name per output, as many pixels as inputs.
    /// - Throws: `usage` when the network does not take the architecture's examples.
    public init(
        architecture: Architecture, network: Sequential, classNames: [String],
        preprocessing: Preprocessing = Preprocessing(), scoreKind: ScoreKind = .probabilities
    ) throws(DescentError) {
        try self.init(
            TrainableNetwork(
                architecture: architecture, network: network, classNames: classNames,
                preprocessing: preprocessing, scoreKind: scoreKind))
    }

    /// A classifier with the weights that `network` has now.
    ///
    /// - Throws: `usage` when the network has a layer that a model folder cannot describe.
    public init(
        _ network: Sequential, name: String = "network", classNames: [String],
        preprocessing: Preprocessing = Preprocessing(), scoreKind: ScoreKind = .probabilities
    ) throws {
        try self.init(
            architecture: try Architecture(of: network, name: name), network: network, classNames: classNames,
            preprocessing: preprocessing, scoreKind: scoreKind)
    }

    /// A network of its own with these weights, to be trained further.
    public func makeNetwork() -> Sequential {
        let network = architecture.makeNetwork()
        for (named, weights) in zip(network.namedParameters, weights) {
            named.parameter.value = weights.value
        }
        return network
    }

    /// All of it but the weights.
    var configuration: ModelConfiguration {
        ModelConfiguration(
            architecture: architecture, labels: classNames, preprocessing: preprocessing,
            isProbability: scoreKind == .probabilities)
    }

    /// The class and the scores of each image, [N, H, W] bytes, from one pass.
    ///
    /// - Throws: `badData` when the images have another size than the model's, or are not bytes; `interrupted`.
    public func answers(for examples: FeatureMatrix, cancellation: Cancellation?) throws -> Answers {
        guard case .bytes(let images) = examples.storage else {
            throw DescentError(
                .badData, "the network takes images", expected: "bytes",
                got: "numbers of shape \(examples.shape)")
        }
        try check(images)
        if cancellation?.isCancelled == true { throw DescentError(.interrupted, "stopped", at: name) }
        guard images.shape[0] > 0 else { return .none(classes: classNames.count) }
        let said = try compiled.predictions(for: rows(images), probabilities: true)
        return said.probabilities.map { Answers(decidingBy: $0) } ?? .none(classes: classNames.count)
    }

    /// The bytes of the weights, float32.
    public var storedByteCount: Int { 4 * architecture.parameterCount }

    /// Measures the classifier on labelled images. Classes are matched by name.
    ///
    /// - Throws: `badData` when the images have another size than the model's, or a class that it does not know.
    public func evaluate(on examples: LabeledImages) throws -> Evaluation {
        try check(examples.images)
        let actual = try actualClasses(of: examples)
        guard !actual.isEmpty else {
            return Evaluation(labels: classNames, actual: [], predicted: [], loss: .nan)
        }
        let said = try compiled.predictions(for: rows(examples.images), labels: actual)
        return Evaluation(
            labels: classNames, actual: actual, predicted: said.labels,
            loss: said.totalLoss / Double(actual.count))
    }

    private func rows(_ images: NDArray<UInt8>) -> FeatureMatrix {
        FeatureMatrix.bytes(images, scale: Float(1 / preprocessing.divisor))
    }

    private func check(_ images: NDArray<UInt8>) throws { try check(shape: images.shape) }
}
