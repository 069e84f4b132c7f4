import Arrays
import Autodiff
import FoundationEssentials
import Networks
import Support

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
            "preprocessing": preprocessing.json,
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
            exampleShape: try stored.preprocessing.shape(path: path),
            divisor: stored.preprocessing.divide_by ?? 0)
        architecture = Architecture(
            name: stored.architecture.name, inputShape: [preprocessing.featureCount], layers: layers)
        let outputShape: [Int]
        do {
            outputShape = try architecture.shapes().last ?? []
        } catch let error as DescentError {
            let place = error.place ?? ""
            throw DescentError(
                .badData,
                place.hasPrefix("layer 0,")
                    ? "the examples do not fit the first layer" : "two layers do not fit together",
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
        guard let signs = try? JSONDecoder().decode(Signs.self, from: Data(bytes)) else { return false }
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
        var architecture: Network
        var labels: [String]
        var preprocessing: StoredForm
    }
}

/// The JSON files of a model folder: Foundation parses, and errors become one line with the path in it.
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
        do {
            return try JSONDecoder().decode(JSONText.self, from: Data(bytes)).decoded(
                as: type, userInfo: userInfo)
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
        // Only text that is not JSON has no path.
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            return "'\(name(context.codingPath))' has an impossible value"
        default: return "not valid JSON"
        }
    }
}
