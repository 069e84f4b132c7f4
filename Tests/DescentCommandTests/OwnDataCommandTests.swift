import Descent
import Foundation
import TestSupport
import Testing

@testable import DescentCommand

/// Folders of pictures and tables through train, evaluate, predict and data.
@Suite struct OwnDataCommandTests {
    private let command: CommandRun

    init() throws { command = try CommandRun() }

    private func write(_ text: String, _ file: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(command.directory)/\(file)"))
    }

    private func json(_ result: CommandRun.Result) throws -> [[String: Any]] {
        try result.output.split(separator: "\n").map {
            try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    /// Two kinds of pictures: light on the left, light on the right.
    private func photos() throws {
        var random = RandomState(3)
        var pixels: [UInt8] = []
        for row in 0..<60 {
            for _ in 0..<12 {
                for x in 0..<12 {
                    pixels.append(UInt8((x < 6) == (row % 2 == 0) ? 200 : 20) + UInt8(random.randint(0, 40)))
                }
            }
        }
        try LabeledExamples(
            .bytes(NDArray(shape: [60, 12, 12], elements: pixels)), classes: (0..<60).map { Int32($0 % 2) },
            classNames: ["left", "right"]
        ).exportFolder(to: "\(command.directory)/photos")
    }

    private func table() throws {
        let rows = (0..<80).map {
            "\($0 % 2 == 0 ? "red" : "blue"),\(Double($0 % 7)),\($0 % 2 == 0 ? "yes" : "no")"
        }
        try write("colour,size,class\n" + rows.joined(separator: "\n") + "\n", "things.csv")
        try write("size,colour\n3,red\n4,blue\n", "new.csv")
    }

    @Test(arguments: [
        ["svm", "--features", "pixels"], ["knn"], ["mlp:8", "--epochs", "30", "--batch-size", "10"],
    ])
    func picturesAreLearnedAndPredicted(model: [String]) throws {
        try photos()
        let trained = try command.run(
            ["train", "--data", "photos", "--model"] + model + ["--out", "m", "--json"])
        #expect(trained.code == 0, "\(trained.error)")
        #expect(trained.error.contains("12 of 60 examples are held out"))
        let evaluated = try #require(try json(command.run("evaluate", "m", "--json")).first)
        #expect(evaluated["count"] as? Int == 12 && evaluated["accuracy"] as? Double == 1)
        let folder = try #require(
            try FileManager.default.contentsOfDirectory(atPath: "\(command.directory)/photos/right").first)
        let answers = try json(command.run("predict", "m", "photos/right/\(folder)", "--json"))
        #expect(answers.count == 1 && answers[0]["label"] as? String == "right")
        let all = try json(command.run("predict", "m", "photos/left", "--json"))
        #expect(all.count == 30 && all.allSatisfy { $0["label"] as? String == "left" })
        // Another file than a picture, and pictures for a model of tables, are refused in words.
        try table()
        let wrong = try command.run("predict", "m", "new.csv")
        #expect(wrong.code == 65 && wrong.error.contains("pictures"), "\(wrong.error)")
    }

    @Test(arguments: ["svm", "logistic", "mlp:8"]) func tablesAreLearnedAndPredicted(model: String) throws {
        try table()
        let settings = model == "mlp:8" ? ["--epochs", "60", "--batch-size", "10", "--lr", "0.5"] : []
        let trained = try command.run(
            ["train", "--data", "things.csv", "--model", model, "--out", "m", "--json"] + settings)
        #expect(trained.code == 0, "\(trained.error)")
        let evaluated = try #require(try json(command.run("evaluate", "m", "--json")).first)
        #expect(evaluated["count"] as? Int == 16 && evaluated["accuracy"] as? Double == 1)
        // Columns in another order, without the label.
        let answers = try json(command.run("predict", "m", "new.csv", "--json"))
        #expect(answers.map { $0["label"] as? String } == ["yes", "no"])
        let missing = try command.run("train", "--data", "things.csv", "--label", "weight", "--out", "n")
        #expect(
            missing.code == 64 && missing.error.contains("\"colour\", \"size\", \"class\""),
            "\(missing.error)")
    }

    @Test func dataSaysWhatIsInThem() throws {
        try photos()
        let info = try command.run("data", "info", "photos")
        #expect(info.code == 0 && info.output.contains("photos: 48 training examples, 12 test examples"))
        #expect(info.output.contains("grey images of 12x12"))
        let object = try #require(try json(command.run("data", "info", "photos", "--json")).first)
        #expect(object["train"] as? Int == 48 && object["shape"] as? [Int] == [12, 12])
        #expect(try command.run("data", "check", "photos").code == 0)
        try FileManager.default.createDirectory(
            atPath: "\(command.directory)/photos/middle", withIntermediateDirectories: true)
        let check = try command.run("data", "check", "photos")
        #expect(check.code == 1 && check.output.contains("middle"), "\(check.output)\(check.error)")
        #expect(try command.run("data", "show", "photos", "--out", "sheet.png").code == 0)
        let sheet = try ImageDecoder().decode(contentsOf: "\(command.directory)/sheet.png")
        #expect(sheet.shape[0] > 24 && sheet.shape[1] > 12 * 8)
        for name in ["all.npz", "all.csv", "all.svm", "copies"] {
            let exported = try command.run("data", "export", "photos", "--out", name)
            #expect(exported.code == 0, "\(name): \(exported.error)")
            #expect(try command.run("data", "info", name).code == 0, "\(name)")
        }
    }
}
