import Descent
import Foundation
import TestSupport
import Testing

@testable import DescentCommand

/// Tables whose label is a number, and the choice among methods, through train, evaluate, predict and runs.
@Suite struct RegressionCommandTests {
    private let command: CommandRun

    init() throws { command = try CommandRun() }

    private func write(_ text: String, _ file: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(command.directory)/\(file)"))
    }

    /// 100 houses: the price follows from area, town and a little chance.
    private func houses() throws {
        var random = RandomState(2)
        let rows = (0..<100).map { row in
            let (area, town) = (40 + 90 * random.rand(), ["north", "south"][row % 2])
            let price = 2_000 * area + (row % 2 == 0 ? 30_000 : 0) + 4_000 * random.randn()
            return
                "\(Numerals.fixed(area, 1)),\(town),\(row % 9 == 0 ? "" : "\(row % 5).5"),\(Numerals.fixed(price, 2))"
        }
        try write("area,town,age,price (EUR)\n" + rows.joined(separator: "\n") + "\n", "houses.csv")
        try write("town,area\nsouth,100\nnorth,50\n", "few.csv")
        try write("town,age,area\nsouth,2,100\nnorth,,50\nwest,1,70\n", "new.csv")
    }

    private func object(_ result: CommandRun.Result) throws -> [String: Any] {
        try #require(result.objects.last, "\(result.error)\(result.output)")
    }

    private func train(_ arguments: String...) throws -> CommandRun.Result {
        try command.run(["train", "--data", "houses.csv", "--label", "price (EUR)"] + arguments)
    }

    @Test(arguments: [
        ["ridge", "--alpha", "0.5"], ["knn", "--k", "4"], ["svr", "--c", "10", "--epsilon", "0.05"],
        ["mlp:16", "--optimizer", "adam", "--lr", "0.01", "--epochs", "80", "--batch-size", "16"],
    ])
    func numbersAreLearnedAndPredicted(model: [String]) throws {
        try houses()
        let trained = try command.run(
            ["train", "--data", "houses.csv", "--label", "price (EUR)", "--out", "m", "--json", "--model"]
                + model)
        #expect(trained.code == 0, "\(trained.error)")
        #expect(trained.error.contains("label: \"price (EUR)\", regression"), "the task is said")
        let result = try object(trained)
        #expect(result["task"] as? String == "regression" && result["unit"] as? String == "EUR")
        #expect(try #require(result["test_r2"] as? Double) > 0.9, "\(result)")

        let evaluated = try object(command.run("evaluate", "m", "--json"))
        #expect(evaluated["mae"] as? Double == result["test_mae"] as? Double)
        #expect(evaluated["count"] as? Int == 20 && evaluated["target"] as? String == "price (EUR)")
        let text = try command.run("evaluate", "m")
        #expect(text.output.contains("RMSE") && text.output.contains("largest errors"), "\(text.output)")

        let answers = try command.run("predict", "m", "new.csv", "--json").objects
        #expect(answers.count == 3 && answers[0]["input"] as? String == "new.csv#0")
        let prices = answers.compactMap { $0["prediction"] as? Double }
        #expect(prices.count == 3 && prices.allSatisfy { (60_000...260_000).contains($0) }, "\(prices)")
        let row = try command.run("predict", "m", "new.csv", "--index", "1")
        #expect(row.output.hasPrefix("new.csv#1  ") && row.output.hasSuffix(" EUR\n"), "\(row.output)")
        let known = try command.run("predict", "m")
        #expect(known.output.split(separator: "\n").count == 10 && known.output.contains("(true: "))
        let missing = try command.run("predict", "m", "few.csv")
        #expect(missing.code == 65 && missing.error.contains("\"age\""), "\(missing.error)")
        let listed = try command.run("runs", "show", "m")
        #expect(listed.code == 0 && listed.output.contains("test R2"), "\(listed.error)\(listed.output)")
    }

    @Test func aPageAndAnOpponent() throws {
        try houses()
        #expect(try train("--model", "ridge", "--out", "a").code == 0)
        #expect(try train("--model", "knn", "--out", "b").code == 0)
        let compared = try command.run(
            "evaluate", "a", "--against", "b", "--report", "page.html", "--lang", "ko")
        #expect(compared.code == 0 && compared.output.contains("Wilcoxon's test: p"), "\(compared.error)")
        let page = command.text("page.html")
        #expect(page.contains("lang=\"ko\"") && page.contains("예측값과 목푯값") && page.contains("특징의 중요도"))
        // Classes and numbers are not compared, and flags of classes are refused.
        for flags in [["--calibrate"], ["--top", "2"], ["--svg", "x.svg"], ["--min-accuracy", "0.5"]] {
            let result = try command.run(["evaluate", "a"] + flags)
            #expect(result.code == 64 && result.error.contains(flags[0]), "\(result.error)")
        }
        try write(
            "x,y,label\n" + (0..<40).map { "\($0 % 7),\($0),\(["a", "b"][$0 % 2])\n" }.joined(), "c.csv")
        #expect(try command.run("train", "--data", "c.csv", "--model", "knn", "--out", "c").code == 0)
        let mixed = try command.run("evaluate", "a", "--against", "c")
        #expect(mixed.code == 64 && mixed.error.contains("the model predicts classes"), "\(mixed.error)")
        let other = try command.run("evaluate", "c", "--against", "a")
        #expect(other.code == 64 && other.error.contains("predicts a number"), "\(other.error)")
    }

