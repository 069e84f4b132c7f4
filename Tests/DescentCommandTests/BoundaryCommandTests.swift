import Descent
import Foundation
import Testing

/// `descent boundary` and `descent convert` as programs.
@Suite struct BoundaryCommandTests {
    private let command: CommandRun

    init() throws { command = try CommandRun() }

    @Test(arguments: ["svm", "linear-svm", "knn", "logistic", "naive-bayes", "nearest-centroid"])
    func everyClassifierIsDrawn(model: String) throws {
        for shape in ["moons", "blobs"] {
            let result = try command.run(
                "boundary", "--model", model, "--points", shape, "--count", "60", "--json", "--quiet")
            #expect(result.code == 0, "\(result.error)")
            let line = try #require(result.objects.first)
            #expect(line["count"] as? Int == 60 && line["picture"] as? String == "boundary.svg")
            #expect((line["accuracy"] as? Double ?? 0) > 0.7)
            let picture = command.text("boundary.svg")
            #expect(picture.hasSuffix("</svg>\n") && picture.contains("class=\"region fill1\""))
            #expect(picture.contains("class=\"ring\"") == (model == "svm"))
            #expect(picture.contains("class=\"margin\"") == (model.hasSuffix("svm") && shape == "moons"))
        }
    }

    @Test func pointsOfAFileAndASearch() throws {
        try "+1 1:1 2:1\n-1 1:-1 2:-1\n+1 1:2 2:1\n-1 1:-2 2:-1\n+1 1:1 2:2\n-1 1:-1 2:-2\n".write(
            toFile: "\(command.directory)/points.txt", atomically: true, encoding: .utf8)
        let result = try command.run(
            "boundary", "points.txt", "--c", "1,10", "--gamma", "0.1,1", "--folds", "3", "--out", "p.svg")
        #expect(result.code == 0, "\(result.error)")
        #expect(result.output.contains("svm on points.txt: training accuracy 100.00 % on 6 points\n"))
        #expect(result.output.contains("cross-validated accuracy") && result.output.contains("best\n"))
        #expect(command.text("p.svg").contains("svm on points.txt"))
    }

    @Test func mistakesAreRefused() throws {
        try "1 1:2 3:4\n-1 1:1 2:2\n".write(
            toFile: "\(command.directory)/three.txt", atomically: true, encoding: .utf8)
        try "1 1:3.3e38 2:1\n-1 1:-3.3e38 2:-1\n".write(
            toFile: "\(command.directory)/far.txt", atomically: true, encoding: .utf8)
        let cases: [([String], Int32, String)] = [
            (
                ["far.txt"], 65,
                "a point lies too far out to be drawn (expected coordinates up to 1e18, got 3.3e+38)"
            ),
            (
                ["--seed", "99999999999999999999"], 64,
                "--seed must be 0 to 4294967295, not 99999999999999999999"
            ),
            (["three.txt"], 65, "only two features can be drawn (expected 2 features, got 3)"),
            (["nothing.txt"], 66, "nothing.txt: cannot open"),
            (["three.txt", "--points", "moons"], 64, "--points is for made points"),
            (["--count", "3"], 64, "--count must be 10 to 100000, not 3"),
            (["--noise", "-1"], 64, "--noise must be 0 to 100"),
            (["--features", "hog"], 64, "--features is for images"),
            (["--model", "knn", "--nu", "0.2"], 64, "knn has no --nu"),
            (["--nu", "0.2", "--c", "1"], 64, "--nu takes the place of --c"),
            (["--folds", "3"], 64, "nothing is searched for"),
            (["--model", "linear-svm", "--c", "1,2"], 64, "linear-svm is not searched for"),
            (["--c", "1,0"], 64, "impossible cost"),
            (["--class-weights", "nobody=2"], 64, "a weight for a class that is not there"),
            (["--out", "no/such/folder.svg"], 73, "no/such/folder.svg"),
        ]
        for (arguments, code, text) in cases {
            let result = command.end(try command.start(["boundary"] + arguments))
            #expect(result.code == code && result.error.contains(text), "\(arguments): \(result.error)")
        }
        #expect(!command.names().contains("boundary.svg"))
    }

