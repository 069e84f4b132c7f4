import Foundation
import Support
import Testing

/// The places that variables name. The rules are the XDG Base Directory Specification's (0.8) and, for `HOME` and `TMPDIR`,
/// POSIX.1-2017's (8.3); of empty variables and relative homes each program has its own, and Descent one.
@Suite struct EnvironmentTests {
    @Test(
        arguments: [
            (["HOME": "/h"], "/h"), (["HOME": ""], "/system"), ([:], "/system"), (["HOME": "h"], "/system"),
        ] as [([String: String], String)])
    func home(_ variables: [String: String], _ home: String) {
        let asked = { (name: String) in variables[name].flatMap { $0.isEmpty ? nil : $0 } }
        #expect(Environment.home(asked, system: { "/system" }) == home)
    }

    @Test(
        arguments: [
            (["XDG_CACHE_HOME": "/c"], "/c"), (["XDG_CACHE_HOME": "c"], "/h/.cache"), ([:], "/h/.cache"),
        ] as [([String: String], String)])
    func cache(_ variables: [String: String], _ cache: String) {
        #expect(Environment.cache({ variables[$0] }, home: "/h") == cache)
        #expect(Environment.cache({ _ in nil }, home: nil) == nil)
    }

    @Test(arguments: [("/t", "/t"), ("/t/", "/t"), (nil, "/tmp")] as [(String?, String)])
    func temporaryDirectory(_ variable: String?, _ place: String) {
        #expect(Environment.temporaryDirectory { $0 == "TMPDIR" ? variable : nil } == place)
    }

    /// The oracle is Foundation's own look into the system's list of users.
    @Test func theSystemsUsers() {
        #expect(Environment.folder(of: "root") == NSHomeDirectoryForUser("root"))
        #expect(Environment.folder(of: "nobody-of-this-name") == nil)
        #expect(Environment.folder(of: nil) == NSHomeDirectoryForUser(NSUserName()))
        #expect(Environment["DESCENT_IS_NOT_SET"] == nil)
    }
}

/// The numbers are those of Linux's include/uapi/linux/magic.h.
@Suite struct FileLockTests {
    @Test(
        arguments: [
            (0x6969, "NFS"), (0xFF53_4D42, "CIFS"), (0xFE53_4D42, "SMB"), (0x6573_5546, "FUSE"),
            (0x0102_1997, "9P"), (0x00C3_6400, "Ceph"),
        ] as [(UInt32, String)])
    func aSharedDiskIsNotTrusted(type: UInt32, name: String) {
        #expect(
            FileLock.caveat(.taken, fileSystem: type)
                == "the disk (\(name)) is shared, and other machines may not see the lock")
        #expect(
            FileLock.caveat(.absent, fileSystem: type)
                == "the disk (\(name)) has no locks: nothing keeps out another process")
        #expect(FileLock.caveat(.held, fileSystem: type) == nil)
    }

    /// ext4, xfs, btrfs, tmpfs, overlayfs, zfs.
    @Test(arguments: [0xEF53, 0x5846_5342, 0x9123_683E, 0x0102_1994, 0x794C_7630, 0x2FC1_2FC1] as [UInt32])
    func aDiskOfOnesOwnIs(type: UInt32) {
        #expect(FileLock.caveat(.taken, fileSystem: type) == nil)
        #expect(
            FileLock.caveat(.absent, fileSystem: type)
                == "the disk has no locks: nothing keeps out another process")
    }

    /// The kind of a real descriptor is that which stat(1) prints.
    @Test func theDiskIsAsked() throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/stat")
        process.arguments = ["-f", "-c", "%t", "/tmp"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        process.waitUntilExit()
        let printed = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let type = try #require(UInt32(printed.trimmingCharacters(in: .whitespacesAndNewlines), radix: 16))
        let descriptor = open("/tmp", O_RDONLY | O_DIRECTORY)
        defer { close(descriptor) }
        #expect(FileLock.fileSystem(of: descriptor) == type)
        #expect(FileLock.fileSystem(of: -1) == nil)
        #expect(FileLock.caveat(.taken, of: descriptor) == FileLock.caveat(.taken, fileSystem: type))
    }
}
