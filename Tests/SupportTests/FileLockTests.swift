import Foundation
import Testing

@testable import Support

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
