import Foundation
import Support
import TestSupport
import Testing

@testable import Support

/// Outputs that are no files: descriptors, pipes, devices.
struct DescriptorTests {
    /// A log with a line in it, opened as a shell opens it for `>> log`, or for `> log` after something was printed.
    private func withLog(append: Bool, _ body: (String, Int32) throws -> Void) throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/log"
            let descriptor = open(path, O_RDWR | O_CREAT | (append ? O_APPEND : 0), 0o644)
            #expect(descriptor >= 0 && write(descriptor, "begun\n", 6) == 6)
            defer { close(descriptor) }
            try body(path, descriptor)
        }
    }

    @Test(arguments: [true, false]) func aLogKeepsWhatItHas(append: Bool) throws {
        try withLog(append: append) { path, descriptor in
            let link = path + "-link"
            #expect(symlink("/dev/fd/\(descriptor)", link) == 0)
            let ways = [
                "/dev/fd/\(descriptor)", "/proc/self/fd/\(descriptor)", "/proc/\(getpid())/fd/\(descriptor)",
                "/proc/thread-self/fd/\(descriptor)", link,
            ]
            for (number, way) in ways.enumerated() { try AtomicFile.write("\(number)\n", to: way) }
            #expect(write(descriptor, "end\n", 4) == 4)
            #expect(contents(path) == Array("begun\n0\n1\n2\n3\n4\nend\n".utf8))
        }
    }

    @Test func anErrorHalfWayTellsNoLie() throws {
        try withLog(append: true) { path, descriptor in
            var calls = SystemCalls()
            calls.write = { _, _, _ in
                errno = ENOSPC
                return -1
            }
            #expect(
                failure {
                    try AtomicFile.write(to: "/dev/fd/\(descriptor)", calls: calls) { try $0.write("x") }
                }
                    == "inputOutput: /dev/fd/\(descriptor): cannot write: no space left on device; free some space or "
                    + "give another place")
            #expect(contents(path) == Array("begun\n".utf8))
        }
    }

    @Test func descriptorsThatCannotBeWritten() throws {
        try withLog(append: true) { path, _ in
            let reading = open(path, O_RDONLY)
            defer { close(reading) }
            #expect(
                failure { try AtomicFile.write("x", to: "/dev/fd/\(reading)") }
                    == "cannotCreate: /dev/fd/\(reading): cannot write: the descriptor is open for reading only"
            )
            #expect(contents(path) == Array("begun\n".utf8))
            #expect(
                failure { try AtomicFile.write("x", to: "/dev/fd/999") }.contains(
                    "cannot write: bad file descriptor"))
            #expect(
                failure { try AtomicFile.write("x", to: "/dev/fd/x") }.hasPrefix(
                    "cannotCreate: /dev/fd/x: cannot write"))
        }
    }

    /// Another process's log, through its descriptor, is added to and not replaced.
    @Test func aLogOfAnotherProcess() throws {
        try withTemporaryDirectory { directory in
            let sleeper = Process()
            sleeper.executableURL = URL(fileURLWithPath: "/bin/sh")
            sleeper.arguments = [
                "-c", "echo begun >> \(directory)/log; exec 7>> \(directory)/log; echo; exec cat",
            ]
            let (input, output) = (Pipe(), Pipe())
            sleeper.standardInput = input
            sleeper.standardOutput = output
            try sleeper.run()
            _ = output.fileHandleForReading.availableData
            try AtomicFile.write("more\n", to: "/proc/\(sleeper.processIdentifier)/fd/7")
            try input.fileHandleForWriting.close()
            sleeper.waitUntilExit()
            #expect(contents(directory + "/log") == Array("begun\nmore\n".utf8))
            #expect(try names(in: directory) == ["log"])
        }
    }

    @Test func aPipeWithAName() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/pipe"
            #expect(mkfifo(path, 0o600) == 0)
            var calls = SystemCalls()
            calls.patience = 1
            #expect(
                failure(in: directory) { try AtomicFile.write(to: path, calls: calls) { try $0.write("x") } }
                    == "cannotCreate: DIR/pipe: cannot write: nobody reads from the pipe; start its reader first, or give "
                    + "a file")
            let reader = Process()
            reader.executableURL = URL(fileURLWithPath: "/bin/sh")
            reader.arguments = ["-c", "cat \(path) > \(directory)/copy"]
            try reader.run()
            let bytes = [UInt8](repeating: 7, count: 300_000)
            try AtomicFile.write(bytes, to: path)
            reader.waitUntilExit()
            #expect(contents(directory + "/copy") == bytes)
            #expect(try names(in: directory) == ["copy", "pipe"])
        }
    }
}
