import Datasets
import Foundation
import TestSupport
import Testing

@testable import DescentCommand

/// What people type who do not know the words: every message says what could have been meant.
@Suite struct WrongWordsTests {
    private let command: CommandRun

    init() throws { command = try CommandRun() }

    @Test(
        arguments: [
            (["trian"], "did you mean 'train'?"),
            (["serve", "runs/latest"], "the server is a program of its own"),
            (["lab"], "the lab is a program of its own"),
            (["fit"], "did you mean 'train'?"), (["runs", "lits"], "did you mean 'list'?"),
            (["runs", "latest"], "'descent runs show latest' shows one"),
            (["features", "shift", "x.png"], "did you mean 'sift'?"),
            (["train", "--device", "cuda"], "there is no GPU support"),
            (["train", "--gpu"], "there is no GPU support"),
            (["evaluate", "x", "--cuda"], "there is no GPU support"), (["train", "--verbose"], "--quiet"),
            (["train", "--num-workers", "4"], "--threads"),
            (
                ["train", "--epochs", "ten"],
                "--epochs: 'ten' is invalid (expected a whole number"
            ),
            (["train", "--epochs", "1.5"], "a whole number"), (["train", "--lr", "0,1"], "such as 0.1"),
            (["train", "--lr", "fast"], "a number, such as 0.1"),
            (["train", "--seed", "1,000"], "without a comma"),
            (["train", "--model", "resnet18"], "residual"),
            (["train", "--model", "cnn"], "lenet, simple-conv"),
            (["train", "--model", "nothing"], "knn, svm, linear-svm"),
            (["train", "--model", "lanet"], "did you mean 'lenet'?"),
            (["train", "--model", "mlp"], "mlp needs the sizes of its hidden layers"),
            (["train", "--model", "mlp:2,x"], "impossible size"),
            (["train", "--model", "knn", "--k", "-3"], "--k"),
            (["train", "--patience", "-1"], "not a patience"),
            (["train", "--data", "photos"], "a folder of pictures"),
            (["train", "photos/"], "--data names the data"),
            (["predict", "m", "--index", "5-2"], "with the smaller first"),
            (["predict", "m", "--index", "-1"], "an index from 0"),
            (["gradcheck", "svm"], "svm is not a network"),
            (["summary", "knn"], "knn is not a network"), (["gradcheck", "mlp"], "mlp needs the sizes"),
            (["notes", "show", "99"], "there is no section '99'"),
            (["notes", "3"], "'descent notes show 3' shows one"),
            (["train", "--validation", "2.5"], "--validation"),
        ] as [([String], String)])
    func messages(arguments: [String], part: String) throws {
        let result = command.end(try command.start(arguments))
        #expect(result.code == 64, "\(arguments): \(result.code) \(result.error)")
        #expect(result.error.hasPrefix("descent: error: ") && result.error.contains(part), "\(result.error)")
        #expect(result.error.split(separator: "\n").count == 1, "\(result.error)")
        #expect(!result.error.contains(".; see"), "\(result.error)")
        #expect(command.names("runs").isEmpty)
    }

    @Test func aRunThatIsNearlyThereIsNamed() throws {
        try FileManager.default.createDirectory(
            atPath: "\(command.directory)/runs/latest", withIntermediateDirectories: true)
        for verb in ["predict", "evaluate", "summary", "gradcheck"] {
            let result = try command.run(verb, "runs/lastest")
            #expect(
                result.code == 66 && result.error.contains("did you mean 'runs/latest'?"), "\(result.error)")
        }
        FileManager.default.createFile(atPath: "\(command.directory)/images.idx", contents: Data())
        let file = try command.run("predict", "images.idx")
        #expect(
            file.code == 64 && file.error.contains("the first argument is a model folder"), "\(file.error)")
    }

    @Test func helpThatIsAskedForInOtherWords() throws {
        #expect(try command.run("version").output.hasPrefix("descent "))
        let models = try command.run("help", "models")
        #expect(models.code == 0, "\(models.error)")
        for name in ["wide-conv", "conv:16@5/2n,16@3/2n,64", "dropout0.3", "nearest-centroid", "mlp:256,128"]
        {
            #expect(models.output.contains(name), "\(name)")
        }
        let help = try command.run("train", "--help")
        for title in ["CLASSICAL CLASSIFIERS", "REGULARISATION AND SCHEDULES", "PRESETS AND EXPERIMENTS"] {
            #expect(help.output.contains(title), "\(title)")
        }
        #expect(help.output.contains("--optimizer adam \\\n"), "the backslash of the example is lost")
        #expect(!help.output.contains("--val-split"))
        let boundary = try command.run("boundary", "--help")
        for flag in ["--features", "--deskew", "--scale", "--pca"] {
            #expect(!boundary.output.contains("\(flag) "), "boundary offers \(flag)")
        }
        let list = try command.run("notes", "list", "--help")
        for flag in ["--weights", "--figures", "--data-dir"] {
            #expect(!list.output.contains(flag), "notes list offers \(flag)")
        }
    }

    /// Text of help is broken once, at the width that is asked for.
    @Test(arguments: [50, 110])
    func helpIsWrappedOnce(columns: Int) throws {
        let help = try command.run("evaluate", "--help", environment: ["COLUMNS": "\(columns)"])
        let overview = help.output.prefix(
            upTo: help.output.firstRange(of: "EXAMPLES")?.lowerBound ?? help.output.endIndex)
        let lines = overview.split(separator: "\n").map(String.init)
        #expect(notEmpty(lines).allSatisfy { $0.count <= columns }, "\(lines)")
        // A line is as long as it can be: the next one's first word would not have fitted.
        let prose = lines.drop { !$0.hasPrefix("Prints") }
        for (line, next) in zip(prose, prose.dropFirst()) {
            let word = next.split(separator: " ").first.map(\.count) ?? 0
            #expect(line.count + 1 + word > columns, "\(line)")
        }
    }

    /// Every argument that is a path is completed as one, and every flag whose values help prints has them.
    @Test func completionScriptsKnowPathsAndValues() throws {
        let bash = try command.run("--generate-completion-script", "bash").output
        for value in ["one-cycle", "mean-squared-error", "ema:0.999", "silu", "fast-99", "bf16", "digits"] {
            #expect(bash.contains(value), "\(value)")
        }
        let parser = Process()
        parser.executableURL = URL(fileURLWithPath: "/bin/bash")
        let script = "\(command.directory)/comp.bash"
        try Data(bash.utf8).write(to: URL(fileURLWithPath: script))
        parser.arguments = [
            "-c",
            #"""
            source "$1" || exit 1
            cd "$2"
            try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}; COMPREPLY=(); _descent descent "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}" 2>/dev/null; echo "${COMPREPLY[@]}"; }
            mkdir -p runs/first
            try descent evaluate ru
            try descent train --data-dir ru
            try descent runs show ru
            try descent train --out ru
            try descent train --schedule one
            """#, "bash", script, command.directory,
        ]
        let pipe = Pipe()
        parser.standardOutput = pipe
        try parser.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        parser.waitUntilExit()
        let lines = output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(notEmpty(lines.prefix(4)).allSatisfy { $0.contains("runs") }, "\(output)")
        #expect(lines.dropFirst(4).first?.contains("one-cycle") == true, "\(output)")
    }
}
