import Descent
import Foundation
import TestSupport
import Testing

@testable import DescentCommand

/// `predict --csv`, `--top`, `--reject`, and NumPy's arrays as what is asked.
@Suite struct PredictOutputTests {
    private let command: CommandRun
    private let data: String

    init() throws {
        command = try CommandRun()
        data = try command.makeData()
        let trained = try command.run(
            "train", "--data", "mnist", "--data-dir", data, "--model", "mlp:16", "--optimizer", "adam",
            "--lr", "0.01", "--batch-size", "10", "--epochs", "6", "--out", "m", "--quiet")
        #expect(trained.code == 0, "\(trained.error)")
    }

    private var images: NDArray<UInt8> {
        get throws { try IDX.read("\(data)/t10k-images-idx3-ubyte", rank: 3) }
    }

    private func path(_ name: String) -> String { "\(command.directory)/\(name)" }

    private func rows(_ text: String) -> [[String]] {
        text.split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
    }

    /// A picture of noise: nothing like a bright square.
    private func makePictures() throws {
        try FileManager.default.createDirectory(atPath: path("pictures"), withIntermediateDirectories: true)
        let noise = (0..<144).map { place -> UInt8 in (place / 12 + place) % 2 == 0 ? 0 : 255 }
        let pictures = [
            ("a", try images[0].contiguousCopy()), ("b", try images[1].contiguousCopy()),
            ("noise", NDArray(shape: [12, 12], elements: noise)),
        ]
        for (name, image) in pictures {
            try Data(PNG.encode(image)).write(to: URL(fileURLWithPath: path("pictures/\(name).png")))
        }
    }

