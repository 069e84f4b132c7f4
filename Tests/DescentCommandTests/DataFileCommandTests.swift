import Descent
import Foundation
import TestSupport
import Testing

@testable import DescentCommand

/// `--data FILE`: libsvm's text through train, evaluate, predict and compare.
@Suite struct DataFileCommandTests {
    private let command: CommandRun

    init() throws {
        command = try CommandRun()
        try write(rows(90, seed: 1), "points.svm")
        try write(rows(30, seed: 2), "points.t")
    }

    private func write(_ text: String, _ file: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(command.directory)/\(file)"))
    }

    /// Three well separated classes, named 1, 2 and 5, of `width` features.
    private func rows(_ count: Int, width: Int = 4, seed: Int) -> String {
        var random = RandomState(seed)
        return (0..<count).map { number in
            let kind = number % 3
            let values = (0..<width).map { column in
                "\(column + 1):\(Float(random.randn() * 0.3) + (column == kind ? 3 : 0))"
            }
            return "\([1, 2, 5][kind]) \(values.joined(separator: " "))\n"
        }.joined()
    }

    private func json(_ result: CommandRun.Result) throws -> [String: Any] {
        let line = try #require(result.output.split(separator: "\n").last)
        return try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }

    private let network = ["--optimizer", "adam", "--lr", "0.05", "--batch-size", "20", "--epochs", "20"]

