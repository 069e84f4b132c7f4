import Arrays
import CZlib
import Support

/// A zip archive, as far as npz files need it: stored and deflated entries, zip64 sizes, no encryption.
///
/// Only the central directory is used; it is checked against the file before memory is allocated.
///
/// Source: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3, 4.4.4 and 4.5.
struct ZipArchive {
    struct Entry {
        let name: String
        /// The name's own bytes.
        let nameBytes: [UInt8]
        let method: Int
        let crc32: UInt32
        let packedSize: Int
        let size: Int
        /// The position of the entry's own header.
        let offset: Int
        /// The byte of the file at which its entry in the directory begins.
        let place: Int
    }

    let entries: [Entry]
    let source: ByteSource

    init(_ source: ByteSource) throws {
        self.source = source
        let (count, size, offset) = try Self.end(of: source)
        guard offset <= source.size, size <= source.size - offset, count <= size / 46 else {
            throw DescentError(
                .badData, "the zip directory lies outside the file", at: source.path,
                expected: "within \(source.size) bytes", got: "\(size) bytes from byte \(offset)")
        }
        try source.seek(to: offset)
        let directory = ZipBytes(try source.bytes(size), origin: offset, path: source.path)
        var entries: [Entry] = []
        var names = NamedValues<Int>()
        var place = 0
        for _ in 0..<count {
            let (entry, length) = try Self.entry(directory, at: place)
            guard names[entry.name] == nil else {
                throw directory.failure("the name \(shown(entry.name)) comes twice", at: place)
            }
            names[entry.name] = place
            // Deflate makes at most 1,032 bytes of one.
            guard entry.packedSize <= source.size, entry.size <= min(source.size, 1 << 50) * 1032 else {
                throw directory.failure("an entry that cannot be in a file of this size", at: place)
            }
            entries.append(entry)
            place += length
        }
        try Self.checkOverlaps(entries, end: offset, source)
        self.entries = entries
    }

    /// Entries that share packed bytes would each unpack to a thousand times the file; no program makes such an archive.
    private static func checkOverlaps(_ entries: [Entry], end: Int, _ source: ByteSource) throws {
        var next = end
        for entry in entries.sorted(by: { ($0.offset, $0.place) > ($1.offset, $1.place) }) {
            // The entry's own header may be longer by fields of its own.
            let length = 30 + entry.nameBytes.count + entry.packedSize
            guard entry.offset <= next, length <= next - entry.offset else {
                throw DescentError(
                    .badData, "entry \(shown(entry.name)) overlaps what follows it",
                    at: source.place(entry.place),
                    expected: "at most \(max(0, next - entry.offset)) bytes from byte \(entry.offset)",
                    got: "\(length)")
            }
            next = entry.offset
        }
    }

    /// Reads `entry`; the bytes are checked by its `finish`.
    ///
    /// The archive's entries share one source, so one reader is used up before the next is made.
    func reader(of entry: Entry) throws -> ZipEntryReader {
        guard entry.offset <= source.size - 30 else {
            throw DescentError(
                .badData, "entry \(shown(entry.name)) lies outside the file", at: source.place(entry.offset))
        }
        try source.seek(to: entry.offset)
        let header = ZipBytes(try source.bytes(30), origin: entry.offset, path: source.path)
        guard header.number(0, 4) == 0x0403_4B50 else {
            throw header.failure("there is no zip entry", at: 0)
        }
        guard header.number(6, 2) & 1 == 0 else {
            throw header.failure("entry \(shown(entry.name)) is encrypted", at: 6)
        }
        let nameLength = header.number(26, 2)
        guard nameLength == entry.nameBytes.count, try source.bytes(nameLength) == entry.nameBytes else {
            throw header.failure("entry \(shown(entry.name)) has another name in its own header", at: 26)
        }
        let start = entry.offset + 30 + nameLength + header.number(28, 2)
        guard start <= source.size, entry.packedSize <= source.size - start else {
            throw DescentError(
                .badData, "entry \(shown(entry.name)) is truncated", at: source.place(source.size),
                expected: "\(entry.packedSize) bytes from byte \(start)")
        }
        try source.seek(to: start)
        switch entry.method {
        case 0:
            guard entry.size == entry.packedSize else {
                throw header.failure("entry \(shown(entry.name)) is stored, yet has two sizes", at: 18)
            }
        case 8:
            guard entry.size <= entry.packedSize * 1032 else {
                throw DescentError(
                    .badData, "entry \(shown(entry.name)) is too short for its size", at: source.place(start))
            }
        default:
            throw header.failure(
                "entry \(shown(entry.name)) is packed in a way that is not read here", at: 8,
                expected: "stored (0) or deflated (8)", got: "\(entry.method)")
        }
        return try ZipEntryReader(entry, source)
    }

