import Arrays
import Autodiff
import Classical
import Classification
import Datasets
import ExampleData
import Inference
import Networks
import Support

/// A trained network as a classifier, with its class names and its preprocessing.
///
/// It is immutable and may be called from any number of tasks at once. To train it further, `makeNetwork` gives a network
/// with its weights.
///
/// ```swift
/// let model = try ModelFolder.load("runs/latest").classifier
/// print(try model.predictions(for: images)[0].label)   // images: [N, 28, 28] bytes
/// ```
public struct NetworkClassifier: TrainedClassifier {
    /// The network's architecture.
    public let architecture: Architecture
    /// The network, compiled for one example of the architecture's shape; softmax follows its last layer.
    public let compiled: CompiledNetwork
    /// The values of its parameters.
    package let weights: [NamedWeights]
    /// The architecture's name.
    public var name: String { architecture.name }
    /// The network's sizes: `784-50-10`.
    public var summary: String { architecture.sizes }
    /// The shape of one example: [H, W] for grey images, [C, H, W] for images of several channels, [D] for rows.
    public var exampleShape: [Int] { preprocessing.exampleShape }
    /// The names of the classes, in the order of the network's outputs.
    public let classNames: [String]
    /// The conversion of an example to the network's input.
    public let preprocessing: Preprocessing
    /// The kind of score: probabilities after training by cross-entropy; after any other loss, softmax gives figures in the
    /// right order only.
    public let scoreKind: ScoreKind

    /// Creates a classifier with a network's present weights.
    ///
    /// - Throws: `usage` when the network does not take the architecture's examples, has not one output per class, or has
    ///   another number of values than the architecture's `cost` says: its folder could not be read again.
    public init(_ model: TrainableNetwork) throws(DescentError) {
        architecture = model.architecture
        compiled = try model.network.compiled(for: model.architecture.inputShape)
        weights = NamedWeights.all(of: model.network)
        classNames = model.classNames
        guard compiled.outputShape == [classNames.count] else {
            throw DescentError(
                .usage, "the network has not one output per class", at: architecture.name,
                expected: "outputs of shape [\(classNames.count)]", got: "\(compiled.outputShape)")
        }
        // A file has one array for each name.
        let counts = Dictionary(weights.map { ($0.name, $0.value.count) }) { $1 }
        let stored = counts.values.reduce(0, +)
        guard architecture.cost.storedValues == stored else {
            throw DescentError(
                .usage, "the network has another number of values than its architecture",
                at: architecture.name,
                expected: "\(architecture.cost.storedValues) by the layers' cost(for:)", got: "\(stored)",
                advice: "count the parameters and buffers of each layer in its cost(for:), and list each once"
            )
        }
        preprocessing = model.preprocessing
        scoreKind = model.scoreKind
    }

    /// Creates a classifier with the present weights of `network`. `scoreKind`: the kind of its scores after softmax;
    /// `Loss.scoreKind` gives it for the loss by which the network was trained.
    ///
    /// - Precondition: one class name per output, as many features as inputs.
    /// - Throws: `usage` when the network and the architecture do not fit, as `init(_:)`.
    public init(
        architecture: Architecture, network: Sequential, classNames: [String],
        preprocessing: Preprocessing = Preprocessing(), scoreKind: ScoreKind = .probabilities
    ) throws(DescentError) {
        try self.init(
            TrainableNetwork(
                architecture: architecture, network: network, classNames: classNames,
                preprocessing: preprocessing, scoreKind: scoreKind))
    }

    /// Creates a classifier with the present weights of `network`.
    ///
    /// - Throws: `usage` when the network has a layer that a model folder cannot describe; as `init(_:)`.
    public init(
        _ network: Sequential, name: String = "network", classNames: [String],
        preprocessing: Preprocessing = Preprocessing(), scoreKind: ScoreKind = .probabilities
    ) throws {
        try self.init(
            architecture: try Architecture(of: network, name: name), network: network, classNames: classNames,
            preprocessing: preprocessing, scoreKind: scoreKind)
    }

    /// Creates a separate network with these weights, to be trained further.
    public func makeNetwork() -> Sequential {
        let network = architecture.makeNetwork()
        for (named, weights) in zip(network.namedParameters, weights) {
            named.parameter.value = weights.value
        }
        return network
    }

    /// The classifier without its weights.
    var configuration: ModelConfiguration {
        ModelConfiguration(
            architecture: architecture, labels: classNames, preprocessing: preprocessing,
            isProbability: scoreKind == .probabilities)
    }

    /// Computes the class and the scores of each example in one pass: images as bytes [N, H, W], or rows of features.
    ///
    /// - Throws: `badData` when the examples have another shape than the model's, or images are not bytes; `interrupted`.
    public func answers(for examples: FeatureMatrix, cancellation: Cancellation?) throws -> Answers {
        try check(examples)
        try Cancellation.check(cancellation, at: name)
        guard examples.count > 0 else { return .none(classes: classNames.count) }
        try compiled.requireUnpackable(examples)
        let said = try compiled.predictions(for: rows(examples), probabilities: true)
        return said.probabilities.map { Answers(decidingBy: $0) } ?? .none(classes: classNames.count)
    }

    /// The number of bytes of the weights, float32.
    public var storedByteCount: Int { 4 * architecture.parameterCount }

    /// Evaluates the classifier on labelled examples. Classes are matched by name.
    ///
    /// - Throws: `badData` when the examples have another shape than the model's, or a class that it does not know.
    public func evaluate(on examples: LabeledExamples, cancellation: Cancellation?) throws -> Evaluation {
        try check(examples.features)
        try Cancellation.check(cancellation, at: name)
        let actual = try actualClasses(of: examples)
        guard !actual.isEmpty else {
            return Evaluation(classNames: classNames, actual: [], predicted: [], loss: .nan)
        }
        try compiled.requireUnpackable(examples.features)
        let said = try compiled.predictions(for: rows(examples.features), labels: actual)
        return Evaluation(
            classNames: classNames, actual: actual, predicted: said.labels,
            loss: said.totalLoss / Double(actual.count))
    }

    /// Returns the examples as the network takes them: bytes with the model's scale.
    private func rows(_ examples: FeatureMatrix) -> FeatureMatrix {
        guard case .bytes(let bytes) = examples.storage else { return examples }
        return .bytes(bytes, scale: Float(1 / preprocessing.divisor))
    }
}
