import Arrays
import Classification
import CoreMLMessages
import DataSources
import ExampleData
import Models
import Networks
import Pipelines
import Support

/// A trained model as a Core ML file, `.mlmodel`, which takes a picture and answers with the class.
///
/// | input | of |
/// |---|---|
/// | `image`, an image of H x W, grey or RGB | pictures |
/// | `features`, an array of the examples' own shape | rows of features |
///
/// | output | what it is |
/// |---|---|
/// | `label`, a text | the class |
/// | `probabilities`, a dictionary of texts and numbers | what Descent answers for each class |
///
/// Networks become a `NeuralNetworkClassifier`; logistic regression and linear support vector machines a pipeline that ends in a
/// `GLMClassifier`; nearest neighbours one that ends in a `KNearestNeighborsClassifier`, which the phone can go on teaching.
/// Class names, preprocessing in words, and samples with their answers are in the file's metadata.
///
/// ```swift
/// let folder = try ModelFolder.load("runs/latest")
/// try CoreMLExport(folder.classifier, input: folder.input, samples: folder.samples).write(to: "Digits.mlmodel")
/// ```
///
/// Source: Apple, "Core ML Format Specification", as coremltools 9.0 carries it.
public struct CoreMLExport: Sendable {
    let model: CoreML_Specification_Model

    /// Translates a classifier.
    ///
    /// - Parameters:
    ///   - classifier: a network or a pipeline, with its calibration where it has one.
    ///   - input: what is made of pictures before the classifier takes them.
    ///   - samples: examples, the answers to which the file keeps.
    /// - Throws: `usage` that names the layer or the step that Core ML has no place for.
    public init(
        _ classifier: any TrainedClassifier, input: ModelInput? = nil, samples: FeatureMatrix
    ) throws {
        let form = ExampleForm(input, samples: samples)
        var entrance = try CoreMLEntrance(form)
        entrance.what = form.words(input)
        var model = try Self.model(of: classifier, entrance, temperature: 1)
        let tensors = try SampleTensors(samples, form: form)
        let answers = try SampleAnswers(classifier, tensors.examples, scoreName: "probabilities")
        model.description_p.metadata.shortDescription = "\(classifier.name): \(classifier.summary)"
        model.description_p.metadata.versionString = "descent \(DescentVersion.text)"
        model.description_p.metadata.userDefined = [
            "descent.classes": JSONText.array(classifier.classNames.map(JSONText.string)).line,
            "descent.scores": classifier.scoreKind.name,
            "descent.preprocessing": form.words(input),
            "descent.samples": answers.json(tensors).line,
        ]
        self.model = model
    }

    private static func model(
        of classifier: any TrainedClassifier, _ entrance: CoreMLEntrance, temperature: Double
    ) throws -> CoreML_Specification_Model {
        switch classifier {
        case let calibrated as CalibratedClassifier where calibrated.uncalibrated is NetworkClassifier:
            return try model(
                of: calibrated.uncalibrated, entrance, temperature: calibrated.calibration.temperature)
        case let network as NetworkClassifier:
            return try CoreMLNetwork.model(of: network, entrance, temperature: temperature)
        case let pipeline as PipelineClassifier: return try CoreMLPipeline.model(of: pipeline, entrance)
        default:
            throw DescentError(
                .usage, "a classifier that Core ML cannot be told", at: classifier.name,
                expected: "a network, or a pipeline without calibration", got: "\(type(of: classifier))")
        }
    }

    /// Writes the file, whole or not at all.
    ///
    /// - Throws: `cannotCreate`, `inputOutput`.
    public func write(to path: String) throws {
        let bytes: [UInt8]
        do {
            bytes = try model.serializedBytes()
        } catch {
            throw DescentError(.failed, "the model cannot be written as Core ML: \(error)", at: path)
        }
        try AtomicFile.write(bytes, to: path)
    }
}
