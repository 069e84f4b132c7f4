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

    /// What cannot be learned from ends in words with file, row and column, and leaves nothing behind.
    @Test func badTablesLeaveNothing() throws {
        try table()
        let good = try String(contentsOfFile: "\(command.directory)/things.csv", encoding: .utf8)
        let faults = [
            (
                "ragged.csv", good + "red,1\n",
                "ragged.csv, row 82, column 2 \"size\": a row of another length"
            ),
            ("open.csv", good + "\"red,1,yes\n", "open.csv, row 82, column 1: a quote that never closes"),
            ("nul.csv", good + "red,1\0,yes\n", "nul.csv, row 82, column 2: a NUL byte"),
            (
                "long.csv", good + "red,\(String(repeating: "7", count: 2 << 20)),yes\n",
                "long.csv, row 82, column 2 \"size\": too long a field"
            ),
            ("none.csv", "a,b\n1,2\n3,4\n5,7\n", "none.csv: which column is the label?"),
            ("one.csv", good.replacing(",no\n", with: ",yes\n"), "one.csv, column \"class\": only one class"),
        ]
        for (file, text, words) in faults {
            try write(text, file)
            for model in [["--model", "knn"], ["--model", "mlp:4"], []] {
                let result = try command.run(["train", "--data", file, "--out", "bad"] + model)
                #expect([64, 65].contains(result.code), "\(file) \(model)")
                #expect(result.error.contains("error: " + words), "\(result.error)")
                #expect(!FileManager.default.fileExists(atPath: "\(command.directory)/bad"))
            }
        }
    }

    /// A network's flag on a table of classes trains a network where no model is named.
    @Test func aNetworksFlagAsksForANetwork() throws {
        try table()
        let result = try command.run("train", "--data", "things.csv", "--epochs", "2", "--out", "m")
        #expect(
            result.code == 0 && result.error.contains("epoch 2/2") || result.output.contains("epoch 2/2"),
            "\(result.error)")
        #expect(try command.run("evaluate", "m").code == 0)
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

    @Test func picturesAreLearnedWithoutAnyFlag() throws {
        try photos()
        let trained = try command.run("train", "--data", "photos", "--out", "m", "--epochs", "8")
        #expect(trained.code == 0, "\(trained.error)")
        // The settings that no flag gives follow from the pictures, and are said.
        #expect(trained.error.contains("adam, learning rate 0.005, batch 32, 8 epochs"), "\(trained.error)")
        #expect(trained.error.contains("one-cycle"), "\(trained.error)")
        let evaluated = try #require(try json(command.run("evaluate", "m", "--json")).first)
        #expect(evaluated["accuracy"] as? Double == 1)
        // Others that are given are kept, and the notebook's network is still to be had.
        let own = try command.run(
            "train", "--data", "photos", "--out", "n", "--epochs", "1", "--optimizer", "sgd", "--augment",
            "none")
        #expect(own.error.contains("sgd, learning rate 0.1, batch 32"), "\(own.error)")
        #expect(!own.error.contains("rotate"), "\(own.error)")
        let first = try command.run(
            "train", "--data", "photos", "--out", "o", "--epochs", "1", "--hidden", "5")
        #expect(first.error.contains("two-layer (144-5-2"), "\(first.error)")
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

    /// Images whose left or right half is light; `isSwapped`: with the other class's name.
    private func halves(_ count: Int, isSwapped: Bool) -> LabeledExamples {
        var pixels: [UInt8] = []
        for place in 0..<count * 64 {
            let isLeft = place % 8 < 4
            let isEven = place / 64 % 2 == 0
            pixels.append(UInt8(isLeft == isEven ? 200 + place % 7 : 20 + place % 5))
        }
        return LabeledExamples(
            .bytes(NDArray(shape: [count, 8, 8], elements: pixels)),
            classes: (0..<count).map { Int32(isSwapped ? 1 - $0 % 2 : $0 % 2) }, classNames: ["0", "1"])
    }

    /// The test examples contradict the training: whatever measures the training part instead is told at once.
    @Test(arguments: ["npz", "folder"]) func theTestPartIsMeasured(kind: String) throws {
        let (train, test) = (halves(40, isSwapped: false), halves(10, isSwapped: true))
        if kind == "npz" {
            var file = NPZ()
            for (part, examples) in [("train", train), ("test", test)] {
                file.set(examples.images, named: "x_\(part)")
                file.set(NDArray(examples.classes.map { Int($0) }), named: "y_\(part)")
            }
            try file.write(to: "\(command.directory)/data")
        } else {
            try train.exportFolder(to: "\(command.directory)/data/train")
            try test.exportFolder(to: "\(command.directory)/data/test")
        }
        let trained = try command.run(
            "train", "--data", "data", "--model", "knn", "--k", "1", "--out", "m", "--json")
        #expect(trained.code == 0, "\(trained.error)")
        #expect(try json(trained).last?["test_accuracy"] as? Double == 0)
        for words in [["evaluate", "m", "--json"], ["evaluate", "m", "--data", "data", "--json"]] {
            let found = try #require(try json(command.run(words)).first)
            #expect(found["count"] as? Int == 10 && found["accuracy"] as? Double == 0, "\(words)")
        }
        let own = try #require(try json(command.run("evaluate", "m", "--split", "train", "--json")).first)
        #expect(own["count"] as? Int == 40 && own["accuracy"] as? Double == 1)
    }

    /// Groups stay together when the split is found again; a class that depends on the group alone shows it.
    @Test func groupsAreFoundAgain() throws {
        var random = RandomState(1)
        var rows: [String] = []
        for row in 0..<90 {
            let person = row % 15
            let x = Double(person) + 0.01 * random.randn()
            rows.append("p\(person),\(x),\(random.randn()),\(person * 7 % 5 < 2 ? "a" : "b")")
        }
        try write("person,x,noise,class\n" + rows.joined(separator: "\n") + "\n", "visits.csv")
        let trained = try command.run(
            "train", "--data", "visits.csv", "--group-by", "person", "--model", "knn", "--k", "1", "--out",
            "m", "--json")
        #expect(trained.code == 0, "\(trained.error)")
        let expected = try #require(try json(trained).last?["test_accuracy"] as? Double)
        let found = try #require(try json(command.run("evaluate", "m", "--json")).first)
        let accuracy = try #require(found["accuracy"] as? Double)
        // One of the two is rounded to six digits.
        #expect(abs(accuracy - expected) < 1e-5)
        // Where rows of one person are on both sides nearest neighbours are always right.
        #expect(expected < 1)
    }

    @Test func withoutATestPartNothingIsCalledATest() throws {
        try table()
        let trained = try command.run(
            "train", "--data", "things.csv", "--model", "knn", "--test-split", "0", "--out", "m")
        #expect(trained.code == 0, "\(trained.error)")
        let refused = try command.run("evaluate", "m")
        #expect(refused.code == 64 && refused.error.contains("--split train"), "\(refused.error)")
        let own = try #require(try json(command.run("evaluate", "m", "--split", "train", "--json")).first)
        #expect(own["count"] as? Int == 80)
    }

    /// The same picture through the step for digits on paper, whatever it comes in.
    @Test func digitsOnPaperAreSeenAlike() throws {
        let digits = BuiltInDigits.dataset(trainCount: 300, testCount: 12)
        try digits.test.exportFolder(to: "\(command.directory)/pages")
        try IDX.write(digits.test.images, to: "\(command.directory)/pages-idx3")
        let trained = try command.run(
            "train", "--train-limit", "300", "--test-limit", "50", "--digits", "--model", "knn", "--out", "m",
            "--quiet")
        #expect(trained.code == 0, "\(trained.error)")
        let many = try json(command.run("predict", "m", "pages-idx3", "--json"))
        var names: [Int: [String]] = [:]
        for (row, name) in digits.test.classes.enumerated() {
            names[Int(name), default: []].append(many[row]["label"] as? String ?? "")
        }
        for (name, expected) in names {
            let alone = try json(command.run("predict", "m", "pages/\(name)", "--json"))
            #expect(alone.map { $0["label"] as? String ?? "" } == expected, "\(name)")
        }
        let evaluated = try #require(try json(command.run("evaluate", "m", "--json", "--limit", "50")).first)
        #expect(evaluated["count"] as? Int == 50)
    }

    /// Rows without a label are left out of the split that evaluation makes again, as they were in training.
    @Test func rowsWithoutALabelAreLeftOutAlike() throws {
        var random = RandomState(2)
        var rows: [String] = []
        for row in 0..<60 {
            let isA = row % 2 == 0
            rows.append("\((isA ? 0 : 1) + 0.6 * random.randn()),\(row % 9 == 4 ? "" : isA ? "a" : "b")")
        }
        try write("x,class\n" + rows.joined(separator: "\n") + "\n", "holes.csv")
        let trained = try command.run(
            "train", "--data", "holes.csv", "--model", "knn", "--k", "1", "--out", "m", "--json")
        #expect(trained.code == 0 && trained.error.contains("7 rows without a label"), "\(trained.error)")
        let expected = try #require(try json(trained).last?["test_accuracy"] as? Double)
        let found = try #require(try json(command.run("evaluate", "m", "--json")).first)
        let accuracy = try #require(found["accuracy"] as? Double)
        // A fifth of 26 and of 27, each to the nearest whole number.
        #expect(found["count"] as? Int == 10 && abs(accuracy - expected) < 1e-5)
        #expect(
            try command.run("predict", "m", "holes.csv", "--json").output.split(separator: "\n").count == 60)
        #expect(try command.run("data", "info", "holes.csv", "--seed", "-1").code == 64)
    }
}
