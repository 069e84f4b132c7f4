import CoreMLMessages
import Support
import Tables

/// What a Core ML model takes and answers, and how both are described.
///
/// Inside a network of Core ML, one example has the axes C, H, W; a row of D features is D channels of 1 x 1.
struct CoreMLEntrance {
    typealias Feature = CoreML_Specification_FeatureDescription

    /// The feature with the examples: `image`, or `features`, which a table's columns become first.
    let name: String
    /// The shape of one example, without an axis for one channel of a grey picture: [H, W], [C, H, W], [D].
    let shape: [Int]
    /// Whether it is an image of Core ML, whose pixels are 0...255.
    let isImage: Bool
    /// Whether the model was trained on bytes.
    let areBytes: Bool
    /// What the columns of a table are made of; nil for pictures and rows.
    let table: TablePreprocessing?
    /// What is expected of it, in words.
    var what = ""

    /// - Throws: `usage` for pictures that are neither grey nor of three colours.
    init(_ form: ExampleForm) throws {
        switch form {
        case .images(let height, let width, let channels):
            guard channels == 1 || channels == 3 else {
                throw DescentError(
                    .usage, "pictures that Core ML has no kind for", at: "image",
                    expected: "1 or 3 channels", got: "\(channels)")
            }
            (name, isImage, areBytes, table) = ("image", true, true, nil)
            shape = channels == 1 ? [height, width] : [channels, height, width]
        case .features(let shape, let areBytes):
            (name, self.shape, isImage, self.areBytes, table) = ("features", shape, false, areBytes, nil)
        case .table(let preprocessing):
            (isImage, areBytes, table) = (false, false, preprocessing)
            name = Self.free("features", preprocessing)
            shape = [preprocessing.featureCount]
        }
    }

    /// A name that no column has.
    private static func free(_ name: String, _ table: TablePreprocessing?) -> String {
        var own = name
        while table?.columns.contains(where: { $0.name == own }) == true { own += "_" }
        return own
    }

    /// The number of features of one example.
    var width: Int { shape.reduce(1, *) }

    /// The features that the file takes.
    var inputs: [Feature] {
        guard let table else { return [description] }
        return table.columns.map { column in
            var feature = Feature()
            feature.name = column.name
            switch column {
            case .number:
                (feature.shortDescription, feature.type.doubleType) = ("NaN where it is missing", .init())
            case .category:
                (feature.shortDescription, feature.type.stringType) = ("empty where it is missing", .init())
            }
            return feature
        }
    }

    /// The description of the examples.
    var description: Feature {
        guard isImage else { return Self.array(name, shape, what, isDouble: table != nil) }
        var feature = Feature()
        (feature.name, feature.shortDescription) = (name, what)
        feature.type.imageType.height = Int64(shape[shape.count - 2])
        feature.type.imageType.width = Int64(shape[shape.count - 1])
        feature.type.imageType.colorSpace = shape.count == 2 ? .grayscale : .rgb
        return feature
    }

    /// The description of an array.
    static func array(_ name: String, _ shape: [Int], _ what: String, isDouble: Bool) -> Feature {
        var feature = Feature()
        (feature.name, feature.shortDescription) = (name, what)
        feature.type.multiArrayType.shape = shape.map(Int64.init)
        feature.type.multiArrayType.dataType = isDouble ? .double : .float32
        return feature
    }

    /// The description of the predicted class.
    var label: Feature {
        var feature = Feature()
        (feature.name, feature.shortDescription) = (Self.free("label", table), "the class")
        feature.type.stringType = .init()
        return feature
    }

    /// The description of a classifier that takes `input`.
    func classifier(_ input: Feature) -> CoreML_Specification_ModelDescription {
        var probabilities = Feature()
        probabilities.name = Self.free("probabilities", table)
        probabilities.shortDescription = "what is answered for each class"
        probabilities.type.dictionaryType.stringKeyType = .init()
        var description = CoreML_Specification_ModelDescription()
        (description.input, description.output) = ([input], [label, probabilities])
        description.predictedFeatureName = label.name
        description.predictedProbabilitiesName = probabilities.name
        return description
    }

    /// The name of a predicted number.
    var valueName: String { Self.free("value", table) }

    /// What is done to an image's pixels; nothing to arrays.
    func preprocessing(scale: Double) -> [CoreML_Specification_NeuralNetworkPreprocessing] {
        guard isImage else { return [] }
        var step = CoreML_Specification_NeuralNetworkPreprocessing()
        step.featureName = name
        step.scaler.channelScale = Float(scale)
        return [step]
    }
}
