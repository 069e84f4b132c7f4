import Glibc

/// The lock of an open file or directory (`flock`): one process has it at a time, and the system releases it when that
/// process ends for any reason.
///
/// On a disk that machines share the lock may hold on one machine only, or have no effect: NFS needs a file that is
/// open for writing, which a directory never is, and SMB and FUSE depend on the server. `caveat` describes this for the
/// user.
package enum FileLock {
    /// The outcome of an attempt.
    package enum Outcome: Equatable, Sendable {
        case taken
        /// Another process holds the lock.
        case held
        /// The file system has no locks.
        case absent
    }

    /// Takes the lock of an open descriptor; never for more than `patience` milliseconds.
    ///
    /// Patience, because a lock may be held for a moment without being used: by a process that only tests it, or by a
    /// child between fork and exec, which has a copy of every descriptor.
    package static func take(_ descriptor: Int32, patience: Int = 0) -> Outcome {
        for wait in 0... {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return .taken }
            if errno == EINTR { continue }
            guard errno == EWOULDBLOCK else { return .absent }
            if wait * 5 >= patience { return .held }
            usleep(5000)
        }
        return .held
    }

    /// Releases the lock and closes the descriptor: closing alone would leave the lock with a child that has a copy of
    /// the descriptor.
    package static func close(_ descriptor: Int32) {
        guard descriptor >= 0 else { return }
        flock(descriptor, LOCK_UN)
        Glibc.close(descriptor)
    }

    /// The limitation of a lock on this file system, in a few words; nil if it excludes all other processes.
    package static func caveat(_ outcome: Outcome, of descriptor: Int32) -> String? {
        caveat(outcome, fileSystem: fileSystem(of: descriptor) ?? 0)
    }

    /// The magic number of a file system; nil if the system does not provide it.
    static func fileSystem(of descriptor: Int32) -> UInt32? {
        typealias Call = @convention(c) (Int32, UnsafeMutablePointer<Int>) -> Int32
        // Swift's module of Glibc has no <sys/statfs.h>. The magic number is the first word of the structure, which has
        // less than 256 bytes.
        guard let symbol = dlsym(nil, "fstatfs") else { return nil }
        var words = [Int](repeating: 0, count: 64)
        guard unsafeBitCast(symbol, to: Call.self)(descriptor, &words) == 0 else { return nil }
        return UInt32(truncatingIfNeeded: words[0])
    }

    /// The same, by the magic number of the file system (statfs(2), linux/magic.h).
    static func caveat(_ outcome: Outcome, fileSystem type: UInt32) -> String? {
        let shared = sharedFileSystems[type]
        switch outcome {
        case .held: return nil
        case .absent:
            return
                "the disk\(shared.map { " (\($0))" } ?? "") has no locks: nothing keeps out another process"
        case .taken:
            return shared.map { "the disk (\($0)) is shared, and other machines may not see the lock" }
        }
    }

    private static let sharedFileSystems: [UInt32: String] = [
        0x6969: "NFS", 0x517B: "SMB", 0xFE53_4D42: "SMB", 0xFF53_4D42: "CIFS", 0x6573_5546: "FUSE",
        0x0102_1997: "9P", 0x00C3_6400: "Ceph", 0x0BD0_0BD0: "Lustre", 0x4750_4653: "GPFS",
        0x5346_414F: "AFS", 0x6B41_4653: "AFS", 0x7461_636F: "OCFS2", 0x0116_1970: "GFS2",
        0x1983_0326: "BeeGFS", 0x7375_7245: "Coda", 0x564C: "NCP", 0x786F_4256: "a virtual machine's folder",
    ]
}
