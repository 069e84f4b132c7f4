import Descent
import Foundation
import Testing

/// What `train --resume` refuses, by name.
@Suite struct CheckpointCommandTests {
    private let command: CommandRun
    private let data: String
    private let flags: [String]
    private let file = "model/checkpoints/last.safetensors"

    init() throws {
        command = try CommandRun()
        data = try command.makeData()
        flags = [
            "--data", "mnist", "--data-dir", data, "--model", "mlp:8", "--batch-size", "20", "--epochs", "3",
            "--checkpoint-every", "1", "--out", "model",
        ]
    }

    private var path: String { "\(command.directory)/\(file)" }

    /// A run of the library that stopped after its first epoch, and says that it was started with `arguments`.
    private func makeCheckpoint(arguments: [String], _ change: (inout Trainer) -> Void = { _ in })
        async throws
    {
        let dataset = try await DatasetSource.named("mnist").load(directory: data)
        let network = try Architecture(named: "mlp:8", inputs: 144, classes: 10).makeNetwork()
        var information = ["started": "1700000000"]
        for (index, argument) in arguments.enumerated() { information["argument \(1000 + index)"] = argument }
        var trainer = Trainer(
            optimizer: .sgd(learningRate: 0.1), batchSize: 20, epochs: 3, reinitializesWeights: true)
        change(&trainer)
        let cancellation = Cancellation()
        _ = try trainer.fit(
            network, on: dataset.train, validating: dataset.test, cancellation: cancellation,
            checkpoints: CheckpointPolicy(
                in: "\(command.directory)/model/checkpoints", every: .epochs(1), information: information)
        ) { event in
            if case .epoch = event { cancellation.cancel() }
        }
    }

    private func expectRefusal(_ words: String..., code: Int32 = 65) throws {
        let result = try command.run("train", "--resume", "model", "--quiet")
        #expect(result.code == code, "\(words): \(result.error)")
        #expect(result.error.hasPrefix("descent: error: \(file)"), "\(result.error)")
        #expect(result.error.split(separator: "\n").count == 1 && result.output.isEmpty)
        for word in words { #expect(result.error.contains(word), "\(word) in \(result.error)") }
        #expect(command.names("model") == ["checkpoints"])
    }

    /// By its name below runs/, as `descent runs` lists it.
    @Test func aRunIsNamedAsItIsListed() async throws {
        try await makeCheckpoint(arguments: ["train"] + flags)
        let (folder, name) = (command.directory, "2026-11-30-120000-mlp-8")
        try FileManager.default.createDirectory(atPath: "\(folder)/runs", withIntermediateDirectories: true)
        try FileManager.default.moveItem(atPath: "\(folder)/model", toPath: "\(folder)/runs/\(name)")
        let resumed = try command.run("train", "--resume", name, "--quiet")
        #expect(resumed.code == 0, "\(resumed.error)")
        #expect(command.names("runs/\(name)").contains("model.safetensors"))
        let missing = try command.run("train", "--resume", "2026-11-30-120001", "--quiet")
        #expect(missing.code == 66, "\(missing.error)")
    }

    @Test func itGoesOnWithWhatALibraryRunBegan() async throws {
        try await makeCheckpoint(arguments: ["train"] + flags)
        let resumed = try command.run("train", "--resume", "model", "--quiet")
        #expect(resumed.code == 0, "\(resumed.error)")
        let whole = command.end(try command.start(["train"] + flags.dropLast() + ["whole", "--quiet"]))
        #expect(whole.code == 0, "\(whole.error)")
        let weights = ["model", "whole"].map {
            FileManager.default.contents(atPath: "\(command.directory)/\($0)/model.safetensors")
        }
        #expect(weights[0] != nil && weights[0] == weights[1])
    }

    @Test func damageIsRefused() async throws {
        try await makeCheckpoint(arguments: ["train"] + flags)
        let whole = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
        var random = RandomState(7)
        var damaged = [0, 5, 100, whole.count / 2, whole.count - 1].map { Array(whole[..<$0]) }
        damaged.append(whole + [0])
        for place in [0, 9, whole.count / 2, whole.count - 1]
            + (0..<6).map({ _ in random.randint(0, whole.count) })
        {
            var bytes = whole
            bytes[place] ^= UInt8(1 << random.randint(0, 8))
            damaged.append(bytes)
        }
        for bytes in damaged {
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            let result = try command.run("train", "--resume", "model", "--quiet")
            // A flipped letter of the format's or the version's name is another kind of file.
            #expect(result.code == 65, "\(result.code): \(result.error)")
            #expect(
                result.error.contains("damaged") || result.error.contains("not a checkpoint")
                    || result.error.contains("another format version"), "\(result.error)")
        }
        #expect(command.names("model") == ["checkpoints"])
    }

    @Test func anotherVersionIsRefused() async throws {
        try await makeCheckpoint(arguments: ["train"] + flags)
        var stored = try SafeTensors(contentsOf: path)
        stored.metadata["version"] = "2"
        try stored.write(to: path)
        try expectRefusal(
            "the checkpoint has another format version", "expected 1, got 2",
            "the version of Descent that wrote it")
    }

    @Test func anotherNetworkIsRefused() async throws {
        let other = flags.map { $0 == "mlp:8" ? "mlp:9" : $0 }
        try await makeCheckpoint(arguments: ["train"] + other)
        try expectRefusal("its architecture differs", #""outputs":9"#, #""outputs":8"#)
    }

    @Test func otherSettingsAreRefused() async throws {
        try await makeCheckpoint(arguments: ["train"] + flags) { $0.seed = 2 }
        try expectRefusal("its seed differs (expected 1, got 2)")
        try await makeCheckpoint(arguments: ["train"] + flags) { $0.schedule = .cosine() }
        try expectRefusal("its schedule differs (expected none, got cosine")
        try await makeCheckpoint(arguments: ["evaluate", "model"])
        try expectRefusal("does not say how its run was started")
        try await makeCheckpoint(arguments: ["train", "--bogus"])
        try expectRefusal("does not say how its run was started", "got train --bogus")
    }

    @Test func otherDataAreRefused() async throws {
        try await makeCheckpoint(arguments: ["train"] + flags)
        for (name, part) in [("t10k", "validation"), ("train", "training")] {
            let images = "\(data)/\(name)-images-idx3-ubyte"
            var bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: images)))
            bytes[bytes.count - 1] ^= 1
            try Data(bytes).write(to: URL(fileURLWithPath: images))
            try expectRefusal("its \(part) data differs")
        }
    }

    @Test func divergenceNamesItsLayer() throws {
        let result = command.end(
            try command.start([
                "train", "--data", "mnist", "--data-dir", data, "--model", "mlp:8,8", "--lr", "1e30", "--out",
                "model", "--quiet",
            ]))
        #expect(result.code == 2)
        #expect(
            result.error.contains(/epoch 1, step [0-9]+, first in layer [0-9] \(Dense\)/), "\(result.error)")
    }
}
