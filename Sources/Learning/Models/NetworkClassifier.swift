import Arrays
import Datasets
import Networks

/// A network with what it takes to be used: the names of its classes and how an image becomes its input.
///
/// ```swift
/// let model = try ModelFolder.load("runs/latest").classifier
/// print(try model.predictions(for: images)[0].label)   // images: [N, 28, 28] bytes
/// ```
public struct NetworkClassifier: Classifier {
    /// The network in words.
    public let architecture: Architecture
    /// The network; softmax follows its last layer.
    public let network: Sequential
    /// The names of the classes, in the order of the network's outputs.
    public let labels: [String]
    /// How an image becomes the network's input.
    public let preprocessing: Preprocessing

    /// A classifier from a network.
    ///
    /// - Parameter network: built from `architecture` when nil, without weights of any meaning yet.
    /// - Precondition: one label per output, as many pixels as inputs.
    public init(
        architecture: Architecture, network: Sequential? = nil, labels: [String],
        preprocessing: Preprocessing = Preprocessing()
    ) {
        precondition(
            labels.count == architecture.outputCount,
            "\(labels.count) labels for \(architecture.outputCount) outputs")
        precondition(
            preprocessing.height * preprocessing.width == architecture.inputCount,
            "images of \(preprocessing.height)x\(preprocessing.width) for \(architecture.inputCount) inputs")
        self.architecture = architecture
        self.network = network ?? architecture.makeNetwork()
        self.labels = labels
        self.preprocessing = preprocessing
    }

    /// All of it but the weights.
    var configuration: ModelConfiguration {
        ModelConfiguration(architecture: architecture, labels: labels, preprocessing: preprocessing)
    }

    private func check(_ images: NDArray<UInt8>) throws {
        let size = [preprocessing.height, preprocessing.width]
        guard images.ndim == 3, Array(images.shape.dropFirst()) == size else {
            throw DescentError(
                .badData, "images of another size than the model's", expected: "\(size[0])x\(size[1])",
                got: images.shape.dropFirst().map(String.init).joined(separator: "x"))
        }
    }
}
