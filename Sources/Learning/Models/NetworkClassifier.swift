import Arrays
import Autodiff
import Classical
import Datasets
import Networks
import Support

/// A network with what it takes to be used: the names of its classes and how an image becomes its input.
///
/// ```swift
/// let model = try ModelFolder.load("runs/latest").classifier
/// print(try model.predictions(for: images)[0].label)   // images: [N, 28, 28] bytes
/// ```
public struct NetworkClassifier: ImageClassifier {
    /// The network in words.
    public let architecture: Architecture
    /// The network; softmax follows its last layer.
    public let network: Sequential
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

    /// A classifier from a network.
    ///
    /// `network`: built from `architecture` when nil, without weights of any meaning yet. `basis`: what softmax of
    /// its scores are; `Loss.answerBasis` says it of the loss that it is trained by.
    ///
    /// - Precondition: one label per output, as many pixels as inputs.
    public init(
        architecture: Architecture, network: Sequential? = nil, labels: [String],
        preprocessing: Preprocessing = Preprocessing(), basis: AnswerBasis = .probabilities
    ) {
        require(
            labels.count == architecture.outputCount,
            "\(labels.count) labels for \(architecture.outputCount) outputs")
        require(
            preprocessing.height * preprocessing.width == architecture.inputCount,
            "images of \(preprocessing.height)x\(preprocessing.width) for \(architecture.inputCount) inputs")
        self.architecture = architecture
        self.network = network ?? architecture.makeNetwork()
        self.labels = labels
        self.preprocessing = preprocessing
        self.basis = basis
    }

    /// All of it but the weights.
    var configuration: ModelConfiguration {
        ModelConfiguration(
            architecture: architecture, labels: labels, preprocessing: preprocessing,
            isProbability: basis == .probabilities)
    }

    /// A classifier from a network.
    ///
    /// - Throws: `usage` when the network has a layer that a model folder cannot describe.
    public init(
        _ network: Sequential, name: String = "network", labels: [String],
        preprocessing: Preprocessing = Preprocessing(), basis: AnswerBasis = .probabilities
    ) throws {
        self.init(
            architecture: try Architecture(of: network, name: name), network: network, labels: labels,
            preprocessing: preprocessing, basis: basis)
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
        guard images.shape[0] > 0 else { return NDArray(shape: [0, labels.count], elements: []) }
        return predict(network, rows(images), probabilities: true).probabilities
            ?? NDArray(shape: [0, labels.count], elements: [])
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
        let said = predict(network, rows(examples.images), labels: actual)
        return Evaluation(
            labels: labels, actual: actual.map(Int.init), predicted: said.labels.map(Int.init),
            loss: said.totalLoss / Double(actual.count))
    }

    private func rows(_ images: NDArray<UInt8>) -> ByteRows {
        ByteRows(images, scale: Float(1 / preprocessing.divisor))
    }

    private func check(_ images: NDArray<UInt8>) throws { try check(shape: images.shape) }
}
