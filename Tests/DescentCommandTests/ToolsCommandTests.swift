import Descent
import Foundation
import TestSupport
import Testing

/// `gradcheck`, `summary` and `runs` as programs.
@Suite struct ToolsCommandTests {
    private let command: CommandRun

    init() throws { command = try CommandRun() }

    @Test func gradcheckLooksAtEveryNumber() throws {
        let result = try command.run("gradcheck", "mlp:4", "--batch-size", "5", "--svg", "map.svg")
        #expect(result.code == 0, "\(result.error)")
        #expect(result.output.contains(try Regex(#"0\.weight +784x4 +3,136 "#)), "\(result.output)")
        #expect(result.output.contains("Back-propagation is right (6,380 forward passes in "))
        #expect(result.output.hasSuffix("heat map   map.svg\n"))
        #expect(command.text("map.svg").contains("</svg>"))
        #expect(result.error.contains("3,190 numbers, two full forward passes each, about "))
    }

    @Test func gradcheckTellsOfMistakesWithExitCodeOne() throws {
        let result = try command.run(
            "gradcheck", "mlp:4", "--batch-size", "6", "--sample", "8", "--spoil", "sum", "--json", "--quiet")
        #expect(result.code == 1)
        #expect(
            result.error
                == "descent: error: mlp:4: back-propagated and numerical gradients differ (got sum, not mean)\n"
        )
        let object = try #require(result.objects.first)
        #expect(object["agrees"] as? Bool == false && object["forward_passes"] as? Int == 2 * (8 + 4 + 8 + 8))
        let parameters = try #require(object["parameters"] as? [[String: Any]])
        #expect(parameters.map { $0["finding"] as? String } == Array(repeating: "sum-for-mean", count: 4))
    }

    @Test func gradcheckTakesConvolutionsLossesAndModelFolders() throws {
        let data = try command.makeData()
        let trained = try command.run(
            "train", "--data", "mnist", "--data-dir", data, "--epochs", "1", "--batch-size", "50", "--model",
            "mlp:6",
            "--out", "models/one", "--quiet")
        #expect(trained.code == 0, "\(trained.error)")
        for model in ["models/one", "mlp:3"] {
            let result = try command.run(
                "gradcheck", model, "--data", "mnist", "--data-dir", data, "--loss", "mean-squared-error",
                "--quiet")
            #expect(result.code == 0, "\(model): \(result.error)")
        }
        let lenet = try command.run(
            "gradcheck", "lenet", "--sample", "2", "--batch-size", "2", "--quiet", "--json")
        #expect(lenet.code == 0, "\(lenet.error)")
        let parameters = try #require(lenet.objects.first?["parameters"] as? [[String: Any]])
        #expect(parameters.count == 10)
        // Zero biases of convolutions over blank ground lie at kinks: they are checked beside them.
        #expect(lenet.objects.first?["unchecked"] as? Int == 0)
        #expect((lenet.objects.first?["nudged"] as? Int ?? 0) > 0)
        #expect(notEmpty(parameters).allSatisfy { $0["finding"] as? String == "agrees" }, "\(parameters)")
        // One sentence for a mistake that is everywhere.
        let spoilt = try command.run(
            "gradcheck", "lenet", "--sample", "6", "--batch-size", "3", "--quiet", "--spoil", "factor")
        #expect(spoilt.code == 1 && spoilt.error.hasSuffix("differ (got 0.5 times)\n"), "\(spoilt.error)")
        #expect(
            spoilt.output.components(separatedBy: "a constant was forgotten").count == 2, "\(spoilt.output)")
        #expect(spoilt.output.contains("- all 10 parameters: 0.5 times too small"), "\(spoilt.output)")
        #expect(
            spoilt.output.split(separator: "\n").filter { $0.contains("0.5 times") }.prefix(10).allSatisfy {
                $0.count <= 80
            })
    }

    private static let mistakes: [([String], Int32)] = [
        (["gradcheck"], 64), (["gradcheck", "nothing"], 64),
        (["gradcheck", "mlp:4", "--batch-size", "0"], 64),
        (["gradcheck", "mlp:4", "--step", "0"], 64), (["gradcheck", "mlp:4", "--sample", "-1"], 64),
        (["gradcheck", "mlp:4", "--sample", "3", "--all"], 64),
        (["gradcheck", "mlp:4", "--tolerance", "2"], 64),
        (["gradcheck", "mlp:4", "--seed", "-1"], 64), (["gradcheck", "mlp:4", "--loss", "hope"], 64),
        (["gradcheck", "no/folder"], 66),
        (["gradcheck", "mlp:4", "--svg", "/dev/null/x", "--sample", "1"], 73),
        (["summary", "nothing"], 64), (["summary", "no/folder"], 66),
        (["summary", "lenet", "--batch-size", "0"], 64),
        (["runs", "--dir", "nowhere"], 66), (["runs", "show", "none"], 66), (["runs", "compare", "one"], 64),
        (["runs", "diff", "a", "b"], 66),
        (["runs", "--dir", ""], 64), (["train", "--emit-python", ""], 64),
        (["train", "--emit-python", "/dev/null/x.py", "--train-limit", "10", "--test-limit", "10"], 73),
        (
            [
                "train", "--emit-python", "x.py", "--model", "lenet", "--train-limit", "10", "--test-limit",
                "10",
            ], 64
        ),
    ]

    @Test(arguments: mistakes)
    func badInputIsOneLineAndACode(arguments: [String], code: Int32) throws {
        let result = command.end(
            try command.start(arguments + (arguments.first == "train" ? ["--quiet"] : [])))
        #expect(result.code == code, "\(arguments): \(result.error)")
        let lines = result.error.split(separator: "\n")
        #expect(lines.last?.hasPrefix("descent: error: ") == true, "\(result.error)")
        #expect(!command.names("runs").contains { $0 != "" })
    }

    @Test func summaryCountsLeNet() throws {
        let text = try command.run("summary", "lenet")
        #expect(text.code == 0)
        #expect(text.output.contains("61,706 parameters, 833,040 FLOPs an example forward.\n"))
        let json = try #require(try command.run("summary", "two-layer", "--json").objects.first)
        #expect(json["parameters"] as? Int == 39_760 && json["flops"] as? Int == 2 * (784 * 50 + 500))
        #expect((json["layers"] as? [[String: Any]])?.last?["output_shape"] as? [Int] == [10])
    }

    @Test func runsAreListedShownComparedAndTheirFirstDifferenceFound() throws {
        let data = try command.makeData()
        for (name, rate) in [("slow", "0.1"), ("fast", "0.5"), ("again", "0.1")] {
            let result = try command.run(
                "train", "--data", "mnist", "--data-dir", data, "--epochs", "2", "--batch-size", "50", "--lr",
                rate,
                "--name", name, "--quiet")
            #expect(result.code == 0, "\(result.error)")
        }
        let list = try command.run("runs")
        #expect(list.code == 0 && list.output.split(separator: "\n").count == 4, "\(list.output)")
        #expect(try command.run("runs", "list", "--json").objects.count == 3)

        let show = try command.run("runs", "show", "fast")
        #expect(show.output.contains("sgd, learning rate 0.5"), "\(show.output)\(show.error)")
        let shown = try #require(try command.run("runs", "show", "latest", "--json").objects.first)
        #expect((shown["history"] as? [Any])?.count == 2)
        #expect((shown["run"] as? String)?.hasSuffix("-again") == true)

        let compare = try command.run("runs", "compare", "slow", "fast", "--svg", "curves.svg")
        #expect(
            compare.code == 0 && compare.output.contains("optimizer")
                && compare.output.contains("test accuracy"))
        #expect(!compare.output.contains("batch size"))
        #expect(command.text("curves.svg").contains("Test accuracy of 2 runs"))

        let parts = try command.run("runs", "diff", "slow", "fast")
        #expect(
            parts.output.hasPrefix("The same for 1 step; they part at step 2, in epoch 1.\n"),
            "\(parts.output)")
        let same = try command.run("runs", "diff", "slow", "again")
        #expect(
            same.output.hasPrefix("The same: all 8 steps have the same loss, bit for bit.\n"),
            "\(same.output)")
        let json = try #require(try command.run("runs", "diff", "slow", "fast", "--json").objects.first)
        #expect(
            json["identical"] as? Bool == false && json["step"] as? Int == 2 && json["epoch"] as? Int == 1)
        // Two runs have an s in their names.
        #expect(try command.run("runs", "show", "two").code == 66)
        #expect(try command.run("runs", "show", "a").code == 64)
    }
}
