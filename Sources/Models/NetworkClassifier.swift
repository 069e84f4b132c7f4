import Arrays
import Autodiff
import Classical
import Classification
import Datasets
import ExampleData
import Networks
import Support
import Synchronization

/// A network with what it takes to be used: the names of its classes and how an image becomes its input.
///
/// ```swift
/// let model = try ModelFolder.load("runs/latest").classifier
/// print(try model.predictions(for: images)[0].label)   // images: [N, 28, 28] bytes
/// ```
///
/// Unchecked `Sendable`: parameters and inference plans are objects that do not guard themselves, so answers are given one after
/// another (`Turns`). Whoever trains the network must not ask the classifier at the same time.
public struct NetworkClassifier: ImageClassifier, @unchecked Sendable {
    /// The network in words.
    public let architecture: Architecture
    /// The network; softmax follows its last layer.
    public let network: Sequential
    private let turns = Turns()
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

    /// A classifier from a network.
    ///
    /// `network`: built from `architecture` when nil, without weights of any meaning yet. `scoreKind`: the meaning of
    /// softmax of its scores; `Loss.scoreKind` says it of the loss that it is trained by.
    ///
    /// - Precondition: one class name per output, as many pixels as inputs.
    public init(
        architecture: Architecture, network: Sequential? = nil, classNames: [String],
        preprocessing: Preprocessing = Preprocessing(), scoreKind: ScoreKind = .probabilities
    ) {
        require(
            classNames.count == architecture.outputCount,
            "\(classNames.count) class names for \(architecture.outputCount) outputs")
        require(
            preprocessing.height * preprocessing.width == architecture.inputCount,
            "images of \(preprocessing.height)x\(preprocessing.width) for \(architecture.inputCount) inputs")
        self.architecture = architecture
        self.network = network ?? architecture.makeNetwork()
        self.classNames = classNames
        self.preprocessing = preprocessing
        self.scoreKind = scoreKind
    }

    /// All of it but the weights.
    var configuration: ModelConfiguration {
        ModelConfiguration(
            architecture: architecture, labels: classNames, preprocessing: preprocessing,
            isProbability: scoreKind == .probabilities)
    }

    /// A classifier from a network.
    ///
    /// - Throws: `usage` when the network has a layer that a model folder cannot describe.
    public init(
        _ network: Sequential, name: String = "network", classNames: [String],
        preprocessing: Preprocessing = Preprocessing(), scoreKind: ScoreKind = .probabilities
    ) throws {
        self.init(
            architecture: try Architecture(of: network, name: name), network: network, classNames: classNames,
            preprocessing: preprocessing, scoreKind: scoreKind)
    }

    /// The class and the scores of each image, [N, H, W] bytes, from one pass.
    ///
    /// - Throws: `badData` when the images have another size than the model's, or are not bytes; `interrupted`.
    public func answers(for examples: Examples, cancellation: Cancellation?) throws -> Answers {
        guard case .bytes(let images) = examples else {
            throw DescentError(
                .badData, "the network takes images", expected: "bytes",
                got: "numbers of shape \(examples.shape)")
        }
        try check(images)
        if cancellation?.isCancelled == true { throw DescentError(.interrupted, "stopped", at: name) }
        guard images.shape[0] > 0 else { return .none(classes: classNames.count) }
        return turns.take {
            predict(network, rows(images), probabilities: true).probabilities.map { Answers(decidingBy: $0) }
        } ?? .none(classes: classNames.count)
    }

    /// The bytes of the weights, float32.
    public var storedByteCount: Int { 4 * architecture.parameterCount }

    /// Measures the classifier on labelled images. Classes are matched by name.
    ///
    /// - Throws: `badData` when the images have another size than the model's, or a class that it does not know.
    public func evaluate(on examples: LabeledImages) throws -> Evaluation {
        try check(examples.images)
        let actual = try actualClasses(of: examples).map(Int32.init)
        guard !actual.isEmpty else {
            return Evaluation(labels: classNames, actual: [], predicted: [], loss: .nan)
        }
        let said = turns.take { predict(network, rows(examples.images), labels: actual) }
        return Evaluation(
            labels: classNames, actual: actual.map(Int.init), predicted: said.labels.map(Int.init),
            loss: said.totalLoss / Double(actual.count))
    }

    private func rows(_ images: NDArray<UInt8>) -> ByteRows {
        ByteRows(images, scale: Float(1 / preprocessing.divisor))
    }

    private func check(_ images: NDArray<UInt8>) throws { try check(shape: images.shape) }
}

/// Lets one caller after another do what no two may do at once.
private final class Turns: Sendable {
    private let taken = Mutex(())

    func take<Result>(_ body: () throws -> Result) rethrows -> Result {
        try taken.withLock { _ in try body() }
    }
}
