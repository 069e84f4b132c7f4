import Descent
import Foundation
import Testing

/// `train`, `evaluate`, `predict`, `runs` and `summary` of classifiers that are no networks.
@Suite struct ClassicalCommandTests {
    private let command: CommandRun

    init() throws { command = try CommandRun() }

    private static let few = ["--train-limit", "150", "--test-limit", "40"]

    private func train(_ more: [String]) throws -> CommandRun.Result {
        command.end(try command.start(["train"] + Self.few + more))
    }

    static let models = ["knn", "svm", "linear-svm", "logistic", "naive-bayes", "nearest-centroid"]
    /// What `--json` calls the figures of each.
    private static let bases = ["knn": "neighbors", "svm": "votes", "linear-svm": "scores"]
    static let features = ["pixels", "hog", "sift:words=20", "surf:words=10"]

    @Test(arguments: models, features)
    func oneThingFromDataToAnswers(model: String, features: String) throws {
        let trained = try train(["--model", model, "--features", features, "--json", "--quiet"])
        #expect(trained.code == 0, "\(trained.error)")
        #expect(trained.error.isEmpty, "\(trained.error)")
        let result = try #require(trained.objects.last)
        #expect(result["event"] as? String == "result" && result["data"] as? String == "builtin")
        #expect(result["train_seconds"] as? Double ?? 0 > 0)
        let accuracy = try #require(result["test_accuracy"] as? Double)
        // Ten classes: chance reads a tenth.
        #expect(accuracy > 0.2, "\(model) on \(features): \(accuracy)")

        let evaluated = try command.run("evaluate", "runs/latest", "--limit", "40", "--json")
        #expect(evaluated.code == 0, "\(evaluated.error)")
        #expect(evaluated.objects.first?["count"] as? Int == 40)
        #expect(abs((evaluated.objects.first?["accuracy"] as? Double ?? -1) - accuracy) < 1e-6)

        let digits = BuiltInDigits.dataset(trainCount: 0, testCount: 3).test
        try IDX.write(digits.images, to: "\(command.directory)/three")
        let predicted = try command.run("predict", "runs/latest", "three", "--json")
        #expect(predicted.code == 0, "\(predicted.error)")
        #expect(predicted.objects.count == 3)
        for (place, answer) in predicted.objects.enumerated() {
            #expect(answer["input"] as? String == "three#\(place)")
            #expect(answer["basis"] as? String == Self.bases[model] ?? "probabilities")
            let figures = answer["probabilities"] as? [String: Double] ?? [:]
            #expect(figures.count == 10 && abs(figures.values.reduce(0, +) - 1) < 1e-4)
            #expect(figures[answer["label"] as? String ?? ""] == figures.values.max())
        }
        let shown = try command.run("predict", "runs/latest", "three", "--limit", "1")
        #expect(shown.code == 0, "\(shown.error)")
        let answer = shown.output.split(separator: "\n").last.map(String.init) ?? ""
        switch model {
        case "knn": #expect(answer.contains(/^\d  [1-3] of 3 neighbours/), "\(answer)")
        case "svm": #expect(answer.contains(/^\d  \d of 9 votes   then \d with \d, \d with \d$/), "\(answer)")
        case "linear-svm": #expect(answer.contains(/^\d   then \d, \d$/), "\(answer)")
        default: #expect(answer.contains(/^\d  [0-9.]+ %   then \d [0-9.]+ %, \d [0-9.]+ %$/), "\(answer)")
        }

        let summary = try command.run("summary", "runs/latest", "--json")
        #expect(summary.code == 0, "\(summary.error)")
        let stages = summary.objects.first?["stages"] as? [[String: Any]] ?? []
        let name = features.prefix { $0 != ":" }
        #expect(stages.map { $0["name"] as? String } == [String(name), model])
        #expect(stages.last?["output_shape"] as? [Int] == [10])
        #expect(stages.last?["numbers"] as? Int ?? 0 > 10)
        let folder = "\(command.directory)/runs/latest"
        let bytes =
            try FileManager.default.attributesOfItem(atPath: "\(folder)/model.safetensors")[.size] as? Int
        let kept = summary.objects.first?["bytes"] as? Int ?? 0
        // The rest of the file is its header.
        #expect(kept > 0 && kept < bytes ?? 0 && (bytes ?? 0) - kept < 6000, "\(kept) of \(bytes ?? 0)")
    }