    @Test(arguments: [
        "two-layer", "mlp:8", "svm", "linear-svm", "knn", "logistic", "naive-bayes", "nearest-centroid",
    ])
    func everyKindOfModelLearnsFromAFile(model: String) throws {
        let settings = model == "two-layer" || model == "mlp:8" ? network : []
        let trained = try command.run(
            [
                "train", "--data", "points.svm", "--test-data", "points.t", "--model", model, "--out", "m",
                "--json",
            ]
                + settings)
        #expect(trained.code == 0, "\(trained.error)")
        #expect(try json(trained)["data"] as? String == "points.svm")
        let accuracy = try #require(try json(trained)["test_accuracy"] as? Double)
        #expect(accuracy > 0.95, "\(accuracy)")
        // The files of the training, found by the model's record; then others.
        let own = try json(command.run("evaluate", "m", "--json"))
        #expect(own["count"] as? Int == 30 && own["accuracy"] as? Double == accuracy)
        let other = try json(command.run("evaluate", "m", "--data", "points.t", "--json"))
        #expect(other["accuracy"] as? Double == accuracy)
        let answers = try command.run("predict", "m", "points.t", "--index", "0-2", "--json")
        #expect(answers.code == 0, "\(answers.error)")
        let labels = try answers.output.split(separator: "\n").map { line in
            (try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])?["label"] as? String
        }
        #expect(labels == ["1", "2", "5"])
        let card = command.text("m/README.md")
        #expect(card.contains("a row of 4 features is of: 1, 2, 5"), "\(card)")
    }

    @Test func withoutATestFileAPartIsHeldOut() throws {
        let trained = try command.run(
            ["train", "--data", "points.svm", "--model", "knn", "--out", "m", "--seed", "9"])
        #expect(trained.code == 0)
        #expect(
            trained.error.contains(
                "points.svm has no test file: 18 of 90 examples are held out for the test (20 % of each class, "
                    + "seed 9); --test-data FILE names one"), "\(trained.error)")
        // The held-out part again, also where the file is named; not what was learned from.
        for flags in [[], ["--data", "points.svm"]] {
            let result = try json(command.run(["evaluate", "m", "--json"] + flags))
            #expect(result["count"] as? Int == 18)
        }
        #expect(try json(command.run("evaluate", "m", "--split", "train", "--json"))["count"] as? Int == 72)
        let text = try command.run("evaluate", "m", "--data", "points.t")
        #expect(text.output.contains("on points.t, all examples"))
    }

    @Test func filesOfAnotherWidthAreTold() throws {
        try write(rows(30, width: 3, seed: 3), "narrow")
        try write(rows(30, width: 6, seed: 3), "wide")
        _ = try command.run("train", "--data", "points.svm", "--model", "knn", "--out", "m", "--quiet")
        let narrow = try command.run("evaluate", "m", "--data", "narrow")
        #expect(narrow.code == 0)
        #expect(narrow.error.contains("narrow has 3 features where 4 features are expected"))
        let wide = try command.run("predict", "m", "--data", "wide", "--limit", "1")
        #expect(wide.code == 0 && wide.error.contains("those beyond are left out"))
        let trained = try command.run(
            "train", "--data", "points.svm", "--test-data", "wide", "--model", "knn", "--out", "n")
        #expect(trained.code == 0 && trained.error.contains("wide has 6 features"))
    }

    @Test func methodsAreComparedOnAFile() throws {
        let result = try command.run(
            "compare", "--data", "points.svm", "--test-data", "points.t", "--html", "page.html", "--json")
        #expect(result.code == 0, "\(result.error)")
        let rows = try #require(try json(result)["rows"] as? [[String: Any]])
        #expect(rows.count == 4)
        for row in rows { #expect((row["accuracy"] as? Double ?? 0) > 0.9, "\(row["method"] ?? "")") }
        #expect(command.text("page.html").contains("</html>"))
        // Trained by the flags that the comparison says, a method is the same.
        for row in rows {
            let flags = try #require(row["flags"] as? [String])
            let trained = try command.run(
                [
                    "train", "--data", "points.svm", "--test-data", "points.t", "--out", "same", "--force",
                    "--json",
                ]
                    + flags)
            #expect(try json(trained)["test_accuracy"] as? Double == row["accuracy"] as? Double, "\(flags)")
        }
    }

    @Test func theOtherCommandsReadFilesToo() throws {
        for words in [
            ["find-lr", "--data", "points.svm", "--quiet"],
            ["overfit", "--data", "points.svm", "--quiet"],
            ["gradcheck", "two-layer", "--data", "points.svm", "--quiet"],
            ["convert", "--data", "points.svm", "--out", "same.svm"],
            ["train", "--data", "points.svm", "--dry-run", "--quiet"],
        ] {
            let result = try command.run(words)
            #expect(result.code == 0, "\(words): \(result.error)")
        }
        #expect(command.text("same.svm").hasPrefix("1 1:"))
    }

    @Test(
        arguments: [
            (["train", "--data", "none.svm"], 66, "none.svm: "),
            (["train", "--data", "nosuch"], 64, "or a file"),
            (
                ["train", "--data", "points.svm", "--data-dir", "."], 64,
                "--data-dir needs a data set of files"
            ),
            (["train", "--data", "builtin", "--test-data", "points.t"], 64, "--test-data"),
            (["train", "--data", "mnist", "--data-dir", ".", "--test-data", "points.t"], 64, "--test-data"),
            (["train", "--data", "points.svm", "--model", "svm", "--features", "hog"], 64, "--features"),
            (["train", "--data", "points.svm", "--model", "svm", "--deskew"], 64, "--deskew"),
            (["train", "--data", "points.svm", "--augment", "shift=1"], 64, "augment"),
            (["train", "--data", "points.svm", "--emit-python", "run.py"], 64, "--emit-python"),
            (["train", "--data", "points.svm", "--model", "lenet"], 64, "smaller than the kernel"),
            (["train", "--data", "page.csv"], 64, "which column is the label?"),
        ] as [([String], Int32, String)])
    func whatDoesNotFitIsSaid(arguments: [String], code: Int32, says: String) throws {
        try write("a,b\n1,2\n", "page.csv")
        let result = try command.run(arguments)
        #expect(result.code == code, "\(result.error)")
        let last = try #require(result.error.split(separator: "\n").last)
        #expect(last.hasPrefix("descent: error: ") && last.contains(says), "\(result.error)")
    }

    @Test func aModelOfImagesAndAFileOfRowsDoNotFit() throws {
        _ = try command.run(
            "train", "--epochs", "1", "--train-limit", "100", "--test-limit", "20", "--out", "digits",
            "--quiet")
        let result = try command.run("evaluate", "digits", "--data", "points.t")
        #expect(result.code == 65 && result.error.contains("the model takes images"), "\(result.error)")
        _ = try command.run("train", "--data", "points.svm", "--model", "knn", "--out", "m", "--quiet")
        let other = try command.run("evaluate", "m", "--data", "builtin", "--limit", "5")
        #expect(other.code == 65 && other.error.contains("rows of features"), "\(other.error)")
    }
}
