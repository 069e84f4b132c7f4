import Foundation
import Testing

/// `train --dry-run` and `overfit`, flags that exclude each other, and the help of every verb.
@Suite struct ToolFlagTests {
    private let command: CommandRun
    private let data: String

    init() throws {
        command = try CommandRun()
        data = try command.makeData()
    }

    private func train(_ more: [String]) throws -> CommandRun.Result {
        command.end(
            try command.start(["train", "--data", "mnist", "--data-dir", data, "--model", "mlp:8"] + more))
    }

    @Test func aDryRunSaysWhatWouldBeDoneAndKeepsNothing() throws {
        let text = try train(["--dry-run", "--epochs", "3", "--batch-size", "30", "--patience", "2"])
        #expect(text.code == 0, "\(text.error)")
        for words in [
            "180 training examples, 20 validation examples, 60 test examples",
            "mlp:8 (144-8-10), 1,250 parameters",
            "steps      up to 18: 3 epochs of 6", "patience 2:loss", "Nothing was trained",
        ] {
            #expect(text.output.contains(words), "\(words) in \(text.output)")
        }
        let json = try #require(try train(["--dry-run", "--epochs", "3", "--json"]).objects.first)
        #expect(json["event"] as? String == "dry-run" && json["steps"] as? Int == 6)
        #expect(json["parameters"] as? Int == 1250 && json["train_count"] as? Int == 200)
        #expect((json["settings"] as? [String: Any])?["batch size"] as? String == "100")
        #expect(command.names() == ["data", "err.txt", "out.txt"])
    }

    @Test func oneBatchIsMemorisedOrNot() throws {
        func overfit(_ more: String...) throws -> CommandRun.Result {
            command.end(
                try command.start(
                    [
                        "overfit", "--data", "mnist", "--data-dir", data, "--model", "mlp:8", "--batch-size",
                        "20",
                    ]
                        + more))
        }
        let learnt = try overfit("--optimizer", "adam", "--lr", "0.01", "--dropout", "0.5", "--json")
        #expect(learnt.code == 0, "\(learnt.error)")
        let result = try #require(learnt.objects.first)
        #expect(result["reached"] as? Bool == true && result["examples"] as? Int == 20)
        #expect(result["accuracy"] as? Double == 1 && (result["last_loss"] as? Double ?? 1) < 0.01)
        let failed = try overfit("--lr", "1e-9", "--quiet")
        #expect(failed.code == 1)
        #expect(failed.output.contains("does not memorise even one batch"))
        #expect(failed.error.contains("did not come near zero (expected below 0.01, all examples right"))
        #expect(command.names() == ["data", "err.txt", "out.txt"])
    }

    private static let modes = ["--dry-run", "--repeat"]

    @Test func whatIsDoneInsteadOfTrainingExcludesAllElse() throws {
        func flags(_ mode: String) -> [String] { mode == "--repeat" ? ["--repeat", "2"] : [mode] }
        for (index, one) in Self.modes.enumerated() {
            for other in Self.modes[(index + 1)...] {
                let result = try train(flags(one) + flags(other))
                #expect(result.code == 64, "\(one) \(other): \(result.error)")
                #expect(
                    result.error.contains("\(one) and \(other) exclude each other")
                        || result.error.contains("\(other) and \(one) exclude each other"), "\(result.error)")
            }
            let script = try train(flags(one) + ["--emit-python", "x.py"])
            #expect(script.code == 64 && script.error.contains("one run"), "\(script.error)")
        }
        #expect(command.names() == ["data", "err.txt", "out.txt"])
    }

    @Test(arguments: [
        (["--checkpoint-every", "0"], "not an interval"), (["--checkpoint-every", "-1s"], "not an interval"),
        (["--patience", "0"], "not a patience"), (["--clip-norm", "0"], "--clip-norm"),
        (["--dropout", "1"], "--dropout"), (["--augment", "bogus=1"], "--augment"),
        (["--schedule", "bogus"], "--schedule"), (["--average", "ema:2"], "decay"),
        (["--precision", "int8"], "--precision"), (["--loss", "bogus"], "--loss"),
        (["--weight-decay", "-1"], "--weight-decay"), (["--weight-decay", "1e39"], "--weight-decay"),
        (["--weight-decay", "nan"], "--weight-decay"), (["--clip-norm", "1e-50"], "--clip-norm"),
        (["--clip-norm", "inf"], "--clip-norm"), (["--epochs", "9223372036854775807"], "1 to 1073741824"),
        (["--batch-size", "1073741825"], "1 to 1073741824"),
    ])
    func valuesOfToolsAreCheckedBeforeAnyWork(flags: [String], word: String) throws {
        let result = try train(flags)
        #expect(result.code == 64 && result.error.contains(word), "\(result.code): \(result.error)")
        #expect(result.error.split(separator: "\n").count == 1 && result.output.isEmpty)
        #expect(command.names() == ["data", "err.txt", "out.txt"])
    }

    @Test(arguments: [
        ["train"], ["evaluate"], ["predict"], ["gradcheck"], ["summary"], ["runs"], ["runs", "list"],
        ["runs", "show"], ["runs", "compare"], ["runs", "diff"], ["tune"], ["notes"], ["find-lr"],
        ["profile"],
        ["overfit"],
    ])
    func everyVerbHasHelpWithExamples(verb: [String]) throws {
        let result = command.end(try command.start(verb + ["--help"]))
        #expect(result.code == 0 && result.error.isEmpty)
        #expect(result.output.contains("OVERVIEW: ") && result.output.contains("USAGE: descent"))
        let examples = result.output.split(separator: "\n").filter {
            $0.wholeMatch(of: /\s+(\.\/)?descent \w+.*/) != nil
        }
        #expect(examples.count >= 2, "\(result.output)")
    }

    @Test func resumingNeedsARunThatWasInterrupted() throws {
        for (arguments, words) in [
            (["--resume"], "there is no run to go on with"),
            (["--resume", "nowhere"], "there is no such run"),
            (["--resume", "data"], "the run has no checkpoint to go on from"),
        ] {
            let result = command.end(try command.start(["train"] + arguments))
            #expect(result.code == 66 && result.error.contains(words), "\(result.error)")
        }
        let flag = command.end(try command.start(["train", "--resume", "data", "--lr", "1"]))
        #expect(flag.code == 64 && flag.error.contains("--lr: --resume goes on with the run's own settings"))
    }
}