    @Test func peopleReadWhatItIs() throws {
        let trained = try train([
            "--model", "svm", "--features", "hog:cell=7", "--c", "10", "--gamma", "0.05", "--scale",
            "standard",
            "--pca", "20", "--deskew", "--name", "mine",
        ])
        #expect(trained.code == 0, "\(trained.error)")
        let summary = """
            deskewed, HOG (9 directions, cells of 7, blocks of 2x2), standard scaling, 20 principal components, \
            support vector machine, rbf:gamma=0.05, C 10
            """
        #expect(trained.output.hasPrefix(summary + "\nTest accuracy "), "\(trained.output)")
        #expect(
            trained.error.hasPrefix(
                "svm on HOG (9 directions, cells of 7, blocks of 2x2), builtin: 150 training"))
        let run = try #require(command.names("runs").first { $0.hasSuffix("-mine") })

        let list = try command.run("runs", "list")
        #expect(list.code == 0, "\(list.error)")
        let lines = list.output.split(separator: "\n")
        #expect(lines.first?.hasPrefix("run ") == true && lines.first?.contains("   model ") == true)
        #expect(
            lines.last?.contains(/-mine   svm on hog   builtin   - +-  +[0-9.]+ % +[0-9.]+$/) == true,
            "\(list.output)")
        let show = try command.run("runs", "show", "latest")
        #expect(show.code == 0, "\(show.error)")
        #expect(show.output.contains(/\nmodel +svm on hog \(deskewed, HOG/), "\(show.output)")
        for absent in ["optimizer", "batch size", "epochs", "steps", "loss"] {
            #expect(!show.output.contains("\n\(absent)"), "\(show.output)")
        }
        let evaluated = try command.run("evaluate", "runs/\(run)", "--limit", "40")
        #expect(evaluated.output.hasPrefix("svm on hog (\(summary)) on builtin, test part\n\naccuracy   "))
        #expect(!evaluated.output.contains("loss"))

        let shown = try command.run("summary", "runs/latest")
        #expect(shown.code == 0, "\(shown.error)")
        #expect(shown.output.hasPrefix(summary + "\n\nstage"))
        for stage in ["image", "deskew", "hog", "standard", "pca", "svm"] {
            #expect(shown.output.contains(" \(stage) "), "\(shown.output)")
        }
        #expect(shown.output.split(separator: "\n").last?.contains(" parameters, ") == true)

        let card = command.text("runs/latest/README.md")
        #expect(card.hasPrefix("# svm on hog\n\nA classifier (\(summary)) that tells which of these"))
        #expect(card.contains("| test | 40 | "))
        #expect(
            card.contains("It decides by 45 votes, one for each pair of classes; a class can have 9 of them.")
        )
        #expect(card.contains("Trained on `builtin` with 150 examples, seed 1."))
        #expect(!card.contains("history.csv"))
        let gradcheck = try command.run("gradcheck", "runs/latest")
        #expect(
            gradcheck.code == 64 && gradcheck.error.contains("the model is not a network"),
            "\(gradcheck.error)")
    }

    @Test func pipelinesAndNetworksAreComparedAndCannotBeHeldStepByStep() throws {
        #expect(try train(["--model", "knn", "--out", "one", "--quiet"]).code == 0)
        #expect(try train(["--epochs", "1", "--out", "two", "--quiet"]).code == 0)
        let compared = try command.run("runs", "compare", "one", "two", "--json")
        #expect(compared.code == 0, "\(compared.error)")
        let differing = compared.objects.first?["differing"] as? [String: [String]] ?? [:]
        #expect(differing["optimizer"]?.first == "-" && differing["epochs"] == ["-", "1"], "\(differing)")
        #expect(try command.run("runs", "diff", "one", "two").code == 66)
    }

    @Test func theSameSeedGivesTheSameBytes() throws {
        for (model, features) in [("svm", "sift:words=20"), ("linear-svm", "surf:words=10"), ("knn", "hog")] {
            for (folder, threads) in [("one", "1"), ("two", "2")] {
                let result = try train([
                    "--model", model, "--features", features, "--out", "\(model)-\(folder)", "--quiet",
                    "--threads",
                    threads,
                ])
                #expect(result.code == 0, "\(result.error)")
            }
            let bytes = ["one", "two"].map {
                FileManager.default.contents(atPath: "\(command.directory)/\(model)-\($0)/model.safetensors")
            }
            #expect(bytes[0] != nil && bytes[0] == bytes[1], "\(model)")
        }
    }

    // MARK: Mistakes

    private func expect(_ code: Int32, _ part: String, _ arguments: [String]) throws {
        let result = command.end(try command.start(arguments))
        #expect(result.code == code, "\(arguments): \(result.error)")
        #expect(result.error.split(separator: "\n").count == 1, "\(arguments): \(result.error)")
        #expect(result.error.contains(part), "\(arguments): \(result.error)")
        #expect(result.output.isEmpty, "\(arguments)")
    }

    @Test func flagsThatDoNotFitTogetherExitWith64() throws {
        for (model, part, flags) in [
            ("knn", "knn is not a network and has no --epochs", ["--epochs", "3"]),
            ("knn", "knn is not a network and has no --epochs", ["--epochs=3"]),
            ("svm", "svm is not a network and has no --lr", ["--lr", "0.1"]),
            ("svm", "--hidden", ["--hidden", "5"]), ("svm", "--augment", ["--augment", "digits"]),
            ("knn", "--val-split", ["--val-split", "0.2"]), ("knn", "--optimizer", ["--optimizer", "adam"]),
            ("logistic", "--batch-size", ["--batch-size", "10"]),
            ("knn", "--dry-run", ["--dry-run"]), ("knn", "--emit-python", ["--emit-python", "x.py"]),
            ("knn", "--repeat", ["--repeat", "3"]), ("knn", "--patience", ["--patience", "3"]),
            ("svm", "svm has no --k", ["--k", "3"]), ("svm", "svm has no --metric", ["--metric", "l1"]),
            ("linear-svm", "linear-svm has no --kernel", ["--kernel", "rbf"]),
            ("linear-svm", "--gamma", ["--gamma", "1"]), ("knn", "knn has no --c", ["--c", "1"]),
            ("naive-bayes", "naive-bayes has no --c", ["--c", "1"]),
            ("logistic", "--fit-probabilities", ["--fit-probabilities"]),
            ("nearest-centroid", "--distance-weights", ["--distance-weights"]),
            ("svm", "impossible cost", ["--c", "0"]), ("svm", "impossible cost", ["--c", "-1"]),
            ("svm", "impossible cost", ["--c", "nan"]), ("svm", "impossible gamma", ["--gamma", "0"]),
            ("svm", "impossible gamma", ["--gamma", "inf"]),
            ("svm", "linear has no gamma", ["--kernel", "linear", "--gamma", "1"]),
            ("svm", "cubic", ["--kernel", "cubic"]), ("knn", "edges", ["--features", "edges"]),
            ("knn", "cell", ["--features", "hog:cell=0"]), ("knn", "sides", ["--features", "hog:sides=3"]),
            ("knn", "--k", ["--k", "0"]), ("knn", "many", ["--k", "many"]),
            ("knn", "k is larger than the training set", ["--k", "151", "--train-limit", "150"]),
            ("knn", "l7", ["--metric", "l7"]), ("knn", "--pca", ["--pca", "0"]),
            ("knn", "--pca", ["--pca", "-3"]),
            ("knn", "--scale", ["--scale", "log"]), ("knn", "--seed", ["--seed", "-1"]),
            ("knn", "--name is for folders under runs/", ["--out", "a", "--name", "b"]),
            ("two-layer", "networks see pixels", ["--features", "hog"]),
            ("lenet", "networks see pixels", ["--k", "3"]),
            ("mlp:20", "networks see pixels", ["--c", "3"]),
            ("two-layer", "networks see pixels", ["--deskew"]),
        ] {
            try expect(64, part, ["train", "--quiet", "--model", model] + flags)
        }
        try expect(64, "knn2", ["train", "--model", "knn2"])
        #expect(command.names() == ["err.txt", "out.txt"])
    }

    @Test func imagesThatDoNotFitExitWith65AndDamageIsNamed() throws {
        let data = try command.makeData(train: 60, test: 20)
        let base = [
            "train", "--quiet", "--data", "mnist", "--data-dir", data, "--model", "knn", "--features",
        ]
        try expect(65, "an image is smaller than a block of HOG", base + ["hog:cell=7"])
        try expect(65, "an image is smaller than a cell of dense SIFT", base + ["sift:cell=13"])
        try expect(65, "one class only", base + ["pixels", "--train-limit", "1"])
        try expect(65, "no example of the class '5'", base + ["pixels", "--train-limit", "5"])
        let trained = command.end(try command.start(base + ["hog:cell=3", "--out", "model"]))
        #expect(trained.code == 0, "\(trained.error)")
        try expect(65, "another size", ["evaluate", "model", "--data", "builtin", "--limit", "5"])
        let path = "\(command.directory)/model/model.safetensors"
        var bytes = try #require(FileManager.default.contents(atPath: path))
        bytes.removeLast(100)
        try bytes.write(to: URL(fileURLWithPath: path))
        try expect(65, "model/model.safetensors", ["predict", "model", "\(data)/t10k-images-idx3-ubyte"])
    }

    // MARK: Ctrl-C

    /// The seconds of processor time that a process has used, from /proc (proc(5), stat: fields 14 and 15); nil when it
    /// is gone.
    private func processorSeconds(_ process: Process) -> Double? {
        guard
            let text = try? String(
                contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[end...].split(separator: " ").dropFirst().map { Double($0) ?? 0 }
        guard fields.count > 12, fields[11] + fields[12] > 0 else { return nil }
        return (fields[11] + fields[12]) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Waits until standard error has `text`, then asks to stop: the result, and the seconds that it took on two cores
    /// of its own. Processor time, because other tests run beside it.
    private func stop(_ arguments: [String], when text: String) throws -> (CommandRun.Result, Double) {
        let process = try command.start(arguments)
        let limit = ContinuousClock.now + .seconds(60)
        while process.isRunning, !command.text("err.txt").contains(text), ContinuousClock.now < limit {
            usleep(2000)
        }
        // In the midst of the work that was announced.
        usleep(300_000)
        #expect(process.isRunning, "it ended before it could be stopped")
        let start = try #require(processorSeconds(process))
        kill(process.processIdentifier, SIGINT)
        var last = start
        while process.isRunning {
            last = processorSeconds(process) ?? last
            usleep(5000)
        }
        return (command.end(process), (last - start) / 2)
    }

    @Test func ctrlCStopsALongSolve() throws {
        let (result, seconds) = try stop(
            [
                "train", "--train-limit", "20000", "--test-limit", "10", "--model", "svm",
                "--fit-probabilities", "--c",
                "100", "--out", "model",
            ], when: "20,000 training")
        #expect(result.code == 130, "\(result.error)")
        #expect(seconds < 1, "\(seconds) s")
        #expect(!command.names().contains("model"))
    }

    @Test func ctrlCStopsAComparison() throws {
        let (result, seconds) = try stop(
            ["compare", "--only", "svm", "--html", "page.html"], when: " of 8, ")
        #expect(result.code == 130, "\(result.error)")
        #expect(seconds < 1, "\(seconds) s")
        #expect(result.output.isEmpty && !command.names().contains("page.html"))
    }
}
