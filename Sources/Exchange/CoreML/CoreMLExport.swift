import Arrays
import Classical
import Classification
import CoreMLMessages
import DataSources
import ExampleData
import Models
import Networks
import Pipelines
import Regression
import Support

/// A trained model as a Core ML file, `.mlmodel`, which takes a picture or the columns of a table and answers with the class or the
/// number.
///
/// | input | of |
/// |---|---|
/// | `image`, an image of H x W, grey or RGB | pictures |
/// | a number or a text for each column, by its name | a table; NaN or an empty text where a value is missing |
/// | `features`, an array of the examples' own shape | rows of features |
///
/// | output | what it is |
/// |---|---|
/// | `label`, a text | the class |
/// | `probabilities`, a dictionary of texts and numbers | what Descent answers for each class |
/// | `value`, a number (of a network: an array of one) | what a regressor predicts, in the target's own units |
///
/// Networks become a `NeuralNetworkClassifier`; kernel machines a pipeline that ends in a `SupportVectorClassifier` or
/// `-Regressor`, nearest neighbours one that ends in a `KNearestNeighborsClassifier`, which the phone can go on teaching, and what
/// is linear in the features or their squares (logistic regression, linear machines, naive Bayes, nearest centroid, ridge) one that
/// ends in a `GLMClassifier` or `-Regressor`. Core ML's machines answer with probabilities: where none were fitted, the sigmoids
/// are fitted to the support vectors (`probabilitiesAreFitted`).
///
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
    /// Whether a support vector machine without probabilities got some, fitted to its support vectors.
    public let probabilitiesAreFitted: Bool

    /// Translates a classifier.
    ///
    /// - Parameters:
    ///   - classifier: a network or a pipeline, with its calibration where it has one.
    ///   - input: what is made of pictures or tables before the classifier takes them.
    ///   - samples: examples, the answers to which the file keeps.
    /// - Throws: `usage` that names the layer or the step that Core ML has no place for.
    public init(
        _ classifier: any TrainedClassifier, input: ModelInput? = nil, samples: FeatureMatrix
    ) throws {
        let form = ExampleForm(input, samples: samples)
        var (entrance, stages) = try Self.begin(form)
        entrance.what = form.words(input)
        let told = try Self.withProbabilities(classifier)
        try Self.add(told, temperature: 1, of: entrance, to: &stages)
        let tensors = try SampleTensors(samples, form: form)
        let answers = try SampleAnswers(told, tensors.examples, scoreName: "probabilities")
        probabilitiesAreFitted = told.scoreKind != classifier.scoreKind
        model = try Self.file(
            stages, entrance, name: classifier.name, summary: classifier.summary,
            [
                "descent.classes": JSONText.array(classifier.classNames.map(JSONText.string)).line,
                "descent.scores": told.scoreKind.name,
                "descent.preprocessing": form.words(input),
                "descent.samples": answers.json(tensors).line,
            ])
    }

    /// Translates a regressor: one output, `value`, in the target's own units.
    ///
    /// - Throws: as for classifiers.
    public init(
        _ regressor: any TrainedRegressor, target: RegressionTarget? = nil, input: ModelInput? = nil,
        samples: FeatureMatrix
    ) throws {
        let form = ExampleForm(input, samples: samples)
        var (entrance, stages) = try Self.begin(form)
        entrance.what = form.words(input)
        let unit = target?.unit.map { ", in \($0)" } ?? ""
        let what = (target?.name ?? "the predicted number") + unit
        try CoreMLRegressor.add(regressor, what: what, of: entrance, to: &stages)
        let tensors = try SampleTensors(samples, form: form)
        let answers = try SampleAnswers(regressor, tensors.examples)
        probabilitiesAreFitted = false
        model = try Self.file(
            stages, entrance, name: regressor.name, summary: regressor.summary,
            [
                "descent.target": what, "descent.preprocessing": form.words(input),
                "descent.samples": answers.json(tensors).line,
            ])
    }

    private static func begin(_ form: ExampleForm) throws -> (CoreMLEntrance, CoreMLStages) {
        let entrance = try CoreMLEntrance(form)
        var stages = CoreMLStages()
        if let table = entrance.table { stages.add(table, for: entrance) }
        return (entrance, stages)
    }

    private static func file(
        _ stages: CoreMLStages, _ entrance: CoreMLEntrance, name: String, summary: String,
        _ properties: [String: String]
    ) throws -> CoreML_Specification_Model {
        guard var model = stages.model(taking: entrance.inputs) else {
            throw DescentError(.failed, "the model has no part that Core ML could be told", at: name)
        }
        model.description_p.metadata.shortDescription = "\(name): \(summary)"
        model.description_p.metadata.versionString = "descent \(DescentVersion.text)"
        model.description_p.metadata.userDefined = properties
        return model
    }

    /// The same classifier, a support vector machine with probabilities.
    private static func withProbabilities(_ classifier: any TrainedClassifier) throws -> any TrainedClassifier
    {
        guard let pipeline = classifier as? PipelineClassifier,
            let machine = pipeline.classifier as? SupportVectorClassifier
        else { return classifier }
        return pipeline.with(try machine.withSigmoidsOfSupportVectors())
    }

    private static func add(
        _ classifier: any TrainedClassifier, temperature: Double, of entrance: CoreMLEntrance,
        to stages: inout CoreMLStages
    ) throws {
        switch classifier {
        case let calibrated as CalibratedClassifier where temperature == 1:
            try add(
                calibrated.uncalibrated, temperature: calibrated.calibration.temperature, of: entrance,
                to: &stages)
        case let network as NetworkClassifier:
            try CoreMLNetwork.add(network, temperature: temperature, of: entrance, to: &stages)
        case let pipeline as PipelineClassifier:
            try CoreMLPipeline.add(pipeline, temperature: temperature, of: entrance, to: &stages)
        default:
            throw DescentError(
                .usage, "a classifier that Core ML cannot be told", at: classifier.name,
                expected: "a network or a pipeline", got: "\(type(of: classifier))")
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
