import Arrays
import Glibc

/// A hidden directory in which a folder is made before it gets its name.
///
/// It is locked (`flock`) as long as it is in use, and a process that ends lets go of its locks however it ends: so what
/// a killed save has left can be told from what another one is making.
final class SavingDirectory {
    private static let prefix = ".descent-save-"

    let path: String
    /// Holds the lock; -1 where the file system has none.
    private let descriptor: Int32

    /// A new one in `parent`.
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
                return
            }
            if descriptor >= 0 { close(descriptor) }
        }
        throw DescentError(.cannotCreate, "cannot keep a directory there", at: parent)
    }

    deinit { FileLock.close(descriptor) }

    /// Removes from `parent` what saves have left that were killed.
    static func removeAbandoned(in parent: String) {
        for name in (try? Files.names(in: parent)) ?? [] {
            guard name.hasPrefix(prefix), name.utf8.count == prefix.utf8.count + 6 else { continue }
            let path = "\(parent)/\(name)"
            let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            switch FileLock.take(descriptor) {
            case .taken:
                Files.remove(path)
                FileLock.close(descriptor)
            case .held, .absent: close(descriptor)
            }
        }
    }
}
