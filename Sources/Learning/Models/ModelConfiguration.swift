import Arrays
import Autodiff
import FoundationEssentials

/// How an image becomes a network's input: values x / divisor, row after row.
public struct Preprocessing: Equatable, Sendable {
    /// Rows of an image.
    public var height: Int
    /// Columns of an image.
    public var width: Int
    /// What each byte is divided by: 255 brings them into 0...1.
    public var divisor: Double

    /// A preprocessing from its parts.
    public init(height: Int = 28, width: Int = 28, divisor: Double = 255) {
        self.height = height
        self.width = width
        self.divisor = divisor
    }
}

/// What `config.json` holds: all that must be known of a model besides its weights.
struct ModelConfiguration: Equatable {
    static let formatVersion = 1

    var architecture: Architecture
    var labels: [String]
    var preprocessing: Preprocessing

    /// The text of `config.json`.
    var json: JSONText {
        let layers = architecture.layers.map { layer -> JSONText in
            switch layer {
            case .dense(let inputs, let outputs, let activation):
                [
                    "type": "dense", "inputs": .integer(inputs), "outputs": .integer(outputs),
                    "activation": .string(activation.rawValue),
                ]
            }
        }
        return [
            "format_version": .integer(Self.formatVersion),
            "architecture": [
                "name": .string(architecture.name), "layers": .array(layers), "output": "softmax",
            ],
            "labels": .array(labels.map(JSONText.string)),
            "preprocessing": [
                "height": .integer(preprocessing.height), "width": .integer(preprocessing.width),
                "divide_by": .number(preprocessing.divisor),
            ],
        ]
    }

    init(architecture: Architecture, labels: [String], preprocessing: Preprocessing) {
        self.architecture = architecture
        self.labels = labels
        self.preprocessing = preprocessing
    }

    /// Reads `config.json` and checks that its parts fit together.
    ///
    /// - Throws: `badData` that names the file and the part.
    init(json bytes: [UInt8], path: String) throws {
        // The version comes first: a later format may look different in every other way.
        let version = try JSONFile.decode(Stored.Version.self, from: bytes, path: path).format_version
        guard version == Self.formatVersion else {
            throw DescentError(
                .badData, "the model has another format version", at: path,
                expected: "format_version \(Self.formatVersion)", got: "\(version)",
                advice: "use the version of Descent that wrote it, or train it again")
        }
        let stored = try JSONFile.decode(Stored.self, from: bytes, path: path)
        func check(_ holds: Bool, _ what: String, expected: String? = nil, got: String? = nil) throws {
            if !holds { throw DescentError(.badData, what, at: path, expected: expected, got: got) }
        }

        let layers = try stored.architecture.layers.map { layer -> Architecture.Layer in
            try check(layer.type == "dense", "unknown layer type", expected: "dense", got: layer.type)
            guard let activation = Activation(rawValue: layer.activation) else {
                throw DescentError(.badData, "unknown activation", at: path, got: layer.activation)
            }
            let sizes = 1...Architecture.largestLayer
            try check(
                sizes.contains(layer.inputs) && sizes.contains(layer.outputs), "impossible layer size",
                got: "\(layer.inputs)x\(layer.outputs)")
            return .dense(inputs: layer.inputs, outputs: layer.outputs, activation: activation)
        }
        try check(!layers.isEmpty, "the network has no layers")
        for (one, next) in zip(layers, layers.dropFirst()) {
            try check(
                one.outputs == next.inputs, "two layers do not fit together",
                expected: "\(one.outputs) inputs",
                got: "\(next.inputs)")
        }
        architecture = Architecture(name: stored.architecture.name, layers: layers)
        labels = stored.labels
        preprocessing = Preprocessing(
            height: stored.preprocessing.height, width: stored.preprocessing.width,
            divisor: stored.preprocessing.divide_by)
        try check(
            labels.count == architecture.outputCount, "labels and outputs differ in number",
            expected: "\(architecture.outputCount) labels", got: "\(labels.count)")
        try check(Set(labels).count == labels.count, "a label appears twice")
        let side = 1...16384
        try check(
            side.contains(preprocessing.height) && side.contains(preprocessing.width)
                && preprocessing.height * preprocessing.width == architecture.inputCount,
            "the image size does not fit the first layer", expected: "\(architecture.inputCount) pixels",
            got: "\(preprocessing.height)x\(preprocessing.width)")
        try check(
            preprocessing.divisor.isFinite && preprocessing.divisor > 0, "impossible divide_by",
            got: "\(preprocessing.divisor)")
    }

    /// `config.json` as it lies in the file.
    private struct Stored: Decodable {
        struct Version: Decodable { var format_version: Int }
        struct Network: Decodable {
            var name: String
            var layers: [Layer]
        }
        struct Layer: Decodable {
            var type: String
            var inputs: Int
            var outputs: Int
            var activation: String
        }
        struct Scaling: Decodable {
            var height: Int
            var width: Int
            var divide_by: Double
        }

        var architecture: Network
        var labels: [String]
        var preprocessing: Scaling
    }
}

/// JSON files of the model folder: Foundation parses, and its errors become one line with the path in it.
enum JSONFile {
    static func decode<Value: Decodable>(
        _ type: Value.Type, from bytes: [UInt8], path: String
    ) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch let error as DecodingError {
            throw DescentError(
                .badData, describe(error), at: path, advice: "the file is damaged; train the model again")
        } catch {
            throw DescentError(.badData, "not JSON", at: path, advice: "the file is damaged")
        }
    }

    private static func describe(_ error: DecodingError) -> String {
        func name(_ keys: [any CodingKey]) -> String {
            keys.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
        }
        switch error {
        case .keyNotFound(let key, let context): return "'\(name(context.codingPath + [key]))' is missing"
        case .typeMismatch(_, let context): return "'\(name(context.codingPath))' has the wrong type"
        case .valueNotFound(_, let context): return "'\(name(context.codingPath))' has no value"
        default: return "not valid JSON"
        }
    }
}
