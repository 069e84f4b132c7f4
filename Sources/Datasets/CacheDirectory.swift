import ArrayFiles
import Arrays
import Glibc
import Support

/// The directory that keeps downloads.
package enum CacheDirectory {
    /// `descent` in the user's directory for such things (`Environment.cache`).
    ///
    /// - Throws: `cannotCreate` when there is none.
    package static func standard(_ cache: String? = Environment.cache) throws -> String {
        guard let cache else {
            throw DescentError(
                .cannotCreate,
                "there is no place for downloads: neither XDG_CACHE_HOME nor HOME is set, and the user has no directory",
                advice: "set one of them, or name the files' directory")
        }
        return cache + "/descent"
    }

    /// Runs `body` while no other process, and no other task of this one, works in `directory`.
    ///
    /// The system lets go of the lock when the process ends, however it ends; the empty file stays.
    ///
    /// - Throws: `cannotCreate`; `interrupted` when the task is cancelled while it waits; the errors of `body`.
    static func locked<Result: Sendable>(
        _ directory: String, _ body: () async throws -> Result
    ) async throws -> Result {
        try AtomicFile.createDirectory(at: directory)
        let path = directory + "/.lock"
        let (descriptor, _) = try RegularFile.open(path, flags: O_RDWR | O_CREAT, failing: .cannotCreate)
        defer { FileLock.close(descriptor) }
        // On a file system without locks there is no waiting, and the checksum at the end protects the file.
        while FileLock.take(descriptor) == .held {
            do {
                try await Task.sleep(nanoseconds: 100_000_000)
            } catch {
                throw Download.stopped
            }
        }
        return try await body()
    }
}