    /// A model and its data out to libsvm's files; the model back with the same answers.
    @Test func modelsAndDataGoOutAndComeBack() throws {
        let data = try command.makeData(train: 80, test: 20)
        let source = ["--data", "mnist", "--data-dir", data]
        func run(_ arguments: [String]) throws -> CommandRun.Result {
            command.end(try command.start(arguments))
        }
        #expect(try run(["train", "--model", "svm", "--quiet", "--out", "svm"] + source).code == 0)
        #expect(try run(["export", "svm", "--format", "libsvm", "--out", "svm.model"]).code == 0)
        #expect(command.text("svm.model").hasPrefix("svm_type c_svc\nkernel_type rbf\n"))
        let back = try run(["convert", "svm.model", "--image-size", "12x12", "--out", "again"])
        #expect(back.code == 0 && back.output.hasSuffix("support vectors in again\n"), "\(back.error)")
        let answers = try ["svm", "again"].map { model -> [String] in
            let lines = try run(["predict", model, "\(data)/t10k-images-idx3-ubyte", "--json"]).objects
            return lines.compactMap { $0["label"] as? String }
        }
        #expect(answers[0].count == 20 && answers[0] == answers[1])
        let written = try run(["convert", "--split", "test", "--limit", "7", "--out", "t.txt"] + source)
        #expect(written.code == 0 && written.output == "7 examples in t.txt\n", "\(written.error)")
        let read = try LibSVMText.read(contentsOf: "\(command.directory)/t.txt")
        #expect(read.count == 7 && read.features.featureCount <= 144)

        #expect(try run(["train", "--model", "knn", "--quiet", "--out", "knn"] + source).code == 0)
        #expect(
            try run(
                ["train", "--model", "svm", "--scale", "standard", "--quiet", "--out", "scaled"] + source
            )
            .code == 0)
        for (arguments, code, text) in [
            (["svm", "--out", "x"], 64, "export' writes a model folder"),
            (["svm.model", "--out", "x"], 65 - 1, "does not say how large its images are"),
            (["svm.model", "--image-size", "3x3", "--out", "x"], 65, "an index beyond the features"),
            (
                ["t.txt", "--image-size", "12x12", "--out", "x"], 65,
                "t.txt, line 1: not a line of a model's header"
            ),
            (["svm.model", "--image-size", "12x12", "--out", "again"], 73, "there is a model already"),
            (["--out", "x"], 64, "give a model, or --data"),
            (["svm", "--data", "builtin", "--out", "x"], 64, "give a model, or --data"),
            (["svm.model", "--image-size", "12", "--out", "x"], 64, "invalid"),
        ] as [([String], Int32, String)] {
            let result = try run(["convert"] + arguments)
            #expect(
                result.code == code && result.error.contains(text),
                "\(arguments): \(result.code) \(result.error)")
        }
        for (model, text) in [
            ("knn", "libsvm's models are support vector machines"),
            ("scaled", "a libsvm model has no place for features"),
        ] {
            let result = try run(["export", model, "--format", "libsvm", "--out", "x"])
            #expect(result.code == 64 && result.error.contains(text), "\(model): \(result.error)")
        }
        #expect(!command.names().contains("x"))
    }

    @Test func newVerbsHaveExamplesAndCompletions() throws {
        for verb in ["boundary", "convert", "features", "compare"] {
            #expect(try command.run(verb, "--help").output.contains("EXAMPLES"), "\(verb)")
        }
        for shell in ["bash", "zsh", "fish"] {
            let script = try command.run("--generate-completion-script", shell).output
            for word in [
                "boundary", "convert", "features", "compare", "image-size", "multiclass", "cache-mb",
            ] {
                #expect(script.contains(word), "\(word) in \(shell)")
            }
        }
    }
}
