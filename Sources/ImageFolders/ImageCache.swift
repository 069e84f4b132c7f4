import Arrays
import Glibc
import Images
import Support

/// A file of decoded pictures that is open: the pixels of all pictures of a folder in one form, one row after another.
///
/// The file is open as long as this lives, so another process may replace or remove its name.
final class ImageCache: Sendable {
    let path: String
    let index: CacheIndex
    private let descriptor: Int32

    init(path: String, index: CacheIndex, descriptor: Int32) {
        (self.path, self.index, self.descriptor) = (path, index, descriptor)
    }

    deinit { FileLock.close(descriptor) }

    /// Opens a cache; nil where there is none, or one that is damaged.
    static func open(_ path: String) -> ImageCache? {
        guard let (descriptor, size) = try? RegularFile.open(path) else { return nil }
        if let index = readIndex(descriptor, size: size, path) {
            return ImageCache(path: path, index: index, descriptor: descriptor)
        }
        close(descriptor)
        return nil
    }

    private static func readIndex(_ descriptor: Int32, size: Int, _ path: String) -> CacheIndex? {
        guard let header = try? FileBytes.read(descriptor, at: 0, count: 64, path),
            let place = CacheIndex.place(inHeader: header), place.count <= size - place.offset,
            let bytes = try? FileBytes.read(descriptor, at: place.offset, count: place.count, path)
        else { return nil }
        var checksum = Checksum()
        bytes.withUnsafeBytes { checksum.add($0) }
        guard checksum.value == place.checksum, let index = CacheIndex(bytes) else { return nil }
        let (pixels, overflow) = index.records.count.multipliedReportingOverflow(by: index.target.byteCount)
        return !overflow && place.offset == CacheIndex.pixelOffset + pixels ? index : nil
    }

    /// Whether the cache is that of these pictures, as they are now.
    func holds(_ folder: ImageFolder, root: String, target: ImageTarget, version: Int) -> Bool {
        index.root == root && index.target == target && index.decoderVersion == version
            && index.records.count == folder.files.count
            && zip(index.records, folder.files).allSatisfy { $0.path == $1.path && $0.stamp == $1.stamp }
    }

    /// Reads the row of a picture.
    ///
    /// - Throws: `inputOutput`.
    func read(row: Int, into target: UnsafeMutableRawBufferPointer) throws {
        let bytes = index.target.byteCount
        let count = try FileBytes.read(
            descriptor, at: CacheIndex.pixelOffset + row * bytes,
            into: UnsafeMutableRawBufferPointer(rebasing: target[..<bytes]), path)
        guard count == bytes else {
            throw DescentError(.inputOutput, "the file of decoded pictures has become shorter", at: path)
        }
    }

    /// The rows of all pictures, mapped: [N, H, W] or [N, 3, H, W]. Nothing is read before it is used.
    ///
    /// - Throws: `inputOutput`.
    func mapped() throws -> NDArray<UInt8> {
        let shape = [index.records.count] + index.target.exampleShape
        let count = shape.reduce(1, *)
        guard count > 0 else { return NDArray(shape: shape, elements: []) }
        // Private and writable: an array that believes to be the sole owner writes into its own copy of a page, never into
        // the file. No swap is reserved for pages that nobody will write.
        guard
            let address = mmap(
                nil, count + 64, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, descriptor,
                CacheIndex.pixelOffset), address != MAP_FAILED
        else { throw Files.failure(.inputOutput, "cannot map the file of decoded pictures", path) }
        let base = Int(bitPattern: address)
        return NDArray(shape: shape, adopting: address.assumingMemoryBound(to: UInt8.self)) {
            munmap(UnsafeMutableRawPointer(bitPattern: base), count + 64)
        }
    }

    /// Notes that the cache was used: the longest unused one is removed first.
    func touch() { futimens(descriptor, nil) }
}
