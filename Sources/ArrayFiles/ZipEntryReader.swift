import Arrays
import Support

/// A sequential reader of one entry of a zip archive, decompressed on the fly: its header can be checked before the
/// rest takes time and memory.
final class ZipEntryReader: ByteInput {
    /// The archive and the entry, for errors.
    let path: String
    let size: Int
    private(set) var position = 0

    private let entry: ZipArchive.Entry
    private let source: ByteSource
    private let start: Int
    private let inflater: Inflater?
    private var checksum = Checksum()
    private var isAtEnd = false

    /// Creates a reader of the packed bytes at the position of `source`.
    init(_ entry: ZipArchive.Entry, _ source: ByteSource) throws {
        self.entry = entry
        self.source = source
        start = source.position
        path = "\(source.path): \(entry.name)"
        size = entry.size
        inflater =
            entry.method == 0
            ? nil : try Inflater(source, packedSize: entry.packedSize, windowBits: -15)
    }

    /// Reads at most as many bytes as `target` holds; 0 at the end, at `size`.
    ///
    /// - Throws: `badData` when the packed bytes are damaged or make another number of bytes.
    func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
        let wanted = min(target.count, remaining)
        guard wanted > 0 else { return 0 }
        let part = UnsafeMutableRawBufferPointer(rebasing: target[..<wanted])
        var count = 0
        if let inflater {
            while count == 0 {
                switch try inflater.unpack(into: part) {
                case .made(let made): count = made
                case .ended(let made):
                    count = made
                    isAtEnd = true
                    guard made == remaining else { throw wrong }
                case .exhausted: throw failure("truncated")
                case .corrupt(let reason): throw failure(reason)
                }
            }
        } else {
            count = try source.read(into: part)
            guard count > 0 else { throw failure("truncated") }
        }
        checksum.add(UnsafeRawBufferPointer(rebasing: part[..<count]))
        position += count
        return count
    }

    /// Reads and discards the rest, and checks the whole entry.
    ///
    /// - Throws: `badData` when its CRC or its size differs from the directory's.
    func finish() throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
        defer { buffer.deallocate() }
        while remaining > 0 { _ = try read(into: buffer) }
        if let inflater, !isAtEnd {
            // zlib is asked once more, to see the end of its data.
            search: while true {
                switch try inflater.unpack(into: buffer) {
                case .made(0): continue
                case .ended(0): break search
                case .exhausted: throw failure("truncated")
                case .corrupt(let reason): throw failure(reason)
                default: throw wrong
                }
            }
        }
        guard checksum.value == entry.crc32 else { throw wrong }
    }

    private var wrong: DescentError {
        DescentError(
            .badData, "corrupt entry \(shown(entry.name)): its CRC or size is wrong", at: source.place(start))
    }

    private func failure(_ reason: String) -> DescentError {
        DescentError(.badData, "corrupt entry \(shown(entry.name)): \(reason)", at: source.place(start))
    }
}