    @Test func answersAreATable() throws {
        try makePictures()
        let result = try command.run("predict", "m", "pictures", "--csv", "answers.csv", "--top", "2")
        #expect(result.code == 0 && result.output.isEmpty, "\(result.error)")
        #expect(result.error == "3 answers in answers.csv\n")
        let table = rows(command.text("answers.csv"))
        #expect(
            table.first == [
                "file", "row", "label", "probability", "top_1", "top_1_probability", "top_2",
                "top_2_probability",
            ])
        #expect(
            table.dropFirst().map { $0[0] } == ["pictures/a.png", "pictures/b.png", "pictures/noise.png"])
        let lines = try command.run("predict", "m", "pictures", "--json", "--top", "2").objects
        for (row, line) in paired(table.dropFirst(), lines) {
            #expect(
                row[1].isEmpty && row[2] == line["label"] as? String && row[4] == row[2] && row[5] == row[3])
            #expect(Double(row[3]) == line["probability"] as? Double)
            let top = try #require(line["top"] as? [[String: Any]])
            #expect(top.map { $0["label"] as? String } == [row[4], row[6]])
            #expect(top.map { $0["probability"] as? Double } == [Double(row[5]), Double(row[7])])
        }
        // Test examples have their number and their class; all of them, as with --json.
        let all = try command.run("predict", "m", "--csv", "-", "--quiet")
        #expect(all.code == 0, "\(all.error)")
        let answers = rows(all.output)
        #expect(
            answers.first == ["file", "row", "label", "probability", "true_label"] && answers.count == 61)
        #expect(answers.last?[1] == "59" && answers.last?[4] == "9")
        let text = try command.run("predict", "m", "pictures/a.png", "--top", "5", "--quiet")
        #expect(text.output.split(separator: "%").count == 6, "\(text.output)")
    }

    /// A table of answers is written over, and nobody's file; of an answer that fails nothing is left.
    @Test func theTableIsWholeOrNotThere() throws {
        try makePictures()
        #expect(try command.run("predict", "m", "pictures/a.png", "--csv", "x.csv").code == 0)
        #expect(try command.run("predict", "m", "pictures", "--csv", "x.csv").code == 0)
        #expect(rows(command.text("x.csv")).count == 4)
        try Data("x,y\n1,2\n".utf8).write(to: URL(fileURLWithPath: path("mine.csv")))
        let mine = try command.run("predict", "m", "pictures", "--csv", "mine.csv")
        #expect(mine.code == 73 && mine.error.contains("no table of answers"), "\(mine.error)")
        #expect(command.text("mine.csv") == "x,y\n1,2\n")
        try Data("no picture".utf8).write(to: URL(fileURLWithPath: path("pictures/c.png")))
        let damaged = try command.run("predict", "m", "pictures", "--csv", "new.csv")
        #expect(damaged.code == 65 && damaged.error.contains("c.png"), "\(damaged.error)")
        #expect(!command.names().contains("new.csv"))
        for (flags, part) in [
            (["--csv", "x.csv", "--json"], "exclude each other"), (["--csv", "x.png"], "ends in .csv"),
            (["--top", "0"], "--top must be 1"), (["--reject", "2"], "--reject must be a probability"),
        ] {
            let wrong = try command.run(["predict", "m", "pictures"] + flags)
            #expect(wrong.code == 64 && wrong.error.contains(part), "\(flags): \(wrong.error)")
        }
    }

    @Test func unsureAndUnlikeAnswersAreUnknown() throws {
        try makePictures()
        #expect(command.names("m").contains("novelty.safetensors"))
        let result = try command.run("predict", "m", "pictures", "--reject", "0", "--json")
        #expect(result.code == 0, "\(result.error)")
        let lines = result.objects
        #expect(lines.map { $0["unknown"] as? Bool } == [false, false, true], "\(result.output)")
        #expect(lines.last?["label"] as? String == "unknown" && lines.last?["reason"] as? String == "novel")
        let table = try command.run("predict", "m", "pictures", "--reject", "1", "--csv", "-", "--top", "1")
        #expect(rows(table.output).first?[4] == "reason")
        #expect(rows(table.output).dropFirst().allSatisfy { $0[2] == "unknown" && $0[4] == "unsure" })
        #expect(
            Set(rows(table.output).dropFirst().map { $0[5] }).isSubset(of: Set((0..<10).map(String.init))))
        let text = try command.run("predict", "m", "pictures/noise.png", "--reject", "0", "--quiet")
        #expect(text.output.contains("unknown (unlike the training examples): "), "\(text.output)")
        // What that costs and brings is told by evaluate.
        let evaluated = try command.run("evaluate", "m", "--reject", "0.6")
        #expect(
            evaluated.code == 0 && evaluated.output.contains("* 0.6"), "\(evaluated.output)\(evaluated.error)"
        )
        let report = try #require(try command.run("evaluate", "m", "--reject", "0.6", "--json").objects.first)
        let rejections = try #require(report["rejections"] as? [[String: Any]])
        #expect(
            rejections.compactMap { $0["reject"] as? Double } == [0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99])
        for row in rejections {
            let counts = ["answered", "unsure", "novel"].compactMap { row[$0] as? Int }
            #expect(counts.count == 3 && counts.reduce(0, +) == 60, "\(row)")
        }
        // A folder of an older version has no detector, which is said.
        try FileManager.default.removeItem(atPath: path("m/novelty.safetensors"))
        let older = try command.run("predict", "m", "pictures/noise.png", "--reject", "0", "--json")
        #expect(older.code == 0 && older.error.contains("warning"), "\(older.error)")
        #expect(older.objects.first?["unknown"] as? Bool == false)
    }

    @Test func scoresWithoutMeaningAreNotRejected() throws {
        let trained = try command.run(
            "train", "--data", "mnist", "--data-dir", data, "--model", "linear-svm", "--out", "svm", "--quiet"
        )
        #expect(trained.code == 0, "\(trained.error)")
        let some = try command.run("predict", "svm", "--reject", "0.5", "--limit", "3", "--json")
        let none = try command.run("predict", "svm", "--reject", "0", "--limit", "3", "--json")
        #expect(none.code == 0 && none.objects.count == 3, "\(none.error)")
        if none.objects.first?["basis"] as? String == "scores" {
            #expect(some.code == 64 && some.error.contains("--reject"), "\(some.error)")
        }
    }

    @Test func numPysArraysAreAsked() throws {
        let images = try images
        try NPY.write(images, to: path("x.npy"))
        var archive = NPZ()
        archive.set(images, named: "x_test")
        try archive.write(to: path("x.npz"))
        let wanted = try command.run("predict", "m", "\(data)/t10k-images-idx3-ubyte", "--json").objects
        #expect(wanted.count == 60)
        for name in ["x.npy", "x.npz"] {
            let found = try command.run("predict", "m", name, "--json").objects
            for (one, other) in paired(found, wanted) {
                #expect(one["label"] as? String == other["label"] as? String)
                #expect(one["probability"] as? Double == other["probability"] as? Double)
            }
            #expect(found.last?["input"] as? String == "\(name)#59")
        }
        try NPY.write(images[0].reshaped(1, 144), to: path("flat.npy"))
        #expect(try command.run("predict", "m", "flat.npy", "--json").objects.count == 1)
        try NPY.write(images[0].reshaped(16, 9), to: path("wrong.npy"))
        let wrong = try command.run("predict", "m", "wrong.npy")
        #expect(wrong.code == 65 && wrong.error.contains("[N, 12, 12]"), "\(wrong.error)")
    }

    /// `-` is standard input, whatever comes from there.
    @Test func standardInputIsAsked() throws {
        try makePictures()
        let wanted = try command.run("predict", "m", "pictures/a.png", "--json").objects.first
        let piped = try command.run(
            "predict", "m", "-", "--json", through: "cat pictures/a.png | \"$@\"")
        #expect(piped.code == 0, "\(piped.error)")
        #expect(piped.objects.first?["probability"] as? Double == wanted?["probability"] as? Double)
    }

    /// A model of numbers has no classes, and a table of its own.
    @Test func numbersAreATable() throws {
        let lines = (0..<40).map { "\($0),\(2 * $0).5" }
        try Data(("x,y\n" + lines.joined(separator: "\n") + "\n").utf8).write(
            to: URL(fileURLWithPath: path("line.csv")))
        let trained = try command.run(
            "train", "--data", "line.csv", "--label", "y", "--model", "ridge", "--out", "line", "--quiet")
        #expect(trained.code == 0, "\(trained.error)")
        let result = try command.run("predict", "line", "line.csv", "--csv", "-")
        #expect(result.code == 0, "\(result.error)")
        let table = rows(result.output)
        #expect(table.first == ["file", "row", "prediction"] && table.count == 41)
        #expect(abs((Double(table[11][2]) ?? 0) - 20.5) < 2, "\(table[11])")
        let tested = try command.run("predict", "line", "--csv", "x.csv", "--quiet")
        #expect(tested.code == 0 && rows(command.text("x.csv")).first?.last == "true_value")
        let refused = try command.run("predict", "line", "line.csv", "--reject", "0.5")
        #expect(refused.code == 64 && refused.error.contains("--reject"), "\(refused.error)")
    }

    /// Many pictures are read in parts, and come in the order of their names.
    @Test func aLargeFolderKeepsItsOrder() throws {
        let images = try images
        try FileManager.default.createDirectory(atPath: path("many"), withIntermediateDirectories: true)
        for place in 0..<300 {
            let name = String(1000 + place)
            try Data(PNG.encode(images[place % 60].contiguousCopy())).write(
                to: URL(fileURLWithPath: path("many/\(name).png")))
        }
        let answers = try command.run("predict", "m", "many", "--json").objects
        #expect(answers.map { $0["input"] as? String } == (1000..<1300).map { "many/\($0).png" })
        let wanted = try command.run("predict", "m", "\(data)/t10k-images-idx3-ubyte", "--json").objects
        for (place, answer) in answers.enumerated() {
            #expect(answer["label"] as? String == wanted[place % 60]["label"] as? String)
        }
    }
}
