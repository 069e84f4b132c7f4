import ArrayFiles
import Arrays
import Glibc
import Support

/// The lock on a run's folder, for training or a search in it: one process has it at a time.
///
/// The folder itself is locked (`flock`), so nothing has to be tidied away: a process releases its locks however it ends.
/// The folder that takes this one's name at the end of the run is another one, without a lock.
package final class RunLock: Sendable {
    /// The descriptor that has the lock; open without one where the file system has no locks.
    private let descriptor: Int32
    /// The limits of the lock, in words: on a disk without locks, or one that machines share. Nil where it keeps out every
    /// other process.
    package let caveat: String?

    /// Locks the folder.
    ///
    /// - Throws: `usage` when another process trains there; `missingInput` when the folder is not there.
    package init(_ path: String) throws {
        // Between opening and locking, the run that was there may have ended and another folder have its name.
        for _ in 0..<100 {
            let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard descriptor >= 0 else {
                throw Files.failure(.missingInput, "cannot open the run's folder", path)
            }
            let outcome = FileLock.take(descriptor, patience: 300)
            if outcome == .held {
                close(descriptor)
                throw Self.refusal(path)
            }
            if Self.isSame(descriptor, path) {
                self.descriptor = descriptor
                caveat = FileLock.caveat(outcome, of: descriptor).map {
                    "\($0): let nobody else work in \(path) until this ends"
                }
                return
            }
            FileLock.close(descriptor)
        }
        throw Self.refusal(path)
    }

    /// Returns whether the locked folder is the one at `path`.
    func isOf(_ path: String) -> Bool { Self.isSame(descriptor, path) }

    deinit { FileLock.close(descriptor) }

    /// Returns whether a process trains in the folder now.
    static func isHeld(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        let outcome = FileLock.take(descriptor, patience: 300)
        if outcome == .taken { FileLock.close(descriptor) } else { close(descriptor) }
        return outcome == .held
    }

    static func refusal(_ path: String) -> DescentError {
        DescentError(
            .usage, "another process is training this run", at: path,
            advice: "wait for it or stop it, or give another folder")
    }

    private static func isSame(_ descriptor: Int32, _ path: String) -> Bool {
        var (opened, named) = (stat(), stat())
        return fstat(descriptor, &opened) == 0 && stat(path, &named) == 0 && opened.st_ino == named.st_ino
            && opened.st_dev == named.st_dev
    }
}
