import Arrays
import Autodiff
import ExampleData
import Networks
import Pipelines
import Support

/// The conversion of an example to a network's input: bytes x / divisor, row after row; numbers as they are.
public struct Preprocessing: Equatable, Sendable {
    /// The shape of one example: [H, W] for grey images, [C, H, W] for images of several channels, [D] for rows of features.
    package var exampleShape: [Int]
    /// The divisor of each byte: 255 scales them to 0...1. Numbers are not divided.
    package var divisor: Double

    /// Creates the preprocessing of grey images.
    public init(height: Int = 28, width: Int = 28, divisor: Double = 255) {
        self.init(exampleShape: [height, width], divisor: divisor)
    }

    /// Creates a preprocessing from its parts.
    public init(exampleShape: [Int], divisor: Double = 255) {
        self.exampleShape = exampleShape
        self.divisor = divisor
    }

    /// The preprocessing of examples like these.
    package init(of features: FeatureMatrix) {
        // 255 is said as 255, and not as what the scale's rounding makes of it.
        let divisor = features.scale > 0 ? 1 / Double(features.scale) : 1
        let isWhole = Float(1 / divisor.rounded()) == features.scale
        self.init(exampleShape: features.exampleShape, divisor: isWhole ? divisor.rounded() : divisor)
    }

    /// The shape as `config.json` has it.
    var shapeMembers: [JSONText.Member] { StoredShape.members(of: exampleShape) }
}

/// The shape of one example in `config.json`: `height` and `width` of grey images, `features` of rows, `shape` of examples with
/// more axes.
struct StoredShape: Decodable {
    var height: Int?
    var width: Int?
    var features: Int?
    var shape: [Int]?

    /// Returns the members that say the shape.
    static func members(of shape: [Int]) -> [JSONText.Member] {
        switch shape.count {
        case 1: [.init("features", .integer(shape[0]))]
        case 2: [.init("height", .integer(shape[0])), .init("width", .integer(shape[1]))]
        default: [.init("shape", .array(shape.map(JSONText.integer)))]
        }
    }

    /// Returns the shape that the members say.
    ///
    /// - Throws: `badData` that names the file.
    func shape(path: String) throws -> [Int] {
        let side = 1...16384
        switch (height, width, features) {
        case (nil, nil, nil) where shape != nil:
            let shape = shape ?? []
            guard shape.count > 2, shape.count <= 8, shape.allSatisfy(side.contains) else {
                throw DescentError(.badData, "impossible shape of an example", at: path, got: "\(shape)")
            }
            return shape
        case (let height?, let width?, nil):
            guard side.contains(height) && side.contains(width) else {
                throw DescentError(.badData, "impossible image size", at: path, got: "\(height)x\(width)")
            }
            return [height, width]
        case (nil, nil, let features?):
            guard (1..<1 << 31).contains(features) else {
                throw DescentError(
                    .badData, "impossible number of features", at: path, expected: "1 or more, below 2^31",
                    got: "\(features)")
            }
            return [features]
        default:
            let missing = features == nil ? (height == nil ? "height" : "width") : "features"
            throw DescentError(
                .badData,
                features == nil
                    ? "'preprocessing.\(missing)' is missing"
                    : "'preprocessing' has a size of images and a number of features",
                at: path, advice: "the file is damaged; train the model again")
        }
    }
}

/// The contents of `config.json`: the architecture, class names and preprocessing of a model, without its weights.
struct ModelConfiguration: Equatable {
    static let formatVersion = 1

    var architecture: Architecture
    var labels: [String]
    var preprocessing: Preprocessing
    /// Whether softmax of the network's scores gives probabilities.
    var isProbability = true

    /// Returns the text of `config.json`.
    ///
    /// - Throws: what a layer of one's own throws when it is encoded.
    func json() throws -> JSONText {
        [
            "format_version": .integer(Self.formatVersion),
            "architecture": [
                "name": .string(architecture.name), "layers": try JSONText(encoding: architecture.layers),
                "output": .string(isProbability ? Self.softmax : Self.scores),
            ],
            "labels": .array(labels.map(JSONText.string)),
            "preprocessing": .object(
                preprocessing.shapeMembers + [.init("divide_by", .number(preprocessing.divisor))]),
        ]
    }

    private static let softmax = "softmax"
    private static let scores = "scores"

    init(
        architecture: Architecture, labels: [String], preprocessing: Preprocessing, isProbability: Bool = true
    ) {
        self.architecture = architecture
        self.labels = labels
        self.preprocessing = preprocessing
        self.isProbability = isProbability
    }

