/// A form in which a trained model leaves Descent.
public enum ExportFormat: String, CaseIterable, Sendable {
    /// A program of operators, with preprocessing and class names: `ONNXExport`.
    case onnx
    /// A model for Apple's Core ML: `CoreMLExport`.
    case coreML = "coreml"
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
        case "mlmodel": self = .coreML
        case "safetensors": self = .safetensors
        case "npz": self = .npz
        case "model", "libsvm", "svm": self = .libsvm
        case "py": self = .numPyScript
        default: return nil
        }
    }
}
