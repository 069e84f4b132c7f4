import CoreMLMessages
import Support

/// What a Core ML model takes, and the descriptions of inputs and outputs.
///
/// Inside a network of Core ML, one example has the axes C, H, W; a row of D features is D channels of 1 x 1.
struct CoreMLEntrance {
    /// `image` or `features`.
    let name: String
    /// The shape of one example, without an axis for one channel of a grey picture: [H, W], [C, H, W], [D].
    let shape: [Int]
    /// Whether it is an image of Core ML, whose pixels are 0...255.
    let isImage: Bool
    /// Whether the model was trained on bytes.
    let areBytes: Bool
    /// What is expected of it, in words.
    var what = ""

    /// - Throws: `usage` for tables and for pictures that are neither grey nor of three colours.
    init(_ form: ExampleForm) throws {
        switch form {
        case .images(let height, let width, let channels):
            guard channels == 1 || channels == 3 else {
                throw DescentError(
                    .usage, "pictures that Core ML has no kind for", at: "image",
                    expected: "1 or 3 channels", got: "\(channels)")
            }
            (name, isImage, areBytes) = ("image", true, true)
            shape = channels == 1 ? [height, width] : [channels, height, width]
        case .features(let shape, let areBytes):
            (name, self.shape, isImage, self.areBytes) = ("features", shape, false, areBytes)
        case .table:
            throw DescentError(
                .usage, "a model of a table's columns", at: "coreml",
                expected: "a model of pictures or of rows of features",
                advice: "export it as onnx, which holds the table's preprocessing")
        }
    }

    /// The number of features of one example.
    var width: Int { shape.reduce(1, *) }

    /// The input's description.
    var description: CoreML_Specification_FeatureDescription {
        guard isImage else { return Self.array(name, shape, what, isDouble: false) }
        var feature = CoreML_Specification_FeatureDescription()
        (feature.name, feature.shortDescription) = (name, what)
        feature.type.imageType.height = Int64(shape[shape.count - 2])
        feature.type.imageType.width = Int64(shape[shape.count - 1])
        feature.type.imageType.colorSpace = shape.count == 2 ? .grayscale : .rgb
        return feature
    }

    /// The description of an array.
    static func array(_ name: String, _ shape: [Int], _ what: String, isDouble: Bool)
        -> CoreML_Specification_FeatureDescription
    {
        var feature = CoreML_Specification_FeatureDescription()
        (feature.name, feature.shortDescription) = (name, what)
        feature.type.multiArrayType.shape = shape.map(Int64.init)
        feature.type.multiArrayType.dataType = isDouble ? .double : .float32
        return feature
    }

    /// The description of the predicted class.
    static var label: CoreML_Specification_FeatureDescription {
        var feature = CoreML_Specification_FeatureDescription()
        (feature.name, feature.shortDescription) = ("label", "the class")
        feature.type.stringType = .init()
        return feature
    }

    /// The description of what is answered for each class.
    static var probabilities: CoreML_Specification_FeatureDescription {
        var feature = CoreML_Specification_FeatureDescription()
        (feature.name, feature.shortDescription) = ("probabilities", "what is answered for each class")
        feature.type.dictionaryType.stringKeyType = .init()
        return feature
    }

    /// The description of a classifier that takes `input`.
    static func classifier(_ input: CoreML_Specification_FeatureDescription)
        -> CoreML_Specification_ModelDescription
    {
        var description = CoreML_Specification_ModelDescription()
        (description.input, description.output) = ([input], [label, probabilities])
        (description.predictedFeatureName, description.predictedProbabilitiesName) = (
            "label", "probabilities"
        )
        return description
    }

    /// What is done to an image's pixels; nil for arrays.
    func preprocessing(scale: Double) -> [CoreML_Specification_NeuralNetworkPreprocessing] {
        guard isImage else { return [] }
        var step = CoreML_Specification_NeuralNetworkPreprocessing()
        step.featureName = name
        step.scaler.channelScale = Float(scale)
        return [step]
    }
}
