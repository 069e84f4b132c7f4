import Arrays
import Foundation
import Support
import TestSupport
import Testing

@testable import ArrayFiles

/// Inputs and outputs of arrays that are no files: descriptors, pipes, devices.
struct DescriptorTests {
    /// A log with a line in it, as a shell opens it for `>> log`, or for `> log` after something was printed.
    @Test(arguments: [true, false]) func anArchiveBehindWhatALogHas(append: Bool) throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/log"
            let descriptor = open(path, O_RDWR | O_CREAT | (append ? O_APPEND : 0), 0o644)
            #expect(descriptor >= 0 && write(descriptor, "begun\n", 6) == 6)
            defer { close(descriptor) }
            // Offsets within what is written count from its own beginning.
            var file = NPZ()
            file.set(NDArray<UInt8>(shape: [3], elements: [1, 2, 3]), named: "a")
            try file.write(to: "/dev/fd/\(descriptor)")
            let all = try #require(contents(path))
            #expect(Array(all.prefix(6)) == Array("begun\n".utf8))
            let archive = try NPZ(ByteSource(bytes: Array(all.dropFirst(6))))
            #expect(try archive.array(named: "a", as: UInt8.self).elements == [1, 2, 3])
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
