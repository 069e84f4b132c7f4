import ArrayFiles
import Arrays
import Glibc
import Support

/// A hidden directory in which a folder is made before it gets its name.
///
/// It is locked (`flock`) as long as it is in use, and a process that ends releases its locks however it ends: so the
/// directory of a killed save can be told from one in use. A mark in it names the machine, because a lock on a shared disk
/// may be invisible to other machines; and it says that all in the directory is the save's own. Without the mark the
/// directory is the user's, or contains files that had to make room, and is left alone.
final class SavingDirectory {
    private static let prefix = ".descent-save-"
    /// The mark's name.
    static let markName = ".descent-saving"

    let path: String
    /// The descriptor that has the lock; -1 where the file system has no locks.
    private let descriptor: Int32

    /// Creates a new one in `parent`.
    ///
    /// - Throws: `cannotCreate`.
    init(in parent: String) throws {
        for _ in 0..<100 {
            let path = try Files.makeTemporaryDirectory(in: parent, prefix: Self.prefix)
            let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            let isTaken = descriptor < 0 ? errno == ENOENT : FileLock.take(descriptor) == .held
            // Before it was locked, another save may have taken it for abandoned.
            if !isTaken && Files.isDirectory(path) {
                (self.path, self.descriptor) = (path, descriptor)
                do {
                    try AtomicFile.write(Self.machine, to: "\(path)/\(Self.markName)")
                } catch {
                    rmdir(path)
                    throw error
                }
                return
            }
            if descriptor >= 0 { close(descriptor) }
        }
        throw DescentError(.cannotCreate, "cannot keep a directory there", at: parent)
    }

    deinit { FileLock.close(descriptor) }

    /// Removes the mark: from now on the directory's files are kept.
    func unmark() { unlink("\(path)/\(Self.markName)") }

    /// The name of this machine.
    static var machine: String {
        var name = utsname()
        guard uname(&name) == 0 else { return "?" }
        return withUnsafeBytes(of: &name.nodename) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// Returns whether a save of this machine made the directory, or one of another so long ago that it has ended.
    private static func isAbandonable(_ path: String) -> Bool {
        let mark = "\(path)/\(markName)"
        guard let identity = Files.identity(mark), let text = try? Files.read(mark, limit: 1024) else {
            return false
        }
        return text.elementsEqual(machine.utf8) || time(nil) - identity.seconds > 30 * 24 * 3600
    }

    /// Removes the directories of killed saves from `parent`.
    static func removeAbandoned(in parent: String) {
        for name in (try? Files.names(in: parent)) ?? [] {
            guard name.hasPrefix(prefix), name.utf8.count == prefix.utf8.count + 6 else { continue }
            let path = "\(parent)/\(name)"
            guard isAbandonable(path) else { continue }
            let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            switch FileLock.take(descriptor) {
            case .taken:
                OwnFiles.removeUnfinished(path)
                FileLock.close(descriptor)
            case .held, .absent: close(descriptor)
            }
        }
    }
}
