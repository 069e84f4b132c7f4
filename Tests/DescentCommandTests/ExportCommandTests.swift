import Descent
import Foundation
import TestSupport
import Testing

@testable import DescentCommand

/// `descent export` and `descent verify` as programs.
@Suite struct ExportCommandTests {
    private let command: CommandRun

    init() throws { command = try CommandRun() }

    private func run(_ arguments: [String]) throws -> CommandRun.Result {
        let interop = Environment["DESCENT_INTEROP"].map { ["DESCENT_INTEROP": $0] } ?? [:]
        return command.end(try command.start(arguments, environment: interop))
    }

    @Test func modelsGoOut() throws {
        let data = try command.makeData(train: 80, test: 20)
        let trained = try run(
            ["train", "--model", "knn", "--quiet", "--out", "knn", "--data", "mnist", "--data-dir", data])
        #expect(trained.code == 0, "\(trained.error)")
        for name in ["m.onnx", "m.safetensors", "m.npz", "m.py"] {
            let written = try run(["export", "knn", "--out", name])
            #expect(written.code == 0 && written.output.hasPrefix("\(name): "), "\(written.error)")
        }
        let again = try run(["export", "knn", "--format", "onnx", "--out", "other", "--json"])
        #expect(again.objects.first?["format"] as? String == "onnx", "\(again.error)")
        for (arguments, code, text) in [
            (["knn", "--out", "m.onnx"], 73, "there is a file already"),
            (["knn", "--out", "m.txt"], 64, "does not say the format"),
            (["knn", "--format", "libsvm", "--out", "x"], 64, "libsvm's models are support vector machines"),
            (["nowhere", "--out", "x.onnx"], 66, "there is no such model folder"),
            (["knn", "--format", "tflite", "--out", "x"], 64, "invalid"),
        ] as [([String], Int32, String)] {
            let result = try run(["export"] + arguments)
            #expect(result.code == code && result.error.contains(text), "\(arguments): \(result.error)")
        }
        #expect(try run(["export", "knn", "--out", "m.onnx", "--force"]).code == 0)
        let verified = try run(["verify", "m.onnx"])
        #expect(
            verified.code == 0 && verified.output.hasPrefix("Descent: 8 of 8 labels"), "\(verified.error)")
        #expect(!command.names().contains("x"))
    }

    /// The list for shells is this program's, the formats are the other's.
    @Test func formatsAreTheOtherProgramsOwn() throws {
        try FileManager.default.createDirectory(
            atPath: "\(command.directory)/m", withIntermediateDirectories: true)
        let error = try run(["export", "m", "--format", "tflite", "--out", "x"]).error
        let formats = Completions.exportFormats.joined(separator: ", ")
        #expect(error.contains("(expected one of \(formats))"), "\(error)")
    }

    @Test func verifyNeedsItsEnvironment() throws {
        let missing = try run(["verify", "nowhere.onnx", "--with", "onnxruntime"])
        #expect(missing.code == 66 || missing.code == 69, "\(missing.error)")
        #expect(try run(["verify", "m.onnx", "--with", "tensorflow"]).code == 64)
    }

    @Test(
        .enabled(
            if: Environment["DESCENT_INTEROP"] != nil,
            "needs the interop environment: ./descent test --interop"))
    func onnxruntimeAgrees() throws {
        let data = try command.makeData(train: 80, test: 20)
        let source = ["--data", "mnist", "--data-dir", data]
        #expect(
            try run(["train", "--model", "two-layer", "--epochs", "2", "--quiet", "--out", "net"] + source)
                .code == 0)
        #expect(try run(["export", "net", "--out", "net.onnx"]).code == 0)
        let verified = try run(["verify", "net.onnx", "--with", "onnxruntime", "--json"])
        #expect(verified.code == 0 && verified.objects.first?["agrees"] as? Bool == true, "\(verified.error)")
    }
}
