import ArrayFiles
import Arrays
import Glibc

/// Where downloads are kept.
enum CacheDirectory {
    /// `$XDG_CACHE_HOME/descent`, else `~/.cache/descent` (XDG Base Directory Specification 0.8: a path that is
    /// not absolute is to be ignored).
    ///
    /// - Throws: `cannotCreate` when there is no home directory either.
    static func standard(_ variable: (String) -> String? = environment) throws -> String {
        if let cache = variable("XDG_CACHE_HOME"), cache.hasPrefix("/") { return cache + "/descent" }
        guard let home = variable("HOME"), home.hasPrefix("/") else {
            throw DescentError(
                .cannotCreate, "there is no place for downloads: neither XDG_CACHE_HOME nor HOME is set",
                advice: "set one of them, or give the files' directory with --data-dir DIR")
        }
        return home + "/.cache/descent"
    }

    private static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    /// Runs `body` while no other process, and no other task of this one, works in `directory`.
    ///
    /// The system lets go of the lock when the process ends, however it ends; the empty file stays.
    ///
    /// - Throws: `cannotCreate`; `interrupted` when the task is cancelled while it waits; what `body` throws.
    static func locked<Result: Sendable>(
        _ directory: String, _ body: () async throws -> Result
    ) async throws -> Result {
        try AtomicFile.createDirectory(at: directory)
        let path = directory + "/.lock"
        let (descriptor, _) = try RegularFile.open(path, flags: O_RDWR | O_CREAT, failing: .cannotCreate)
        // Closing alone would leave the lock with a child that is about to start and has a copy of the descriptor.
        defer {
            flock(descriptor, LOCK_UN)
            close(descriptor)
        }
        // A file system without locks gives another error than EWOULDBLOCK: then there is no waiting, and the
        // checksum at the end is what protects the file.
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK || errno == EINTR {
            do {
                try await Task.sleep(nanoseconds: 100_000_000)
            } catch {
                throw Download.stopped
            }
        }
        return try await body()
    }
}
