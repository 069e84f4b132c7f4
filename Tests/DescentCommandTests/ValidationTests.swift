import Descent
import Foundation
import TestSupport
import Testing

/// What the epochs are watched by, what is chosen by it, and that the reports say so.
@Suite struct ValidationTests {
    private let command: CommandRun
    private let data: String

    init() throws {
        command = try CommandRun()
        data = try command.makeData()
    }

    private func train(_ more: String...) throws -> CommandRun.Result {
        command.end(
            try command.start(
                [
                    "train", "--data", "mnist", "--data-dir", data, "--batch-size", "20", "--epochs", "4",
                    "--model", "mlp:8", "--lr", "0.5",
                ] + more))
    }

    private func bytes(_ path: String) -> Data? {
        FileManager.default.contents(atPath: "\(command.directory)/\(path)")
    }

    @Test(arguments: [["--patience", "2"], ["--schedule", "plateau"], ["--val-split", "0.1"]])
    func whatIsChosenByIsHeldBackFromTheTrainingExamples(flags: [String]) throws {
        let result = command.end(
            try command.start(
                [
                    "train", "--data", "mnist", "--data-dir", data, "--batch-size", "20", "--epochs", "4",
                    "--json", "--out", "model",
                ] + flags))
        #expect(result.code == 0, "\(result.error)")
        #expect(
            result.error.contains("180 training examples, 20 validation examples, 60 test examples"),
            "\(result.error)")
        #expect(result.error.contains("  validation accuracy ") && !result.error.contains("test accuracy"))
        for epoch in notEmpty(result.objects.dropLast()) {
            #expect(epoch["test_accuracy"] is NSNull && epoch["validation_accuracy"] is Double)
        }
        let end = try #require(result.objects.last)
        let evaluated = try command.run("evaluate", "model", "--data", "mnist", "--data-dir", data, "--json")
        #expect(
            end["test_accuracy"] as? Double == evaluated.objects.first?["accuracy"] as? Double,
            "\(evaluated.error)")
        #expect(end["validation_accuracy"] is Double)
        // What lies in the folder says the same.
        #expect(
            command.text("model/history.csv").hasPrefix(
                "epoch,train_loss,train_accuracy,validation_loss,validation_accuracy,seconds,samples_per_second\n"
            ))
        let card = command.text("model/README.md")
        #expect(card.contains("| training | 180 |") && card.contains("| validation | 20 |"))
        #expect(
            card.contains("| test | 60 |") && card.contains("the test examples were used once, at the end"))
        let plot = command.text("model/plots/learning-curve.svg")
        #expect(plot.contains("validation") && !plot.contains(">test<"))
        let run = command.text("model/run.json")
        #expect(run.contains("\"train_count\": 180,") && run.contains("\"validation_count\": 20,"))
        let show = try command.run("runs", "show", "model", "--dir", ".")
        #expect(show.output.contains("validation accuracy"), "\(show.output)\(show.error)")
    }

    // The weights must not follow from the test images in any way.
    @Test func theTestImagesDecideNothing() throws {
        #expect(
            try train("--patience", "1:accuracy", "--schedule", "plateau:patience=0", "--out", "one").code
                == 0)
        let images = "\(data)/t10k-images-idx3-ubyte"
        var pixels = try [UInt8](Data(contentsOf: URL(fileURLWithPath: images)))
        for index in 16..<pixels.count { pixels[index] = 255 - pixels[index] }
        try Data(pixels).write(to: URL(fileURLWithPath: images))
        #expect(
            try train("--patience", "1:accuracy", "--schedule", "plateau:patience=0", "--out", "two").code
                == 0)
        #expect(bytes("one/model.safetensors") != nil)
        #expect(bytes("one/model.safetensors") == bytes("two/model.safetensors"))
    }

    @Test func withoutAChoiceTheTestExamplesAreWatched() throws {
        let result = try train("--json", "--quiet", "--out", "model")
        #expect(
            notEmpty(result.objects).allSatisfy {
                $0["test_accuracy"] is Double && $0["validation_accuracy"] == nil
            })
        #expect(!command.text("model/README.md").contains("validation"))
    }

    @Test(arguments: [
        (["--val-split", "1"], "--val-split"), (["--val-split", "-0.1"], "--val-split"),
        (["--val-split", "nan"], "--val-split"),
        (["--val-split", "0", "--patience", "3"], "--patience chooses by examples"),
        (["--val-split", "0", "--schedule", "plateau"], "--schedule chooses by examples"),
        (["--val-split", "0.5", "--train-limit", "1"], "nothing is left"),
        (["--val-split", "0.5", "--emit-python", "x.py"], "holds no examples back"),
        (["--score-training", "0"], "--score-training"),
    ])
    func impossibleSharesAreRefused(flags: [String], word: String) throws {
        let result = command.end(
            try command.start(["train", "--data", "mnist", "--data-dir", data, "--quiet"] + flags))
        #expect(result.code == 64 && result.error.contains(word), "\(result.code): \(result.error)")
        #expect(result.error.split(separator: "\n").count == 1 && command.names("runs").isEmpty)
    }

    @Test func trainingScoresOfASampleSaySo() throws {
        let whole = try train("--out", "whole", "--quiet")
        let sample = try train("--out", "sample", "--quiet", "--score-training", "50")
        #expect(whole.code == 0 && sample.code == 0, "\(sample.error)")
        // How much is measured changes no weights.
        #expect(bytes("whole/model.safetensors") == bytes("sample/model.safetensors"))
        #expect(sample.output.contains(" (of 50 examples).\n"), "\(sample.output)")
        #expect(command.text("sample/README.md").contains("| training (a sample) | 50 |"))
        #expect(command.text("sample/metrics.json").contains("\"train_scored\": 50"))
        #expect(!command.text("whole/metrics.json").contains("train_scored"))
        // A sample of all is no sample.
        #expect(try train("--out", "all", "--quiet", "--score-training", "200").code == 0)
        #expect(bytes("all/history.csv") != nil && !command.text("all/README.md").contains("sample)"))
    }

    @Test func recipesUseTheTestImagesOnce() throws {
        let result = try command.run(
            "train", "--recipe", "fast-99", "--train-limit", "2100", "--test-limit", "50", "--json", "--quiet"
        )
        #expect(result.code == 0, "\(result.error)")
        #expect(result.objects.count == 2)
        #expect(notEmpty(result.objects.dropLast()).allSatisfy { $0["test_accuracy"] is NSNull })
        #expect(result.objects.last?["test_accuracy"] is Double)
        let card = command.text("runs/latest/README.md")
        #expect(card.contains("| training (a sample) | 2,000 |") && card.contains("| test | 50 |"), "\(card)")
    }

    @Test func toolsGoTogether() throws {
        // A replaced model, checkpoints, a resumed average and bf16, which says so where it is slower.
        #expect(try train("--out", "model", "--quiet").code == 0)
        let again = try train(
            "--out", "model", "--force", "--checkpoint-every", "1", "--quiet", "--average",
            "swa:from=5,every=2",
            "--clip-norm", "0.5", "--patience", "3:loss")
        #expect(again.code == 0, "\(again.error)")
        #expect(command.names("model/checkpoints") == ["best.safetensors", "end.safetensors"])
        let bf16 = try train("--out", "bf16", "--precision", "bf16")
        #expect(bf16.code == 0 && bf16.error.contains("precision bf16"), "\(bf16.error)")
        let isSlower = Precision.automatic() != .bfloat16
        #expect(bf16.error.contains("bf16 as asked for: this processor") == isSlower, "\(bf16.error)")
        let both = try command.run("train", "--repeat", "2", "--resume", "model")
        #expect(both.code == 64 && both.error.contains("--repeat: --resume goes on"), "\(both.error)")
        for flags in [["--patience", "2"], ["--clip-norm", "1"], ["--schedule", "plateau"]] {
            let refused = command.end(try command.start(["train", "--recipe", "fast-99"] + flags))
            #expect(
                refused.code == 64 && refused.error.contains("the recipe fast-99 sets it"), "\(refused.error)"
            )
        }
    }
}
