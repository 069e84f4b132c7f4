import Descent
import Foundation
import Testing

@testable import DescentCommand

/// Places that a training takes, and what a run that is refused or ended leaves there.
@Suite struct PlacesTests {
    private let command: CommandRun
    private let flags: [String]

    init() throws {
        command = try CommandRun()
        flags = [
            "train", "--data", "mnist", "--data-dir", try command.makeData(train: 60, test: 20), "--model",
            "mlp:4",
            "--batch-size", "20", "--epochs", "1", "--checkpoint-every", "1", "--quiet",
        ]
    }

    private func train(_ more: String..., shell: String? = nil) throws -> CommandRun.Result {
        command.end(try command.start(flags + more, through: shell))
    }

    /// A lock is an open file: a process that may have 24 trains thirty times all the same.
    @Test(arguments: [["--out", "all"], []])
    func aRepetitionHoldsOnePlaceAtATime(place: [String]) throws {
        let result = command.end(
            try command.start(
                flags + ["--repeat", "30"] + place, through: "ulimit -n 24; exec \"$@\""))
        #expect(result.code == 0, "\(result.error)")
        let names = command.names(place.last ?? "runs").filter { $0 != "latest" }
        #expect(names.count == 30, "\(names)")
        if !place.isEmpty { #expect(Set(names) == Set((1...30).map { "seed-\($0)" })) }
    }

    @Test func anEmptyPlaceIsNotTheRoot() throws {
        let result = try train("--repeat", "2", "--out", "")
        #expect(result.code == 73 && result.error.contains("an empty path"), "\(result.error)")
        #expect(!FileManager.default.fileExists(atPath: "/seed-1"))
    }

    @Test func twoRepetitionsDoNotLearnForOnePlace() throws {
        let path = "\(command.directory)/all"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let lock = try RunLock(path)
        let result = try train("--repeat", "2", "--out", "all")
        withExtendedLifetime(lock) {}
        #expect(result.code == 64 && result.error.contains("another process is training"), "\(result.error)")
        #expect(command.names("all") == [])
    }

    /// The script would lie where the folder's parent must be. Of the two the folder comes first; the run is refused, and
    /// neither stays.
    @Test func aRunThatIsRefusedLeavesNoScript() throws {
        let result = try train("--emit-python", "place", "--out", "place/model")
        #expect(result.code == 73 && result.error.contains("place"), "\(result.code) \(result.error)")
        #expect(command.names() == ["data", "err.txt", "out.txt"])
    }

    /// The folder is there by the time the script is written, and what is not Descent's in it is carried over.
    @Test func aScriptMayLieInTheFolderOfItsRun() throws {
        let result = try train("--emit-python", "model/run.py", "--out", "model")
        #expect(result.code == 0, "\(result.error)")
        #expect(command.text("model/run.py").contains("import numpy"))
        #expect(throws: Never.self) { try ModelFolder.load("\(command.directory)/model") }
    }

    /// A run in the current directory has no folder in its path.
    @Test func aBareNameIsInTheCurrentDirectory() throws {
        #expect(TrainingResumption.place(of: "model", []) == .folder("model", replacing: true))
        #expect(
            ModelHints(path: "model", isLatest: true).text == """
                model      model  (also latest)
                evaluate   \(Invocation.program) evaluate latest
                predict    \(Invocation.program) predict latest --index 0-4

                """)
        #expect(ModelHints(path: "runs/a", isLatest: true).text.contains("evaluate runs/latest\n"))
        #expect(ModelHints(path: "/a", isLatest: true).text.contains("evaluate /latest\n"))
    }

    /// The run goes on as one of those in `runs`, from within: `latest` there is moved to it.
    @Test func aRunGoesOnFromWithinItsDirectory() throws {
        #expect(try train("--name", "one").code == 0)
        let run = try #require(command.names("runs").first { $0 != "latest" })
        try FileManager.default.removeItem(atPath: "\(command.directory)/runs/latest")
        let result = command.end(
            try command.start(
                ["train", "--resume", run, "--epochs", "2", "--quiet"], through: "cd runs; exec \"$@\""))
        #expect(result.code == 0, "\(result.error)")
        #expect(result.output.contains("model      \(run)  (also latest)\n"), "\(result.output)")
        let latest = try FileManager.default.destinationOfSymbolicLink(
            atPath: "\(command.directory)/runs/latest")
        #expect(latest == run)
    }

    /// With a limit on memory, a signal that has nothing to do with memory is not taken for want of it.
    @Test(arguments: [SIGABRT, SIGTRAP, SIGILL]) func aTrapKeepsItsOwnWords(number: Int32) throws {
        let process = try command.start(
            flags + ["--epochs", "1000000", "--out", "long"], through: "ulimit -v 16000000; exec \"$@\"")
        // The folder is there once the signals have been taken over.
        for _ in 0..<300 where command.names("long").isEmpty { usleep(100_000) }
        kill(process.processIdentifier, number)
        let result = command.end(process)
        #expect(process.terminationReason == .uncaughtSignal && result.code == number, "\(result.code)")
        #expect(!result.error.contains("memory"), "\(result.error)")
    }
}
