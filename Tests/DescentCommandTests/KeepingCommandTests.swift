import Descent
import Foundation
import TestSupport
import Testing

@testable import DescentCommand

/// What `descent` keeps, goes on with and remembers; and what it leaves alone.
@Suite struct KeepingCommandTests {
    private let command: CommandRun
    private let data: String

    init() throws {
        command = try CommandRun()
        data = try command.makeData()
    }

    private func path(_ file: String) -> String { "\(command.directory)/\(file)" }

    private func write(_ text: String, _ file: String) throws {
        try FileManager.default.createDirectory(
            atPath: (path(file) as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path(file)))
    }

    private func start(_ flags: [String], through shell: String? = nil) throws -> Process {
        try command.start(
            ["train", "--data", "mnist", "--data-dir", "data", "--quiet", "--batch-size", "20"] + flags,
            through: shell)
    }

    private func train(_ flags: String..., through shell: String? = nil) throws -> CommandRun.Result {
        command.end(try start(flags, through: shell))
    }

    private func wait(for file: String, of process: Process) {
        while process.isRunning, !FileManager.default.fileExists(atPath: path(file)) { usleep(1000) }
    }

    private func waitForAnEpoch(of process: Process) {
        while process.isRunning, !command.text("err.txt").contains("\nepoch ") { usleep(1000) }
    }

