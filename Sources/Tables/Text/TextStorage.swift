import CKernels

/// The bytes of a text, held in memory or mapped from a large file, with readable padding on both sides.
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

    init(base: UnsafePointer<UInt8>, count: Int, release: @escaping () -> Void) {
        (self.base, self.count, self.release) = (base, count, release)
    }

    deinit { release() }

    /// All bytes.
    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }

    static let padding = Int(CK_TEXT_PADDING)
    static let lineFeed = UInt8(ascii: "\n")

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
