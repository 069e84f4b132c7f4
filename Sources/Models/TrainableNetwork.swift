import Arrays
import Classification
import Networks
import Support

/// A network to be trained, with the class names and the preprocessing that its classifier will have.
///
/// ```swift
/// let model = TrainableNetwork(architecture: architecture, classNames: data.train.classNames)
/// try Trainer().fit(model.network, on: data.train)
/// let classifier = try model.classifier()
/// ```
public struct TrainableNetwork {
    /// The network's architecture.
    public let architecture: Architecture
    /// The network; softmax follows its last layer.
    public let network: Sequential
    /// The names of the classes, in the order of the network's outputs.
    public let classNames: [String]
    /// The conversion of an image to the network's input.
    public let preprocessing: Preprocessing
    /// The kind of score: probabilities after training by cross-entropy; after any other loss, softmax gives figures in the
    /// right order only.
    public let scoreKind: ScoreKind

    /// Creates a network with its classes.
    ///
    /// `network`: built from `architecture` when nil, its parameters not yet drawn. `scoreKind`: the kind of its scores
    /// after softmax; `Loss.scoreKind` gives it for the loss by which the network is trained.
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

    /// Creates a classifier with the network's present weights.
    ///
    /// - Throws: `usage` when the network and the architecture do not fit, as `NetworkClassifier.init(_:)`.
    public func classifier() throws(DescentError) -> NetworkClassifier { try NetworkClassifier(self) }
}
