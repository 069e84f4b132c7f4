import Descent
import Foundation
import TestSupport
import Testing

/// `find-lr`, `train --repeat`, `profile` and `tune` as programs.
@Suite struct StudyCommandTests {
    private let command: CommandRun
    private let data: String

    init() throws {
        command = try CommandRun()
        data = try command.makeData()
    }

    private func run(_ verb: String, _ more: String...) throws -> CommandRun.Result {
        command.end(try command.start([verb, "--data", "mnist", "--data-dir", data] + more))
    }

    @Test func findLrSuggestsARateAndKeepsNothing() throws {
        let result = try run(
            "find-lr", "--model", "mlp:16", "--batch-size", "20", "--svg", "lr.svg", "--steps", "150")
        #expect(result.code == 0, "\(result.error)")
        #expect(result.output.hasPrefix("mlp:16 on mnist, sgd, batch 20: "), "\(result.output)")
        #expect(
            result.output.contains("Try a learning rate of ") && result.output.contains("learning rate"),
            "\(result.output)"
        )
        #expect(
            result.output.hasSuffix("Nothing was trained or kept.\ncurve      lr.svg\n"), "\(result.output)")
        #expect(command.text("lr.svg").contains("</svg>") && command.names("runs").isEmpty)
        #expect(command.text("lr.svg").contains(">cross-entropy of a batch<"))
        let json = try run(
            "find-lr", "--model", "mlp:16", "--batch-size", "20", "--lr-range", "1e-3..1",
            "--steps", "30", "--json", "--loss", "huber:0.5", "--svg", "huber.svg")
        #expect(command.text("huber.svg").contains(">huber:0.5 of a batch<"))
        let object = try #require(json.objects.first, "\(json.error)")
        let points = try #require(object["points"] as? [[String: Any]])
        #expect(points.count == 30 && points[0]["rate"] as? Double == 1e-3, "\(points)")
    }

    @Test func repeatTrainsSeveralSeedsAndKeepsEach() throws {
        let flags = ["--model", "mlp:8", "--batch-size", "20", "--epochs", "1", "--lr", "0.5"]
        func train(_ more: [String]) throws -> CommandRun.Result {
            command.end(
                try command.start(["train", "--data", "mnist", "--data-dir", data, "--quiet"] + flags + more))
        }
        let result = try train(["--repeat", "3", "--seed", "4", "--out", "all", "--json"])
        #expect(result.code == 0, "\(result.error)")
        #expect(command.names("all") == ["seed-4", "seed-5", "seed-6"])
        let last = try #require(result.objects.last)
        #expect(last["event"] as? String == "repeat" && last["seeds"] as? [Int] == [4, 5, 6])
        // Each is the run that its seed alone would have made.
        var accuracies: [Double] = []
        for seed in 4...6 {
            let one = try train(["--seed", "\(seed)", "--out", "one-\(seed)", "--json"])
            accuracies.append(try #require(one.objects.last?["test_accuracy"] as? Double))
            let weights = ["all/seed-\(seed)", "one-\(seed)"].map {
                FileManager.default.contents(atPath: "\(command.directory)/\($0)/model.safetensors")
            }
            #expect(weights[0] != nil && weights[0] == weights[1])
        }
        let mean = accuracies.reduce(0, +) / 3
        let deviation = (accuracies.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 2).squareRoot()
        let said = try #require(last["test_accuracy"] as? [String: Any])
        #expect(abs(try #require(said["mean"] as? Double) - mean) < 2e-6)
        #expect(abs(try #require(said["deviation"] as? Double) - deviation) < 2e-6)

        let text = try train(["--repeat", "2"])
        #expect(text.output.contains(" over 2 seeds (mean and standard deviation).\n"), "\(text.output)")
        #expect(command.names("runs").count == 3, "\(command.names("runs"))")
    }

    @Test func profileSaysWhereTheTimeGoes() throws {
        let result = try run("profile", "--model", "lenet", "--data", "builtin", "--steps", "3")
        // Built-in digits are of no directory.
        #expect(result.code == 64)
        let profile = try command.run(
            "profile", "--model", "lenet", "--train-limit", "300", "--batch-size", "50", "--steps", "3")
        #expect(profile.code == 0, "\(profile.error)")
        for word in [
            "data", "Convolution", "Dense", "loss", "update", "whole step", "GFLOP/s", "of roofline",
        ] {
            #expect(profile.output.contains(word), "\(word) in \(profile.output)")
        }
        // A row for each layer, in 80 columns.
        for row in [
            "1 Convolution 5x5", "2 MaxPooling 2x2", "3 Convolution 5x5", "4 MaxPooling 2x2", "5 Flatten",
        ] {
            #expect(profile.output.contains("\n\(row) "), "\(row) in \(profile.output)")
        }
        #expect(
            notEmpty(profile.output.split(separator: "\n") as [Substring]).allSatisfy { $0.count <= 80 },
            "\(profile.output)"
        )
        let json = try command.run(
            "profile", "--model", "mlp:16", "--train-limit", "300", "--batch-size", "50", "--steps", "3",
            "--json")
        let object = try #require(json.objects.first)
        #expect(object["steps"] as? Int == 3 && (object["layers"] as? [Any])?.count == 2, "\(object)")
        #expect(command.names("runs").isEmpty)
    }

    @Test(arguments: [
        (["train", "--repeat", "1"], "2 to 1000"),
        (["train", "--lr-range", "1e-3..1"], "it is a flag of 'descent find-lr'"),
        (["find-lr", "--lr-range", "0..1"], "within 1.4e-45..3.4e38"),
        (["find-lr", "--lr-range", "x"], "--lr-range"),
        (["find-lr", "--lr-range", "1e-6...10"], "two numbers, the smaller first, such as 1e-5..0.1"),
        (["train", "--steps", "30"], "it is a flag of 'descent find-lr' and 'descent profile'"),
        (["find-lr", "--steps", "3"], "20 to 1000000"), (["profile", "--steps", "0"], "1 to 1000000"),
        (["find-lr", "--repeat", "2"], "it is a flag of 'descent train'"),
        (["train", "--find-lr"], "'descent find-lr' takes the same settings"),
        (["train", "--profile"], "'descent profile' takes the same settings"),
        (["train", "--overfit-one-batch"], "'descent overfit' takes the same settings"),
        (["profile", "--model", "knn"], "knn is not a network"),
        (["overfit", "--model", "nothing"], "--model"), (["find-lr", "--lr", "0"], "--lr"),
        (["find-lr", "--lr", "0.1"], "--lr has no effect here"),
        (["find-lr", "--schedule", "cosine"], "--schedule has no effect here"),
        (["find-lr", "--average", "ema:0.9"], "--average has no effect here"),
        (["find-lr", "--patience", "3"], "--patience has no effect here"),
        (["find-lr", "--recipe", "fast-99", "--lr", "1"], "the recipe fast-99 sets it"),
        (["train", "--repeat", "2", "--seed", "4294967295"], "seeds"),
        (["train", "--repeat", "2", "--emit-python", "x.py"], "one run"),
    ])
    func wrongStudiesAreRefused(arguments: [String], word: String) throws {
        let result = command.end(try command.start(arguments))
        #expect(result.code == 64 && result.error.contains(word), "\(result.code): \(result.error)")
        #expect(result.error.split(separator: "\n").count == 1, "\(result.error)")
    }

    @Test func recipesSetEverything() throws {
        let result = try command.run(
            "train", "--recipe", "fast-99", "--train-limit", "300", "--test-limit", "50", "--name", "quick")
        #expect(result.code == 0, "\(result.error)")
        #expect(result.error.hasPrefix("conv:16@5/2n,16@3/2n,64 ("), "\(result.error)")
        #expect(
            result.error.contains("adam, learning rate 0.02, batch 128, 1 epoch, seed 1"), "\(result.error)"
        )
        // The recipe's precision, not the flag's default.
        #expect(
            result.error.contains("precision bf16") == (Precision.automatic() == .bfloat16), "\(result.error)"
        )
        #expect(!result.error.contains("as asked for"), "\(result.error)")
        for flags in [["--lr", "1"], ["--epochs", "3"], ["--model", "lenet"]] {
            let refused = command.end(try command.start(["train", "--recipe", "best-996"] + flags))
            #expect(
                refused.code == 64 && refused.error.contains("the recipe best-996 sets it"),
                "\(refused.error)")
        }
        let none = try command.run("train", "--recipe", "fast-100")
        #expect(none.code == 64 && none.error.contains("fast-994"), "\(none.error)")
    }

    @Test func tuneFindsSettingsAndPrintsTheirCommand() throws {
        let result = try run(
            "tune", "--range", "lr=1e-4..1:log", "--range", "optimizer=sgd,adam", "--trials", "9", "--epochs",
            "3", "--model",
            "mlp:8", "--batch-size", "20")
        #expect(result.code == 0, "\(result.error)")
        #expect(
            result.error.hasPrefix(
                "9 trials of 1 epoch, 3 trials of 3 epochs: 18 epochs in all\nlearning from 167 training examples, choosing by 33 others; the test examples are not looked at\n"
            ), "\(result.error)")
        #expect(command.names("runs/tune") == ["journal.jsonl", "lr.svg", "trials.svg"])
        let line = try #require(result.output.split(separator: "\n").last)
        #expect(
            line.hasPrefix(
                "train      \(CommandRun.program) train --data mnist --data-dir \(data) --model mlp:8 --batch-size 20 --lr "
            ), "\(line)")
        let words = line.split(separator: " ").dropFirst(2).map(String.init)
        let trained = command.end(try command.start(words + ["--quiet"]))
        #expect(trained.code == 0, "\(trained.error)")
    }

    @Test func tuneGoesOnAfterBeingKilled() throws {
        let flags = [
            "tune", "--data", "mnist", "--data-dir", data, "--range", "lr=1e-3..1:log", "--range",
            "hidden=4..40", "--trials", "16",
            "--epochs", "32", "--halving", "2", "--batch-size", "10", "--quiet",
        ]
        func results(_ folder: String) -> [String] {
            command.text("\(folder)/journal.jsonl").split(separator: "\n").map {
                String($0.prefix(upTo: $0.firstRange(of: ",\"seconds\"")?.lowerBound ?? $0.endIndex))
            }
        }
        let process = try command.start(flags + ["--out", "killed"])
        while process.isRunning, results("killed").count < 6 { usleep(1000) }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let before = results("killed")
        #expect(before.count >= 6 && before.count < 30, "\(before.count)")
        let again = command.end(try command.start(flags + ["--out", "killed", "--json"]))
        #expect(again.code == 0, "\(again.error)")
        let whole = command.end(try command.start(flags + ["--out", "whole", "--json"]))
        #expect(whole.code == 0, "\(whole.error)")
        #expect(results("killed") == results("whole"))
        #expect(again.objects.last?["command"] as? String == whole.objects.last?["command"] as? String)
        // What was known was not trained again.
        #expect(again.objects.count <= whole.objects.count - 4)
        // Nor do other examples, as many and of the same name.
        let images = "\(data)/train-images-idx3-ubyte"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: images))
        bytes[bytes.count - 1] ^= 1
        try bytes.write(to: URL(fileURLWithPath: images))
        let changed = command.end(try command.start(flags + ["--out", "whole"]))
        #expect(changed.code == 64 && changed.error.contains("another search"), "\(changed.error)")
        // Another search does not go into the same folder.
        let other = command.end(try command.start(flags + ["--out", "whole", "--seed", "2"]))
        #expect(other.code == 64 && other.error.contains("another search"), "\(other.error)")
    }

    @Test(arguments: [
        ([], "nothing to search"), (["--range", "lr"], "without '='"),
        (["--range", "epochs=1..3"], "not a setting"),
        (["--range", "lr=0.1,0.2", "--out-of-this", "world"], "does not take this"),
        (["--range", "nonsense=1,2"], "unknown name of a setting"),
        (["--range", "optimizer=sgd,best"], "does not take this"),
        (["--range", "lr=0.1,0.2", "--range", "lr=1,2"], "given twice"),
        (["--range", "lr=0.1,0.2", "--trials", "0"], "--trials"),
        (["--range", "lr=0.1,0.2", "--emit-python", "x.py"], "not a setting"),
        (["--range", "lr=0.1,0.2", "--validation", "200"], "nothing is left"),
    ])
    func wrongSearchesAreRefused(flags: [String], word: String) throws {
        let result = command.end(try command.start(["tune", "--data", "mnist", "--data-dir", data] + flags))
        #expect(result.code == 64 && result.error.contains(word), "\(result.code): \(result.error)")
        #expect(result.error.split(separator: "\n").count == 1, "\(result.error)")
        #expect(command.names("runs").isEmpty)
    }
}
