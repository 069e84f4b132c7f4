import Arrays
import Autodiff
import Networks
import Pipelines
import Regression
import Support

/// What a model answers with, as `config.json` says it; models of classes do not say it.
enum ModelTask: String {
    case classification, regression

    /// The task of the model with that `config.json`.
    ///
    /// - Throws: `badData` that names the file, for a task of a later version among others.
    static func of(config bytes: [UInt8], path: String) throws -> ModelTask {
        struct Stored: Decodable { var task: String? }
        let text = try JSONFile.decode(Stored.self, from: bytes, path: path).task
        guard let text else { return .classification }
        guard let task = ModelTask(rawValue: text) else {
            throw DescentError(
                .badData, "a model of another task", at: path, expected: "classification or regression",
                got: "'\(text)'", advice: "use the version of Descent that wrote it")
        }
        return task
    }
}

/// The contents of `config.json` of a regressor: what it is, what it predicts, the rows that it takes.
struct RegressorConfiguration: Equatable {
    /// How it predicts.
    enum Method: Equatable {
        /// A network; the weights are in `model.safetensors`, the scaling of the targets is here.
        case network(Architecture, TargetScaling)
        /// A pipeline, which is in `model.safetensors` with all its settings; this describes it to people and other programs.
        case pipeline(name: String, summary: String)
    }

    var method: Method
    var target: RegressionTarget
    var featureCount: Int

    init(_ regressor: any TrainedRegressor, target: RegressionTarget) {
        if let network = regressor as? NetworkRegressor {
            method = .network(network.architecture, network.targetScaling)
        } else {
            method = .pipeline(name: regressor.name, summary: regressor.summary)
        }
        (self.target, featureCount) = (target, regressor.featureCount)
    }

    /// The name and a line on it: `mlp:64` and `10-64-1`.
    var names: (name: String, summary: String) {
        switch method {
        case .network(let architecture, _): (architecture.name, architecture.sizes)
        case .pipeline(let name, let summary): (name, summary)
        }
    }

    /// Returns the text of `config.json`.
    ///
    /// - Throws: what a layer of one's own throws when it is encoded.
    func json() throws -> JSONText {
        var scaling: [JSONText.Member] = []
        let model: JSONText.Member
        switch method {
        case .network(let architecture, let scale):
            model = .init(
                "architecture",
                [
                    "name": .string(architecture.name),
                    "layers": try JSONText(encoding: architecture.layers), "output": "number",
                ])
            scaling = [.init("offset", .number(scale.offset)), .init("scale", .number(scale.scale))]
        case .pipeline(let name, let summary):
            model = .init("pipeline", ["name": .string(name), "summary": .string(summary)])
        }
        let unit = target.unit.map { [JSONText.Member("unit", .string($0))] } ?? []
        return .object([
            .init("format_version", .integer(ModelConfiguration.formatVersion)),
            .init("task", .string(ModelTask.regression.rawValue)), model,
            .init("target", .object([.init("name", .string(target.name))] + unit + scaling)),
            .init("preprocessing", ["features": .integer(featureCount)]),
        ])
    }

    /// Reads `config.json` and checks that its parts fit together.
    ///
    /// - Throws: `badData` that names the file and the part.
    init(
        json bytes: [UInt8], path: String, layers kinds: LayerRegistry = .standard,
        activations: ActivationRegistry = .standard
    ) throws {
        let version = try JSONFile.decode(Stored.Version.self, from: bytes, path: path).format_version
        try ModelConfiguration.check(version: version, path: path)
        let stored = try JSONFile.decode(
            Stored.self, from: bytes, path: path, layers: kinds, activations: activations)
        let shape = try stored.preprocessing.shape(path: path)
        guard shape.count == 1 else {
            throw DescentError(
                .badData, "a regressor takes rows of features", at: path, expected: "'features'",
                got: "\(shape)")
        }
        featureCount = shape[0]
        target = RegressionTarget(name: stored.target.name, unit: stored.target.unit)
        switch (stored.architecture, stored.pipeline) {
        case (let network?, nil):
            let architecture = Architecture(name: network.name, inputShape: shape, layers: network.layers)
            let output: [Int]
            do {
                output = try architecture.shapes().last ?? []
                try architecture.checkSize()
            } catch let error as DescentError {
                throw DescentError(
                    .badData, error.what, at: path,
                    expected: error.expected.map { "\($0) at \(error.place ?? "a layer")" }, got: error.got)
            }
            guard output == [1] else {
                throw DescentError(
                    .badData, "the network does not end in one number", at: path, expected: "[1]",
                    got: "\(output)")
            }
            guard let offset = stored.target.offset, let scale = stored.target.scale,
                let scaling = TargetScaling(checking: offset, scale: scale)
            else {
                throw DescentError(
                    .badData, "'target' has no offset and scale", at: path,
                    expected: "finite numbers, the scale above 0", advice: "train the model again")
            }
            method = .network(architecture, scaling)
        case (nil, let pipeline?): method = .pipeline(name: pipeline.name, summary: pipeline.summary)
        default:
            throw DescentError(
                .badData, "neither a network nor a pipeline", at: path,
                expected: "'architecture' or 'pipeline'", advice: "train the model again")
        }
    }

    /// The stored form of `config.json`.
    private struct Stored: Decodable {
        struct Version: Decodable { var format_version: Int }
        struct Network: Decodable {
            var name: String
            var layers: [LayerDescription]
        }
        struct Pipeline: Decodable {
            var name: String
            var summary: String
        }
        struct Target: Decodable {
            var name: String
            var unit: String?
            var offset: Double?
            var scale: Double?
        }

        var architecture: Network?
        var pipeline: Pipeline?
        var target: Target
        var preprocessing: StoredShape
    }
}
