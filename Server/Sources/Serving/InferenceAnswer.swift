import Descent

/// The answer to a request for inference, ready to be written.
public struct InferenceAnswer: Sendable, Equatable {
    /// The model's name.
    public var modelName: String
    /// Its version.
    public var modelVersion: String
    /// The request's name.
    public var id: String?
    /// The output tensors, in the order of the request.
    public var outputs: [Tensor]
    /// Which of them travel as bytes behind the JSON.
    public var isBinary: [Bool]

    /// Creates the answer with the outputs that the request wants: all, unless it names some.
    ///
    /// - Throws: `ServingError` 400 for an output that the model has not, or that cannot be classified.
    init(_ predictions: [Prediction], of model: ServedModel, to request: InferenceRequest)
        throws(ServingError)
    {
        modelName = model.name
        modelVersion = "\(model.version)"
        id = request.id
        let wanted =
            request.outputs.isEmpty
            ? model.outputs.map { InferenceRequest.Output(name: $0.name) } : request.outputs
        (outputs, isBinary) = ([], [])
        for output in wanted {
            outputs.append(try Self.tensor(output, predictions, model))
            isBinary.append(output.isBinary ?? request.isBinary)
        }
    }

    private static func tensor(
        _ output: InferenceRequest.Output, _ predictions: [Prediction], _ model: ServedModel
    ) throws(ServingError) -> Tensor {
        guard let description = model.outputs.first(where: { $0.name == output.name }) else {
            let names = model.outputs.map { "'\($0.name)'" }.joined(separator: " and ")
            throw ServingError(400, "there is no output '\(output.name)'; the model has \(names)")
        }
        if let count = output.classification {
            guard description.datatype != .bytes else {
                throw ServingError(
                    400, "output '\(output.name)' is a label already; ask for classes of the other one")
            }
            guard count > 0 else {
                throw ServingError(400, "output '\(output.name)': classification is \(count)")
            }
            let texts = predictions.flatMap { best($0, count) }
            let width = min(count, model.model.classNames.count)
            return Tensor(
                name: output.name, datatype: .bytes, shape: [predictions.count, width],
                elements: .texts(texts))
        }
        if description.datatype == .bytes {
            return Tensor(
                name: output.name, datatype: .bytes, shape: [predictions.count],
                elements: .texts(predictions.map(\.className)))
        }
        return Tensor(
            name: output.name, datatype: .float32, shape: [predictions.count, model.model.classNames.count],
            elements: .floats(predictions.flatMap(\.probabilities)))
    }

    /// The best classes as Triton writes them: value, index and label.
    private static func best(_ prediction: Prediction, _ count: Int) -> [String] {
        let order = prediction.probabilities.indices.sorted {
            (prediction.probabilities[$0], $1) > (prediction.probabilities[$1], $0)
        }
        return order.prefix(count).map {
            "\(prediction.probabilities[$0]):\($0):\(prediction.classNames[$0])"
        }
    }

    /// The bytes of the answer, and the length of the JSON at their front where tensors follow it.
    public func encoded() -> (bytes: [UInt8], headerLength: Int?) {
        var (writer, binary) = (JSONWriter(), [UInt8]())
        writer.raw("{")
        if let id {
            writer.raw("\"id\":")
            writer.string(id)
            writer.raw(",")
        }
        writer.raw("\"model_name\":")
        writer.string(modelName)
        writer.raw(",\"model_version\":")
        writer.string(modelVersion)
        writer.raw(",\"outputs\":[")
        for (index, output) in outputs.enumerated() {
            writer.raw(index == 0 ? "{\"name\":" : ",{\"name\":")
            writer.string(output.name)
            writer.raw(",\"datatype\":\"\(output.datatype.rawValue)\",\"shape\":[")
            writer.raw(output.shape.map(String.init).joined(separator: ","))
            if isBinary[index] {
                writer.raw(
                    "],\"parameters\":{\"binary_data_size\":\(BinaryTensor.append(output, to: &binary))}}")
            } else {
                writer.raw("],\"data\":[")
                writer.elements(output.elements)
                writer.raw("]}")
            }
        }
        writer.raw("]}")
        let hasBinary = isBinary.contains(true)
        let length = writer.bytes.count
        return (writer.bytes + binary, hasBinary ? length : nil)
    }
}

/// A writer of JSON into bytes.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(512) }

    mutating func raw(_ text: String) { bytes += text.utf8 }

    mutating func string(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0..<0x20:
                raw("\\u00")
                for digit in [byte >> 4, byte & 15] {
                    bytes.append(Array("0123456789abcdef".utf8)[Int(digit)])
                }
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes elements with commas between them; figures that are not finite, which JSON has not, as null.
    mutating func elements(_ elements: Tensor.Elements) {
        switch elements {
        case .bytes(let all): list(all) { $0.raw($1.description) }
        case .floats(let all): list(all) { $0.raw($1.isFinite ? $1.description : "null") }
        case .doubles(let all): list(all) { $0.raw($1.isFinite ? $1.description : "null") }
        case .texts(let all): list(all) { $0.string($1) }
        }
    }

    private mutating func list<Element>(_ all: [Element], _ write: (inout JSONWriter, Element) -> Void) {
        for (index, element) in all.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(&self, element)
        }
    }
}
