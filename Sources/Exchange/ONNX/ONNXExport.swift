import Arrays
import Autodiff
import Classical
import Classification
import DataSources
import ExampleData
import Foundation
import ImageFeatures
import Models
import Networks
import ONNXMessages
import Pipelines
import Regression
import Support

/// A trained model as an ONNX file, which takes raw pixels or a table's raw columns and holds everything else itself.
///
/// | input | of |
/// |---|---|
/// | `image` uint8 [N, H, W] or [N, H, W, 3] | pictures |
/// | `numbers` float64 [N, C], `texts` string [N, C] | a table's columns; NaN or an empty text where a value is missing |
/// | `features` [N, D] | rows of features |
///
/// | output | what it is |
/// |---|---|
/// | `label` string [N] | the class |
/// | `probabilities` or `scores` float32 [N, K] | what Descent answers, whichever they are |
/// | `decisions` float32 [N, K (K - 1) / 2] | the decisions of each pair of classes, of a support vector machine |
///
/// A model that predicts numbers has one output, `value` float32 [N, 1].
///
/// The names of the classes, the preprocessing in words, and samples with their answers are in the file's metadata, so that the
/// file can be checked by any program (`ONNXVerification`).
///
/// ```swift
/// let folder = try ModelFolder.load("runs/latest")
/// try ONNXExport(folder.classifier, input: folder.input, samples: folder.samples).write(to: "digits.onnx")
/// ```
public struct ONNXExport: Sendable {
    /// The version of the core operators: normalisation of layers is among them from here on.
    static let operatorSet = 17
    /// The version of the file's form that goes with it.
    static let formVersion = 8
    /// The version of the operators of machine learning.
    static let machineLearningSet = 3
    /// A message holds less than 2 GiB.
    static let largest = 2_000_000_000

    let model: Onnx_ModelProto

    /// Translates a classifier into operators.
    ///
    /// - Parameters:
    ///   - classifier: a network or a pipeline, with its calibration where it has one.
    ///   - input: what is made of pictures or tables before the classifier takes them.
    ///   - samples: examples, the answers to which the file keeps.
    /// - Throws: `usage` that names the layer or the step that cannot be translated, and why; `badData` when the samples do not
    ///   fit.
    public init(
        _ classifier: any TrainedClassifier, input: ModelInput? = nil, samples: FeatureMatrix
    ) throws {
        let form = ExampleForm(input, samples: samples)
        var graph = GraphBuilder()
        let examples = form.examples(in: &graph)
        let outputs = try graph.add(classifier, to: examples)
        let isProbability = classifier.scoreKind == .probabilities
        let scoreName = isProbability ? "probabilities" : "scores"
        graph.add(
            "Gather", graph.texts(classifier.classNames, "class_names"), outputs.classes, named: "label")
        graph.add("Identity", outputs.scores, named: scoreName)
        if let decisions = outputs.decisions { graph.add("Identity", decisions, named: "decisions") }
        let classCount = classifier.classNames.count
        var forms = [
            ValueForm("label", .string, examples: [], "the class of each example"),
            ValueForm(scoreName, .float, examples: [classCount], Self.words(classifier.scoreKind)),
        ]
        if outputs.decisions != nil {
            let pairs = classCount * (classCount - 1) / 2
            forms.append(
                ValueForm(
                    "decisions", .float, examples: [pairs],
                    "of classes (0, 1), (0, 2), ..., (1, 2), ...: above 0 for the first"))
        }
        let samples = try SampleTensors(samples, form: form)
        let answers = try SampleAnswers(classifier, samples.examples, scoreName: scoreName)
        model = try Self.model(
            graph, inputs: form.inputs, outputs: forms, name: classifier.name, summary: classifier.summary,
            [
                ("descent.classes", JSONText.array(classifier.classNames.map(JSONText.string)).line),
                ("descent.scores", classifier.scoreKind.name),
                ("descent.preprocessing", form.words(input)),
                ("descent.samples", answers.json(samples).line),
            ])
    }

    /// Translates a regressor into operators: one output, `value` float32 [N, 1], in the target's own units.
    ///
    /// - Throws: as for classifiers.
    public init(
        _ regressor: any TrainedRegressor, target: RegressionTarget? = nil, input: ModelInput? = nil,
        samples: FeatureMatrix
    ) throws {
        let form = ExampleForm(input, samples: samples)
        var graph = GraphBuilder()
        let examples = form.examples(in: &graph)
        graph.add("Identity", try graph.add(regressor, to: examples), named: "value")
        let unit = target?.unit.map { ", in \($0)" } ?? ""
        let what = (target?.name ?? "the predicted number") + unit
        let samples = try SampleTensors(samples, form: form)
        let answers = try SampleAnswers(regressor, samples.examples)
        model = try Self.model(
            graph, inputs: form.inputs, outputs: [ValueForm("value", .float, examples: [1], what)],
            name: regressor.name, summary: regressor.summary,
            [
                ("descent.target", what), ("descent.preprocessing", form.words(input)),
                ("descent.samples", answers.json(samples).line),
            ])
    }

    private static func model(
        _ graph: GraphBuilder, inputs: [ValueForm], outputs: [ValueForm], name: String, summary: String,
        _ properties: [(key: String, value: String)]
    ) throws -> Onnx_ModelProto {
        guard graph.byteCount < largest else {
            throw DescentError(
                .usage, "the model is too large for one ONNX file", at: name,
                expected: "less than \(Numerals.bytes(largest))", got: Numerals.bytes(graph.byteCount))
        }
        var model = Onnx_ModelProto()
        model.irVersion = Int64(formVersion)
        model.producerName = "descent"
        model.producerVersion = DescentVersion.text
        model.opsetImport = [operators("", operatorSet)]
        if graph.usesMachineLearning {
            model.opsetImport.append(operators(GraphBuilder.machineLearning, machineLearningSet))
        }
        model.docString = "\(name): \(summary)"
        model.graph = graph.graph("descent", inputs: inputs, outputs: outputs)
        model.metadataProps = ([("descent.model", summary)] + properties).map(entry)
        return model
    }

    /// Writes the file, whole or not at all.
    ///
    /// - Throws: `cannotCreate`, `inputOutput`.
    public func write(to path: String) throws {
        let bytes: [UInt8]
        do {
            bytes = try model.serializedBytes()
        } catch {
            throw DescentError(.failed, "the model cannot be written as ONNX: \(error)", at: path)
        }
        try AtomicFile.write(bytes, to: path)
    }

    private static func operators(_ domain: String, _ version: Int) -> Onnx_OperatorSetIdProto {
        var set = Onnx_OperatorSetIdProto()
        set.domain = domain
        set.version = Int64(version)
        return set
    }

    private static func entry(_ pair: (key: String, value: String)) -> Onnx_StringStringEntryProto {
        var entry = Onnx_StringStringEntryProto()
        entry.key = pair.key
        entry.value = pair.value
        return entry
    }

    private static func words(_ kind: ScoreKind) -> String {
        switch kind {
        case .probabilities: "the probability of each class"
        case .votes: "the share of each class of the votes of all pairs"
        case .neighbors(let count): "the share of each class of the \(count) nearest training examples"
        case .weightedNeighbors: "the share of each class of the weights of the nearest training examples"
        case .scores: "softmax of the decisions: in the right order, but no probabilities"
        }
    }
}
