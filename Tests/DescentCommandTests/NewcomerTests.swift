import Descent
import Foundation
import Testing

@testable import DescentCommand

/// What a newcomer meets who types what is nearly right: each message names what was wrong and what is expected.
@Suite struct NewcomerTests {
    private let command: CommandRun

    init() throws { command = try CommandRun() }

    private func run(_ arguments: [String]) throws -> CommandRun.Result {
        command.end(try command.start(arguments))
    }

    @Test(
        arguments: [
            // Both ends of a range.
            (
                ["train", "--lr", "1e39"],
                "--lr: not a possible value (expected 1.4e-45 to 3.4e38, got 1e+39)"
            ),
            (["train", "--lr", "1e300"], "expected 1.4e-45 to 3.4e38"),
            (["train", "--model", "svm", "--c", "1e300"], "a number above 0, at most 1e30, got 1e+300"),
            (["train", "--model", "svm", "--gamma", "1e39"], "a number above 0, at most 1e30"),
            (["train", "--model", "svm", "--nu", "2"], "a number above 0, at most 1, got 2.0"),
            (["boundary", "--tolerance", "1e31"], "a number above 0, at most 1e30"),
            // What exactly was wrong.
            (
                ["train", "--validation", "1.5"],
                "a share of the examples below 1, such as 0.1, or a whole number"
            ),
            (["train", "--model", "svm", "--c", "1,10,x"], "'x' is none"),
            (["train", "--model", "svm", "--c", "1,,10"], "one is missing"),
            (["train", "--model", "svm", "--gamma", "1,y"], "'y' is none"),
            (
                ["train", "--loss", "huber:-1"],
                "impossible delta (expected a number from 1.2e-38 to 3.4e38, got '-1')"
            ),
            (
                ["train", "--loss", "huber:1e39"],
                "impossible delta (expected a number from 1.2e-38 to 3.4e38"
            ),
            (["train", "--loss", "hinge:-1"], "impossible margin (expected a number from 0 to 3.4e38"),
            (["train", "--model", "mlp:1,,2"], "hidden layer 2 has no size"),
            // A name that says another kind of file.
            (
                ["boundary", "--out", "x.png"],
                "--out is written as SVG, and 'x.png' says another kind of file"
            ),
            (["gradcheck", "two-layer", "--svg", "x.jpg"], "give a name that ends in .svg"),
            (["find-lr", "--svg", "x.png"], "give a name that ends in .svg"),
            (["evaluate", "m", "--svg", "x.pdf"], "give a name that ends in .svg"),
            (["runs", "compare", "a", "b", "--svg", "x.PNG"], "give a name that ends in .svg"),
            (["features", "hog", "x.png", "--out", "x.jpg"], "give a name that ends in .png"),
            (["features", "match", "a.png", "b.png", "--out", "x.svg"], "give a name that ends in .png"),
            (["compare", "--html", "x.pdf"], "give a name that ends in .html"),
            (["notes", "html", "--out", "x.svg"], "give a name that ends in .html"),
            // Words that are near something, and words that are not.
            (["help", "modls"], "there is no help on 'modls'"),
            (["help", "modls"], "did you mean 'models'?"),
            (["help", "trian"], "did you mean 'train'?"), (["help", "runs", "lits"], "did you mean 'list'?"),
            (["notes", "foo"], "'descent notes list' shows the sections"),
            (
                ["evaluate", "m", "--test-limit", "5"],
                "there is no --test-limit in 'descent evaluate'; it is a flag of 'descent train'"
            ),
            (["evaluate", "m", "--limt", "5"], "did you mean '--limit'?"),
            (["features", "hog", "x.png", "--cell", "0"], "see 'descent features hog --help'"),
            (["runs", "compare", "a", "b", "--svgg", "x"], "did you mean '--svg'?"),
            // Names of networks where a model is asked for.
            (["evaluate", "lenet"], "--weights FILE"),
            (["predict", "lenet"], "train --model lenet' makes one"),
            (["evaluate", "svm"], "'svm' is the name of a classical classifier"),
        ] as [([String], String)])
    func messages(arguments: [String], part: String) throws {
        let result = try run(arguments)
        #expect(result.code == 64, "\(arguments): \(result.code) \(result.error)")
        #expect(result.error.contains(part), "\(result.error)")
        #expect(result.error.split(separator: "\n").count == 1, "\(result.error)")
        #expect(command.names() == ["err.txt", "out.txt"])
    }

