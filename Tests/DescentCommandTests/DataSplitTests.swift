import Descent
import Foundation
import TestSupport
import Testing

@testable import DescentCommand

/// `data split`, and `data check` and `data show` as JSON.
@Suite struct DataSplitTests {
    private let command: CommandRun

    init() throws { command = try CommandRun() }

    private func photos() throws {
        var random = RandomState(3)
        let pixels = (0..<40 * 64).map { _ in UInt8(random.randint(0, 256)) }
        try LabeledExamples(
            .bytes(NDArray(shape: [40, 8, 8], elements: pixels)), classes: (0..<40).map { Int32($0 % 2) },
            classNames: ["left", "right"]
        ).exportFolder(to: "\(command.directory)/photos")
    }

    private func write(_ text: String, _ file: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(command.directory)/\(file)"))
    }

    @Test func picturesAreDivided() throws {
        try photos()
        let result = try command.run(
            "data", "split", "photos", "--out", "parts", "--test-split", "0.2", "--val-split", "0.1", "--json"
        )
        #expect(result.code == 0, "\(result.error)")
        let line = try #require(result.objects.first)
        #expect(["train", "val", "test"].map { line[$0] as? Int } == [28, 4, 8])
        for (part, count) in [("train", 14), ("val", 2), ("test", 4)] {
            #expect(command.names("parts/\(part)") == ["left", "right"])
            #expect(command.names("parts/\(part)/left").count == count)
        }
        // The same seed divides alike, and a folder that is there stays.
        #expect(try command.run("data", "split", "photos", "--out", "again", "--val-split", "0.1").code == 0)
        #expect(command.names("again/test/left") == command.names("parts/test/left"))
        let refused = try command.run("data", "split", "photos", "--out", "parts")
        #expect(refused.code == 73 && refused.error.contains("--out"), "\(refused.error)")
        let text = try command.run("data", "split", "photos", "--out", "other", "--seed", "2")
        #expect(text.output.contains("other: train 32 pictures, test 8 pictures"), "\(text.output)")
        #expect(text.output.contains("train --data other"))
        #expect(command.names("other/test/left") != command.names("parts/test/left"))
        let info = try command.run("data", "info", "parts", "--json").objects.first
        #expect(info?["test"] as? Int == 8, "\(String(describing: info))")
    }

    @Test func tablesAreDivided() throws {
        let rows = (0..<40).map { "\($0),p\($0 % 8),\($0 % 2 == 0 ? "a" : "b")" }
        try write("x,who,class\n" + rows.joined(separator: "\n") + "\n", "t.csv")
        let result = try command.run("data", "split", "t.csv", "--out", "parts", "--group-by", "who")
        #expect(result.code == 0, "\(result.error)")
        #expect(
            result.output.contains("train --data parts/train.csv --test-data parts/test.csv"),
            "\(result.output)")
        let trained = try command.run(
            "train", "--data", "parts/train.csv", "--test-data", "parts/test.csv", "--model", "knn", "--quiet"
        )
        #expect(trained.code == 0, "\(trained.error)")
        let other = try command.run("data", "split", "builtin", "--out", "digits")
        #expect(other.code == 64 && other.error.contains("pictures and tables"), "\(other.error)")
        let nothing = try command.run(
            "data", "split", "t.csv", "--out", "none", "--test-split", "0.6", "--val-split", "0.4")
        #expect(nothing.code == 64, "\(nothing.error)")
        #expect(command.names() == command.names().filter { !["none", "digits"].contains($0) })
    }

    @Test func oneClassIsAFault() throws {
        try write("a,label\n1,x\n2,x\n3,x\n4,x\n", "one.csv")
        let result = try command.run("data", "check", "one.csv")
        #expect(result.code == 1 && result.error.contains("1 fault found"), "\(result.error)")
        #expect(
            result.output == "two classes or more are needed, and the training examples are all of class x\n")
    }

    @Test func checksAndSheetsAreJSONToo() throws {
        try photos()
        let check = try command.run("data", "check", "photos", "--json")
        #expect(check.code == 0, "\(check.error)")
        let fine = try #require(check.objects.first)
        #expect(fine["count"] as? Int == 40 && (fine["faults"] as? [String])?.isEmpty == true)
        try FileManager.default.createDirectory(
            atPath: "\(command.directory)/photos/middle", withIntermediateDirectories: true)
        let faulty = try command.run("data", "check", "photos", "--json")
        #expect(faulty.code == 1)
        #expect((faulty.objects.first?["faults"] as? [String])?.first?.contains("middle") == true)
        let show = try command.run(
            "data", "show", "photos", "--json", "--out", "sheet.png", "--per-class", "3")
        #expect(show.code == 0 && command.names().contains("sheet.png"), "\(show.error)")
        let sheet = try #require(show.objects.first)
        let rows = try #require(sheet["rows"] as? [[String: Any]])
        #expect(rows.map { $0["class"] as? String } == ["left", "right"])
        #expect(rows.allSatisfy { ($0["examples"] as? [Int])?.count == 3 })
        #expect(sheet["out"] as? String == "sheet.png" && sheet["width"] as? Int == 32)
    }
}
