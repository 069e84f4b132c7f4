import Descent
import Foundation
import TestSupport
import Testing

/// `evaluate --report`, `--against`, `--calibrate`, `--top`.
@Suite struct EvaluateReportTests {
    private let command: CommandRun
    private let data: String

    init() throws {
        command = try CommandRun()
        data = try command.makeData()
        for (name, epochs) in [("good", "8"), ("poor", "1")] {
            let trained = try command.run(
                "train", "--data", "mnist", "--data-dir", data, "--model", "mlp:16", "--optimizer", "adam",
                "--lr", "0.01", "--batch-size", "10", "--epochs", epochs, "--out", name, "--quiet")
            #expect(trained.code == 0, "\(trained.error)")
        }
    }

    @Test func aPageIsWritten() throws {
        let result = try command.run(
            "evaluate", "poor", "--report", "report.html", "--lang", "ko", "--against", "good")
        #expect(result.code == 0, "\(result.error)")
        #expect(result.output.hasSuffix("\nreport  report.html\n"))
        let page = command.text("report.html")
        #expect(
            page.contains("<html lang=\"ko\">") && page.contains("다른 모델과의 비교")
                && page.contains("<strong>good</strong>"))
        // The mistakes are there as pictures, since the examples are.
        #expect(page.contains("src=\"data:image/png;base64,"))
        // Once more over its own page, but over nobody else's.
        #expect(try command.run("evaluate", "poor", "--report", "report.html").code == 0)
        #expect(command.text("report.html").contains("<html lang=\"en\">"))
        try Data("mine".utf8).write(to: URL(fileURLWithPath: "\(command.directory)/mine.html"))
        #expect(try command.run("evaluate", "poor", "--report", "mine.html").code == 73)
        #expect(command.text("mine.html") == "mine")
    }

    @Test func theTextHasEverything() throws {
        let result = try command.run("evaluate", "poor", "--against", "good", "--top", "4")
        #expect(result.code == 0, "\(result.error)")
        for part in [
            "\ntop-4 ", "\ncalibration ", "\nconfusion: rows are true classes", "\nagainst good\n",
            "McNemar's exact test: p = ",
            "\nsurest mistakes\n", "\ncollect next: ",
        ] {
            #expect(result.output.contains(part), "\(part) is not in \(result.output)")
        }
        #expect(
            notEmpty(result.output.split(separator: "\n").dropFirst()).allSatisfy { $0.count <= 80 },
            "\(result.output)")
        let json = try command.run("evaluate", "poor", "--against", "good", "--top", "4", "--json")
        let report = try #require(json.objects.first?["report"] as? [String: Any])
        #expect((report["top_k"] as? [[String: Any]])?.first?["k"] as? Int == 4)
        #expect((report["comparison"] as? [String: Any])?["name"] as? String == "good")
        #expect(report["reliability"] != nil && report["rejection"] != nil)
    }

    /// Fitted to one half and measured on the other; `predict` and later evaluations go by it.
    @Test func aTemperatureIsStored() throws {
        let before = try command.run("predict", "poor", "--limit", "5", "--json")
        let result = try command.run("evaluate", "poor", "--calibrate")
        #expect(result.code == 0, "\(result.error)")
        #expect(result.output.contains(" of 30; 95 % interval "), "\(result.output)")
        #expect(
            result.output.contains(
                /\ntemperature  \d\.\d+, fitted to 30 other examples and stored in the model\n/))
        let after = try command.run("predict", "poor", "--limit", "5", "--json")
        func answers(_ key: String, _ run: CommandRun.Result) -> [String] {
            run.objects.map { "\($0[key] ?? "")" }
        }
        #expect(answers("label", before) == answers("label", after))
        #expect(answers("probability", before) != answers("probability", after))
        let later = try command.run("evaluate", "poor", "--top", "2", "--json")
        let report = try #require(later.objects.first?["report"] as? [String: Any])
        #expect(report["calibrated_reliability"] != nil && report["calibration"] != nil)
        #expect(later.objects.first?["count"] as? Int == 60)
    }

    @Test func errors() throws {
        func check(_ code: Int32, _ part: String, _ arguments: String...) throws {
            let result = command.end(try command.start(["evaluate"] + arguments))
            #expect(result.code == code && result.error.contains(part), "\(arguments): \(result.error)")
        }
        try check(64, "--top must be 1 or more", "poor", "--top", "0")
        try check(64, "ends in .html", "poor", "--report", "x.pdf")
        try check(64, "--lang is the language of the page", "poor", "--lang", "ko")
        try check(64, "--calibrate stores the temperature", "mlp:16", "--weights", "x.npz", "--calibrate")
        try check(66, "nowhere", "poor", "--against", "nowhere")
        try check(64, "too few examples", "poor", "--calibrate", "--limit", "1")
        let machine = try command.run(
            "train", "--data", "mnist", "--data-dir", data, "--model", "knn", "--out", "neighbors",
            "--quiet")
        #expect(machine.code == 0, "\(machine.error)")
        try check(64, "cannot be calibrated", "neighbors", "--calibrate")
    }

    /// A column that tells the classes apart, one that does not, and a text: each by its name.
    @Test func columnsOfATableHaveTheirImportance() throws {
        var random = RandomState(3)
        var rows = "width,noise,colour,label\n"
        for row in 0..<240 {
            let width = Double(row % 2) * 4 + random.randn()
            rows += "\(width),\(random.randn()),\(["red", "blue"][row / 2 % 2]),\(["a", "b"][row % 2])\n"
        }
        try Data(rows.utf8).write(to: URL(fileURLWithPath: "\(command.directory)/rows.csv"))
        let trained = try command.run(
            "train", "--data", "rows.csv", "--model", "logistic", "--out", "table", "--quiet")
        #expect(trained.code == 0, "\(trained.error)")
        let result = try command.run("evaluate", "table", "--report", "report.html", "--json")
        #expect(result.code == 0, "\(result.error)")
        let report = try #require(result.objects.first?["report"] as? [String: Any])
        let importance = try #require(report["importance"] as? [[String: Any]])
        #expect(importance.first?["name"] as? String == "width")
        #expect(Set(importance.compactMap { $0["name"] as? String }) == ["width", "noise", "colour"])
        #expect((importance.first?["mean"] as? Double ?? 0) > 0.2, "\(importance)")
        let page = command.text("report.html")
        #expect(page.contains("Importance of the features") && !page.contains("<img"))
    }
}