    // MARK: The directory

    /// Number of entries, size and offset of the directory.
    private static func end(of source: ByteSource) throws -> (count: Int, size: Int, offset: Int) {
        // The end record has 22 bytes and a comment of at most 65,535.
        let length = min(source.size, 22 + 65535)
        let origin = source.size - length
        try source.seek(to: origin)
        let tail = ZipBytes(try source.bytes(length), origin: origin, path: source.path)
        var place = length - 22
        while place >= 0, tail.number(place, 4) != 0x0605_4B50 { place -= 1 }
        guard place >= 0 else {
            throw DescentError(
                .badData, "not a zip archive, or a truncated one", at: source.place(source.size),
                expected: "the end of a zip directory")
        }
        let record = (tail.number(place + 10, 2), tail.number(place + 12, 4), tail.number(place + 16, 4))
        // Fields of all ones mean that a zip64 record has the values; its locator is directly before.
        guard record.0 == 0xFFFF || record.1 == 0xFFFF_FFFF || record.2 == 0xFFFF_FFFF, place >= 20,
            tail.number(place - 20, 4) == 0x0706_4B50
        else { return record }
        let offset = tail.number(place - 12, 8)
        guard offset >= 0, offset <= source.size - 56 else {
            throw tail.failure("the zip64 directory lies outside the file", at: place - 12)
        }
        try source.seek(to: offset)
        let zip64 = ZipBytes(try source.bytes(56), origin: offset, path: source.path)
        let large = (zip64.number(32, 8), zip64.number(40, 8), zip64.number(48, 8))
        guard zip64.number(0, 4) == 0x0606_4B50, large.0 >= 0, large.1 >= 0, large.2 >= 0 else {
            throw zip64.failure("a broken zip64 record", at: 0)
        }
        return large
    }

    /// One entry of the directory, and the bytes it takes there.
    private static func entry(_ directory: ZipBytes, at place: Int) throws -> (Entry, length: Int) {
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
        // Zip64: an extra field has, in this order, the values whose own fields are all ones.
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
        let name = directory.bytes(place + 46, nameLength)
        // Bit 11 of the flags says that the name is UTF-8; without it the oldest code page of MS-DOS is meant.
        let isUTF8 = directory.number(place + 8, 2) & 1 << 11 != 0
        guard let text = isUTF8 ? String(validating: name, as: UTF8.self) : CodePage437.text(name) else {
            throw directory.failure("a name that is not UTF-8", at: place + 46)
        }
        let entry = Entry(
            name: text, nameBytes: name, method: directory.number(place + 10, 2),
            crc32: UInt32(directory.number(place + 16, 4)), packedSize: packedSize, size: size,
            offset: offset,
            place: directory.origin + place)
        return (entry, length)
    }

    /// The CRC-32 of parts in a row.
    static func checksum(_ parts: [[UInt8]]) -> UInt32 {
        var checksum = Checksum()
        for part in parts { part.withUnsafeBytes { checksum.add($0) } }
        return checksum.value
    }
}

/// Bytes of a file with little-endian integers in them.
struct ZipBytes {
    /// The position of the bytes in the file.
    let origin: Int
    private let bytes: [UInt8]
    private let path: String

    init(_ bytes: [UInt8], origin: Int, path: String) {
        self.bytes = bytes
        self.origin = origin
        self.path = path
    }

    var count: Int { bytes.count }

    /// Reads an integer of `length` bytes; one of 8 that does not fit is negative.
    func number(_ place: Int, _ length: Int) -> Int {
        bytes[place..<place + length].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    func bytes(_ place: Int, _ length: Int) -> [UInt8] { Array(bytes[place..<place + length]) }

    func failure(_ what: String, at place: Int, expected: String? = nil, got: String? = nil) -> DescentError {
        DescentError(.badData, what, at: "\(path), byte \(origin + place)", expected: expected, got: got)
    }
}

/// The characters of IBM's code page 437, in which zip stores names without the flag of UTF-8.
enum CodePage437 {
    private static let upper = Array(
        ("ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐"
            + "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}").unicodeScalars)

    static func text(_ bytes: [UInt8]) -> String {
        var text = String.UnicodeScalarView()
        for byte in bytes { text.append(byte < 128 ? Unicode.Scalar(byte) : upper[Int(byte) - 128]) }
        return String(text)
    }
}