    /// Without --model a label of numbers has the choice; the best is kept with the leaderboard.
    @Test func theBestOfSeveralIsKept() throws {
        try houses()
        let trained = try train("--out", "m")
        #expect(trained.code == 0, "\(trained.error)")
        #expect(trained.output.contains("5-fold cross-validation on 80 training rows"), "\(trained.output)")
        #expect(trained.output.contains("has the lowest mean RMSE over 5 folds"))
        #expect(trained.output.split(separator: "\n").allSatisfy { $0.count <= 160 })
        let board = try #require(
            JSONSerialization.jsonObject(with: Data(command.text("m/leaderboard.json").utf8))
                as? [String: Any])
        let entries = try #require(board["entries"] as? [[String: Any]])
        #expect(entries.count == 8 && board["measure"] as? String == "rmse")
        let best = try #require(entries.first?["settings"] as? [[String: String]]).flatMap {
            ["--" + ($0["name"] ?? ""), $0["value"] ?? ""]
        }
        #expect(trained.error.contains("ridge  RMSE "), "progress: \(trained.error)")
        // The flags of an entry make the same model again.
        let again = try command.run(
            ["train", "--data", "houses.csv", "--label", "price (EUR)", "--out", "again", "--json"] + best)
        #expect(again.code == 0, "\(again.error)")
        let (one, other) = (
            try object(command.run("evaluate", "m", "--json")),
            try object(command.run("evaluate", "again", "--json"))
        )
        #expect(one["rmse"] as? Double == other["rmse"] as? Double)
        let refused = try train("--model", "auto", "--k", "3")
        #expect(refused.code == 64 && refused.error.contains("--k"), "\(refused.error)")
    }

    @Test func theBestClassifierIsKept() throws {
        let rows = (0..<90).map { "\($0 % 3).\($0 % 7),\($0 % 11),\(["a", "b", "c"][$0 % 3])" }
        try write("x,y,label\n" + rows.joined(separator: "\n") + "\n", "c.csv")
        let trained = try command.run(
            "train", "--data", "c.csv", "--model", "auto", "--out", "m", "--json")
        #expect(trained.code == 0, "\(trained.error)")
        let result = try object(trained)
        let board = try #require(result["leaderboard"] as? [String: Any])
        #expect((board["entries"] as? [[String: Any]])?.count == 9)
        #expect(try #require(result["test_accuracy"] as? Double) > 0.9)
        #expect(command.names("m").contains("leaderboard.json"))
        #expect(
            try object(command.run("evaluate", "m", "--json"))["accuracy"] as? Double == result[
                "test_accuracy"] as? Double)
    }

    @Test func ofAnInterruptedChoiceTheBestIsKept() throws {
        try houses()
        let process = try command.start([
            "train", "--data", "houses.csv", "--label", "price (EUR)", "--out", "m",
        ])
        // After the first method that learns has been measured.
        let end = ContinuousClock.now + .seconds(120)
        while !command.text("err.txt").contains("ridge  RMSE"), process.isRunning, ContinuousClock.now < end {
            Thread.sleep(forTimeInterval: 0.005)
        }
        process.interrupt()
        let result = command.end(process)
        // On a fast machine the choice may have ended before.
        #expect([0, 130].contains(result.code), "\(result.error)")
        #expect(command.names("m").contains("leaderboard.json"), "\(result.error)")
        if result.code == 130 {
            #expect(result.error.contains("the model is saved in m"), "\(result.error)")
        }
        #expect(try command.run("evaluate", "m").code == 0)
    }

    @Test func whatDoesNotFitIsSaid() throws {
        try houses()
        let cases: [([String], String)] = [
            (["--model", "svm"], "svr is the machine for numbers"),
            (["--model", "logistic"], "tells classes, and the label is a number"),
            (["--model", "ridge", "--epochs", "3"], "ridge is not a network"),
            (["--model", "ridge", "--k", "3"], "ridge has no --k"),
            (["--model", "ridge", "--task", "classification"], "ridge predicts numbers"),
            (["--model", "mlp:8", "--loss", "cross-entropy"], "cross-entropy compares classes"),
            (["--model", "mlp:8", "--repeat", "2"], "a regression has no such flag"),
            (["--model", "mlp:8", "--alpha", "2"], "--alpha"),
            (["--epochs", "3", "--loss", "hinge"], "hinge"),
            (["--model", "svr", "--features", "hog"], "rows of features are no images"),
        ]
        for (flags, words) in cases {
            let result = try command.run(
                ["train", "--data", "houses.csv", "--label", "price (EUR)", "--out", "m"] + flags)
            #expect(
                result.code == 64 && result.error.contains(words), "\(flags): \(result.code) \(result.error)")
            #expect(!command.names().contains("m"), "\(flags)")
        }
        for verb in [["compare"], ["find-lr"], ["tune", "--trials", "2", "--range", "lr=0.1..1"]] {
            try write("x,y\n" + (0..<60).map { "\($0),\($0).5\n" }.joined(), "line.csv")
            let line = try command.run(verb + ["--data", "line.csv"])
            #expect(line.code == 64 && line.error.contains("is about classes"), "\(verb): \(line.error)")
        }
        // The task is overridden by its flag.
        try write("x,label\n" + (0..<60).map { "\($0),\($0 % 3)\n" }.joined(), "whole.csv")
        let classes = try command.run(
            "train", "--data", "whole.csv", "--model", "knn", "--out", "c", "--json")
        #expect(try object(classes)["test_accuracy"] is Double)
        let numbers = try command.run(
            "train", "--data", "whole.csv", "--task", "regression", "--model", "knn", "--out", "n", "--json")
        #expect(try object(numbers)["test_r2"] is Double)
        let text = try command.run(
            "train", "--data", "houses.csv", "--label", "town", "--model", "ridge", "--out", "t")
        #expect(text.code == 65 && text.error.contains("a label that is no number"), "\(text.error)")
    }
}
