import Glibc
import Support

/// The place and the size of caches of decoded pictures.
public struct ImageCacheOptions: Sendable {
    /// The folder of the caches; nil: `descent/images` in the user's directory of caches.
    package var directory: String?
    /// The bytes that all caches together may take; the longest unused go first, never the one that was just made.
    package var limit: Int

    /// Options for a place and a size.
    public init(directory: String? = nil, limit: Int = 20_000_000_000) {
        (self.directory, self.limit) = (directory, limit)
    }

    /// - Throws: `cannotCreate` when the user has no directory for caches.
    func resolvedDirectory() throws -> String {
        if let directory { return PathText.trimmed(directory) }
        guard let cache = Environment.cache else {
            throw DescentError(
                .cannotCreate,
                "there is no place for decoded pictures: neither XDG_CACHE_HOME nor HOME is set, and the user has no directory",
                advice: "set one of them")
        }
        return cache + "/descent/images"
    }
}

/// The folder that caches are kept in.
enum CacheFolder {
    static let suffix = ".images"

    /// Runs `body` while no other process makes the cache of this name.
    ///
    /// - Throws: `cannotCreate`; `interrupted` when it is cancelled while it waits; the errors of `body`.
    static func locked<Result>(
        _ directory: String, _ name: String, _ cancellation: Cancellation?, _ body: () throws -> Result
    ) throws -> Result {
        try AtomicFile.createDirectory(at: directory)
        let path = "\(directory)/.\(name).lock"
        let (descriptor, _) = try RegularFile.open(path, flags: O_RDWR | O_CREAT, failing: .cannotCreate)
        defer { FileLock.close(descriptor) }
        // On a file system without locks there is no waiting: two processes make the same file, and the second name counts.
        while FileLock.take(descriptor) == .held {
            try Cancellation.check(cancellation, at: path)
            usleep(50_000)
        }
        return try body()
    }

    /// Checks that there is room for a file of so many bytes.
    ///
    /// - Throws: `inputOutput`.
    static func requireSpace(_ bytes: Int, in directory: String, available: Int? = nil) throws {
        var status = statvfs()
        let free =
            available
            ?? (statvfs(directory, &status) == 0
                ? Int(
                    clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
                        .partialValue)
                : Int.max)
        // A little stays for others: a full disk stops more than this program.
        guard bytes <= free - min(free / 50, 500_000_000) else {
            throw DescentError(
                .inputOutput, "there is no room for the decoded pictures", at: directory,
                expected: Numerals.bytes(bytes), got: "\(Numerals.bytes(free)) free",
                advice: "free some space, set XDG_CACHE_HOME to another disk, or give a smaller `imageSize`")
        }
    }

    /// Removes what processes that ended early have left, then the longest unused caches until those that are left fit into
    /// `limit` bytes. What is in use stays readable: only its name goes.
    static func prune(_ directory: String, limit: Int, keeping kept: String) {
        guard let names = try? Files.names(in: directory) else { return }
        for name in names where name.hasPrefix(".") && name.hasSuffix(".tmp") {
            removeIfLeft("\(directory)/\(name)")
        }
        var caches: [(path: String, used: Double, bytes: Int)] = []
        for name in names where name.hasSuffix(suffix) && !name.hasPrefix(".") {
            let path = "\(directory)/\(name)"
            var status = stat()
            guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            caches.append(
                (path, Files.modified(path) ?? 0, Int(status.st_blocks) * 512))
        }
        var total = caches.reduce(0) { $0 + $1.bytes }
        for cache in caches.sorted(by: { $0.used < $1.used }) where total > limit && cache.path != kept {
            if unlink(cache.path) == 0 { total -= cache.bytes }
        }
    }

    /// Removes a temporary file that no living process holds the lock of.
    private static func removeIfLeft(_ path: String) {
        // One that was begun this minute may not have its lock yet.
        guard let modified = Files.modified(path), Double(time(nil)) - modified > 60,
            let (descriptor, _) = try? RegularFile.open(path)
        else { return }
        defer { FileLock.close(descriptor) }
        if FileLock.take(descriptor) == .taken { unlink(path) }
    }
}
