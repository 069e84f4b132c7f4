import Arrays
import Pipelines
import Support

/// The contents of `config.json` for a pipeline. The pipeline itself, with all its settings, is in `model.safetensors`; this
/// describes it to people and other programs.
struct PipelineConfiguration: Equatable {
    var name: String
    var summary: String
    var labels: [String]
    var exampleShape: [Int]

    init(_ classifier: PipelineClassifier) {
        name = classifier.name
        summary = classifier.summary
        labels = classifier.classNames
        exampleShape = classifier.exampleShape
    }

    var json: JSONText {
        [
            "format_version": .integer(ModelConfiguration.formatVersion),
            "pipeline": ["name": .string(name), "summary": .string(summary)],
            "labels": .array(labels.map(JSONText.string)),
            "preprocessing": .object(StoredShape.members(of: exampleShape)),
        ]
    }

    /// Reads `config.json`; nil when it describes a network.
    ///
    /// - Throws: `badData` that names the file and the part.
    init?(json bytes: [UInt8], path: String) throws {
        struct Kind: Decodable {
            var format_version: Int
            var pipeline: Pipeline?
            struct Pipeline: Decodable {
                var name: String
                var summary: String
            }
        }
        struct Rest: Decodable {
            var labels: [String]
            var preprocessing: StoredShape
        }
        let kind = try JSONFile.decode(Kind.self, from: bytes, path: path)
        guard let pipeline = kind.pipeline else { return nil }
        try ModelConfiguration.check(version: kind.format_version, path: path)
        let rest = try JSONFile.decode(Rest.self, from: bytes, path: path)
        name = pipeline.name
        summary = pipeline.summary
        labels = rest.labels
        exampleShape = try rest.preprocessing.shape(path: path)
    }
}
