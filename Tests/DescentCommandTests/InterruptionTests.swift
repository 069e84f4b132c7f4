import Descent
import Foundation
import TestSupport
import Testing

/// The same bits after any interruption: runs that are killed or stopped, and go on.
@Suite struct InterruptionTests {
    private let command: CommandRun
    private let data: String

    init() throws {
        command = try CommandRun()
        data = try command.makeData(train: 300, test: 40)
    }

    /// Two jobs: a plain one with a checkpoint after each epoch, and one with everything that has a state of its own and a
    /// checkpoint after each step.
    private static let jobs = [
        ["--model", "mlp:12", "--epochs", "30", "--batch-size", "10", "--checkpoint-every", "1"],
        [
            "--model", "conv:8@3n,pool,16", "--epochs", "3", "--batch-size", "10", "--optimizer", "adam",
            "--lr",
            "0.01",
            "--schedule", "warm-up:5+plateau:patience=0", "--dropout", "0.2", "--weight-decay", "0.001",
            "--average", "ema:0.9", "--augment", "shift=1,rotate=8", "--patience", "20:accuracy",
            "--clip-norm", "1", "--checkpoint-every", "0s",
        ],
    ]

    private func arguments(_ job: Int, _ folder: String) -> [String] {
        ["train", "--data", "mnist", "--data-dir", data, "--quiet", "--out", folder] + Self.jobs[job]
    }

    private func file(_ path: String) -> Data? {
        FileManager.default.contents(atPath: "\(command.directory)/\(path)")
    }

    private func hasCheckpoint(_ folder: String) -> Bool {
        FileManager.default.fileExists(
            atPath: "\(command.directory)/\(folder)/checkpoints/last.safetensors")
    }

    private func waitForCheckpoint(_ folder: String, of process: Process) {
        while process.isRunning, !hasCheckpoint(folder) { usleep(500) }
    }

    /// The bytes that must be the same: the weights, and the loss of every step.
    private func bytes(_ folder: String) -> [Data?] {
        [file("\(folder)/model.safetensors"), file("\(folder)/losses.npy")]
    }

    @Test func twentyKilledRunsEndInTheSameBits() throws {
        let seed = Int(UInt32.random(in: 0 ... .max))
        var random = RandomState(seed)
        var whole: [[Data?]] = []
        // From the first checkpoint to the end.
        var seconds: [Double] = []
        for job in Self.jobs.indices {
            let folder = "whole-\(job)"
            let process = try command.start(arguments(job, folder))
            waitForCheckpoint(folder, of: process)
            let first = ContinuousClock.now
            let result = command.end(process)
            seconds.append((ContinuousClock.now - first) / .seconds(1))
            #expect(result.code == 0, "\(result.error)")
            whole.append(bytes(folder))
        }
        #expect(notEmpty(whole).allSatisfy { notEmpty($0).allSatisfy { $0 != nil } })

        var (kills, number) = (0, 0)
        while kills < 20, number < 60 {
            let (job, folder) = (number % 2, "killed-\(number)")
            number += 1
            var process = try command.start(arguments(job, folder))
            var rest = seconds[job]
            // Now and then what goes on is killed again.
            for _ in 0..<random.randint(1, 3) {
                waitForCheckpoint(folder, of: process)
                let delay = 0.8 * random.rand() * rest
                usleep(UInt32(delay * 1e6))
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
                guard process.terminationReason == .uncaughtSignal, hasCheckpoint(folder) else { break }
                kills += 1
                rest -= delay
                process = try command.start(["train", "--resume", folder, "--quiet"])
            }
            let result = command.end(process)
            // A run that was too fast for its kill must have the same bits too.
            #expect(result.code == 0 || process.terminationReason == .uncaughtSignal, "\(result.error)")
            #expect(bytes(folder) == whole[job], "seed \(seed), run \(number), job \(job)")
            #expect(!hasCheckpoint(folder))
        }
        #expect(kills >= 20, "seed \(seed): only \(kills) of \(number) runs were killed in time")
    }

    @Test(arguments: [0, 1]) func ctrlCSavesACheckpointThatGoesOnToTheSameBits(job: Int) throws {
        #expect(command.end(try command.start(arguments(job, "whole"))).code == 0)
        let process = try command.start(arguments(job, "stopped"))
        waitForCheckpoint("stopped", of: process)
        kill(process.processIdentifier, SIGINT)
        let stopped = command.end(process)
        #expect(stopped.code == 130, "\(stopped.error)")
        #expect(
            stopped.error.hasSuffix(
                "the model is saved in stopped; go on with \(CommandRun.program) train --resume stopped\n"))
        #expect(throws: Never.self) { try ModelFolder.load("\(command.directory)/stopped") }
        #expect(hasCheckpoint("stopped"))
        let resumed = try command.run("train", "--resume", "stopped", "--quiet", "--json", "--threads", "1")
        #expect(resumed.code == 0, "\(resumed.error)")
        #expect(resumed.objects.last?["model"] as? String == "stopped")
        #expect(bytes("stopped") == bytes("whole"))
        #expect(!hasCheckpoint("stopped"))
        #expect(try command.run("train", "--resume", "stopped").code == 66)
    }

    @Test func aRunIsTrainedByOneProcessAtATime() throws {
        let process = try command.start(
            arguments(0, "model") + ["--epochs", "1000000"])
        defer {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        waitForCheckpoint("model", of: process)
        // Beside it: the files of standard output and error are the first one's.
        let other = try CommandRun()
        let path = "\(command.directory)/model"
        for arguments in [
            ["train", "--resume", path], arguments(0, path) + ["--force"],
        ] {
            let refused = other.end(try other.start(arguments))
            #expect(refused.code == 64, "\(refused.error)")
            #expect(
                refused.error.hasPrefix("descent: error: \(path): another process is training this run"),
                "\(refused.error)")
            #expect(refused.error.split(separator: "\n").count == 1)
        }
        #expect(process.isRunning)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        // Its lock ended with it.
        let next = try other.start(["train", "--resume", path])
        while next.isRunning, !other.text("err.txt").contains("\nepoch ") { usleep(500) }
        kill(next.processIdentifier, SIGINT)
        let stopped = other.end(next)
        #expect(stopped.code == 130, "\(stopped.error)")
    }
}
