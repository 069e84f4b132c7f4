import Arrays
import Autodiff
import Classical
import Datasets
import Inference
import Networks

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
    public let labels: [String]
    /// How an image becomes the network's input.
    public let preprocessing: Preprocessing
    /// Probabilities after training by cross-entropy; after any other loss, softmax gives figures in the right order only.
    public let basis: AnswerBasis

    /// A classifier with the weights that a network has now.
    ///
    /// - Throws: `usage` when the network does not take the architecture's examples.
    public init(_ model: TrainableNetwork) throws(DescentError) {
        architecture = model.architecture
        compiled = try model.network.compiled(for: model.architecture.inputShape)
        weights = NamedWeights.all(of: model.network)
        labels = model.labels
        preprocessing = model.preprocessing
        basis = model.basis
    }

    /// A classifier with the weights that `network` has now. `basis`: what softmax of its scores are; `Loss.answerBasis` says
    /// it of the loss that it was trained by.
    ///
    /// - Precondition: one label per output, as many pixels as inputs.
    /// - Throws: `usage` when the network does not take the architecture's examples.
    public init(
        architecture: Architecture, network: Sequential, labels: [String],
        preprocessing: Preprocessing = Preprocessing(), basis: AnswerBasis = .probabilities
    ) throws(DescentError) {
        try self.init(
            TrainableNetwork(
                architecture: architecture, network: network, labels: labels, preprocessing: preprocessing,
                basis: basis))
    }

    /// A classifier with the weights that `network` has now.
    ///
    /// - Throws: `usage` when the network has a layer that a model folder cannot describe.
    public init(
        _ network: Sequential, name: String = "network", labels: [String],
        preprocessing: Preprocessing = Preprocessing(), basis: AnswerBasis = .probabilities
    ) throws {
        try self.init(
            architecture: try Architecture(of: network, name: name), network: network, labels: labels,
            preprocessing: preprocessing, basis: basis)
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
            architecture: architecture, labels: labels, preprocessing: preprocessing,
            isProbability: basis == .probabilities)
    }

    /// How probable each class is for each image: [N, H, W] bytes to [N, K].
    ///
    /// - Throws: `badData` when the images have another size than the model's, or are not bytes.
    public func probabilities(of examples: Examples) throws -> NDArray<Float> {
        guard case .bytes(let images) = examples else {
            throw DescentError(
                .badData, "the network takes images", expected: "bytes",
                got: "numbers of shape \(examples.shape)")
        }
        try check(images)
        let none = NDArray<Float>(shape: [0, labels.count], elements: [])
        guard images.shape[0] > 0 else { return none }
        return try compiled.predictions(for: rows(images), probabilities: true).probabilities ?? none
    }

    /// Both from one pass.
    public func answers(of examples: Examples) throws -> Answers {
        let probabilities = try probabilities(of: examples)
        return (mostProbable(probabilities), probabilities)
    }

    /// Measures the classifier on labelled images. Classes are matched by name.
    ///
    /// - Throws: `badData` when the images have another size than the model's, or a class that it does not know.
    public func evaluate(on examples: LabeledImages) throws -> Evaluation {
        try check(examples.images)
        let actual = try actualClasses(of: examples).map(Int32.init)
        guard !actual.isEmpty else {
            return Evaluation(labels: labels, actual: [], predicted: [], loss: .nan)
        }
        let said = try compiled.predictions(for: rows(examples.images), labels: actual)
        return Evaluation(
            labels: labels, actual: actual.map(Int.init), predicted: said.labels.map(Int.init),
            loss: said.totalLoss / Double(actual.count))
    }

    private func rows(_ images: NDArray<UInt8>) -> ByteRows {
        ByteRows(images, scale: Float(1 / preprocessing.divisor))
    }

    private func check(_ images: NDArray<UInt8>) throws { try check(shape: images.shape) }
}