    private func metrics(_ model: String) throws -> [String: Any] {
        try #require(
            JSONSerialization.jsonObject(with: Data(command.text("\(model)/metrics.json").utf8))
                as? [String: Any])
    }

    // MARK: The user's files

    @Test func filesThatCameWhileItTrainedAreKept() throws {
        let process = try start(["--epochs", "1000000", "--out", "model", "--checkpoint-every", "1"])
        wait(for: "model/checkpoints/last.safetensors", of: process)
        for file in ["notes.txt", "README.md", ".mine", "checkpoints/mine.txt", "plots/mine.png"] {
            try write("mine", "model/\(file)")
        }
        kill(process.processIdentifier, SIGINT)
        let stopped = command.end(process)
        #expect(stopped.code == 130, "\(stopped.error)")
        #expect(stopped.error.contains("README-kept.md"))
        try write("mine", "model/later.txt")
        try write("mine", "model/plots/learning-curve.svg")
        let resumed = try command.run("train", "--resume", "model", "--epochs", "1000001", "--quiet", "--dry")
        #expect(resumed.code == 64)
        let next = try command.start(["train", "--resume", "model"])
        waitForAnEpoch(of: next)
        kill(next.processIdentifier, SIGINT)
        #expect([130, 0].contains(command.end(next).code))
        for file in [
            "notes.txt", "README-kept.md", ".mine", "checkpoints/mine.txt", "plots/mine.png", "later.txt",
            "plots/learning-curve-kept.svg",
        ] { #expect(command.text("model/\(file)") == "mine", "\(file)") }
        #expect(throws: Never.self) { try ModelFolder.load(path("model")) }
    }

    /// Arguments in a checkpoint that somebody else wrote: they write nothing.
    @Test(arguments: [
        ["--model", "knn", "--out", "mine", "--force"], ["--model", "mlp:8", "--out", "mine", "--force"],
        ["--model", "mlp:8", "--emit-python", "mine.py"],
        ["--model", "mlp:8", "--repeat", "2", "--out", "mine", "--force"],
        ["--model", "mlp:8", "--name", "mine"],
    ])
    func aForeignCheckpointWritesNowhereElse(flags: [String]) async throws {
        #expect(try train("--epochs", "1", "--out", "mine").code == 0)
        try write("mine", "mine.svg")
        let before = command.names("mine").map { command.text("mine/\($0)") }
        let arguments =
            ["train", "--data", "mnist", "--data-dir", data, "--batch-size", "20", "--epochs", "3"] + flags
        var information = ["started": "1700000000"]
        for (index, argument) in arguments.enumerated() { information["argument \(1000 + index)"] = argument }
        let dataset = try await DatasetSource.named("mnist").load(directory: data)
        let network = try Architecture(named: "mlp:8", inputs: 144, classes: 10).makeNetwork()
        let cancellation = Cancellation()
        _ = try Trainer(
            optimizer: .sgd(learningRate: 0.1), batchSize: 20, epochs: 3, reinitializesWeights: true
        ).fit(
            network, on: dataset.train, validating: dataset.test, cancellation: cancellation,
            checkpoints: CheckpointPolicy(
                in: path("foreign/checkpoints"), every: .epochs(1), information: information)
        ) { event in
            if case .epoch = event { cancellation.cancel() }
        }
        let result = try command.run("train", "--resume", "foreign", "--quiet")
        #expect(result.code == (flags.contains("knn") ? 65 : 0), "\(result.error)")
        #expect(command.names() == ["data", "err.txt", "foreign", "mine", "mine.svg", "out.txt"])
        #expect(command.names("mine").map { command.text("mine/\($0)") } == before)
        #expect(command.text("mine.svg") == "mine")
        if !flags.contains("knn") { #expect(throws: Never.self) { try ModelFolder.load(path("foreign")) } }
    }

    @Test func aSearchDrawsOverNothing() throws {
        let flags = ["tune", "--range", "lr=0.1..1", "--trials", "1", "--epochs", "1", "--train-limit", "60"]
        for file in ["search/lr.svg", "search/trials.svg"] {
            try write("mine", file)
            let result = command.end(try command.start(flags + ["--out", "search", "--quiet"]))
            #expect(result.code == 73 && result.error.contains(file), "\(result.error)")
            #expect(command.text(file) == "mine" && command.names("search").count == 1)
            try FileManager.default.removeItem(atPath: path(file))
        }
    }

    // MARK: Places

    @Test(arguments: [["--model", "svm"], ["--epochs", "100000"]])
    func aPlaceIsTakenBeforeTheWork(flags: [String]) throws {
        // The first holds the place, as one that trains does.
        try FileManager.default.createDirectory(atPath: path("model"), withIntermediateDirectories: true)
        let descriptor = open(path("model"), O_RDONLY)
        defer { close(descriptor) }
        #expect(flock(descriptor, LOCK_EX) == 0)
        let second = command.end(
            try command.start(["train", "--data", "mnist", "--data-dir", "data", "--out", "model"] + flags))
        #expect(second.code == 64, "\(second.error)")
        #expect(second.error.contains("another process is training this run"))
    }

    @Test(arguments: ["mlp:8", "svm"]) func aModelThatHasNoPlaceIsPutElsewhere(model: String) throws {
        try FileManager.default.createDirectory(atPath: path("tmp"), withIntermediateDirectories: true)
        // The folder is given to a file while it trains: a name that a directory cannot get.
        let process = try command.start(
            [
                "train", "--train-limit", "3000", "--test-limit", "1000", "--model", model, "--out", "model",
                "--quiet",
            ]
                // Seconds, so that the folder goes before the end, and checkpoints are due after it: nearest neighbours,
                // and three epochs, ended before it.
                + (model == "svm"
                    ? ["--fit-probabilities"] : ["--epochs", "300", "--checkpoint-every", "1"]),
            environment: ["TMPDIR": path("tmp")])
        wait(for: "model", of: process)
        // Until it is locked.
        usleep(100_000)
        #expect(rename(path("model"), path("moved")) == 0)
        try write("mine", "model")
        let result = command.end(process)
        #expect(result.code == 73, "\(result.error)")
        let saved = try #require(command.names("tmp").first)
        #expect(
            result.error.contains("the model is saved in \(path("tmp"))/\(saved) instead"), "\(result.error)")
        #expect(throws: Never.self) { try ModelFolder.load(path("tmp/\(saved)")) }
        #expect(command.text("model") == "mine")
        if model != "svm" { #expect(result.error.contains("warning: no checkpoint could be written")) }
    }

    /// A limit on the size of files ends every write, as a full disk does; the signal that comes with it must not end the run.
    @Test func aDiskThatIsFullFromTheStartIsSaid() throws {
        let result = try train(
            "--epochs", "3", "--hidden", "30", "--checkpoint-every", "1", "--out", "model",
            through: "ulimit -f 16; exec \"$@\"")
        #expect(result.code == 74, "\(result.code) \(result.error)")
        let lines = result.error.split(separator: "\n")
        #expect(
            lines.count == 2 && lines[0].hasPrefix("descent: warning: no checkpoint could be written"),
            "\(lines)")
        #expect(lines.last?.hasPrefix("descent: error: ") == true)
        #expect(command.names() == ["data", "err.txt", "out.txt"])
    }

    @Test func theLastGoodCheckpointIsNamed() throws {
        let process = try start(["--epochs", "1000000", "--out", "model", "--checkpoint-every", "1"])
        wait(for: "model/checkpoints/last.safetensors", of: process)
        // From now on nothing can be written: prlimit sets the limit of a process that runs.
        let limit = Process()
        limit.executableURL = URL(fileURLWithPath: "/usr/bin/prlimit")
        limit.arguments = ["--pid", "\(process.processIdentifier)", "--fsize=8000:8000"]
        try limit.run()
        limit.waitUntilExit()
        try #require(limit.terminationStatus == 0)
        usleep(200_000)
        kill(process.processIdentifier, SIGINT)
        let result = command.end(process)
        #expect(result.code == 74, "\(result.error)")
        #expect(
            result.error.contains(
                "the last good checkpoint is model/checkpoints/last.safetensors; make room, then go on with \(CommandRun.program) train --resume model"
            ), "\(result.error)")
        let resumed = try command.start(["train", "--resume", "model"])
        waitForAnEpoch(of: resumed)
        kill(resumed.processIdentifier, SIGINT)
        #expect(command.end(resumed).code == 130)
    }

    // MARK: What a run remembers, and how it goes on

    @Test func evaluateFindsTheDataAndReadsWhatIsAskedFor() throws {
        for model in ["mlp:8", "nearest-centroid"] {
            let flags = [
                "train", "--data", "mnist", "--data-dir", "data", "--quiet", "--model", model, "--out", model,
            ]
            #expect(command.end(try command.start(flags)).code == 0)
        }
        for part in ["images-idx3", "labels-idx1"] {
            try FileManager.default.removeItem(atPath: "\(data)/train-\(part)-ubyte")
        }
        for model in ["mlp:8", "nearest-centroid"] {
            let result = try command.run("evaluate", model, "--quiet")
            #expect(result.code == 0, "\(result.error)")
            #expect(result.output.contains("on mnist in \(data), test part"), "\(result.output)")
            #expect(try command.run("evaluate", model, "--split", "train").code == 66)
        }
    }

    @Test func aFinishedRunGoesOnWithMoreEpochs() throws {
        #expect(try train("--model", "mlp:8", "--epochs", "3", "--out", "model").code == 0)
        let refused = try command.run("train", "--resume", "model")
        #expect(refused.code == 66)
        #expect(
            refused.error
                == "descent: error: model: the run has come to its end (got 3 epochs); more epochs go on with it, as in \(CommandRun.program) train --resume model --epochs 6\n"
        )
        #expect(try command.run("train", "--resume", "model", "--epochs", "3").code == 64)
        let resumed = try command.run("train", "--resume", "model", "--epochs", "7", "--quiet", "--json")
        #expect(resumed.code == 0, "\(resumed.error)")
        #expect(resumed.objects.last?["epochs"] as? Int == 7)
        #expect(try train("--model", "mlp:8", "--epochs", "7", "--out", "whole").code == 0)
        for file in ["model.safetensors", "losses.npy"] {
            let both = ["model", "whole"].map { FileManager.default.contents(atPath: path("\($0)/\(file)")) }
            #expect(both[0] != nil && both[0] == both[1], "\(file)")
        }
        // And once more.
        #expect(try command.run("train", "--resume", "model", "--epochs", "8", "--quiet").code == 0)
        #expect(command.text("model/run.json").contains("\"epochs\": 8,"))
    }

    @Test func whatTheFirstCheckpointDidNotReachIsNotLeftBehind() throws {
        for flags in [["--out", "deep/model"], []] {
            let process = try start(["--epochs", "1000000", "--checkpoint-every", "1000000"] + flags)
            usleep(400_000)
            kill(process.processIdentifier, SIGTERM)
            kill(process.processIdentifier, SIGINT)
            _ = command.end(process)
            // Where the first was quick enough there is a model; else nothing.
            let names = command.names()
            if !FileManager.default.fileExists(atPath: path("deep/model/config.json")) {
                #expect(!names.contains("deep"), "\(names)")
            }
            #expect(
                command.names("runs").allSatisfy {
                    command.names("runs/\($0)").contains("config.json")
                })
        }
    }

    @Test func runsThatAreNotFinishedAreListed() throws {
        let process = try start(["--epochs", "1000000", "--name", "mine", "--checkpoint-every", "1"])
        while process.isRunning,
            !command.names("runs").contains(where: {
                command.names("runs/\($0)/checkpoints").contains("last.safetensors")
            })
        { usleep(1000) }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let run = try #require(command.names("runs").first)
        let listed = try command.run("runs")
        #expect(
            listed.output.contains(
                "\(run): not finished; go on with \(CommandRun.program) train --resume runs/\(run)\n"))
    }

    // MARK: What is said

    @Test func patienceSpeaksOfTheEpochThatWasKept() throws {
        let result = try train(
            "--model", "mlp:8", "--lr", "2", "--epochs", "60", "--patience", "2", "--val-split", "0.3",
            "--out", "model")
        #expect(result.code == 0, "\(result.error)")
        let metrics = try metrics("model")
        let kept = try #require(metrics["kept_epoch"] as? Int)
        #expect(metrics["best_epoch"] as? Int == kept)
        #expect(
            result.output.hasPrefix(
                "epoch   training loss   training accuracy   validation loss   validation accuracy"))
        let row = try #require(
            result.output.split(separator: "\n").first {
                $0.contains(" \(kept)*  ") || $0.hasPrefix("\(kept)*")
            })
        #expect(row.contains(Numerals.loss(try #require(metrics["validation_loss"] as? Double))))
        let svg = command.text("model/plots/learning-curve.svg")
        #expect(svg.contains("kept: epoch \(kept)") && svg.contains("Epoch \(kept) of "))
    }

    @Test func aRecipeOnOtherDataIsTold() throws {
        let process = try command.start([
            "train", "--recipe", "fast-99", "--train-limit", "50", "--test-limit", "20",
        ])
        while process.isRunning, !command.text("err.txt").contains("made for MNIST") { usleep(10_000) }
        kill(process.processIdentifier, SIGINT)
        let result = command.end(process)
        #expect(
            result.error.contains(
                "the recipe fast-99 was made for MNIST, and its accuracy is of MNIST; this is builtin: add --data mnist\n"
            ), "\(result.error)")
    }

    @Test func theScriptAndItsDataAreNamed() throws {
        let result = try command.run(
            "train", "--train-limit", "100", "--test-limit", "50", "--epochs", "1", "--emit-python", "run.py",
            "--quiet")
        #expect(result.code == 0, "\(result.error)")
        #expect(
            result.output.contains(/script     run\.py \([0-9.]+ kB\), which reads run\.npz \([0-9.]+ kB\)\n/)
        )
        #expect(command.text("run.py").contains("mean loss of its steps"))
        let other = try command.run(
            "train", "--train-limit", "100", "--epochs", "1", "--emit-python", "notes.py", "--quiet")
        #expect(other.code == 0)
        try write("mine", "notes.py")
        let refused = try command.run(
            "train", "--train-limit", "100", "--epochs", "1", "--emit-python", "notes.py", "--quiet")
        #expect(refused.code == 73 && command.text("notes.py") == "mine")
    }

    @Test func whatRanAwayIsCalledSoEverywhere() throws {
        let result = try train("--lr", "1000", "--epochs", "2", "--out", "model")
        #expect(result.code == 2, "\(result.error)")
        #expect(result.output.contains("Diverged: ") && !result.output.contains("No overfitting"))
        #expect(try metrics("model")["verdict"] as? String == "diverged")
        #expect(command.text("model/README.md").contains("Diverged: "))
        let small = try train("--lr", "1e-7", "--epochs", "1", "--json")
        #expect(small.code == 0 && small.objects.last?["verdict"] as? String == "not-learned")
    }

    @Test func repeatedRunsThatWereInterruptedAreCounted() throws {
        let process = try command.start(
            ["train", "--data", "mnist", "--data-dir", "data", "--epochs", "100000", "--repeat", "3"])
        waitForAnEpoch(of: process)
        kill(process.processIdentifier, SIGINT)
        let result = command.end(process)
        #expect(result.code == 130)
        #expect(result.error.contains("interrupted after 0 runs of 3"), "\(result.error)")
    }
}
