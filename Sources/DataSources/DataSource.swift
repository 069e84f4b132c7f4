import Datasets
import ExampleData
import Support

/// The data that `--data` names: the built-in digits, a published data set, or a file of one's own.
///
/// A file is recognised by its content (``DataFormat``), not by its suffix.
///
/// ```swift
/// let source = try DataSource(named: "wine.svm")
/// let data = try await source.load(DataRequest(testShare: 0.2, seed: 1))
/// print(data.split.train.count, data.split.test.count, data.notes)
/// ```
package struct DataSource: Sendable, Equatable {
    /// A kind of source.
    package enum Kind: Sendable, Equatable {
        /// Digits that are made here.
        case builtIn
        /// A published data set; the directory of its files, or nil where they are downloaded.
        case published(directory: String?)
        /// A file of one's own.
        case file
        /// A folder of pictures.
        case folder
    }

    /// The name of the built-in digits.
    package static let builtIn = "builtin"
    /// The names that are no files: the built-in digits and the published data sets.
    package static let names = [builtIn] + DatasetSource.all.map(\.name)

    /// The name of a data set, or the path of a file.
    package let text: String
    package let kind: Kind

    /// Creates the source that `text` names: one of ``names``, else the path of a file. `directory`: the directory of a
    /// published data set's files.
    ///
    /// - Throws: `usage` for a directory where there are no files to look for, and for a text that is neither a name nor a
    ///   path.
    package init(named text: String, directory: String? = nil) throws(DescentError) {
        self.text = text
        if DatasetSource.all.contains(where: { $0.name == text }) {
            kind = .published(directory: directory)
            return
        }
        guard directory == nil else {
            throw DescentError(
                .usage, "only a published data set has a directory of files", at: "`directory`",
                got: "'\(text)'",
                advice: "leave it out")
        }
        if text == Self.builtIn {
            kind = .builtIn
        } else if Files.isDirectory(text) {
            kind = .folder
        } else if Self.isPath(text) {
            kind = .file
        } else {
            throw DescentError(
                .usage, "there are no such data",
                expected: "\(Self.names.joined(separator: ", ")), a folder of pictures, or a file",
                got: "'\(text)'")
        }
    }

    /// Returns whether a text that is no data set's name is taken for the path of a file: one that exists, or has the form
    /// of a path.
    package static func isPath(_ text: String) -> Bool {
        !names.contains(text) && !Files.isDirectory(text)
            && (Files.exists(text) || text.contains("/") || text.contains("."))
    }

    /// The name in reports: `mnist`, `wine.svm`.
    package var name: String { isOwn ? PathText.name(of: text) : text }

    /// Whether the data are files of one's own.
    package var isOwn: Bool { kind == .file || kind == .folder }

    /// Whether the data are a folder of pictures.
    package var isFolder: Bool { kind == .folder }

    /// Returns whether the data are a table of text.
    ///
    /// - Throws: `missingInput`; `badData` for a file in no known format.
    package func isTable() throws -> Bool {
        kind == .file ? try DataFormats.format(of: text) == TableFormat.self : false
    }

    /// Loads the training and test examples. A file without a test file is split at random, class by class.
    ///
    /// - Throws: the errors of reading: `missingInput`, `badData` with file and line; `unavailable` when a data set cannot
    ///   be downloaded; `interrupted`.
    package func load(
        _ request: DataRequest = DataRequest(),
        progress: @escaping @Sendable (DownloadProgress) -> Void = { _ in }
    ) async throws -> LoadedData {
        switch kind {
        case .builtIn:
            try request.refuseTestFile(for: text)
            return LoadedData(
                BuiltInDigits.dataset(
                    trainCount: request.trainLimit ?? 60_000, testCount: request.testLimit ?? 10_000))
        case .published(let directory):
            try request.refuseTestFile(for: text)
            let data = try await DatasetSource.named(text).load(directory: directory, progress: progress)
            return LoadedData(data)
        case .file:
            return try DataFormats.format(of: text).read(text, request)
        case .folder:
            return try PictureFolder.read(text, request)
        }
    }

    /// Loads one part of the data. The other part's files are not read where they are apart.
    ///
    /// `limit`: the number of built-in digits to make; a larger part of other data is not cut.
    ///
    /// - Throws: as `load(_:progress:)`.
    package func load(
        _ part: DatasetSource.Split, limit: Int? = nil, _ request: DataRequest = DataRequest(),
        progress: @escaping @Sendable (DownloadProgress) -> Void = { _ in }
    ) async throws -> LoadedPart {
        switch kind {
        case .builtIn:
            let data = BuiltInDigits.dataset(
                trainCount: part == .train ? limit ?? 60_000 : 0,
                testCount: part == .test ? limit ?? 10_000 : 0)
            return LoadedPart(part == .test ? data.test : data.train)
        case .published(let directory):
            let images = try await DatasetSource.named(text).load(
                part, directory: directory, progress: progress)
            return LoadedPart(images)
        case .file:
            return Self.part(part, of: try DataFormats.format(of: text).read(text, request))
        case .folder:
            return Self.part(part, of: try PictureFolder.read(text, request))
        }
    }

    /// The asked part of data of one's own; all of them where they have no parts.
    private static func part(_ part: DatasetSource.Split, of loaded: LoadedData) -> LoadedPart {
        let split = loaded.split
        guard split.test.count > 0 else {
            return LoadedPart(
                split.train, notes: loaded.notes, isWhole: true, checksum: split.checksum)
        }
        return LoadedPart(
            part == .test ? split.test : split.train, notes: loaded.notes, checksum: split.checksum)
    }
}