    /// A flag of no command has no suggestion at all, rather than a far one.
    @Test func nothingFarIsSuggested() throws {
        for arguments in [["evaluate", "m", "--test-limit", "5"], ["train", "--zzz"], ["frobnicate"]] {
            let error = try run(arguments).error
            #expect(!error.lowercased().contains("did you mean"), "\(error)")
        }
        let unknown = try run(["frobnicate"])
        #expect(
            unknown.error.hasPrefix("descent: error: there is no command 'frobnicate'"), "\(unknown.error)")
    }

    @Test func noRunsYetIsNoMistake() throws {
        let none = try run(["runs"])
        #expect(none.code == 0 && none.error.isEmpty, "\(none.error)")
        #expect(none.output == "No runs in runs yet: '\(CommandRun.program) train' makes one.\n")
        #expect(try run(["runs", "list", "--json"]).output.isEmpty)
        try FileManager.default.createDirectory(
            atPath: "\(command.directory)/mine", withIntermediateDirectories: true)
        let empty = try run(["runs", "--dir", "mine"])
        #expect(empty.code == 0 && empty.output.hasPrefix("No runs in mine yet"), "\(empty.output)")
        // A directory that was named, and is not there, is one.
        #expect(try run(["runs", "--dir", "nowhere"]).code == 66)
    }

    /// What Descent has drawn it may draw anew; what it has not drawn stays.
    @Test func noFileOfAnotherIsReplaced() throws {
        let few = ["boundary", "--count", "20", "--model", "nearest-centroid"]
        #expect(try run(few).code == 0)
        #expect(try run(few).code == 0, "its own picture is replaced")
        for (name, arguments) in [
            ("boundary.svg", few), ("x.svg", few + ["--out", "x.svg"]),
            ("x.svg", ["find-lr", "--svg", "x.svg"]),
            ("x.svg", ["gradcheck", "two-layer", "--sample", "1", "--svg", "x.svg"]),
            ("page.html", ["compare", "--only", "knn on pixels", "--html", "page.html"]),
        ] {
            let path = "\(command.directory)/\(name)"
            try "<svg>mine</svg>".write(toFile: path, atomically: true, encoding: .utf8)
            let result = try run(arguments)
            #expect(
                result.code == 73 && result.error.contains("is in the way"), "\(result.code) \(result.error)")
            #expect(command.text(name) == "<svg>mine</svg>")
            // Also behind a link.
            try FileManager.default.removeItem(atPath: path)
            try "theirs".write(toFile: "\(command.directory)/other", atomically: true, encoding: .utf8)
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "other")
            #expect(try run(arguments).code == 73)
            #expect(command.text("other") == "theirs")
            try FileManager.default.removeItem(atPath: path)
            // An empty file is nobody's.
            _ = FileManager.default.createFile(atPath: path, contents: Data())
        }
        #expect(try run(few + ["--out", "x.svg"]).code == 0)
    }

    /// Pictures with pixels carry a word of who made them, and stay whole PNG files.
    @Test func aPhotographIsNotReplaced() throws {
        let image = NDArray<UInt8>(shape: [32, 32], elements: (0..<1024).map { UInt8($0 % 251) })
        try Data(PNG.encode(image)).write(to: URL(fileURLWithPath: "\(command.directory)/photo.png"))
        try Data(PNG.encode(image)).write(to: URL(fileURLWithPath: "\(command.directory)/other.png"))
        let refused = try run(["features", "hog", "photo.png", "--out", "other.png"])
        #expect(
            refused.code == 73 && refused.error.contains("a file without Descent's mark"), "\(refused.error)")
        for _ in 0..<2 {
            let drawn = try run(["features", "hog", "photo.png", "--out", "cells.png"])
            #expect(drawn.code == 0, "\(drawn.error)")
        }
        #expect(try ImageDecoder().decode(contentsOf: "\(command.directory)/cells.png").shape.count == 3)
        // The checksum of the chunk is right: libpng would only warn of it.
        let again = try run(["features", "hog", "cells.png"])
        #expect(again.code == 0 && again.error.isEmpty, "\(again.error)")
        let index = try run(["features", "hog", "photo.png", "--index", "3"])
        #expect(
            index.code == 64 && index.error.contains("--index chooses an image of an IDX file"),
            "\(index.error)")
    }

    @Test func filesForLibsvmAreNotReplacedUnasked() throws {
        let data = ["convert", "--data", "builtin", "--limit", "3", "--out", "t.txt"]
        #expect(try run(data).code == 0)
        let again = try run(data)
        #expect(again.code == 73 && again.error.contains("replace it with --force"), "\(again.error)")
        #expect(try run(data + ["--force"]).code == 0)
    }

    @Test func aFileWithoutImagesIsSaid() throws {
        let data = try command.makeData(train: 40, test: 20)
        let source = ["--data", "mnist", "--data-dir", data]
        #expect(try run(["train", "--epochs", "1", "--quiet", "--out", "m"] + source).code == 0)
        try IDX.write(NDArray<UInt8>(shape: [0, 12, 12], elements: []), to: "\(command.directory)/none.idx")
        for more in [[], ["--json"], ["--index", "0"]] {
            let result = try run(["predict", "m", "none.idx"] + more)
            #expect(
                result.code == 65 && result.error.contains("none.idx: there are no images in the file"),
                "\(result.error)")
        }
        // Epochs that no run can have are not told as a run that has them.
        for epochs in ["-1", "0", "2000000000"] {
            let result = try run(["train", "--resume", "m", "--epochs", epochs])
            #expect(
                result.code == 64
                    && result.error.contains(
                        "not a possible number of epochs (expected 2 to 1073741824: the run has 1"),
                "\(result.error)")
        }
    }

    /// Commands to be typed next work from where the user is, under the name by which the program was called.
    @Test func nextStepsHaveTheProgramsName() throws {
        try FileManager.default.createSymbolicLink(
            atPath: "\(command.directory)/mine", withDestinationPath: CommandRun.executable)
        let result = try command.run(
            "train", "--epochs", "1", "--train-limit", "50", "--test-limit", "20", "--quiet",
            through: "shift; exec ./mine \"$@\"")
        #expect(result.output.contains("evaluate   ./mine evaluate runs/latest\n"), "\(result.output)")
        let next = try command.run("runs", through: "shift; exec ./mine evaluate runs/latest --limit 10")
        #expect(next.code == 0 && next.output.contains("accuracy"), "\(next.error)")
    }

    /// Where both streams are one file, the epochs stand in it once.
    @Test func epochsAreShownOnce() throws {
        let few = ["train", "--epochs", "3", "--train-limit", "60", "--test-limit", "20"]
        func count(_ text: String, _ part: some RegexComponent) -> Int { text.matches(of: part).count }
        let both = command.end(try command.start(few, through: "exec \"$@\" > both.txt 2>&1"))
        #expect(both.code == 0)
        let text = command.text("both.txt")
        #expect(
            count(text, #/epoch [1-3]/3 +training/#) == 3 && !text.contains("epoch   training"), "\(text)")
        let json = command.end(try command.start(few + ["--json"], through: "exec \"$@\" > json.txt 2>&1"))
        #expect(json.code == 0 && !command.text("json.txt").contains("training accuracy"))
        #expect(count(command.text("json.txt"), /"event":"epoch"/) == 3)
        // Where they are two, each has its own.
        let apart = try run(few)
        #expect(apart.output.contains("epoch   training loss") && apart.error.contains("epoch 1/3"))
        let quiet = command.end(try command.start(few + ["--quiet"], through: "exec \"$@\" > quiet.txt 2>&1"))
        #expect(quiet.code == 0 && command.text("quiet.txt").contains("epoch   training loss"))
    }

    /// A repetition whose folder cannot be made leaves nothing behind.
    @Test func aFolderAroundThatFailsLeavesNothing() throws {
        let name = String(repeating: "n", count: 300)
        let result = try run([
            "train", "--repeat", "2", "--epochs", "1", "--train-limit", "20", "--out", "new/deep/\(name)",
        ])
        #expect(result.code == 73, "\(result.error)")
        #expect(command.names() == ["err.txt", "out.txt"])
    }

    @Test func flagsAreTakenAwayWithTheirValues() {
        func removed(_ flag: String, _ line: String) -> String {
            Flags.removing(flag, from: line.split(separator: " ").map(String.init)).joined(separator: " ")
        }
        #expect(removed("--name", "train --name --odd --seed 1") == "train --seed 1")
        #expect(removed("--out", "train --name --out --out x") == "train --name --out")
        #expect(removed("--out", "train --name=--out --out=x") == "train --name=--out")
        #expect(removed("--resume", "train --resume --json") == "train --json")
        #expect(removed("--resume", "train --resume a --json") == "train --json")
        #expect(
            removed("--epochs", "train --quiet --epochs 3 -- --epochs 3") == "train --quiet -- --epochs 3")
        #expect(Flags.contain("--out", ["train", "--name", "--out"]) == false)
        #expect(Flags.contain("--out", ["train", "--json", "--out", "a"]))
        #expect(Flags.removing("--json", takingValue: false, from: ["--json", "x"]) == ["x"])
    }

    /// Models without epochs are bars; beside networks, level lines; the legend has the runs' names.
    @Test func runsOfEveryKindAreDrawn() throws {
        let data = try command.makeData(train: 60, test: 20)
        let source = ["--data", "mnist", "--data-dir", data, "--quiet"]
        for (name, model) in [("near", ["knn"]), ("mean", ["nearest-centroid"])] {
            #expect(try run(["train", "--model"] + model + ["--out", "runs/\(name)"] + source).code == 0)
        }
        for (name, rate) in [("slow", "0.01"), ("fast", "0.1")] {
            let more = ["--lr", rate, "--epochs", "2", "--hidden", "5"]
            #expect(try run(["train", "--out", "runs/\(name)"] + more + source).code == 0)
        }
        let bars = try run(["runs", "compare", "near", "mean", "--svg", "bars.svg"])
        #expect(bars.code == 0, "\(bars.error)")
        let text = command.text("bars.svg")
        #expect(
            text.contains("Test accuracy of 2 runs") && text.matches(of: /<rect class="fill0"/).count == 2)
        #expect(text.contains(">near: knn") && text.contains(">mean: nearest-centroid"), "\(text)")
        #expect(try run(["runs", "compare", "slow", "fast", "near", "--svg", "mixed.svg"]).code == 0)
        let mixed = command.text("mixed.svg")
        for name in ["slow", "fast", "near"] { #expect(mixed.contains(">\(name)"), "\(name)") }
        #expect(mixed.matches(of: /class="line/).count >= 5, "three curves, and their samples")
    }

    /// What `compare` calls a method, and what `train` makes of the flags that it prints, is the same.
    @Test(arguments: ["RBF SVM on HOG", "linear SVM on pixels", "KNN on SURF", "lenet"])
    func comparedMethodsAreThoseOfTheirFlags(method: String) throws {
        let few = ["--train-limit", "150", "--test-limit", "50", "--quiet", "--json"]
        let compared = try run(["compare", "--only", method] + few)
        let row = try #require((compared.objects.first?["rows"] as? [[String: Any]])?.first)
        let flags = try #require(row["flags"] as? [String])
        #expect(!flags.isEmpty)
        let trained = try run(["train", "--out", "m"] + flags + few)
        #expect(trained.code == 0, "\(trained.error)")
        let accuracy = trained.objects.last?["test_accuracy"] as? Double
        #expect(accuracy == row["accuracy"] as? Double, "\(flags)")
    }
}
