import Arrays
import Classical
import EvaluationMetrics
import Foundation
import Networks
import Support
import TestSupport
import Testing

@testable import Classification
@testable import Models
@testable import Pipelines

/// A temperature beside the model: other probabilities, the same classes.
@Suite struct ModelCalibrationTests {
    private let directory: TemporaryDirectory
    private let data = ToyImages.make(40, seed: 1)
    private let path: String

    init() throws {
        directory = try TemporaryDirectory()
        let model = TrainableNetwork(
            architecture: try Architecture(named: "mlp:6", inputs: 144, classes: 4),
            classNames: data.classNames,
            preprocessing: Preprocessing(height: 12, width: 12))
        var random = RandomState(1)
        model.network.initialize(using: &random)
        path = try ModelFolder(model.classifier(), samples: data.prefix(2).features)
            .write(to: .folder("\(directory.path)/model"))
    }

    @Test func aStoredTemperatureIsApplied() throws {
        #expect(try ModelFolder.calibration(at: path) == nil)
        let plain = try ModelFolder.load(path).classifier
        #expect(try ModelFolder.calibratedClassifier(at: path) is NetworkClassifier)
        let answers = try plain.answers(for: data.features)
        let calibration = try Calibration(fitting: answers.scores, actual: data.classes)
        try ModelFolder.store(calibration, at: path)
        #expect(try ModelFolder.calibration(at: path) == calibration)
        let calibrated = try ModelFolder.calibratedClassifier(at: path)
        let found = try calibrated.answers(for: data.features)
        #expect(found.classes == answers.classes)
        #expect(
            found.scores == (try calibration.applied(to: answers.scores)) && found.scores != answers.scores)
        #expect(try calibrated.classes(of: data.features) == answers.classes)
        // The same confusions; the loss is that of the calibrated probabilities, which the calibration knows.
        let (judged, uncalibrated) = (try calibrated.evaluate(on: data), try plain.evaluate(on: data))
        #expect(judged.confusion == uncalibrated.confusion && judged.classNames == uncalibrated.classNames)
        expectClose([judged.loss], [try #require(calibration.lossAfter)], relative: 1e-5)
        expectClose([uncalibrated.loss], [try #require(calibration.lossBefore)], relative: 1e-5)
        #expect(judged.loss < uncalibrated.loss)
        #expect(try calibrated.evaluate(on: data.prefix(0)).loss.isNaN)
        #expect(calibrated.summary == "144-6-4, temperature \(Numerals.fixed(calibration.temperature, 3))")
        #expect(
            calibrated.name == plain.name && calibrated.exampleShape == [12, 12]
                && calibrated.storedByteCount == plain.storedByteCount
                && calibrated.scoreKind == .probabilities)
        // The samples are those of the model as it was trained.
        #expect(try ModelFolder.load(path).classifier.answers(for: data.features) == answers)
        let text = try directory.text("model/calibration.json")
        #expect(text.hasPrefix("{\n  \"version\": 1,\n  \"model\": \"") && text.contains("\"loss_before\": "))
    }

    @Test func aTemperatureOfAnotherModelIsRefused() throws {
        try ModelFolder.store(Calibration(temperature: 2), at: path)
        let file = "\(path)/calibration.json"
        let text = try directory.text("model/calibration.json")
        let sum = try #require(
            text.split(separator: "\"").first { $0.count == 8 && Int($0, radix: 16) != nil })
        func loading(_ text: String) throws -> String {
            try AtomicFile.write(text, to: file)
            return failure(in: directory.path) { _ = try ModelFolder.calibratedClassifier(at: path) }
        }
        #expect(
            try loading(text.replacing(sum, with: "00000000"))
                == "badData: DIR/model/calibration.json: the calibration belongs to another model (expected weights with "
                + "the checksum 00000000, got \(sum)); calibrate the model again, or remove the file")
        #expect(
            try loading(text.replacing("\"version\": 1", with: "\"version\": 2"))
                == "badData: DIR/model/calibration.json: a calibration of another version (expected 1, got 2); calibrate "
                + "the model again")
        #expect(try loading("{").hasPrefix("badData: DIR/model/calibration.json"))
        #expect(
            try loading(text.replacing("\"temperature\": 2", with: "\"temperature\": 0")).hasPrefix(
                "badData: "))
        #expect(try loading(text) == "no error")
    }

    /// A new model in the folder's place does not inherit the temperature.
    @Test func aNewModelHasNone() throws {
        try ModelFolder.store(Calibration(temperature: 2), at: path)
        let model = try Pipeline(.pixels, NearestNeighbors(k: 1)).fit(data)
        try ModelFolder(model, samples: data.prefix(2).features).write(to: .folder(path, replacing: true))
        #expect(try directory.names("model").contains("calibration.json") == false)
        #expect(try ModelFolder.calibration(at: path) == nil)
    }

    @Test func votesAreNotCalibrated() throws {
        let model = try Pipeline(.pixels, NearestNeighbors(k: 3)).fit(data)
        #expect(
            failure { _ = try CalibratedClassifier(model, Calibration(temperature: 2)) }
                .hasSuffix(
                    "the scores of the model are no probabilities, and cannot be calibrated (expected probabilities, got "
                        + "neighbors)"))
    }
}
