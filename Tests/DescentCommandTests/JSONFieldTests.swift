import Foundation
import TestSupport
import Testing

/// What Documentation/CommandLine.md says of all lines of `--json`.
@Suite struct JSONFieldTests {
    private let command: CommandRun
    private let data: String

    init() throws {
        command = try CommandRun()
        data = try command.makeData()
    }

    private func lines(_ arguments: String...) throws -> [[String: Any]] {
        let result = command.end(try command.start(arguments + ["--json", "--quiet"]))
        #expect(result.code == 0, "\(arguments): \(result.error)")
        #expect(result.objects.count == result.output.split(separator: "\n").count)
        return result.objects
    }

    @Test func everyLineHasItsVersionAndKeysWithoutBlanks() throws {
        func keys(_ value: Any) -> [String] {
            if let object = value as? [String: Any] { return object.keys + object.values.flatMap(keys) }
            return (value as? [Any] ?? []).flatMap(keys)
        }
        let train = ["train", "--data", "mnist", "--data-dir", data, "--model", "mlp:8"]
        var all = try command.end(
            command.start(train + ["--epochs", "2", "--json", "--quiet", "--out", "runs/a"])
        ).objects
        #expect(all.count == 3)
        all += try command.end(
            command.start(
                train + ["--epochs", "3", "--batch-size", "50", "--json", "--quiet", "--out", "runs/b"])
        ).objects
        let listed = try lines("runs", "list")
        #expect(listed.count == 2)
        let settings = try #require(listed.first?["settings"] as? [String: Any])
        #expect(settings["epochs"] as? Int == 2 && settings["batch_size"] as? Int == 100, "\(settings)")
        #expect(settings["optimizer"] is String)
        all += listed
        for arguments in [
            ["runs", "show", "runs/a"], ["runs", "compare", "runs/a", "runs/b"],
            ["runs", "diff", "runs/a", "runs/b"],
            ["evaluate", "runs/a", "--data", "mnist", "--data-dir", data], ["summary", "runs/a"],
            ["predict", "runs/a", "\(data)/t10k-images-idx3-ubyte"], ["notes", "list"],
            ["boundary", "--count", "40"],
        ] {
            let result = command.end(try command.start(arguments + ["--json", "--quiet"]))
            #expect(result.code == 0 && !result.objects.isEmpty, "\(arguments): \(result.error)")
            // Every line is an object: `objects` leaves out what is none.
            #expect(
                result.objects.count == result.output.split(separator: "\n").count, "\(result.output)")
            all += result.objects
        }
        for line in all {
            #expect(line["version"] as? Int == 1, "\(line)")
            #expect(
                notEmpty(keys(line)).allSatisfy { !$0.contains(" ") },
                "\(keys(line).filter { $0.contains(" ") })")
        }
    }

    @Test func trialsAreNumberedFromOne() throws {
        let lines = try lines(
            "tune", "--data", "mnist", "--data-dir", data, "--model", "mlp:4", "--range", "lr=0.01..1:log",
            "--trials",
            "3", "--epochs", "1", "--halving", "1")
        #expect(lines.dropLast().map { $0["trial"] as? Int } == [1, 2, 3], "\(lines)")
        #expect(notEmpty(lines).allSatisfy { $0["version"] as? Int == 1 })
        #expect(lines.map { $0["event"] as? String } == ["trial", "trial", "trial", "result"])
        let best = try #require(lines.last?["best"] as? [String: Any])
        #expect((1...3).contains(best["trial"] as? Int ?? 0))
        // The picture's axis is what was searched for.
        #expect(command.text("runs/tune/trials.svg").contains(">lr<"))
    }

    /// The legend says which run it is, and what differs.
    @Test func curvesAreNamedByWhatDiffers() throws {
        for (name, rate) in [("a", "0.1"), ("b", "0.5")] {
            let result = try command.run(
                "train", "--data", "mnist", "--data-dir", data, "--model", "mlp:4", "--epochs", "2", "--lr",
                rate,
                "--out", "runs/2026-11-30-\(name)", "--quiet")
            #expect(result.code == 0, "\(result.error)")
        }
        let compared = try command.run(
            "runs", "compare", "2026-11-30-a", "2026-11-30-b", "--svg", "curves.svg")
        #expect(compared.code == 0, "\(compared.error)")
        let svg = command.text("curves.svg")
        for name in ["a", "b"] {
            #expect(svg.contains(">2026-11-30-\(name): optimizer "), "\(svg.prefix(3000))")
        }
    }

    @Test func aShareOrACountIsHeldBack() throws {
        for (value, held) in [("0.25", 50), ("30", 30)] {
            let dry = try lines(
                "train", "--data", "mnist", "--data-dir", data, "--model", "mlp:4", "--dry-run",
                "--validation", value)
            #expect(dry.first?["validation_count"] as? Int == held)
        }
        let both = try command.run("train", "--validation", "0.1", "--val-split", "0.1")
        #expect(both.code == 64 && both.error.contains("say the same"), "\(both.error)")
        let none = try command.run(
            "train", "--data", "mnist", "--data-dir", data, "--validation", "200", "--model", "mlp:4")
        #expect(none.code == 64 && none.error.contains("--validation: nothing is left"), "\(none.error)")
    }
}
