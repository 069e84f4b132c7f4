import Arrays
import Glibc
import Images
import Support
import Synchronization

/// How far the decoding of a folder has come.
public struct ImageProgress: Sendable, Equatable {
    /// The pictures that are done.
    package let done: Int
    /// All pictures.
    package let total: Int

    /// A number of pictures of a total.
    package init(done: Int, total: Int) { (self.done, self.total) = (done, total) }
}

/// Counts what several threads have done, and tells it some two hundred times, or at each hundredth of many.
private final class ProgressCounter: Sendable {
    private let total: Int
    private let report: @Sendable (ImageProgress) -> Void
    private let done = Mutex(0)

    init(total: Int, _ report: @escaping @Sendable (ImageProgress) -> Void) {
        (self.total, self.report) = (total, report)
    }

    func advance() {
        done.withLock {
            $0 += 1
            if $0 % max(1, min(100, total / 200)) == 0 || $0 == total {
                report(ImageProgress(done: $0, total: total))
            }
        }
    }
}

/// The making of a cache: every picture decoded once, in parallel, into a temporary file that gets its name at the end.
struct CacheBuild {
    let folder: ImageFolder
    /// The folder's path with all links resolved.
    let root: String
    let target: ImageTarget
    let decoder: PictureDecoder
    let options: ImageCacheOptions
    let progress: @Sendable (ImageProgress) -> Void
    let cancellation: Cancellation?

    /// The cache of the folder: the one that is there if it is of these pictures as they are now, else a new one.
    ///
    /// - Throws: `cannotCreate`, `inputOutput`; `interrupted`: then nothing is left.
    func run() throws -> ImageCache {
        let directory = try options.resolvedDirectory()
        let path = "\(directory)/\(name)"
        return try CacheFolder.locked(directory, name, cancellation) {
            let old = ImageCache.open(path)
            if let old, old.holds(folder, root: root, target: target, version: decoder.version) {
                old.touch()
                return old
            }
            let cache = try make(path, from: old)
            CacheFolder.prune(directory, limit: options.limit, keeping: path)
            return cache
        }
    }

    /// One name for a folder and a form, so that the cache of a folder that has changed takes the place of the old one.
    private var name: String {
        var checksum = Checksum()
        checksum.add(root)
        let last = PathText.prefix(of: PathText.name(of: root), bytes: 40)
        let stem = String(
            String.UnicodeScalarView(last.unicodeScalars.map { $0 == "/" || $0 == "." ? "_" : $0 }))
        let color = target.color.rawValue
        return
            "\(stem)-\(checksum.text)-\(target.width)x\(target.height)-\(target.fit.rawValue)-\(color)\(CacheFolder.suffix)"
    }

    private func make(_ path: String, from old: ImageCache?) throws -> ImageCache {
        let directory = PathText.parent(of: path)
        let pixels = folder.files.count * target.byteCount
        try CacheFolder.requireSpace(
            CacheIndex.pixelOffset + pixels + folder.files.count * 512, in: directory)
        let number = UInt32.random(in: 0 ... .max)
        let temporary = "\(directory)/.\(PathText.name(of: path)).\(getpid())-\(number).tmp"
        let (descriptor, _) = try RegularFile.open(
            temporary, flags: O_RDWR | O_CREAT | O_EXCL, failing: .cannotCreate)
        var isComplete = false
        defer {
            if !isComplete {
                unlink(temporary)
                close(descriptor)
            }
        }
        // The lock says that somebody is at work on it.
        _ = FileLock.take(descriptor)
        guard ftruncate(descriptor, off_t(CacheIndex.pixelOffset + pixels)) == 0 else {
            throw OutputFile.failure(errno, temporary, creating: false)
        }
        let records = try decode(into: descriptor, temporary, from: old)
        let index = CacheIndex(root: root, target: target, decoderVersion: decoder.version, records: records)
        let encoded = index.encoded
        try encoded.withUnsafeBytes {
            try FileBytes.write($0, descriptor, at: CacheIndex.pixelOffset + pixels, temporary)
        }
        try index.header(of: encoded).withUnsafeBytes {
            try FileBytes.write($0, descriptor, at: 0, temporary)
        }
        try Cancellation.check(cancellation, at: root)
        // No flush to the disk: after a power cut the index does not have its checksum, and the cache is made again.
        guard rename(temporary, path) == 0 else { throw OutputFile.failure(errno, path, creating: true) }
        isComplete = true
        return ImageCache(path: path, index: index, descriptor: descriptor)
    }

    private func decode(
        into descriptor: Int32, _ output: String, from old: ImageCache?
    ) throws -> [PictureRecord] {
        var known: [[UInt8]: Int] = [:]
        if let old, old.index.root == root, old.index.target == target,
            old.index.decoderVersion == decoder.version
        {
            known = Dictionary(old.index.records.enumerated().map { ($1.path.pathKey, $0) }) { first, _ in
                first
            }
        }
        let files = folder.files
        let counter = ProgressCounter(total: files.count, progress)
        return try inParallel(files.count, cancellation: cancellation, at: root) {
            [known, target, decoder, root] index in
            let file = files[index]
            var row: [UInt8]?
            var record: PictureRecord?
            if let old, let place = known[file.path.pathKey], old.index.records[place].stamp == file.stamp,
                old.index.records[place].fault == nil
            {
                var bytes = [UInt8](repeating: 0, count: target.byteCount)
                try bytes.withUnsafeMutableBytes { try old.read(row: place, into: $0) }
                (row, record) = (bytes, old.index.records[place])
            }
            let made: PictureRecord
            if let record {
                made = record
            } else {
                (made, row) = Self.decoded(file, root, target, decoder)
            }
            // A picture without pixels is a hole in the file.
            if let row {
                try row.withUnsafeBytes {
                    try FileBytes.write(
                        $0, descriptor, at: CacheIndex.pixelOffset + index * target.byteCount, output)
                }
            }
            counter.advance()
            return made
        }
    }

    /// A picture's record and pixels; without pixels where it cannot be read.
    private static func decoded(
        _ file: ImageFile, _ root: String, _ target: ImageTarget, _ decoder: PictureDecoder
    ) -> (PictureRecord, [UInt8]?) {
        let path = "\(root)/\(file.path)"
        var checksum = Checksum()
        func record(_ signature: PictureSignature, _ fault: DescentError?) -> PictureRecord {
            PictureRecord(
                path: file.path, stamp: file.stamp, checksum: checksum.value, signature: signature,
                fault: fault)
        }
        do {
            let (bytes, isWhole) = try FileBytes.read(path, limit: PictureDecoder.maximumBytes)
            bytes.withUnsafeBytes { checksum.add($0) }
            guard isWhole else {
                throw DescentError(
                    .badData, "the file is too large", at: path,
                    expected: "at most \(PictureDecoder.maximumBytes) bytes")
            }
            if case .failure(let error) = file.header { throw error }
            let image = try decoder.image(bytes, target, path)
            return (record(PictureSignature(of: image), nil), PictureDecoder.planes(of: image))
        } catch let error as DescentError {
            return (record(.none, error), nil)
        } catch {
            return (record(.none, DescentError(.badData, "cannot read the picture: \(error)", at: path)), nil)
        }
    }
}
