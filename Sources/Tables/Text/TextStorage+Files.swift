import ArrayFiles
import Arrays
import CKernels
import Glibc
import Support

extension TextStorage {
    /// The largest file that is read. A larger one is mapped: no memory is taken for it, but the system ends the program when another
    /// one shortens the file meanwhile.
    static let readLimit = 256 << 20

    /// The file at `path`, gzipped or not: read, mapped or unpacked.
    ///
    /// - Throws: `missingInput`, `inputOutput`; `badData` for damaged gzip data, or more unpacked than `MemoryLimit` allows.
    static func contents(ofFile path: String, readLimit: Int = readLimit) throws -> TextStorage {
        // Opening a source also settles a pipe that is named by its descriptor.
        let reader = try UnpackingReader(ByteSource(path: path))
        if reader.isGzip { return try unpacked(reader) }
        let (descriptor, size) = try RegularFile.open(path)
        defer { close(descriptor) }
        return size <= readLimit
            ? try read(descriptor, size: size, path) : try mapped(descriptor, size: size, path)
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

    /// Bytes that are read at once.
    private static let pieceSize = 4 << 20

    /// A copy of the file's `size` bytes, read in parallel pieces.
    ///
    /// - Throws: `inputOutput`, also when there are fewer bytes than `size`.
    static func read(_ descriptor: Int32, size: Int, _ path: String) throws -> TextStorage {
        let whole = (size + 1 + 2 * padding + 63) / 64 * 64
        guard let memory = ck_buffer_take(whole) else {
            throw DescentError(
                .inputOutput, "not enough memory for the file", at: path, expected: Numerals.bytes(whole))
        }
        let bytes = memory.assumingMemoryBound(to: UInt8.self) + padding
        let pieces = (size + pieceSize - 1) / pieceSize
        let outcome = Outcomes(count: pieces)
        // The memory is this function's until all pieces are read, and each piece writes to bytes of its own.
        nonisolated(unsafe) let target = bytes
        inParts(pieces) { piece in
            let first = piece * pieceSize
            outcome.set(
                piece, fill(target + first, descriptor, from: first, count: min(pieceSize, size - first)))
        }
        if let failure = outcome.first(where: { $0 != 0 }) {
            ck_buffer_give(memory, whole)
            guard failure != Outcomes.ended else {
                throw DescentError(
                    .inputOutput, "the file became shorter while it was read", at: path,
                    expected: "\(size) bytes", advice: "read it again when it is written")
            }
            throw DescentError(.inputOutput, "cannot read the file: \(systemMessage(failure))", at: path)
        }
        var count = size
        if size > 0, bytes[size - 1] != lineFeed {
            bytes[size] = lineFeed
            count += 1
        }
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: padding)
        (bytes + count).initialize(repeating: 0, count: whole - padding - count)
        return TextStorage(base: UnsafePointer(bytes), count: count) { ck_buffer_give(memory, whole) }
    }

    /// Reads `count` bytes at `from`; 0, or the system's number of the error, or `Outcomes.ended`.
    private static func fill(
        _ target: UnsafeMutablePointer<UInt8>, _ descriptor: Int32, from: Int, count: Int
    ) -> Int32 {
        var done = 0
        while done < count {
            let made = pread(descriptor, target + done, count - done, off_t(from + done))
            if made == 0 { return Outcomes.ended }
            if made > 0 { done += made } else if errno != EINTR { return errno }
        }
        return 0
    }

    /// The file's pages between two of zeros: what is read before and after it is there, and its last page is private, so that a
    /// line feed can be put after it.
    private static func mapped(_ descriptor: Int32, size: Int, _ path: String) throws -> TextStorage {
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

/// How parts that run at once ended, a number for each: 0 where all went well.
private final class Outcomes: @unchecked Sendable {
    /// The number for a file that ends too early.
    static let ended: Int32 = -1
    // Each part writes its own number, and they are read when all have ended.
    private let numbers: UnsafeMutableBufferPointer<Int32>

    init(count: Int) {
        numbers = .allocate(capacity: count)
        numbers.initialize(repeating: 0)
    }

    deinit { numbers.deallocate() }

    func set(_ part: Int, _ number: Int32) { numbers[part] = number }

    func first(where isWanted: (Int32) -> Bool) -> Int32? { numbers.first(where: isWanted) }
}
