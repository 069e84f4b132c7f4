import ArrayFiles
import Classification
import DataSources
import ExampleData
import Models
import Pipelines
import Regression
import Support

/// A trained model on its way out, with what belongs to it: the calibration, what is made of pictures and tables, samples.
///
/// ```swift
/// try ModelExport(contentsOf: "runs/latest").write(as: .onnx, to: "digits.onnx")
/// ```
public struct ModelExport: Sendable {
    private enum Model {
        case classifier(any TrainedClassifier)
        case regressor(RegressorModel)
    }

    private let model: Model
    private let input: ModelInput?
    private let samples: FeatureMatrix

    /// Puts together a model that is not in a folder: a classifier with its calibration, what is made of pictures and tables before
    /// it takes them, and examples, the answers to which go along.
    public init(_ classifier: any TrainedClassifier, input: ModelInput? = nil, samples: FeatureMatrix) {
        (model, self.input, self.samples) = (.classifier(classifier), input, samples)
    }

    /// Puts together a model that predicts numbers.
    public init(_ regressor: RegressorModel, samples: FeatureMatrix) {
        (model, input, self.samples) = (.regressor(regressor), regressor.input, samples)
    }

    /// Loads a model folder, and checks all of it.
    ///
    /// - Throws: as `ModelFolder.load` and `RegressorModel.init(contentsOf:)`.
    public init(contentsOf path: String) throws {
        guard !RegressorModel.isStored(at: path) else {
            let model = try RegressorModel(contentsOf: path)
            self.init(model, samples: try model.samples(at: path))
            return
        }
        let folder = try ModelFolder.load(path)
        let calibration = try ModelFolder.calibration(at: path)
        self.init(
            try calibration.map { try CalibratedClassifier(folder.classifier, $0) } ?? folder.classifier,
            input: folder.input, samples: folder.samples)
    }

    /// Writes the model, whole or not at all; returns remarks on what had to be supposed, mostly none.
    ///
    /// - Throws: `usage` that names the layer or the step that the format has no place for; `cannotCreate`, `inputOutput`.
    @discardableResult
    public func write(as format: ExportFormat, to path: String) throws -> [String] {
        switch format {
        case .onnx: try onnx().write(to: path)
        case .coreML:
            let file = try coreML()
            try file.write(to: path)
            guard file.probabilitiesAreFitted else { break }
            return [
                "Core ML's machines answer with probabilities and this one had none: they are fitted to its support "
                    + "vectors (train with fit-probabilities to fit them to examples held out)"
            ]
        case .safetensors: try arrays().write(to: path)
        case .npz:
            let file = try arrays()
            var archive = NPZ()
            for name in file.names { archive.set(try file.array(named: name), named: name) }
            try archive.write(to: path)
        case .numPyScript: try NumPyModel(onnx()).write(to: path)
        case .libsvm:
            let names: (name: String, summary: String)
            switch model {
            case .classifier(let pipeline as PipelineClassifier):
                try pipeline.writeLibSVMModel(to: path)
                return []
            case .classifier(let other): names = (other.name, other.summary)
            case .regressor(let model): names = (model.regressor.name, model.regressor.summary)
            }
            throw DescentError(
                .usage, "libsvm's models are support vector machines", at: names.name,
                expected: "a support vector machine that tells classes of pixels", got: names.summary)
        }
        return []
    }

    private func coreML() throws -> CoreMLExport {
        switch model {
        case .classifier(let classifier): try CoreMLExport(classifier, input: input, samples: samples)
        case .regressor(let model):
            try CoreMLExport(model.regressor, target: model.target, input: input, samples: samples)
        }
    }

    private func onnx() throws -> ONNXExport {
        switch model {
        case .classifier(let classifier): try ONNXExport(classifier, input: input, samples: samples)
        case .regressor(let model):
            try ONNXExport(model.regressor, target: model.target, input: input, samples: samples)
        }
    }

    /// What was learned, by name; what it is, in the metadata.
    private func arrays() throws -> SafeTensors {
        var file: SafeTensors
        switch model {
        case .classifier(let calibrated as CalibratedClassifier):
            file = try Self.arrays(of: calibrated.uncalibrated)
            file.metadata["temperature"] = "\(calibrated.calibration.temperature)"
        case .classifier(let classifier): file = try Self.arrays(of: classifier)
        case .regressor(let model):
            switch model.regressor {
            case let network as NetworkRegressor:
                file = Self.arrays(network.weights, network.architecture)
                file.metadata["target-offset"] = "\(network.targetScaling.offset)"
                file.metadata["target-scale"] = "\(network.targetScaling.scale)"
            case let pipeline as PipelineRegressor:
                try pipeline.regressor.checkStorable()
                file = pipeline.stored()
            default: throw Self.noArrays(model.regressor.name, model.regressor)
            }
            file.metadata["target"] = model.target.name
        }
        file.metadata["format"] = "descent"
        file.metadata["preprocessing"] = ExampleForm(input, samples: samples).words(input)
        return file
    }

    private static func arrays(of classifier: any TrainedClassifier) throws -> SafeTensors {
        var file: SafeTensors
        switch classifier {
        case let network as NetworkClassifier: file = arrays(network.weights, network.architecture)
        case let pipeline as PipelineClassifier:
            try pipeline.classifier.checkStorable()
            file = pipeline.stored()
        default: throw noArrays(classifier.name, classifier)
        }
        file.metadata["classes"] = JSONText.array(classifier.classNames.map(JSONText.string)).line
        return file
    }

    private static func arrays(_ weights: [NamedWeights], _ architecture: Architecture) -> SafeTensors {
        var file = SafeTensors()
        for named in weights { file.set(named.value, named: named.name) }
        file.metadata["layers"] = architecture.layers.map { "\($0.configuration)" }.joined(separator: ", ")
        return file
    }

    private static func noArrays(_ name: String, _ model: any Sendable) -> DescentError {
        DescentError(
            .usage, "a model that has no arrays", at: name, expected: "a network or a pipeline",
            got: "\(type(of: model))")
    }
}
