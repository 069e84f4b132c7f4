import Descent
import Foundation
import Testing

@Suite struct TrainCommandTests {
    private let command: CommandRun
    private let data: String

    init() throws {
        command = try CommandRun()
        data = try command.makeData()
    }

    private func train(_ more: String..., environment: [String: String] = [:]) throws -> CommandRun.Result {
        command.end(
            try command.start(
                ["train", "--data", "mnist", "--data-dir", data, "--batch-size", "20", "--epochs", "2"]
                    + more,
                environment: environment))
    }

    @Test func trainsAndSaysWhatToDoNext() throws {
        let result = try train("--lr", "0.5", "--model", "mlp:16", "--optimizer", "momentum", "--name", "toy")
        #expect(result.code == 0, "\(result.error)")
        let runs = command.names("runs")
        #expect(runs.count == 2 && runs[1] == "latest" && runs[0].hasSuffix("-toy"), "\(runs)")
        let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0] == "epoch   training loss   training accuracy   test accuracy   seconds")
        #expect(lines[1].hasPrefix("    1   ") && lines[2].hasPrefix("    2   "))
        #expect(result.output.contains("model      runs/\(runs[0])  (also runs/latest)\n"))
        #expect(
            result.output.contains(
                "evaluate   \(CommandRun.program) evaluate runs/latest\n"))
        // Progress: two lines about the run, then one for each epoch.
        let progress = result.error.split(separator: "\n")
        #expect(progress.count == 4, "\(result.error)")
        #expect(
            progress[0]
                == "mlp:16 (144-16-10, 2,490 parameters) on mnist: 200 training examples, 60 test examples"
        )
        #expect(progress[2].hasPrefix("epoch 1/2  training loss ") && progress[3].hasPrefix("epoch 2/2  "))
        #expect(
            command.names("runs/latest") == [
                "README.md", "checkpoints", "checksums.json", "config.json", "history.csv", "losses.npy",
                "metrics.json", "model.safetensors", "novelty.safetensors", "plots", "run.json",
                "samples.safetensors",
            ])
        #expect(command.names("runs/latest/plots") == ["learning-curve.svg", "weights.svg"])
        #expect(throws: Never.self) { try ModelFolder.load("\(command.directory)/runs/latest") }
    }

    @Test func builtInDigitsNeedNoFilesAndNoNetwork() throws {
        let result = try command.run(
            "train", "--train-limit", "200", "--test-limit", "50", "--epochs", "1", "--quiet", "--json",
            "--loss", "hinge")
        #expect(result.code == 0, "\(result.error)")
        #expect(result.objects.last?["data"] as? String == "builtin")
        #expect(command.text("runs/latest/plots/learning-curve.svg").contains(">Loss (hinge:1.0)<"))
        let evaluated = try command.run("evaluate", "runs/latest", "--limit", "50", "--json")
        #expect(evaluated.code == 0, "\(evaluated.error)")
        #expect(evaluated.objects.first?["data"] as? String == "builtin")
        #expect(
            evaluated.objects.first?["accuracy"] as? Double
                == result.objects.last?["test_accuracy"] as? Double)
    }

    @Test func jsonLinesHaveTheirKeysInOrder() throws {
        let result = try train("--json", "--quiet", "--out", "model")
        #expect(result.code == 0)
        #expect(result.error.isEmpty)
        let lines = result.output.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(result.objects.count == 3)
        let keys = { (line: Substring) in
            line.matches(of: /"([a-z_]+)":/).map { String($0.output.1) }
        }
        #expect(
            keys(lines[0]) == [
                "event", "version", "epoch", "epochs", "train_loss", "train_accuracy", "test_loss",
                "test_accuracy",
                "seconds",
                "samples_per_second",
            ])
        #expect(result.objects[0]["event"] as? String == "epoch")
        #expect(result.objects[1]["epoch"] as? Int == 2)
        #expect(
            keys(lines[2]) == [
                "event", "version", "model", "data", "epochs", "kept_epoch", "verdict", "train_accuracy",
                "test_accuracy", "train_loss",
                "test_loss", "train_seconds", "total_seconds", "steps_per_second",
            ])
        let end = result.objects[2]
        #expect(end["event"] as? String == "result")
        #expect(end["version"] as? Int == 1)
        #expect(end["model"] as? String == "model")
        #expect(end["data"] as? String == "mnist")
        #expect(end["epochs"] as? Int == 2)
        #expect(end["test_accuracy"] as? Double == result.objects[1]["test_accuracy"] as? Double)
        #expect((end["total_seconds"] as? Double ?? 0) >= (end["train_seconds"] as? Double ?? .infinity))
    }

    @Test func quietPrintsNothingOnStandardError() throws {
        let result = try train("--quiet")
        #expect(result.code == 0)
        #expect(result.error.isEmpty)
        #expect(result.output.contains("Test accuracy"))
    }

    @Test func theBitsAreTheSameWithOneThreadAndTwo() throws {
        for (name, threads) in [("one", "1"), ("two", "2"), ("again", "1")] {
            #expect(try train("--quiet", "--out", name, "--threads", threads).code == 0)
        }
        let models = ["one", "two", "again"].map {
            FileManager.default.contents(atPath: "\(command.directory)/\($0)/model.safetensors")
        }
        #expect(models[0] != nil)
        #expect(models[0] == models[1])
        #expect(models[0] == models[2])
    }

    // MARK: Errors before any work

    @Test(arguments: [
        (["--bogus"], "--bogus"), (["--optimizer", "magic"], "'magic'"), (["--data", "cifar"], "'cifar'"),
        (["--activation", "swoosh"], "'swoosh'"), (["--activation", "elu:-1"], "elu"),
        (["--epochs", "many"], "'many'"), (["--lr"], "'--lr"),
        (["--epochs", "0"], "--epochs"), (["--batch-size", "0"], "--batch-size"), (["--lr", "0"], "--lr"),
        (["--lr", "nan"], "--lr"), (["--lr", "1e-60"], "--lr"), (["--seed", "4294967296"], "--seed"),
        (["--seed", "-1"], "0 to 4294967295"), (["--epochs", "-5"], "1 to 1073741824"),
        (["--lr", "-0.1"], "1.4e-45 to 3.4e38"), (["--threads", "65"], "must be 1 to 64"),
        (["--model", "mlp:1048576,1048576"], "too large"),
        (["--train-limit", "0"], "--train-limit"), (["--threads", "0"], "--threads"),
        (["--model", "gpt"], "--model"),
        (["--hidden", "0"], "--hidden"), (["--model", "mlp:8", "--hidden", "8"], "--hidden"),
        (["--momentum", "0.9"], "--momentum"),
        (["--optimizer", "momentum", "--momentum", "1"], "--momentum"),
        (["--force"], "--force"), (["--out", "x", "--name", "y"], "--name"), (["--name", "a/b"], "--name"),
        (["--data", "builtin", "--data-dir", "x"], "--data-dir"), (["surplus"], "surplus"),
    ])
    func wrongUsageExitsWith64(arguments: [String], named: String) throws {
        let result = command.end(try command.start(["train"] + arguments))
        #expect(result.code == 64, "\(arguments): \(result.error)")
        #expect(result.output.isEmpty)
        let lines = result.error.split(separator: "\n")
        #expect(lines.count == 1, "\(result.error)")
        #expect(result.error.hasPrefix("descent: error: "))
        #expect(result.error.contains(named), "\(result.error)")
        #expect(command.names() == ["data", "err.txt", "out.txt"])
    }

    @Test func unwritableOutExitsWith73BeforeTraining() throws {
        for path in ["/proc/nowhere", "err.txt/model", "data", ".", "new/.", "data/.."] {
            let result = try train("--out", path)
            #expect(result.code == 73, "\(path): \(result.error)")
            #expect(result.error.split(separator: "\n").count == 1, "\(result.error)")
            #expect(result.output.isEmpty)
        }
        #expect(command.names() == ["data", "err.txt", "out.txt"])
    }

    @Test func anExistingModelNeedsForce() throws {
        #expect(try train("--quiet", "--out", "model").code == 0)
        let refused = try train("--quiet", "--out", "model", "--seed", "2")
        #expect(refused.code == 73)
        #expect(refused.error.contains("--force"))
        #expect(try train("--quiet", "--out", "model", "--seed", "2", "--force").code == 0)
        #expect(command.text("model/run.json").contains("\"seed\": 2,"))
        try Data("mine".utf8).write(to: URL(fileURLWithPath: "\(command.directory)/model/notes.txt"))
        let foreign = try train("--quiet", "--out", "model", "--force")
        #expect(foreign.code == 73)
        #expect(foreign.error.contains("notes.txt"), "\(foreign.error)")
        #expect(command.text("model/notes.txt") == "mine")
    }

    @Test func printedCommandsCanBeCopied() throws {
        let result = try train("--quiet", "--out", "it's mine")
        #expect(result.code == 0, "\(result.error)")
        #expect(
            result.output.contains(CommandRun.program + #" evaluate 'it'\''s mine'"#), "\(result.output)")
        #expect(command.text("it's mine/README.md").contains(#"--out 'it'\''s mine'"#))
    }

    @Test func aLimitAboveTheDataIsSaid() throws {
        let result = try train("--train-limit", "1000", "--test-limit", "60")
        #expect(result.code == 0)
        #expect(
            result.error.hasPrefix("--train-limit 1000: there are only 200 training examples; using all\n"))
        #expect(!result.error.contains("--test-limit"))
    }

    @Test func aMissingDirectoryExitsWith66() throws {
        let result = try command.run("train", "--data", "mnist", "--data-dir", "nowhere")
        #expect(result.code == 66)
        #expect(result.error.hasPrefix("descent: error: nowhere: "))
        let empty = try command.run("train", "--data", "mnist", "--data-dir", ".")
        #expect(empty.code == 66)
        #expect(empty.error.contains("train-images-idx3-ubyte"))
    }

    @Test func badDataExitsWith65() throws {
        try Data("this is no IDX file at all".utf8)
            .write(to: URL(fileURLWithPath: "\(data)/train-images-idx3-ubyte"))
        let result = try train()
        #expect(result.code == 65)
        #expect(result.error.contains("train-images-idx3-ubyte"))
        #expect(command.names() == ["data", "err.txt", "out.txt"])
    }

    @Test func labelsThatAreTooFewExitWith65() throws {
        try IDX.write(
            IDX.read("\(data)/t10k-labels-idx1-ubyte", rank: 1), to: "\(data)/train-labels-idx1-ubyte")
        let result = try train()
        #expect(result.code == 65)
        #expect(result.error.contains("train-labels-idx1-ubyte"))
    }

    @Test func noNetworkAndNoCacheExitsWith69() throws {
        // Nothing listens on port 9 of this machine: every mirror is out of reach.
        let proxy = "http://127.0.0.1:9"
        let result = try command.run(
            "train", "--data", "mnist",
            environment: [
                "http_proxy": proxy, "https_proxy": proxy, "HTTPS_PROXY": proxy, "HTTP_PROXY": proxy,
                "all_proxy": proxy,
            ])
        #expect(result.code == 69, "\(result.error)")
        let last = result.error.split(separator: "\n").last ?? ""
        #expect(last.hasPrefix("descent: error: "))
        #expect(last.contains("--data-dir") && last.contains("--data builtin"), "\(last)")
        #expect(command.names("runs").isEmpty)
    }

    // MARK: Runs that do not get to their end

    @Test(arguments: [SIGINT, SIGTERM])
    func anInterruptedRunSavesItsModel(signal: Int32) throws {
        let process = try command.start([
            "train", "--data", "mnist", "--data-dir", data, "--epochs", "1000000", "--out", "model",
        ])
        for _ in 0..<600 where !command.text("err.txt").contains("epoch ") {
            // Not Task.sleep, which may wait for minutes while other tests wait for their programs.
            usleep(50_000)
        }
        kill(process.processIdentifier, signal)
        let result = command.end(process)
        #expect(process.terminationReason == .exit)
        #expect(result.code == 130, "\(result.error.suffix(300))")
        #expect(result.error.contains("stopping after this step"))
        #expect(
            result.error.hasSuffix(
                "the model is saved in model; go on with \(CommandRun.program) train --resume model\n")
        )
        #expect(throws: Never.self) { try ModelFolder.load("\(command.directory)/model") }
        #expect(command.text("model/README.md").contains("**Training was interrupted"))
    }

    // The signal comes when the hidden folder of the save appears; wherever it then falls (a machine at work may
    // be so late that the program has ended), the model is whole and alone.
    @Test func aSignalDuringTheSaveDoesNotCostTheModel() throws {
        let process = try command.start([
            "train", "--data", "mnist", "--data-dir", data, "--epochs", "1", "--model",
            "mlp:1100,1100,1100,1100",
            "--out", "model",
        ])
        while process.isRunning {
            if command.text("err.txt").contains("epoch 1/1"),
                command.names().contains(where: { $0.hasPrefix(".descent-") })
            {
                break
            }
            // Not Task.sleep, which may wait long for a thread while other tests wait for their programs.
            usleep(500)
        }
        kill(process.processIdentifier, SIGINT)
        let result = command.end(process)
        #expect(
            [0, 130].contains(result.code) || process.terminationReason == .uncaughtSignal, "\(result.code)")
        #expect(command.names() == ["data", "err.txt", "model", "out.txt"])
        #expect(throws: Never.self) { try ModelFolder.load("\(command.directory)/model") }
    }

    @Test func aReaderThatHasSeenEnoughDoesNotCostTheModel() throws {
        let process = try command.start(
            [
                "train", "--data", "mnist", "--data-dir", data, "--epochs", "300", "--json", "--quiet",
                "--out", "model",
            ], through: #"exec bash -c '"$@" | head -n 1; exit ${PIPESTATUS[0]}' bash "$@""#)
        let result = command.end(process)
        // 128 + SIGPIPE, and not a word.
        #expect(result.code == 141)
        #expect(result.error.isEmpty)
        #expect(result.objects.count == 1)
        #expect(throws: Never.self) { try ModelFolder.load("\(command.directory)/model") }
        #expect(command.text("model/metrics.json").contains("\"epochs\": 300,"))
    }

    @Test func divergenceExitsWith2AndKeepsTheLastGoodModel() throws {
        let result = try train("--model", "mlp:8,8", "--lr", "1e30", "--out", "model", "--quiet")
        #expect(result.code == 2)
        #expect(result.error.split(separator: "\n").count == 1)
        #expect(result.error.contains("the training loss is not a finite number"))
        #expect(result.error.contains("lower the learning rate"))
        #expect(result.error.hasSuffix("saved in model\n"))
        #expect(throws: Never.self) { try ModelFolder.load("\(command.directory)/model") }
        #expect(command.text("model/README.md").contains("**Training stopped"))
    }

    // A file size limit of 16 blocks of 512 bytes fails in the midst of writing, as a full disk does.
    @Test func aFullDiskExitsWith74AndLeavesNothing() throws {
        let process = try command.start(
            [
                "train", "--data", "mnist", "--data-dir", data, "--epochs", "1", "--hidden", "30", "--out",
                "model",
                "--quiet",
            ], through: "trap '' XFSZ; ulimit -f 16; exec \"$@\"")
        let result = command.end(process)
        #expect(result.code == 74, "\(result.error)")
        #expect(result.error.hasPrefix("descent: error: "))
        #expect(command.names() == ["data", "err.txt", "out.txt"])
    }

    @Test func aFullOutputExitsWith74() throws {
        let result = try command.run("train", "--help", through: "\"$@\" > /dev/full")
        #expect(result.code == 74)
        #expect(result.error.contains("standard output"))
        let train = command.end(
            try command.start(
                [
                    "train", "--data", "mnist", "--data-dir", data, "--epochs", "1", "--quiet", "--out",
                    "model",
                ],
                through: "exec \"$@\" > /dev/full"))
        #expect(train.code == 74)
        #expect(train.error.contains("standard output"))
        // The model comes first.
        #expect(throws: Never.self) { try ModelFolder.load("\(command.directory)/model") }
    }
}
