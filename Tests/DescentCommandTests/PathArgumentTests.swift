import Foundation
import TestSupport
import Testing

@testable import DescentCommand

/// Paths as people and shells write them: the home folder, pipes, logs that go on.
@Suite struct PathArgumentTests {
    private let command: CommandRun

    init() throws { command = try CommandRun() }

    @Test func theHomeFolder() {
        func expanded(_ argument: String) -> String {
            HomeFolder.expanding([argument], home: "/home/me", of: { $0 == "you" ? "/home/you" : nil })[0]
        }
        for (argument, result) in [
            ("--out=~/x", "--out=/home/me/x"), ("--out=~", "--out=/home/me"), ("~/a b", "/home/me/a b"),
            ("~", "/home/me"), ("--data-dir=~you/x", "--data-dir=/home/you/x"), ("~you", "/home/you"),
            ("--out=~nobody/x", "--out=~nobody/x"), ("--out=a~/x", "--out=a~/x"), ("./~/x", "./~/x"),
            ("--out=./~", "--out=./~"), ("--name=a=~/x", "--name=a=~/x"), ("a=~/x", "a=~/x"), ("", ""),
            ("--", "--"), ("--out=", "--out="), ("~/\u{301}x", "/home/me/\u{301}x"),
        ] { #expect(expanded(argument) == result, "\(argument)") }
        #expect(HomeFolder.expanding(["--out=~/x"], home: nil, of: { _ in nil }) == ["--out=~/x"])
    }

    /// HOME is the command's own directory here.
    @Test func noFolderIsCalledTilde() throws {
        let result = try command.run("convert", "--data", "builtin", "--limit", "2", "--out=~/digits.t")
        #expect(result.code == 0, "\(result.error)")
        #expect(command.names() == ["digits.t", "err.txt", "out.txt"])
    }

    @Test func aLinkToNothingIsNoFile() throws {
        try FileManager.default.createDirectory(
            atPath: "\(command.directory)/runs", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: "\(command.directory)/runs/latest", withDestinationPath: "gone")
        let result = try command.run("evaluate", "runs/latest")
        #expect(
            result.code == 66
                && result.error.contains("runs/latest: a link to a folder that is no longer there"))
    }

    @Test func aLogGoesOn() throws {
        let result = try command.run(
            "convert", "--data", "builtin", "--limit", "2", "--out", "/dev/stdout", "--quiet",
            through: "echo begun > log; \"$@\" >> log; echo end >> log")
        #expect(result.code == 0, "\(result.error)")
        let lines = command.text("log").split(separator: "\n")
        try #require(lines.count == 5, "\(lines)")
        #expect(lines.first == "begun" && lines.last == "end")
        #expect(notEmpty(lines.dropFirst().prefix(2)).allSatisfy { $0.contains(":") })
        #expect(lines[3] == "2 examples in /dev/stdout")
        let piped = try command.run(
            "convert", "--data", "builtin", "--limit", "2", "--out", "/dev/fd/3",
            through: "\"$@\" 3>&1 >/dev/null | cat > copy")
        #expect(piped.code == 0 && command.text("copy").split(separator: "\n").count == 2)
    }

    @Test func imagesFromAPipe() throws {
        let data = try command.makeData()
        let trained = try command.run(
            "train", "--data", "mnist", "--data-dir", data, "--model", "mlp:8", "--epochs", "1", "--out",
            "model",
            "--quiet")
        #expect(trained.code == 0, "\(trained.error)")
        let file = "\(data)/t10k-images-idx3-ubyte"
        let plain = try command.run("predict", "model", file, "--limit", "3", "--json")
        let piped = try command.run(
            "predict", "model", "/dev/stdin", "--limit", "3", "--json", through: "gzip -c \(file) | \"$@\"")
        #expect(plain.code == 0 && piped.code == 0, "\(plain.error)\(piped.error)")
        #expect(plain.objects.count == 3)
        #expect(piped.output.replacing("/dev/stdin", with: file) == plain.output)
        // A pipe with a name may never have a writer.
        #expect(mkfifo("\(command.directory)/pipe", 0o600) == 0)
        let named = try command.run("predict", "model", "pipe")
        #expect(named.code == 66 && named.error.contains("pipe: is not a regular file"), "\(named.error)")
    }
}
