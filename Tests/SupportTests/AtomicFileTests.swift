import Foundation
import Support
import TestSupport
import Testing

@testable import Support

struct AtomicFileTests {
    @Test func writesWhatItIsGiven() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/a.txt"
            try AtomicFile.write("first, longer than the second", to: path)
            try AtomicFile.write("second", to: path)
            #expect(contents(path) == Array("second".utf8))
            try AtomicFile.write([], to: directory + "/empty")
            #expect(contents(directory + "/empty") == [])
            #expect(try names(in: directory) == ["a.txt", "empty"])
        }
    }

    @Test func keepsModeAndLinks() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/a.txt"
            try AtomicFile.write("1", to: path)
            chmod(path, 0o640)
            #expect(symlink("a.txt", directory + "/link") == 0)
            try AtomicFile.write("2", to: directory + "/link")
            #expect(contents(path) == Array("2".utf8))
            var status = stat()
            #expect(lstat(directory + "/link", &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
            #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o640)
        }
    }

    @Test func anErrorHalfWayLeavesTheOldFile() throws {
        struct Stop: Error {}
        try withTemporaryDirectory { directory in
            let path = directory + "/a.txt"
            try AtomicFile.write("old", to: path)
            #expect(throws: Stop.self) {
                try AtomicFile.write(to: path) { file in
                    try file.write("half of")
                    throw Stop()
                }
            }
            #expect(contents(path) == Array("old".utf8))
            #expect(try names(in: directory) == ["a.txt"])
        }
    }

    @Test func placesThatCannotBeWritten() throws {
        try withTemporaryDirectory { directory in
            // What can be told before is told before, in the same words.
            func write(_ path: String) -> String {
                let text = failure(in: directory) { try AtomicFile.write("x", to: path) }
                let before = failure(in: directory) { try AtomicFile.check(path) }
                #expect(before == text || before == "no error" && text.contains("too long"))
                return text
            }
            try AtomicFile.write("x", to: directory + "/file")
            #expect(
                write(directory + "/none/a.txt")
                    == "cannotCreate: DIR/none/a.txt: cannot write: no such file or directory")
            #expect(
                write(directory + "/file/a.txt")
                    == "cannotCreate: DIR/file/a.txt: cannot write: not a directory")
            #expect(
                write(directory)
                    == "cannotCreate: DIR: cannot write: is a directory; give a file in it")
            #expect(write("") == "cannotCreate: an empty path; give a file")
            let long = String(repeating: "n", count: 300)
            #expect(write(directory + "/" + long).contains("cannot write: file name too long"))
            #expect(write(directory + "/file/") == "cannotCreate: DIR/file/: cannot write: not a directory")
            try AtomicFile.check(directory + "/new")
            try AtomicFile.check(directory + "/file")
            try AtomicFile.check("/dev/null")
            #expect(try names(in: directory) == ["file"])
        }
    }

    /// Names have bytes, not characters: 26 syllables in three code points each are 234 of the 255 that a name may have.
    @Test(arguments: [
        String(repeating: "\u{1112}\u{1161}\u{11AB}", count: 26), String(repeating: "n", count: 255),
        String(repeating: "\u{1F468}\u{200D}\u{1F469}", count: 23), "\u{301}mark", "a\r\nb",
    ]) func longAndOddNames(name: String) throws {
        try withTemporaryDirectory { directory in
            // A combining mark behind the slash: for Swift's characters there is no slash then.
            try AtomicFile.createDirectory(at: directory + "/\u{301}folder/b/")
            for folder in [directory, directory + "/\u{301}folder/b"] {
                try AtomicFile.write("1", to: folder + "/" + name)
                try AtomicFile.write("2", to: folder + "/" + name)
                #expect(contents(folder + "/" + name) == Array("2".utf8))
            }
            #expect(
                try names(in: directory + "/\u{301}folder/b").map { Array($0.utf8) } == [Array(name.utf8)])
        }
    }

    /// What looks alike is two files, as it is for the system.
    @Test func namesThatLookAlike() throws {
        try withTemporaryDirectory { directory in
            try AtomicFile.write("one", to: directory + "/\u{E9}")
            try AtomicFile.write("two", to: directory + "/e\u{301}")
            #expect(contents(directory + "/\u{E9}") == Array("one".utf8))
            #expect(contents(directory + "/e\u{301}") == Array("two".utf8))
        }
    }

    @Test func aLinkToNothingIsFilled() throws {
        try withTemporaryDirectory { directory in
            #expect(
                symlink("second", directory + "/first") == 0 && symlink("file", directory + "/second") == 0)
            try AtomicFile.write("x", to: directory + "/first")
            #expect(try names(in: directory) == ["file", "first", "second"])
            #expect(contents(directory + "/file") == Array("x".utf8))
            var status = stat()
            #expect(lstat(directory + "/first", &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
            #expect(symlink("loop", directory + "/loop") == 0)
            #expect(failure { try AtomicFile.write("x", to: directory + "/loop") }.hasPrefix("cannotCreate"))
        }
    }

    @Test(.enabled(if: geteuid() != 0, "root may write everything")) func aFileThatIsReadOnlyStays() throws {
        try withTemporaryDirectory { directory in
            try AtomicFile.write("old", to: directory + "/a")
            chmod(directory + "/a", 0o444)
            #expect(
                failure(in: directory) { try AtomicFile.write("new", to: directory + "/a") }
                    == "cannotCreate: DIR/a: cannot write: permission denied")
            #expect(contents(directory + "/a") == Array("old".utf8))
        }
    }

    @Test func directories() throws {
        try withTemporaryDirectory { directory in
            try AtomicFile.createDirectory(at: directory + "/a/b//c/")
            try AtomicFile.createDirectory(at: directory + "/a/b/c")
            #expect(try names(in: directory + "/a/b") == ["c"])
            try AtomicFile.write("x", to: directory + "/file")
            #expect(
                failure(in: directory) { try AtomicFile.createDirectory(at: directory + "/file") }
                    == "cannotCreate: DIR/file: cannot make the directory: a file has its name")
            #expect(
                failure(in: directory) { try AtomicFile.createDirectory(at: directory + "/file/b") }
                    == "cannotCreate: DIR/file: cannot make the directory: a file has its name")
        }
    }

    // MARK: A full disk

    private static let direct =
        "cannot write: no space left on device; free some space or give another place"
    private static let full = direct + "; nothing was left there"

    @Test func aDeviceThatIsFull() {
        #expect(
            failure { try AtomicFile.write("x", to: "/dev/full") } == "inputOutput: /dev/full: \(Self.direct)"
        )
    }

    /// The disk takes 4 bytes, then none: the same calls as on a real disk, made to fail.
    @Test(arguments: [true, false]) func aDiskThatFillsUp(whileWriting: Bool) throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/a.bin"
            try AtomicFile.write("old", to: path)
            var calls = SystemCalls()
            if whileWriting {
                calls.write = { descriptor, bytes, count in
                    if lseek(descriptor, 0, SEEK_CUR) >= 4 {
                        errno = ENOSPC
                        return -1
                    }
                    return Foundation.write(descriptor, bytes, min(count, 4))
                }
            } else {
                calls.synchronize = { _ in
                    errno = ENOSPC
                    return -1
                }
            }
            let text = failure(in: directory) {
                try AtomicFile.write(to: path, calls: calls) { try $0.write("12345678") }
            }
            #expect(text == "inputOutput: DIR/a.bin: \(Self.full)")
            #expect(contents(path) == Array("old".utf8))
            #expect(try names(in: directory) == ["a.bin"])
        }
    }

    /// Whether a disk may be mounted here: by root, and not in every container.
    private static let canMount: Bool = {
        let mounted = try? withTemporaryDirectory { directory in
            mount("none", directory, "tmpfs", 0, "size=64k") == 0
                && umount2(directory, Int32(MNT_DETACH)) == 0
        }
        return mounted == true
    }()

    /// A real disk of 64 KiB; where none can be had, the tests above stand alone.
    @Test(.enabled(if: canMount, "needs the right to mount a disk")) func aRealDiskThatFillsUp() throws {
        try withTemporaryDirectory { directory throws in
            try #require(mount("none", directory, "tmpfs", 0, "size=64k") == 0)
            defer { umount2(directory, Int32(MNT_DETACH)) }
            let text = failure(in: directory) {
                try AtomicFile.write([UInt8](repeating: 7, count: 100_000), to: directory + "/a.bin")
            }
            #expect(text == "inputOutput: DIR/a.bin: \(Self.full)")
            #expect(try names(in: directory) == [])
        }
    }
}
