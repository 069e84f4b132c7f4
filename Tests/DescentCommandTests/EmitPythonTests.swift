import Descent
import Foundation
import TestSupport
import Testing

/// The NumPy script of a run, run by Python where there is one with NumPy.
@Suite struct EmitPythonTests {
    private let command: CommandRun

    init() throws { command = try CommandRun() }

    /// A Python that has NumPy: the peers' of the benchmarks, or the system's.
    private static let python: String? = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        return [
            ProcessInfo.processInfo.environment["DESCENT_PYTHON"] ?? "",
            "\(root)/Benchmarks/peers/.venv/bin/python",
            "/usr/bin/python3",
        ].first { path in
            guard FileManager.default.isExecutableFile(atPath: path) else { return false }
            let process = Process()
            process.executableURL = URL(fileURLWithPath: path)
            process.arguments = ["-c", "import numpy"]
            process.standardError = FileHandle.nullDevice
            guard (try? process.run()) != nil else { return false }
            process.waitUntilExit()
            return process.terminationStatus == 0
        }
    }()

    private static let rules = [
        ["--model", "two-layer", "--optimizer", "sgd"], ["--model", "mlp:12,7", "--optimizer", "momentum"],
        ["--model", "mlp:9", "--activation", "tanh", "--optimizer", "nesterov"], ["--optimizer", "adagrad"],
        ["--model", "mlp:12", "--optimizer", "rmsprop"], ["--model", "mlp:12,7", "--optimizer", "adam"],
        ["--optimizer", "adamw"],
    ]

    private func emit(_ more: [String]) throws -> [Float] {
        let data = try command.makeData()
        // 200 examples are eleven batches and a smaller one.
        let result = command.end(
            try command.start(
                [
                    "train", "--data", "mnist", "--data-dir", data, "--batch-size", "17", "--epochs", "9",
                    "--seed", "5",
                ]
                    + ["--emit-python", "run.py", "--out", "model", "--quiet"] + more))
        #expect(result.code == 0, "\(result.error)")
        return try NPY.read("\(command.directory)/model/losses.npy", as: Float.self).elements
    }

    @Test(.enabled(if: python != nil, "needs a Python with NumPy (DESCENT_PYTHON)"), arguments: rules)
    func theFirstHundredLossesAgree(rule: [String]) throws {
        let losses = try emit(rule)
        let python = try #require(Self.python)
        let said = try run(python, "run.py", "--steps", "100")
        #expect(said.count == 100 && losses.count >= 100)
        for (step, (one, other)) in paired(losses.prefix(100), said).enumerated() {
            #expect(
                abs(Double(one) - other) <= 1e-5, "\(rule), step \(step + 1): \(one) here, \(other) in NumPy")
        }
        // Another seed gives others, or the comparison could not fail.
        let script = command.text("run.py").replacingOccurrences(of: "17, 9, 5\n", with: "17, 9, 6\n")
        try script.write(toFile: "\(command.directory)/other.py", atomically: true, encoding: .utf8)
        let others = try run(python, "other.py", "--steps", "3")
        #expect(zip(losses, others).contains { abs(Double($0) - $1) > 1e-4 })
    }

    @Test(.enabled(if: python != nil, "needs a Python with NumPy (DESCENT_PYTHON)"))
    func builtInDigitsLieBesideTheScript() throws {
        let result = try command.run(
            "train", "--train-limit", "150", "--test-limit", "20", "--epochs", "2", "--batch-size", "25",
            "--emit-python", "digits.py", "--out", "model", "--quiet")
        #expect(result.code == 0, "\(result.error)")
        #expect(command.names().contains("digits.npz"))
        let losses = try NPY.read("\(command.directory)/model/losses.npy", as: Float.self).elements
        let said = try run(try #require(Self.python), "digits.py", "--steps", "12")
        #expect(said.count == 12 && losses.count == 12)
        #expect(paired(losses, said).allSatisfy { abs(Double($0) - $1) <= 1e-5 })
    }

    @Test func theScriptSaysWhatItDoes() throws {
        _ = try emit(["--optimizer", "adam"])
        let script = command.text("run.py")
        for part in [
            "SIZES = [144, 50, 10]", "BATCH, EPOCHS, SEED = 17, 9, 5", "import numpy as np", "beta1",
            "Back-propagation",
        ] {
            #expect(script.contains(part), "\(part)")
        }
        #expect(!script.contains("import torch"))
    }

    private func run(_ python: String, _ arguments: String...) throws -> [Double] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: command.directory)
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return parsed(text.split(separator: "\n"), as: Double.self)
    }
}
