import Arrays
import ExampleData
import Glibc

extension DatasetSource {
    /// One of the two parts of a data set.
    public enum Split: String, Sendable, CaseIterable {
        /// The training examples.
        case train
        /// The test examples.
        case test
    }

    /// Reads one part of the data set from its two files in `directory`; the other two need not be there, and are not
    /// read.
    ///
    /// - Throws: as `read(directory:)`.
    package func read(_ split: Split, directory: String) throws -> LabeledExamples {
        let wanted = split == .train ? [0, 1] : [2, 3]
        let paths = try find(in: directory, wanted: wanted)
        let parts = try paths.enumerated().map { place, path in
            try Part(path: path, rank: place == 0 ? 3 : 1, isTransposed: place == 0 && isTransposed)
        }
        for (part, path) in zip(parts, paths) { try refuseAnothers(crc32: part.crc32, at: path) }
        return try pair(parts[0], parts[1], paths[0], paths[1])
    }

    /// Loads one part of the data set: from `directory` if one is given, else as
    /// `load(directory:cacheDirectory:progress:)` finds the whole.
    ///
    /// - Throws: as that.
    public func load(
        _ split: Split, directory: String? = nil, cacheDirectory: String? = nil,
        progress: @escaping @Sendable (DownloadProgress) -> Void = { _ in }
    ) async throws -> LabeledExamples {
        if let directory { return try read(split, directory: directory) }
        let cache = try (cacheDirectory ?? CacheDirectory.standard()) + "/" + name
        let wanted = (split == .train ? files[0...1] : files[2...3])
        if wanted.allSatisfy({ access(cache + "/" + $0.name, R_OK) == 0 }),
            let part = try? read(split, directory: cache)
        {
            return part
        }
        // What is missing or damaged is for the one that fetches the whole.
        let data = try await load(cacheDirectory: cacheDirectory, progress: progress)
        return split == .train ? data.train : data.test
    }
}
