import Arrays
import ExampleData
import Glibc
import Support

extension DatasetSource {
    /// Loads the data set: from `directory` if one is given, else from the cache, else downloaded into the cache.
    ///
    /// ```swift
    /// let data = try await DatasetSource.kmnist.load { print($0.file, $0.received) }
    /// ```
    ///
    /// - Parameters:
    ///   - directory: the directory of the four files; if it is given, nothing is downloaded.
    ///   - cacheDirectory: the directory that keeps downloads, each data set in a directory of its own; by default
    ///     `$XDG_CACHE_HOME/descent`, else `~/.cache/descent`.
    ///   - progress: called as bytes arrive, on a thread of the download's own.
    /// - Throws: `missingInput`, `badData` for a given directory; `unavailable` when no mirror can be reached;
    ///   `cannotCreate`, `inputOutput` when the cache cannot be written; `interrupted` when the task is
    ///   cancelled: the received bytes stay, and the next call resumes there.
    public func load(
        directory: String? = nil, cacheDirectory: String? = nil,
        progress: @escaping @Sendable (DownloadProgress) -> Void = { _ in }
    ) async throws -> Dataset {
        if let directory { return try read(directory: directory) }
        let cache = try (cacheDirectory ?? CacheDirectory.standard()) + "/" + name
        var replaced: Set<String> = []
        while true {
            if !files.allSatisfy({ access(cache + "/" + $0.name, R_OK) == 0 }) {
                try await Download(source: self, directory: cache, progress: progress).run()
            }
            do {
                return try read(directory: cache)
            } catch let error as DescentError where error.kind == .badData {
                // Every file was checked before it got its name, so the disk has changed this one since. The others
                // stay: there may be no network to fetch them from.
                guard let path = damagedFile(error, in: cache), replaced.insert(path).inserted else {
                    throw error
                }
                if let dataset = try await CacheDirectory.locked(
                    cache, { try removeDamaged(path, in: cache) })
                {
                    return dataset
                }
            }
        }
    }

    /// Removes the file at `path`, unless another process has replaced it by a good one; the caller holds the lock.
    ///
    /// - Returns: the data set if it can be read after all.
    private func removeDamaged(_ path: String, in cache: String) throws -> Dataset? {
        do {
            return try read(directory: cache)
        } catch let error as DescentError
            where error.kind == .badData && damagedFile(error, in: cache) == path
        {
            guard unlink(path) == 0 || errno == ENOENT else { throw error }
        } catch let error as DescentError where error.kind == .badData || error.kind == .missingInput {
            // Another file is damaged or is being replaced: the caller looks again.
        }
        return nil
    }

    /// Returns the path of the downloaded file at fault in `error`.
    private func damagedFile(_ error: DescentError, in cache: String) -> String? {
        files.map { cache + "/" + $0.name }
            .first { error.place == $0 || error.place?.hasPrefix($0 + ",") == true }
    }
}

/// MNIST, the usual first data set: handwritten digits, 60,000 for training and 10,000 for the test.
///
/// ```swift
/// let mnist = try await MNIST.load()
/// print(mnist.train.images.shape)   // [60000, 28, 28]
/// ```
public enum MNIST {
    /// MNIST from `directory`, else from the cache, else downloaded once; see `DatasetSource.load`.
    public static func load(
        directory: String? = nil, cacheDirectory: String? = nil,
        progress: @escaping @Sendable (DownloadProgress) -> Void = { _ in }
    ) async throws -> Dataset {
        try await DatasetSource.mnist.load(
            directory: directory, cacheDirectory: cacheDirectory, progress: progress)
    }
}
