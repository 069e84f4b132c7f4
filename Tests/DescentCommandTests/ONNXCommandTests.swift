import Descent
import Foundation
import TestSupport
import Testing

@testable import DescentCommand

/// `descent import`, and ONNX files as models of `predict` and eyes of `train`.
@Suite struct ONNXCommandTests {
    private let command: CommandRun

    init() throws {
        command = try CommandRun()
        try AtomicFile.write(Wire.redOrBlue(), to: "\(command.directory)/net.onnx")
        try AtomicFile.write("red\nblue\n", to: "\(command.directory)/names.txt")
    }

    private func run(_ arguments: [String]) throws -> CommandRun.Result {
        command.end(
            try command.start(arguments, environment: ["XDG_CACHE_HOME": "\(command.directory)/cache"]))
    }

    /// Pictures of red and of blue, in folders of those names.
    private func makePhotos(_ count: Int) throws {
        var random = RandomState(4)
        for name in ["red", "blue"] {
            let folder = "\(command.directory)/photos/\(name)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for index in 0..<count {
                let pixels = (0..<(6 * 8 * 3)).map { place -> UInt8 in
                    let isStrong = place % 3 == (name == "red" ? 0 : 2)
                    return UInt8((isStrong ? 180 : 20) + random.uniform() * 60)
                }
                try AtomicFile.write(
                    PNG.encode(NDArray(shape: [6, 8, 3], elements: pixels)), to: "\(folder)/\(index).png")
            }
        }
    }

    @Test func aFilePredictsAndBecomesAFolder() throws {
        try makePhotos(2)
        let predicted = try run([
            "predict", "net.onnx", "photos/red/0.png", "photos/blue/1.png", "--class-names", "names.txt",
            "--json",
        ])
        #expect(predicted.objects.map { $0["label"] as? String } == ["red", "blue"], "\(predicted.error)")
        #expect(predicted.error.contains("net.onnx: pictures of 4x4 in colour, NCHW"), "\(predicted.error)")
        let made = try run(["import", "net.onnx", "--class-names", "names.txt", "--out", "model", "--quiet"])
        #expect(made.code == 0 && made.error.isEmpty && made.output.contains("2 classes"), "\(made.error)")
        let same = try run(["predict", "model", "photos/red/0.png", "photos/blue/1.png", "--json"])
        #expect(same.output == predicted.output, "\(same.error)")
        let judged = try run(["evaluate", "model", "--data", "photos", "--json"])
        #expect(judged.objects.last?["accuracy"] as? Double == 1, "\(judged.error) \(judged.output)")
        #expect(try run(["summary", "model"]).output.contains("onnx"))
        for (arguments, code, text) in [
            (["predict", "model", "photos/red", "--mean", "0.5"], 64, "a model folder says itself"),
            (["predict", "net.onnx", "photos/red", "--image-size", "9"], 64, "--image-size"),
            (["predict", "net.onnx", "photos/red", "--deviation", "0"], 64, "--deviation"),
            (["import", "names.txt", "--out", "x"], 65, "names.txt"),
            (["import", "nowhere.onnx", "--out", "x"], 66, "nowhere.onnx"),
        ] as [([String], Int32, String)] {
            let result = try run(arguments)
            #expect(result.code == code && result.error.contains(text), "\(arguments): \(result.error)")
        }
    }

    @Test func aNetworkLendsItsEyes() throws {
        try makePhotos(10)
        let trained = try run([
            "train", "--data", "photos", "--features", "onnx:net.onnx", "--out", "model", "--json",
        ])
        #expect(trained.objects.last?["test_accuracy"] as? Double == 1, "\(trained.error)")
        try FileManager.default.removeItem(atPath: "\(command.directory)/net.onnx")
        let predicted = try run(["predict", "model", "photos/blue/0.png", "--json"])
        #expect(predicted.objects.first?["label"] as? String == "blue", "\(predicted.error)")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: "\(command.directory)/cache/descent/features")
                .count == 1)
    }

    @Test func compareHasTheRow() throws {
        try makePhotos(10)
        let compared = try run([
            "compare", "--data", "photos", "--features", "onnx:net.onnx", "--only", "onnx", "--json",
        ])
        let rows = compared.objects.first?["rows"] as? [[String: Any]]
        #expect(rows?.first?["method"] as? String == "logistic on onnx", "\(compared.error)")
        #expect(rows?.first?["accuracy"] as? Double == 1)
    }
}