    /// Reads `config.json` and checks that its parts fit together. Its layers and activations must be of the kinds in the
    /// registries.
    ///
    /// - Throws: `badData` that names the file and the part.
    init(
        json bytes: [UInt8], path: String, layers kinds: LayerRegistry = .standard,
        activations: ActivationRegistry = .standard
    ) throws {
        // The version comes first: a later format may look different in every other way.
        let version = try JSONFile.decode(Stored.Version.self, from: bytes, path: path).format_version
        try Self.check(version: version, path: path)
        let stored = try JSONFile.decode(
            Stored.self, from: bytes, path: path, layers: kinds, activations: activations)
        func check(_ holds: Bool, _ what: String, expected: String? = nil, got: String? = nil) throws {
            if !holds { throw DescentError(.badData, what, at: path, expected: expected, got: got) }
        }

        let layers = stored.architecture.layers
        try check(!layers.isEmpty, "the network has no layers")
        labels = stored.labels
        let output = stored.architecture.output ?? Self.softmax
        try check(
            [Self.softmax, Self.scores].contains(output), "unknown output of the network",
            expected: "\(Self.softmax) or \(Self.scores)", got: "\(output)")
        isProbability = output == Self.softmax
        preprocessing = Preprocessing(
            exampleShape: try stored.preprocessing.shape.shape(path: path),
            divisor: stored.preprocessing.divide_by)
        let inputs = LayerCost.product(preprocessing.exampleShape)
        architecture = Architecture(name: stored.architecture.name, inputShape: [inputs], layers: layers)
        let outputShape: [Int]
        do {
            outputShape = try architecture.shapes().last ?? []
        } catch let error as DescentError {
            let place = error.place ?? ""
            throw DescentError(
                .badData,
                place.hasPrefix("layer 0,")
                    ? (preprocessing.exampleShape.count == 2
                        ? "the image size does not fit the first layer"
                        : "the number of features does not fit the first layer")
                    : "two layers do not fit together",
                at: path,
                expected: error.expected.map { "\($0) at \(place)" }, got: error.got)
        }
        try check(
            outputShape.count == 1, "the network does not end in a row of scores", expected: "[classes]",
            got: "\(outputShape)")
        do {
            try architecture.checkSize()
        } catch let error as DescentError {
            throw DescentError(.badData, error.what, at: path, expected: error.expected, got: error.got)
        }
        try check(
            labels.count == architecture.outputCount, "labels and outputs differ in number",
            expected: "\(architecture.outputCount) labels", got: "\(labels.count)")
        try check(Set(labels).count == labels.count, "a label appears twice")
        try check(
            preprocessing.divisor.isFinite && preprocessing.divisor > 0, "impossible divide_by",
            got: "\(preprocessing.divisor)")
    }

    static func check(version: Int, path: String) throws {
        guard version == formatVersion else {
            throw DescentError(
                .badData, "the model has another format version", at: path,
                expected: "format_version \(formatVersion)", got: "\(version)",
                advice: "use the version of Descent that wrote it, or train it again")
        }
    }

    /// Returns whether `bytes` are a `config.json` of Descent's, of whatever format version, and not another program's.
    static func isOurs(json bytes: [UInt8]) -> Bool {
        struct Signs: Decodable {
            struct Network: Decodable {
                struct Layer: Decodable { var type: String }
                var name: String
                var layers: [Layer]
            }
            struct Pipeline: Decodable {
                var name: String
                var summary: String
            }
            var format_version: Int
            var architecture: Network?
            var pipeline: Pipeline?
        }
        guard let signs = try? JSONText.decode(Signs.self, from: bytes) else { return false }
        return signs.architecture != nil || signs.pipeline != nil
    }

    /// The stored form of `config.json`.
    private struct Stored: Decodable {
        struct Version: Decodable { var format_version: Int }
        struct Network: Decodable {
            var name: String
            var layers: [LayerDescription]
            var output: String?
        }
        struct Scaling: Decodable {
            var shape: StoredShape
            var divide_by: Double

            private enum Key: CodingKey { case divide_by }

            init(from decoder: any Decoder) throws {
                shape = try StoredShape(from: decoder)
                divide_by = try decoder.container(keyedBy: Key.self).decode(Double.self, forKey: .divide_by)
            }
        }

        var architecture: Network
        var labels: [String]
        var preprocessing: Scaling
    }
}

/// The JSON files of a model folder: errors become one line with the path in it.
enum JSONFile {
    /// Decodes the value in a file's text; layers and activations in it are of the kinds in the registries.
    ///
    /// - Throws: `badData` that names the file and the part.
    static func decode<Value: Decodable>(
        _ type: Value.Type, from bytes: [UInt8], path: String, layers: LayerRegistry = .standard,
        activations: ActivationRegistry = .standard
    ) throws -> Value {
        var userInfo: [CodingUserInfoKey: any Sendable] = [:]
        if let key = CodingUserInfoKey.layerRegistry { userInfo[key] = layers }
        if let key = CodingUserInfoKey.activationRegistry { userInfo[key] = activations }
        let text: JSONText
        do {
            text = try JSONText(json: bytes)
        } catch {
            // Whoever asks for the place of a folder's fault gets the file.
            throw DescentError(
                .badData, error.what, at: path, expected: error.expected,
                got: [error.got, error.place].compactMap { $0 }.joined(separator: " at "),
                advice: "the file is damaged; train the model again")
        }
        do {
            return try text.decoded(as: type, userInfo: userInfo)
        } catch let error as DecodingError {
            throw DescentError(
                .badData, describe(error), at: path, advice: "the file is damaged; train the model again")
        } catch let error as DescentError {
            throw DescentError(
                .badData, error.what, at: path, expected: error.expected, got: error.got,
                advice: error.advice)
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
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            return "'\(name(context.codingPath))' has an impossible value"
        default: return "an impossible value"
        }
    }
}
