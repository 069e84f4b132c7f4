import Arrays
import CZlib

/// A zip archive, as far as npz files need it: stored and deflated entries, zip64 sizes, no encryption.
///
/// Only the central directory is believed; what it says is held against the file before memory is asked for.
///
/// Source: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.
struct ZipArchive {
    struct Entry {
        let name: String
        let method: Int
        let crc32: UInt32
        let packedSize: Int
        let size: Int
        /// Where the entry's own header is.
        let offset: Int
    }

    let entries: [Entry]
    private let source: ByteSource

    /// - Parameter limit: the most bytes that the deflated entries may have together, unpacked.
    init(_ source: ByteSource, limit: Int = 1 << 32) throws {
        self.source = source
        let (count, size, offset) = try Self.end(of: source)
        guard offset <= source.size, size <= source.size - offset, count <= size / 46 else {
            throw DescentError(
                .badData, "the zip directory lies outside the file", at: source.path,
                expected: "within \(source.size) bytes", got: "\(size) bytes from byte \(offset)")
        }
        try source.seek(to: offset)
        let directory = Bytes(try source.bytes(size), origin: offset, path: source.path)
        var entries: [Entry] = []
        var names: Set<String> = []
        var place = 0
        var (total, unpacked) = (0, 0)
        // Deflate makes at most 1,032 bytes of one.
        let most = min(source.size, 1 << 50) * 1032
        for _ in 0..<count {
            let (entry, length) = try Self.entry(directory, at: place)
            guard names.insert(entry.name).inserted else {
                throw directory.failure("the name \"\(entry.name)\" comes twice", at: place)
            }
            // Entries that share their packed bytes could each unpack to a thousand times the file.
            guard entry.packedSize <= source.size, entry.size <= most - total else {
                throw directory.failure("an entry that cannot be in a file of this size", at: place)
            }
            total += entry.size
            if entry.method != 0 { unpacked += entry.size }
            guard unpacked <= limit else {
                throw directory.failure(
                    "too large when unpacked", at: place, expected: "at most \(limit) bytes",
                    got: "\(unpacked) up to entry \"\(entry.name)\"")
            }
            entries.append(entry)
            place += length
        }
        self.entries = entries
    }

    /// The unpacked bytes of an entry, its CRC checked.
    func contents(of entry: Entry) throws -> [UInt8] {
        guard entry.offset <= source.size - 30 else {
            throw DescentError(
                .badData, "entry \"\(entry.name)\" lies outside the file", at: source.place(entry.offset))
        }
        try source.seek(to: entry.offset)
        let header = Bytes(try source.bytes(30), origin: entry.offset, path: source.path)
        guard header.number(0, 4) == 0x0403_4B50 else {
            throw header.failure("there is no zip entry", at: 0)
        }
        guard header.number(6, 2) & 1 == 0 else {
            throw header.failure("entry \"\(entry.name)\" is encrypted", at: 6)
        }
        let start = entry.offset + 30 + header.number(26, 2) + header.number(28, 2)
        guard start <= source.size, entry.packedSize <= source.size - start else {
            throw DescentError(
                .badData, "entry \"\(entry.name)\" is truncated", at: source.place(source.size),
                expected: "\(entry.packedSize) bytes from byte \(start)")
        }
        try source.seek(to: start)
        let packed = try source.bytes(entry.packedSize)
        let bytes: [UInt8]
        switch entry.method {
        case 0: bytes = packed
        case 8:
            guard entry.size <= packed.count * 1032 else {
                throw DescentError(
                    .badData, "entry \"\(entry.name)\" is too short for its size", at: source.place(start))
            }
            bytes = try Self.inflated(packed, size: entry.size) { reason in
                DescentError(
                    .badData, "corrupt entry \"\(entry.name)\": \(reason)", at: source.place(start))
            }
        default:
            throw header.failure(
                "entry \"\(entry.name)\" is packed in a way that is not read here", at: 8,
                expected: "stored (0) or deflated (8)", got: "\(entry.method)")
        }
        guard bytes.count == entry.size, Self.checksum([bytes]) == entry.crc32 else {
            throw DescentError(
                .badData, "corrupt entry \"\(entry.name)\": its CRC or size is wrong", at: source.place(start)
            )
        }
        return bytes
    }

    // MARK: The directory

    /// Number of entries, size and offset of the directory.
    private static func end(of source: ByteSource) throws -> (count: Int, size: Int, offset: Int) {
        // The end record has 22 bytes and a comment of at most 65,535.
        let length = min(source.size, 22 + 65535)
        let origin = source.size - length
        try source.seek(to: origin)
        let tail = Bytes(try source.bytes(length), origin: origin, path: source.path)
        var place = length - 22
        while place >= 0, tail.number(place, 4) != 0x0605_4B50 { place -= 1 }
        guard place >= 0 else {
            throw DescentError(
                .badData, "not a zip archive, or a truncated one", at: source.place(source.size),
                expected: "the end of a zip directory")
        }
        let record = (tail.number(place + 10, 2), tail.number(place + 12, 4), tail.number(place + 16, 4))
        // Fields that are full mean that a zip64 record has the numbers; its locator stands right before.
        guard record.0 == 0xFFFF || record.1 == 0xFFFF_FFFF || record.2 == 0xFFFF_FFFF, place >= 20,
            tail.number(place - 20, 4) == 0x0706_4B50
        else { return record }
        let offset = tail.number(place - 12, 8)
        guard offset >= 0, offset <= source.size - 56 else {
            throw tail.failure("the zip64 directory lies outside the file", at: place - 12)
        }
        try source.seek(to: offset)
        let zip64 = Bytes(try source.bytes(56), origin: offset, path: source.path)
        let large = (zip64.number(32, 8), zip64.number(40, 8), zip64.number(48, 8))
        guard zip64.number(0, 4) == 0x0606_4B50, large.0 >= 0, large.1 >= 0, large.2 >= 0 else {
            throw zip64.failure("a broken zip64 record", at: 0)
        }
        return large
    }

