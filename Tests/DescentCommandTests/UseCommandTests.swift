import Descent
import Foundation
import TestSupport
import Testing

/// `evaluate`, `predict` and what belongs to no verb.
@Suite struct UseCommandTests {
    private let command: CommandRun
    private let data: String

    init() throws {
        command = try CommandRun()
        data = try command.makeData()
        let trained = try command.run(
            "train", "--data", "mnist", "--data-dir", data, "--model", "mlp:16", "--optimizer", "adam",
            "--lr", "0.01",
            "--batch-size", "10", "--epochs", "8", "--quiet")
        #expect(trained.code == 0, "\(trained.error)")
    }

    @Test func evaluatePrintsTheScores() throws {
        let result = try command.run(
            "evaluate", "runs/latest", "--data-dir", data, "--min-accuracy", "0.5")
        #expect(result.code == 0, "\(result.error)")
        let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0] == "mlp:16 (144-16-10) on mnist in \(data), test part")
        #expect(lines[2].hasPrefix("accuracy   ") && lines[2].contains(" of 60; 95 % interval "))
        #expect(lines[3].hasPrefix("loss       "))
        #expect(lines[6].contains(/^class +examples +recall +95 % interval +precision +F1$/))
        #expect(lines[7].contains(/^0 +6 +[0-9]/))
    }

    @Test func evaluateKnowsItsDataAndBothParts() throws {
        // The data's name comes from run.json; the parts differ in size.
        let test = try command.run("evaluate", "runs/latest", "--data-dir", data, "--json")
        let train = try command.run(
            "evaluate", "runs/latest", "--data-dir", data, "--json", "--split", "train")
        #expect(test.code == 0 && train.code == 0)
        #expect(test.objects.first?["count"] as? Int == 60)
        #expect(train.objects.first?["count"] as? Int == 200)
        #expect(train.objects.first?["split"] as? String == "train")
        #expect(
            test.output.matches(of: /"([a-z_]+)":/).prefix(8).map { String($0.output.1) } == [
                "version", "accuracy", "loss", "count", "correct", "model", "data", "split",
            ])
        let history = command.text("runs/latest/history.csv").split(separator: "\n").last?.split(
            separator: ",")
        let recorded = history.flatMap { Double($0[4]) } ?? -1
        let accuracy = test.objects.first?["accuracy"] as? Double ?? -2
        #expect(abs(accuracy - recorded) < 1e-6)
    }

    @Test func anAccuracyBelowTheMinimumExitsWith1() throws {
        let untrained = try command.run(
            "train", "--data-dir", data, "--lr", "1e-20", "--epochs", "1", "--out", "untrained", "--quiet")
        #expect(untrained.code == 0)
        let low = try command.run("evaluate", "untrained", "--data-dir", data, "--min-accuracy", "0.9")
        #expect(low.code == 1)
        #expect(low.error.split(separator: "\n").count == 1)
        #expect(low.output.contains("accuracy"))
    }

    @Test func predictDrawsAndNames() throws {
        let images = "\(data)/t10k-images-idx3-ubyte"
        let result = try command.run("predict", "runs/latest", images, "--index", "0-1")
        #expect(result.code == 0, "\(result.error)")
        #expect(result.error.isEmpty)
        let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0] == "\(images)#0")
        // Class 0 has its bright square in the first corner: three pixels, two columns each.
        #expect(lines[1].hasPrefix("@@@@@@"))
        #expect(lines[13].contains(" %   then "))
        #expect(lines[15] == "\(images)#1")
    }

    @Test func predictShowsTenAndSaysSo() throws {
        let result = try command.run("predict", "runs/latest", "\(data)/t10k-images-idx3-ubyte")
        #expect(result.code == 0)
        #expect(result.output.split(separator: "\n").filter { $0.contains("ubyte#") }.count == 10)
        #expect(result.error == "10 of 60 images shown; --index or --limit for others\n")
    }

    @Test func predictPrintsAJSONLineForEachImage() throws {
        let images = "\(data)/t10k-images-idx3-ubyte"
        let result = try command.run("predict", "runs/latest", images, "--json")
        #expect(result.code == 0)
        #expect(result.objects.count == 60)
        #expect(result.objects[7]["input"] as? String == "\(images)#7")
        let probabilities = try #require(result.objects[7]["probabilities"] as? [String: Double])
        #expect(probabilities.keys.sorted() == (0..<10).map(String.init))
        #expect(abs(probabilities.values.reduce(0, +) - 1) < 1e-4)
        let label = try #require(result.objects[7]["label"] as? String)
        #expect(result.objects[7]["probability"] as? Double == probabilities[label])
        #expect(probabilities[label] == probabilities.values.max())
    }

    @Test func noAnswerIsPrintedBeforeAllFilesAreFoundGood() throws {
        let images = "\(data)/t10k-images-idx3-ubyte"
        try Data("not digits".utf8).write(to: URL(fileURLWithPath: "\(command.directory)/text"))
        try IDX.write(NDArray(shape: [2, 5, 7], repeating: 0), to: "\(command.directory)/small")
        try IDX.write(NDArray(shape: [2, 12, 12], repeating: 0), to: "\(command.directory)/two")
        for (file, code) in [("text", 65), ("small", 65), ("nothing", 66), ("two", 64)] as [(String, Int32)] {
            let result = try command.run("predict", "runs/latest", images, file, "--index", "5")
            #expect(result.code == code, "\(file): \(result.error)")
            #expect(result.output.isEmpty)
        }
        let both = try command.run("predict", "runs/latest", images, "two", "--index", "1")
        #expect(both.code == 0, "\(both.error)")
        #expect(both.output.contains("\(images)#1\n") && both.output.contains("two#1\n"))
    }

    @Test func withoutAFileTestImagesAreShown() throws {
        let text = try command.run("predict", "runs/latest", "--data-dir", data, "--index", "0-1", "--quiet")
        #expect(text.code == 0, "\(text.error)")
        #expect(text.output.hasPrefix("mnist#0\n") && text.output.contains("\nmnist#1\n"), "\(text.output)")
        let all = try command.run("predict", "runs/latest", "--data-dir", data, "--json")
        #expect(all.objects.count == 60, "\(all.error)")
        // The labels of `makeData` count 0, 1, 2, ... 9, 0, ...
        #expect(all.objects.map { $0["true_label"] as? String } == (0..<60).map { String($0 % 10) })
        #expect(notEmpty(all.objects).allSatisfy { $0["version"] as? Int == 1 })
        let beyond = try command.run("predict", "runs/latest", "--data-dir", data, "--index", "60")
        #expect(
            beyond.code == 64 && beyond.error.contains("there is no image 60 in mnist"), "\(beyond.error)")
        // Files have no true class.
        let file = try command.run(
            "predict", "runs/latest", "\(data)/t10k-images-idx3-ubyte", "--json", "--limit", "1")
        #expect(file.objects.first?["true_label"] is NSNull)
    }

    @Test func evaluateDrawsTheConfusionMatrix() throws {
        let result = try command.run("evaluate", "runs/latest", "--data-dir", data, "--svg", "confusion.svg")
        #expect(
            result.code == 0 && result.output.hasSuffix("\nconfusion  confusion.svg\n"), "\(result.error)")
        let svg = command.text("confusion.svg")
        #expect(svg.contains(">true class<") && svg.contains(">recall<"))
        #expect(
            result.output.contains(/\nclass +examples +recall +95 % interval +precision +F1\n/),
            "\(result.output)")
    }

    @Test func labelsCannotSteerTheTerminal() throws {
        let path = "\(command.directory)/runs/latest/config.json"
        let config = command.text("runs/latest/config.json")
        let changed = config.replacing(#"["0", "#, with: #"["\u001b[31m0", "#)
        #expect(changed != config)
        try Data(changed.utf8).write(to: URL(fileURLWithPath: path))
        // As a folder of an older version: with checksums the change is found out.
        try FileManager.default.removeItem(atPath: "\(command.directory)/runs/latest/checksums.json")
        let result = try command.run(
            "predict", "runs/latest", "\(data)/t10k-images-idx3-ubyte", "--limit", "60")
        #expect(result.code == 0, "\(result.error)")
        #expect(result.output.contains(#"\u{1b}[31m0  "#))
        #expect(!result.output.contains("\u{1B}"))
        let evaluated = try command.run("evaluate", "runs/latest", "--data-dir", data)
        #expect(evaluated.code == 65)
        #expect(!evaluated.error.contains("\u{1B}"))
    }

    @Test func errorsHaveTheirCodes() throws {
        func check(_ code: Int32, _ part: String, _ arguments: String...) throws {
            let result = command.end(try command.start(arguments))
            #expect(result.code == code, "\(arguments): \(result.error)")
            #expect(result.error.hasPrefix("descent: error: "), "\(result.error)")
            #expect(result.error.split(separator: "\n").count == 1, "\(result.error)")
            #expect(result.error.contains(part), "\(result.error)")
            #expect(result.output.isEmpty)
        }
        let images = "\(data)/t10k-images-idx3-ubyte"
        try Data("not digits".utf8).write(to: URL(fileURLWithPath: "\(command.directory)/text"))
        try check(66, "nowhere", "evaluate", "nowhere", "--data-dir", data)
        try check(66, "config.json", "evaluate", ".", "--data-dir", data)
        try check(64, "--min-accuracy", "evaluate", "runs/latest", "--min-accuracy", "90")
        try check(64, "--split", "evaluate", "runs/latest", "--split", "valid")
        try check(64, "<model>", "evaluate")
        try check(66, "nothing", "predict", "runs/latest", "nothing")
        try check(
            65, "the model takes pictures (PNG, JPEG, WebP) and IDX files", "predict", "runs/latest", "text")
        try IDX.write(NDArray(shape: [2, 5, 7], repeating: 0), to: "\(command.directory)/small")
        try check(65, "small: images of another size", "predict", "runs/latest", "small")
        try check(64, "--index", "predict", "runs/latest", images, "--index", "60")
        try check(64, "--index", "predict", "runs/latest", images, "--index", "5-3")
        try check(64, "--index", "predict", "runs/latest", images, "--index", "1", "--limit", "2")
        try check(64, "not both", "predict", "runs/latest", images, "--data-dir", data)
        try check(64, "trian", "trian")
        try Data("{}".utf8).write(to: URL(fileURLWithPath: "\(command.directory)/runs/latest/config.json"))
        try check(65, "config.json", "predict", "runs/latest", images)
    }

    @Test func helpVersionAndCompletionsExitWith0() throws {
        let help = try command.run("--help")
        #expect(help.code == 0 && help.error.isEmpty)
        for verb in ["train", "evaluate", "predict"] {
            #expect(help.output.contains("  \(verb) "))
            let own = try command.run(verb, "--help")
            #expect(own.code == 0)
            #expect(own.output.contains("EXAMPLES"))
            #expect(notEmpty(own.output.split(separator: "\n") as [Substring]).allSatisfy { $0.count <= 80 })
        }
        #expect(try command.run().code == 0)
        #expect(try command.run("--version").output.hasPrefix("descent "))
        #expect(try command.run("--generate-completion-script", "bash").output.contains("descent"))
    }

    @Test func aReaderThatHasSeenEnoughEndsItQuietly() throws {
        // 5000 lines are more than a pipe holds, so that some of them find no reader.
        try IDX.write(NDArray(shape: [5000, 12, 12], repeating: 0), to: "\(command.directory)/many")
        let result = try command.run(
            "predict", "runs/latest", "many", "--json",
            through: #"exec bash -c '"$@" | head -n 1; exit ${PIPESTATUS[0]}' bash "$@""#)
        // 128 + SIGPIPE.
        #expect(result.code == 141)
        #expect(result.objects.count == 1)
        #expect(result.error.isEmpty)
    }
}
