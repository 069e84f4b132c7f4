import Foundation
import Support
import Testing

/// Outputs and inputs that are no files: descriptors, pipes, devices.
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
            // Offsets within what is written count from its own beginning.
            var file = NPZ()
            file.set(NDArray<UInt8>(shape: [3], elements: [1, 2, 3]), named: "a")
            try file.write(to: ways[0])
            let all = try #require(contents(path))
            let archive = try NPZ(ByteSource(bytes: Array(all.dropFirst(20))))
            #expect(try archive.array(named: "a", as: UInt8.self).elements == [1, 2, 3])
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

    // MARK: Inputs

    @Test func aPipeThatTheCallerNamesByItsDescriptor() throws {
        try withTemporaryDirectory { directory in
            let array = NDArray<Double>(shape: [40_000], elements: (0..<40_000).map(Double.init))
            try NPY.write(array, to: directory + "/a.npy")
            for isNonblocking in [false, true] {
                let writer = Process()
                writer.executableURL = URL(fileURLWithPath: "/bin/sh")
                writer.arguments = [
                    "-c", "head -c 1000 \(directory)/a.npy; sleep 0.2; tail -c +1001 \(directory)/a.npy",
                ]
                let pipe = Pipe()
                writer.standardOutput = pipe
                try writer.run()
                let descriptor = dup(pipe.fileHandleForReading.fileDescriptor)
                defer { close(descriptor) }
                if isNonblocking { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
                try pipe.fileHandleForWriting.close()
                // Several readers in a row see the same bytes.
                for way in ["/dev/fd/\(descriptor)", "/proc/self/fd/\(descriptor)"] {
                    #expect(try NPY.read(way, as: Double.self).elements == array.elements)
                    #expect(try ByteSource(path: way).size == 320_128)
                }
                writer.waitUntilExit()
            }
        }
    }

    /// Whatever stands in a folder is a file or is refused at once; a link there to a pipe is none.
    @Test(.timeLimit(.minutes(1))) func whatIsNoFile() throws {
        try withTemporaryDirectory { directory in
            #expect(mkfifo(directory + "/pipe", 0o600) == 0)
            let pipe = Pipe()
            #expect(symlink("/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)", directory + "/link") == 0)
            let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(listener) }
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) {
                $0.copyBytes(from: Array("\(directory)/socket".utf8.prefix(107)))
            }
            let isBound = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            #expect(isBound == 0)
            for (path, what) in [
                ("pipe", "is not a regular file"), ("link", "is not a regular file"),
                ("socket", "is not a regular file"),
                ("", "is a directory"),
            ] {
                let text = failure(in: directory) { _ = try ByteSource(path: directory + "/" + path) }
                #expect(text == "missingInput: DIR/\(path): \(what); give a file")
                let other = failure(in: directory) {
                    _ = try RegularFile.open(
                        directory + "/" + path, flags: O_RDWR | O_CREAT, failing: .cannotCreate)
                }
                #expect(other.hasPrefix("cannotCreate: DIR/\(path): "), "\(other)")
            }
            #expect(
                failure { _ = try ByteSource(path: "/dev/zero") }
                    == "missingInput: /dev/zero: is not a regular file; give a file")
            #expect(
                failure { _ = try ByteSource(path: "/dev/fd/999") }.contains(
                    "cannot open: no such file or directory"))
        }
    }
}