    /// One entry of the directory, and the bytes it takes there.
    private static func entry(_ directory: Bytes, at place: Int) throws -> (Entry, length: Int) {
        guard place <= directory.count - 46, directory.number(place, 4) == 0x0201_4B50 else {
            throw directory.failure("a broken zip directory", at: place)
        }
        let nameLength = directory.number(place + 28, 2)
        let extraLength = directory.number(place + 30, 2)
        let length = 46 + nameLength + extraLength + directory.number(place + 32, 2)
        guard length <= directory.count - place else {
            throw directory.failure("a broken zip directory", at: place)
        }
        var size = directory.number(place + 24, 4)
        var packedSize = directory.number(place + 20, 4)
        var offset = directory.number(place + 42, 4)
        // Zip64: an extra field has, in this order, those numbers whose own fields are full.
        var extra = place + 46 + nameLength
        let extraEnd = extra + extraLength
        while extra + 4 <= extraEnd {
            let (kind, fieldLength) = (directory.number(extra, 2), directory.number(extra + 2, 2))
            var field = extra + 4
            let fieldEnd = field + fieldLength
            guard fieldEnd <= extraEnd else { break }
            if kind == 1 {
                func take(_ value: inout Int) {
                    if value == 0xFFFF_FFFF, field + 8 <= fieldEnd {
                        value = directory.number(field, 8)
                        field += 8
                    }
                }
                take(&size)
                take(&packedSize)
                take(&offset)
            }
            extra = fieldEnd
        }
        guard size >= 0, packedSize >= 0, offset >= 0 else {
            throw directory.failure("an impossible size", at: place)
        }
        let entry = Entry(
            name: directory.text(place + 46, nameLength), method: directory.number(place + 10, 2),
            crc32: UInt32(directory.number(place + 16, 4)), packedSize: packedSize, size: size, offset: offset
        )
        return (entry, length)
    }

    // MARK: zlib

    static func checksum(_ parts: [[UInt8]]) -> UInt32 {
        parts.reduce(0) { crc, part in
            part.withUnsafeBufferPointer {
                UInt32(truncatingIfNeeded: crc32_z(UInt(crc), $0.baseAddress, $0.count))
            }
        }
    }

    /// Unpacks raw deflate data to `size` bytes; fewer if there are fewer.
    private static func inflated(
        _ packed: [UInt8], size: Int, _ failure: (String) -> DescentError
    ) throws -> [UInt8] {
        // zlib keeps the stream's address, so it has a place of its own; its counters have 32 bits.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        defer { stream.deallocate() }
        stream.initialize(to: z_stream())
        // -15: the largest window, no wrapping.
        guard inflateInit2_(stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw failure("zlib: no memory")
        }
        defer { inflateEnd(stream) }
        var bytes: [UInt8] = []
        var used = 0
        var step = 1 << 16
        while true {
            // The memory grows with the data that did arrive, never with what a directory promises.
            let wanted = min(step, size - bytes.count, 1 << 30)
            var status = Z_OK
            let isLast = wanted == size - bytes.count
            // One byte at least, since zlib refuses a null pointer.
            bytes += packed.withUnsafeBufferPointer { source in
                [UInt8](unsafeUninitializedCapacity: max(wanted, 1)) { target, filled in
                    while status == Z_OK {
                        let supply = UInt32(min(source.count - used, 1 << 30))
                        stream.pointee.next_in = source.baseAddress.map {
                            UnsafeMutablePointer(mutating: $0 + used)
                        }
                        stream.pointee.avail_in = supply
                        stream.pointee.next_out = target.baseAddress.map { $0 + filled }
                        stream.pointee.avail_out = UInt32(wanted - filled)
                        status = inflate(stream, Z_NO_FLUSH)
                        used += Int(supply - stream.pointee.avail_in)
                        filled = wanted - Int(stream.pointee.avail_out)
                        // After the last byte zlib is called again, to see the end of the stream.
                        if filled == wanted && !isLast { break }
                    }
                }
            }
            if status == Z_STREAM_END { return bytes }
            guard status == Z_OK else {
                throw failure(
                    stream.pointee.msg.map { String(cString: $0) }
                        ?? (bytes.count == size ? "more than its size" : "truncated"))
            }
            step = max(step, bytes.count)
        }
    }
}

/// Bytes of a file with little-endian numbers in them.
private struct Bytes {
    private let bytes: [UInt8]
    private let origin: Int
    private let path: String

    init(_ bytes: [UInt8], origin: Int, path: String) {
        self.bytes = bytes
        self.origin = origin
        self.path = path
    }

    var count: Int { bytes.count }

    /// A number of `length` bytes; one of 8 that does not fit is negative.
    func number(_ place: Int, _ length: Int) -> Int {
        bytes[place..<place + length].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    func text(_ place: Int, _ length: Int) -> String {
        String(decoding: bytes[place..<place + length], as: UTF8.self)
    }

    func failure(_ what: String, at place: Int, expected: String? = nil, got: String? = nil) -> DescentError {
        DescentError(.badData, what, at: "\(path), byte \(origin + place)", expected: expected, got: got)
    }
}
