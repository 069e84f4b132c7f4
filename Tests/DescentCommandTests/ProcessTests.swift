import Descent
import Foundation
import Testing

/// The program among others: signals that it was started without, a terminal that goes, limits, closed streams.
@Suite struct ProcessTests {
    private let command: CommandRun
    private let data: String

    init() throws {
        command = try CommandRun()
        data = try command.makeData()
    }

    private func start(_ flags: [String], through shell: String? = nil) throws -> Process {
        try command.start(
            ["train", "--data", "mnist", "--data-dir", data, "--batch-size", "20", "--out", "model"] + flags,
            through: shell)
    }

    private func wait(for word: String, of process: Process) {
        while process.isRunning, !command.text("err.txt").contains(word) { usleep(1000) }
    }

    /// As `nohup` and a shell's background job start it.
    @Test(arguments: [("INT", SIGINT), ("HUP", SIGHUP), ("TERM", SIGTERM)])
    func aSignalThatItWasStartedWithoutStaysWithoutEffect(name: String, number: Int32) throws {
        let process = try start(["--epochs", "200"], through: "trap '' \(name); exec \"$@\"")
        wait(for: "epoch   1/200", of: process)
        for _ in 0..<3 {
            kill(process.processIdentifier, number)
            usleep(2000)
        }
        let result = command.end(process)
        #expect(process.terminationReason == .exit && result.code == 0, "\(result.error.suffix(200))")
        #expect(command.text("model/metrics.json").contains("\"epochs\": 200,"))
    }

    @Test func aTerminalThatGoesIsAsSIGTERM() throws {
        let process = try start(["--epochs", "1000000"])
        wait(for: "epoch ", of: process)
        kill(process.processIdentifier, SIGHUP)
        let result = command.end(process)
        #expect(process.terminationReason == .exit && result.code == 130)
        #expect(
            result.error.hasSuffix(
                "the model is saved in model; go on with \(CommandRun.program) train --resume model\n")
        )
        #expect(throws: Never.self) { try ModelFolder.load("\(command.directory)/model") }
    }

    /// The second ends the program at once, without a model, however soon after the first it comes. Two signals of one kind
    /// may become one before they reach a process, so that one of several attempts is enough.
    @Test func twoQuickSignalsAreTwo() throws {
        var atOnce = 0
        for _ in 0..<10 where atOnce == 0 {
            try? FileManager.default.removeItem(atPath: "\(command.directory)/model")
            let process = try start(["--epochs", "1000000", "--model", "mlp:1000,1000"])
            wait(for: "epoch ", of: process)
            kill(process.processIdentifier, SIGINT)
            usleep(200)
            kill(process.processIdentifier, SIGINT)
            let result = command.end(process)
            #expect(result.code == 130)
            if !result.error.contains("the model is saved") { atOnce += 1 }
        }
        #expect(atOnce > 0)
        #expect(!command.names().contains("model"))
    }

    /// Their numbers must not become those of files: a message would be written into a model.
    @Test(arguments: ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"]) func closedStreamsAreOpened(closed: String)
        throws
    {
        let process = try start(
            ["--epochs", "2", "--checkpoint-every", "1"], through: "exec \"$@\" \(closed)")
        let result = command.end(process)
        #expect(result.code == 0, "\(result.code) \(result.error)")
        #expect(throws: Never.self) { try ModelFolder.load("\(command.directory)/model") }
        let weights =
            FileManager.default.contents(atPath: "\(command.directory)/model/model.safetensors") ?? Data()
        #expect(weights.range(of: Data("epoch ".utf8)) == nil)
    }

    /// With three there is none for the loader of the program's libraries, which says so itself.
    @Test(arguments: [4, 6, 15]) func tooFewDescriptorsAreSaid(count: Int) throws {
        let process = try start(["--epochs", "1"], through: "ulimit -n \(count); exec \"$@\"")
        let result = command.end(process)
        #expect(process.terminationReason == .exit && result.code == 71, "\(result.code) \(result.error)")
        #expect(
            result.error
                == "descent: error: too few open files are allowed (expected at least 16, got \(count)); raise the limit, as with 'ulimit -n 256'\n"
        )
    }

    @Test func tooLittleMemoryIsSaid() throws {
        let process = try command.start(
            ["train", "--train-limit", "2000", "--model", "mlp:12000,12000", "--quiet", "--out", "model"],
            through: "ulimit -v 600000; exec \"$@\"")
        let result = command.end(process)
        #expect(process.terminationReason == .exit && result.code == 71, "\(result.code) \(result.error)")
        // 12,000 x 12,000 numbers of four bytes.
        #expect(
            result.error
                == "error: unable to allocate 576000000 bytes for an array: the system has no more memory\n")
    }
}
