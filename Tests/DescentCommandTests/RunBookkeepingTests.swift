import Descent
import Foundation
import Testing

@testable import DescentCommand

/// What runs write down and print is of the run that was asked for: recipes, repeated runs, searches, the best epoch.
@Suite struct RunBookkeepingTests {
    private let command: CommandRun
    private let data: String

    init() throws {
        command = try CommandRun()
        data = try command.makeData()
    }

    private func train(_ flags: String...) throws -> CommandRun.Result {
        command.end(try command.start(["train", "--data", "mnist", "--data-dir", data, "--quiet"] + flags))
    }

    @Test(arguments: Recipe.all.map(\.name))
    func aRecipeIsTrainedAsItIsWritten(name: String) throws {
        let recipe = try #require(Recipe.named(name))
        let plain = ["--recipe", name]
        #expect(
            try TrainingJob(Train.parse(plain).flags, arguments: ["train"] + plain).trainer == recipe.trainer)
        let exact = plain + ["--precision", "float32"]
        let job = try TrainingJob(Train.parse(exact).flags, arguments: ["train"] + exact)
        #expect(job.trainer.precision == .float32)
    }

    @Test(arguments: [
        ["--epochs", "16"], ["--batch-size=100"], ["--optimizer", "sgd"], ["--model", "two-layer"],
    ])
    func aRecipeIsNotContradicted(flags: [String]) throws {
        let all = ["--recipe", "fast-99"] + flags
        let error = #expect(throws: DescentError.self) {
            try TrainingJob(Train.parse(all).flags, arguments: ["train"] + all)
        }
        #expect(error?.what == "the recipe fast-99 sets it", "\(flags)")
        #expect(error?.place.map { flags[0].hasPrefix($0) } == true, "\(flags)")
    }

    @Test(arguments: [["--checkpoint-every", "1"], ["--checkpoint-every", "2", "--patience", "9"]])
    func theBestEpochIsOnDisk(flags: [String]) throws {
        let result = command.end(
            try command.start(
                ["train", "--data", "mnist", "--data-dir", data, "--quiet", "--lr", "0.5", "--epochs", "5"]
                    + ["--model", "mlp:8", "--batch-size", "20", "--out", "model"] + flags))
        #expect(result.code == 0, "\(result.error)")
        let metrics = try #require(
            JSONSerialization.jsonObject(with: Data(command.text("model/metrics.json").utf8))
                as? [String: Any])
        let best = try SafeTensors(contentsOf: "\(command.directory)/model/checkpoints/best.safetensors")
        let number = try #require(metrics["kept_epoch"] as? Int ?? metrics["best_epoch"] as? Int)
        #expect(best.metadata["epoch"] == "\(number)")
    }

    @Test func runsThatDivergedAreNotInTheMean() throws {
        let result = try train(
            "--model", "mlp:8,8", "--lr", "1e30", "--repeat", "2", "--epochs", "1", "--json", "--out", "all")
        #expect(result.code == 2)
        let summary = try #require(result.objects.last { $0["event"] as? String == "repeat" })
        #expect(summary["unfinished_seeds"] as? [Int] == [1, 2])
        #expect((summary["test_accuracy"] as? [String: Any])?["count"] as? Int == 0)
        // Each says how to make it, and where it lies.
        #expect(command.text("all/seed-2/run.json").contains("all/seed-2"))
        #expect(!command.text("all/seed-2/run.json").contains("--repeat"))
    }

    @Test func aJournalThatIsNotOursStaysAsItIs() throws {
        try FileManager.default.createDirectory(
            atPath: "\(command.directory)/notes", withIntermediateDirectories: true)
        for text in ["my precious notes\nsecond line without newline", "one line"] {
            try text.write(
                toFile: "\(command.directory)/notes/journal.jsonl", atomically: true, encoding: .utf8)
            let result = try command.run(
                "tune", "--data", "mnist", "--data-dir", data, "--range", "lr=0.1,0.2", "--out", "notes",
                "--trials", "2", "--epochs", "1", "--quiet")
            #expect(result.code == 64 && result.error.contains("another search"), "\(result.error)")
            #expect(command.text("notes/journal.jsonl") == text)
        }
    }

    @Test func figuresOfAHingeLossAreNoProbabilities() throws {
        #expect(try train("--loss", "hinge", "--epochs", "1", "--out", "hinge").code == 0)
        #expect(try train("--epochs", "1", "--out", "entropy").code == 0)
        for (model, basis) in [("hinge", "scores"), ("entropy", "probabilities")] {
            let said = try command.run(
                "predict", model, "\(data)/t10k-images-idx3-ubyte", "--index", "0", "--json")
            #expect(said.objects.first?["basis"] as? String == basis, "\(said.error)")
        }
        #expect(command.text("hinge/README.md").contains("no probabilities"))
        #expect(!command.text("entropy/README.md").contains("no probabilities"))
    }

    @Test func theNewestRunIsGoneOnWithAndItsScriptIsLeftAlone() async throws {
        let flags = [
            "--data", "mnist", "--data-dir", data, "--model", "mlp:8", "--batch-size", "20", "--epochs", "3",
        ]
        // The later name is the older run.
        for (name, age) in [("zeta", 1000.0), ("2026-two-layer", 0.0)] {
            let arguments = ["train"] + flags + ["--emit-python", "script.py"]
            var information = ["started": "1700000000"]
            for (index, argument) in arguments.enumerated() {
                information["argument \(1000 + index)"] = argument
            }
            let dataset = try await DatasetSource.named("mnist").load(directory: data)
            let network = try Architecture(named: "mlp:8", inputs: 144, classes: 10).makeNetwork()
            let cancellation = Cancellation()
            let folder = "\(command.directory)/runs/\(name)"
            _ = try Trainer(
                optimizer: .sgd(learningRate: 0.1), batchSize: 20, epochs: 3, reinitializesWeights: true
            ).fit(
                network, on: dataset.train, validating: dataset.test, cancellation: cancellation,
                checkpoints: CheckpointPolicy(
                    in: "\(folder)/checkpoints", every: .epochs(1), information: information)
            ) { event in
                if case .epoch = event { cancellation.cancel() }
            }
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -age)],
                ofItemAtPath: "\(folder)/checkpoints/last.safetensors")
        }
        try "mine".write(toFile: "\(command.directory)/script.py", atomically: true, encoding: .utf8)
        let resumed = try command.run("train", "--resume", "--quiet")
        #expect(resumed.code == 0, "\(resumed.error)")
        #expect(command.names("runs/2026-two-layer").contains("model.safetensors"))
        #expect(command.names("runs/zeta") == ["checkpoints"])
        #expect(command.text("script.py") == "mine")
    }
}
