import Descent
import Tables

/// A model as it is served: a classifier that takes tensors, pictures or rows, under a name.
///
/// It is immutable; a folder that changes becomes another one.
public struct ServedModel: Sendable {
    /// The name in addresses.
    public let name: String
    /// The folder or ONNX file that it comes from.
    public let path: String
    /// The version in addresses: how often the folder was loaded.
    public let version: Int
    /// The model.
    public let model: ClassifierModel
    /// What it takes.
    public let inputs: [TensorDescription]
    /// What it gives: `label`, a text for each example, and `probabilities` or `scores`, a number for each class.
    public let outputs: [TensorDescription]

    /// Loads a model folder, which proves itself on its samples, or an ONNX file.
    ///
    /// - Throws: as `ClassifierModel.init(contentsOf:)`.
    public init(name: String, path: String, version: Int = 1) throws {
        (self.name, self.path, self.version) = (name, path, version)
        model = try ClassifierModel(contentsOf: path)
        inputs = Self.inputs(of: model)
        let kind = Self.figures(of: model)
        outputs = [
            TensorDescription(name: "label", datatype: .bytes, shape: [-1]),
            TensorDescription(name: kind, datatype: .float32, shape: [-1, model.classNames.count]),
        ]
    }

    /// `probabilities` where the model's figures are some, else `scores`.
    private static func figures(of model: ClassifierModel) -> String {
        model.classifier.scoreKind == .probabilities ? "probabilities" : "scores"
    }

    private static func inputs(of model: ClassifierModel) -> [TensorDescription] {
        if case .table(let table)? = model.input {
            return table.valueColumns.map { column in
                TensorDescription(name: column.name, datatype: column.isText ? .bytes : .float64, shape: [-1])
            }
        }
        let shape = model.classifier.exampleShape
        switch shape.count {
        case 2: return [TensorDescription(name: "image", datatype: .uint8, shape: [-1] + shape)]
        case 3:
            // Colours beside each other, as decoders and clients have them.
            return [
                TensorDescription(name: "image", datatype: .uint8, shape: [-1, shape[1], shape[2], shape[0]])
            ]
        default: return [TensorDescription(name: "features", datatype: .float32, shape: [-1] + shape)]
        }
    }

    /// What makes examples of pictures, or tells that the model takes rows of a table; nil where it takes bare features.
    public var pictureInput: ModelInput? {
        if let input = model.input { return input }
        let shape = model.classifier.exampleShape
        guard shape.count == 2 || shape.count == 3 && shape[0] == 3 else { return nil }
        return .images(
            ImageInput(
                height: shape[shape.count - 2], width: shape[shape.count - 1], isColor: shape.count == 3))
    }

    /// Makes examples of the tensors of a request.
    ///
    /// - Throws: `ServingError` 400 that names the input.
    public func examples(of tensors: [Tensor]) throws -> FeatureMatrix {
        for tensor in tensors where !inputs.contains(where: { $0.name == tensor.name }) {
            throw ServingError(
                400, "there is no input '\(tensor.name)'; the model has \(named(inputs.map(\.name)))")
        }
        let given = try inputs.map { input in
            let matching = tensors.filter { $0.name == input.name }
            guard let tensor = matching.first, matching.count == 1 else {
                throw ServingError(
                    400, "input '\(input.name)' is \(matching.isEmpty ? "missing" : "given twice")")
            }
            return tensor
        }
        if case .table(let table)? = model.input { return try rows(of: given, table) }
        return try dense(given[0], inputs[0])
    }

    /// The pictures or features of a tensor.
    private func dense(_ tensor: Tensor, _ input: TensorDescription) throws -> FeatureMatrix {
        var shape = tensor.shape
        // One example may come without the batch's axis.
        if shape.count == input.shape.count - 1 { shape.insert(1, at: 0) }
        guard shape.count == input.shape.count, shape.dropFirst().elementsEqual(input.shape.dropFirst())
        else {
            let expected = input.shape.map { $0 < 0 ? "N" : "\($0)" }.joined(separator: ", ")
            throw ServingError(
                400, "input '\(tensor.name)': its shape is \(tensor.shape), expected [\(expected)]")
        }
        guard shape[0] > 0 else { throw ServingError(400, "input '\(tensor.name)': no examples") }
        if input.datatype == .uint8 {
            guard let pixels = tensor.pixels else {
                throw ServingError(400, "input '\(tensor.name)': UINT8, whole numbers from 0 to 255 expected")
            }
            let array = NDArray(shape: shape, elements: pixels)
            return .bytes(shape.count == 4 ? array.permuted([0, 3, 1, 2]) : array)
        }
        guard let numbers = tensor.floats, numbers.allSatisfy(\.isFinite) else {
            throw ServingError(400, "input '\(tensor.name)': finite numbers expected")
        }
        return .floats(NDArray(shape: shape, elements: numbers))
    }

    /// The rows of a table, whose columns are the tensors.
    private func rows(of tensors: [Tensor], _ table: TablePreprocessing) throws -> FeatureMatrix {
        let count = tensors[0].elements.count
        for tensor in tensors {
            let isColumn = tensor.shape == [count] || tensor.shape == [count, 1]
            guard isColumn, tensor.elements.count == count else {
                throw ServingError(
                    400,
                    "input '\(tensor.name)': its shape is \(tensor.shape), expected [\(count)] as the first has"
                )
            }
        }
        guard count > 0 else { throw ServingError(400, "input '\(tensors[0].name)': no rows") }
        let values = tensors.map(\.values)
        return .floats(try table.features(of: (0..<count).map { row in values.map { $0[row] } }))
    }

    private func named(_ names: [String]) -> String {
        let shown = names.prefix(8).map { "'\($0)'" }.joined(separator: ", ")
        return names.count > 8 ? "\(shown) and \(names.count - 8) more" : shown
    }
}

extension Tensor {
    /// The elements as pixels; nil where one is no whole number from 0 to 255.
    var pixels: [UInt8]? {
        switch elements {
        case .bytes(let pixels): return pixels
        case .floats(let numbers):
            let pixels = numbers.compactMap { UInt8(exactly: $0) }
            return pixels.count == numbers.count ? pixels : nil
        case .doubles(let numbers):
            let pixels = numbers.compactMap { UInt8(exactly: $0) }
            return pixels.count == numbers.count ? pixels : nil
        case .texts: return nil
        }
    }

    /// The elements in single precision; nil for texts.
    var floats: [Float]? {
        switch elements {
        case .bytes(let pixels): pixels.map { Float($0) }
        case .floats(let numbers): numbers
        case .doubles(let numbers): numbers.map { Float($0) }
        case .texts: nil
        }
    }

    /// The elements as a table's values.
    var values: [TablePreprocessing.Value] {
        switch elements {
        case .bytes(let numbers): numbers.map { .number(Double($0)) }
        case .floats(let numbers): numbers.map { $0.isNaN ? .missing : .number(Double($0)) }
        case .doubles(let numbers): numbers.map { $0.isNaN ? .missing : .number($0) }
        case .texts(let texts): texts.map { $0.isEmpty ? .missing : .text($0) }
        }
    }
}
