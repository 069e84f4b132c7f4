import Classification
import EvaluationMetrics
import Support

extension ModelFolder {
    /// A temperature with the checksum of the weights that it was fitted to.
    private struct StoredCalibration: Codable {
        var version = 1
        let model: String
        let calibration: Calibration
    }

    /// The file's contents under their keys there.
    private struct Contents: Decodable {
        let stored: StoredCalibration

        init(from decoder: any Decoder) throws {
            stored = try JSONText(from: decoder).inCamelCase.decoded()
        }
    }

    /// Stores a temperature beside the model at `path`, in `calibration.json`, in place of a former one.
    ///
    /// - Throws: `missingInput` without a model, `cannotCreate`, `inputOutput`.
    package static func store(_ calibration: Calibration, at path: String) throws {
        let stored = StoredCalibration(
            model: try Files.checksum("\(path)/\(FileName.weights)"), calibration: calibration)
        try AtomicFile.write(
            JSONText(encoding: stored).inSnakeCase.document, to: "\(path)/\(FileName.calibration)")
    }

    /// Returns the temperature that is stored beside the model at `path`; nil when there is none.
    ///
    /// - Throws: `badData` when it is damaged, or was fitted to other weights.
    package static func calibration(at path: String) throws -> Calibration? {
        let file = "\(path)/\(FileName.calibration)"
        guard Files.exists(file) else { return nil }
        let stored = try JSONFile.decode(Contents.self, from: Files.read(file, limit: textLimit), path: file)
            .stored
        guard stored.version == 1 else {
            throw DescentError(
                .badData, "a calibration of another version", at: file, expected: "1",
                got: "\(stored.version)", advice: "calibrate the model again")
        }
        let found = try Files.checksum("\(path)/\(FileName.weights)")
        guard stored.model == found else {
            throw DescentError(
                .badData, "the calibration belongs to another model", at: file,
                expected: "weights with the checksum \(stored.model)", got: found,
                advice: "calibrate the model again, or remove the file")
        }
        return stored.calibration
    }

    /// Loads the classifier at `path`, at its temperature where one is stored.
    ///
    /// - Throws: as `load(_:layers:activations:components:)` and `calibration(at:)`.
    package static func calibratedClassifier(at path: String) throws -> any TrainedClassifier {
        let classifier = try load(path).classifier
        guard let calibration = try calibration(at: path) else { return classifier }
        return try CalibratedClassifier(classifier, calibration)
    }
}
