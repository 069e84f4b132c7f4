import ArrayFiles
import Classification
import DataSources
import ExampleData
import Models
import Pipelines
import Support

/// A form in which a trained model leaves Descent.
public enum ExportFormat: String, CaseIterable, Sendable {
    /// A program of operators, with preprocessing and class names: `ONNXExport`.
    case onnx
    /// What was learned, by name, and what it is in the metadata.
    case safetensors
    /// What was learned, by name, for NumPy.
    case npz
    /// A model of libsvm: support vector machines on pixels.
    case libsvm
    /// A Python file that needs NumPy only: `NumPyModel`.
    case numPyScript = "numpy-script"

    /// The format that a file's name ends in; nil for another end.
    public init?(fileName: String) {
        switch fileName.split(separator: ".").last?.lowercased() {
        case "onnx": self = .onnx
        case "safetensors": self = .safetensors
        case "npz": self = .npz
        case "model", "libsvm", "svm": self = .libsvm
        case "py": self = .numPyScript
        default: return nil
        }
    }
}

/// A trained model on its way out, with what belongs to it: the calibration, what is made of pictures and tables, samples.
///
/// ```swift
/// try ModelExport(contentsOf: "runs/latest").write(as: .onnx, to: "digits.onnx")
/// ```
public struct ModelExport: Sendable {
    /// The classifier, at its temperature where it has one.
    public let classifier: any TrainedClassifier
    /// What is made of pictures and tables before the classifier takes them.
    public let input: ModelInput?
    /// Examples, the answers to which go along.
    public let samples: FeatureMatrix

    /// Puts together a model that is not in a folder.
    public init(_ classifier: any TrainedClassifier, input: ModelInput? = nil, samples: FeatureMatrix) {
        (self.classifier, self.input, self.samples) = (classifier, input, samples)
    }

    /// Loads a model folder, and checks all of it.
    ///
    /// - Throws: as `ModelFolder.load`.
    public init(contentsOf path: String) throws {
        let folder = try ModelFolder.load(path)
        let calibration = try ModelFolder.calibration(at: path)
        self.init(
            try calibration.map { try CalibratedClassifier(folder.classifier, $0) } ?? folder.classifier,
            input: folder.input, samples: folder.samples)
    }

    /// Writes the model, whole or not at all.
    ///
    /// - Throws: `usage` that names the layer or the step that the format has no place for; `cannotCreate`, `inputOutput`.
    public func write(as format: ExportFormat, to path: String) throws {
        switch format {
        case .onnx: try ONNXExport(classifier, input: input, samples: samples).write(to: path)
        case .safetensors: try arrays().write(to: path)
        case .npz:
            let file = try arrays()
            var archive = NPZ()
            for name in file.names { archive.set(try file.array(named: name), named: name) }
            try archive.write(to: path)
        case .numPyScript:
            try NumPyModel(ONNXExport(classifier, input: input, samples: samples)).write(to: path)
        case .libsvm:
            guard let pipeline = classifier as? PipelineClassifier else {
                throw DescentError(
                    .usage, "libsvm's models are support vector machines", at: classifier.name,
                    expected: "a support vector machine", got: classifier.summary)
            }
            try pipeline.writeLibSVMModel(to: path)
        }
    }

    /// What was learned, by name; what it is, in the metadata.
    private func arrays() throws -> SafeTensors {
        var classifier = classifier
        var file: SafeTensors
        var temperature: Double?
        if let calibrated = classifier as? CalibratedClassifier {
            classifier = calibrated.uncalibrated
            temperature = calibrated.calibration.temperature
        }
        switch classifier {
        case let network as NetworkClassifier:
            file = SafeTensors()
            for named in network.weights { file.set(named.value, named: named.name) }
            file.metadata["layers"] = network.architecture.layers.map { "\($0.configuration)" }.joined(
                separator: ", ")
        case let pipeline as PipelineClassifier:
            try pipeline.classifier.checkStorable()
            file = pipeline.stored()
        default:
            throw DescentError(
                .usage, "a classifier that has no arrays", at: classifier.name,
                expected: "a network or a pipeline", got: "\(type(of: classifier))")
        }
        file.metadata["format"] = "descent"
        file.metadata["classes"] = JSONText.array(classifier.classNames.map(JSONText.string)).line
        file.metadata["preprocessing"] = ExampleForm(input, samples: samples).words(input)
        file.metadata["temperature"] = temperature.map { "\($0)" }
        return file
    }
}
