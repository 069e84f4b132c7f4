import ArrayFiles
import CKernels
import Glibc
import Support

/// The bytes of a text, mapped from a file or held in memory, with readable padding on both sides.
///
/// A text that is not empty ends with a line feed, put after it where it has none: every row then has an end, and the vectorised
/// scanners need no case for the last.
///
/// The memory is changed by nobody after it was made, which makes it safe to share.
final class TextStorage: @unchecked Sendable {
    /// The first byte.
    let base: UnsafePointer<UInt8>
    /// The number of bytes, the last line feed included.
    let count: Int
    private let release: () -> Void

    private init(base: UnsafePointer<UInt8>, count: Int, release: @escaping () -> Void) {
        (self.base, self.count, self.release) = (base, count, release)
    }

    deinit { release() }

    /// All bytes.
    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }

    private static let padding = Int(CK_TEXT_PADDING)
    private static let lineFeed = UInt8(ascii: "\n")

    /// Text that `fill` appends to, at most `limit` bytes.
    static func making(_ fill: (inout GrowingText) throws -> Void) rethrows -> TextStorage {
        var text = GrowingText()
        do {
            try fill(&text)
        } catch {
            // The memory has no owner yet.
            text.finish().0.deallocate()
            throw error
        }
        if text.count > 0, text.last != lineFeed { text.append(lineFeed) }
        let (memory, count) = text.finish()
        return TextStorage(base: UnsafePointer(memory + padding), count: count) { memory.deallocate() }
    }

    /// The file at `path`, gzipped or not: mapped, or unpacked.
    ///
    /// - Throws: `missingInput`, `inputOutput`; `badData` for damaged gzip data, or more unpacked than `MemoryLimit` allows.
    static func contents(ofFile path: String) throws -> TextStorage {
        // Opening a source also settles a pipe that is named by its descriptor.
        let reader = try UnpackingReader(ByteSource(path: path))
        return reader.isGzip ? try unpacked(reader) : try mapped(path)
    }

    private static func unpacked(_ reader: UnpackingReader) throws -> TextStorage {
        let limit = MemoryLimit.bytes(forFileOf: reader.packedSize)
        return try making { text in
            while true {
                let made = try text.append(atMost: min(1 << 20, limit - text.count)) {
                    try reader.read(into: $0)
                }
                if made == 0 { break }
            }
            try reader.expectEnd(expected: "at most \(limit) bytes")
        }
    }

    /// The file's pages between two of zeros: what is read before and after it is there, and its last page is private, so that a
    /// line feed can be put after it.
    private static func mapped(_ path: String) throws -> TextStorage {
        let (descriptor, size) = try RegularFile.open(path)
        defer { close(descriptor) }
        let page = sysconf(Int32(_SC_PAGESIZE))
        let whole = (size + page - 1) / page * page + 2 * page
        func failure() -> DescentError {
            DescentError(.inputOutput, "cannot map the file: \(systemMessage(errno))", at: path)
        }
        guard
            let area = mmap(
                nil, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0),
            area != MAP_FAILED
        else { throw failure() }
        if size > 0 {
            guard
                mmap(
                    area + page, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, descriptor, 0)
                    != MAP_FAILED
            else {
                let error = failure()
                munmap(area, whole)
                throw error
            }
            madvise(area + page, size, MADV_WILLNEED)
        }
        let bytes = (area + page).assumingMemoryBound(to: UInt8.self)
        var count = size
        if size > 0, bytes[size - 1] != lineFeed {
            bytes[size] = lineFeed
            count += 1
        }
        return TextStorage(base: UnsafePointer(bytes), count: count) { munmap(area, whole) }
    }
}

/// Memory for a text that grows.
struct GrowingText {
    private var memory: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private(set) var count = 0
    private static let padding = Int(CK_TEXT_PADDING)

    init(capacity: Int = 1 << 16) {
        self.capacity = capacity
        memory = Self.allocate(capacity)
    }

    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<UInt8> {
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + 2 * padding)
        memory.initialize(repeating: 0, count: capacity + 2 * padding)
        return memory
    }

    var last: UInt8? { count > 0 ? memory[Self.padding + count - 1] : nil }

    private mutating func reserve(_ more: Int) {
        guard count + more > capacity else { return }
        let larger = max(2 * capacity, count + more)
        let copy = Self.allocate(larger)
        (copy + Self.padding).update(from: memory + Self.padding, count: count)
        memory.deallocate()
        (memory, capacity) = (copy, larger)
    }

    mutating func append(_ byte: UInt8) {
        reserve(1)
        memory[Self.padding + count] = byte
        count += 1
    }

    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let base = bytes.baseAddress, bytes.count > 0 else { return }
        reserve(bytes.count)
        (memory + Self.padding + count).update(from: base, count: bytes.count)
        count += bytes.count
    }

    /// Appends what `read` puts into the memory that it is given, and returns how much that is.
    mutating func append(atMost more: Int, _ read: (UnsafeMutableRawBufferPointer) throws -> Int) rethrows
        -> Int
    {
        guard more > 0 else { return 0 }
        reserve(more)
        let made = try read(UnsafeMutableRawBufferPointer(start: memory + Self.padding + count, count: more))
        count += made
        return made
    }

    /// Hands the memory over: the padding, the text, the padding.
    func finish() -> (UnsafeMutablePointer<UInt8>, Int) {
        // What lies behind may be left from a read that made less than it was offered.
        (memory + Self.padding + count).update(repeating: 0, count: Self.padding)
        return (memory, count)
    }
}
