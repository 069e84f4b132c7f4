import Arrays
import Autodiff
import Classification
import ExampleData
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
    /// The conversion of an example to the network's input.
    public let preprocessing: Preprocessing
    /// The kind of score: probabilities after training by cross-entropy; after any other loss, softmax gives figures in the
    /// right order only.
    public let scoreKind: ScoreKind

    /// Creates a network with its classes.
    ///
    /// `network`: built from `architecture` when nil, its parameters not yet drawn. `scoreKind`: the kind of its scores
    /// after softmax; `Loss.scoreKind` gives it for the loss by which the network is trained.
    ///
    /// - Precondition: one class name per output, as many features as inputs.
    public init(
        architecture: Architecture, network: Sequential? = nil, classNames: [String],
        preprocessing: Preprocessing = Preprocessing(), scoreKind: ScoreKind = .probabilities
    ) {
        require(
            classNames.count == architecture.outputCount,
            "\(classNames.count) class names for \(architecture.outputCount) outputs")
        require(
            preprocessing.exampleShape.reduce(1, *) == architecture.inputCount,
            "examples of shape \(preprocessing.exampleShape) for \(architecture.inputCount) inputs")
        self.architecture = architecture
        self.network = network ?? architecture.makeNetwork()
        self.classNames = classNames
        self.preprocessing = preprocessing
        self.scoreKind = scoreKind
    }

    /// Creates a network by its name, of the sizes that the examples need.
    ///
    /// - Parameters:
    ///   - name: one of `Architecture.names`; `auto` for a small residual network where the examples are images, and two
    ///     hidden layers where they are rows.
    ///   - examples: those that it will be trained on.
    ///   - hidden: the number of hidden units of `two-layer`; nil for 50.
    ///   - activation: that of the hidden layers; nil for sigmoid in `two-layer`, else ReLU.
    ///   - dropout: the rate of dropout before the last layers; nil for what the name says.
    ///   - scoreKind: the kind of its scores after softmax.
    /// - Throws: `usage` as `Architecture.init(named:)`.
    public init(
        named name: String, for examples: some ExampleSource, hidden: Int? = nil,
        activation: Activation? = nil, dropout: Double? = nil, scoreKind: ScoreKind = .probabilities
    ) throws {
        let shape = examples.exampleShape
        let isImage = FeatureMatrix.isImage(shape)
        let architecture = try Architecture(
            named: name, inputs: examples.featureCount,
            imageShape: isImage ? (shape.count == 2 ? [1] + shape : shape) : nil,
            classes: examples.classNames.count, exampleCount: examples.count, hidden: hidden,
            activation: activation)
        self.init(
            architecture: dropout.map(architecture.with(dropout:)) ?? architecture,
            classNames: examples.classNames,
            preprocessing: examples.residentFeatures.map(Preprocessing.init(of:))
                ?? Preprocessing(exampleShape: shape), scoreKind: scoreKind)
    }

    /// Creates a classifier with the network's present weights.
    ///
    /// - Throws: `usage` when the network and the architecture do not fit, as `NetworkClassifier.init(_:)`.
    public func classifier() throws(DescentError) -> NetworkClassifier { try NetworkClassifier(self) }
}
