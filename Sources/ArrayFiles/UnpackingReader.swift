import Arrays
import CZlib

/// Reads a file from front to back and unpacks it on the way if it is gzipped: straight into the caller's
/// memory, so that the data are never held twice.
///
/// Gzip is known by its first two bytes (1f 8b), not by the name: an unpacked file is read as it is. Several
/// gzip members one after another are one file, as RFC 1952 has it.
package final class UnpackingReader {
    /// Whether the file is gzipped.
    package let isGzip: Bool
    /// The unpacked bytes read so far.
    package private(set) var position = 0
    /// The CRC-32 of the unpacked bytes of all that has ended: of the whole contents after `expectEnd`.
    package private(set) var crc32: UInt32 = 0

    package let source: ByteSource
    // zlib keeps the address of the stream, so it has a place of its own in memory.
    private let stream: UnsafeMutablePointer<z_stream>
    private let input: UnsafeMutableRawBufferPointer
    private var memberEnded = false

    /// A reader of a source that nothing has been read from.
    package init(_ source: ByteSource) throws {
        self.source = source
        let first = try source.bytes(min(2, source.size))
        try source.seek(to: 0)
        isGzip = first == [0x1f, 0x8b]
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        input = .allocate(byteCount: 1 << 17, alignment: 64)
        if isGzip {
            // 31: the largest window (15), and 16 for gzip, whose CRC and length zlib then checks.
            let status = inflateInit2_(stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
            guard status == Z_OK else { throw DescentError(.inputOutput, "zlib: no memory", at: source.path) }
        }
    }

    deinit {
        if isGzip { inflateEnd(stream) }
        stream.deallocate()
        input.deallocate()
    }

    /// The size of the file as it lies on the disk.
    package var packedSize: Int { source.size }

    /// The most that the file can unpack to: deflate makes at most 1,032 bytes of one (zlib, "technical
    /// details"), so that a size in a header can be refused before memory is asked for.
    package var largestPossibleSize: Int {
        isGzip ? source.size.multipliedReportingOverflow(by: 1032).partialValue : source.size
    }

    /// Fills `target`, or as much of it as there is left; the number of bytes.
    ///
    /// - Throws: `badData` when the packed data are truncated, corrupt or followed by something else.
    package func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
        var filled = 0
        while filled < target.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: target[filled...])
            let count = isGzip ? try inflate(into: rest) : try copy(into: rest)
            guard let count else { break }
            filled += count
            position += count
        }
        return filled
    }

    /// Fills `target`.
    ///
    /// - Throws: `badData` also when the contents end before.
    package func readExactly(into target: UnsafeMutableRawBufferPointer) throws {
        let start = position
        let count = try read(into: target)
        guard count == target.count else {
            throw DescentError(
                .badData, "truncated", at: place,
                expected: "\(target.count) bytes from byte \(start)", got: "\(count)")
        }
    }

    /// Checks that nothing follows, and with it the CRC at the end of gzipped data.
    ///
    /// - Parameter expected: what the error says there should have been.
    package func expectEnd(expected: String) throws {
        let end = position
        var byte: UInt8 = 0
        let count = try withUnsafeMutableBytes(of: &byte) { try read(into: $0) }
        guard count == 0 else {
            position = end
            let got = isGzip ? "more after byte \(end)" : "\(source.size) bytes"
            throw DescentError(.badData, "too long", at: place, expected: expected, got: got)
        }
    }

    /// Where the reader stands, for an error: unpacked bytes.
    package var place: String {
        isGzip ? "\(source.path), unpacked byte \(position)" : source.place(position)
    }

    private func copy(into target: UnsafeMutableRawBufferPointer) throws -> Int? {
        let count = try source.read(into: target)
        guard count > 0 else { return nil }
        crc32 = UInt32(
            truncatingIfNeeded: crc32_z(
                UInt(crc32), target.baseAddress?.assumingMemoryBound(to: UInt8.self), count))
        return count
    }

    /// One call of zlib: the bytes that it made; nil at the end of the last member.
    private func inflate(into target: UnsafeMutableRawBufferPointer) throws -> Int? {
        if stream.pointee.avail_in == 0 {
            let count = try source.read(into: input)
            stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_in = UInt32(count)
            if count == 0 {
                if memberEnded { return nil }
                throw DescentError(
                    .badData, "truncated gzip data", at: source.place(source.position),
                    advice: "fetch or copy the file again")
            }
        }
        if memberEnded {
            guard stream.pointee.next_in?.pointee == 0x1f else {
                throw DescentError(
                    .badData, "something follows the gzip data", at: source.place(packedPosition),
                    expected: "the end of the file")
            }
            inflateReset(stream)
            memberEnded = false
        }
        // avail_out has 32 bits; the loop in `read` comes back for the rest.
        let space = UInt32(min(target.count, 1 << 30))
        stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = space
        let status = CZlib.inflate(stream, Z_NO_FLUSH)
        switch status {
        case Z_OK, Z_BUF_ERROR:
            break
        case Z_STREAM_END:
            memberEnded = true
            // With gzip wrapping, zlib leaves the member's CRC-32 in `adler`.
            let ended = stream.pointee
            crc32 = UInt32(
                truncatingIfNeeded: crc32_combine(UInt(crc32), ended.adler, Int(ended.total_out)))
        case Z_MEM_ERROR:
            throw DescentError(.inputOutput, "zlib: no memory", at: source.path)
        default:
            let reason = stream.pointee.msg.map { String(cString: $0) } ?? "error \(status)"
            throw DescentError(
                .badData, "corrupt gzip data: \(reason)", at: source.place(packedPosition),
                advice: "fetch or copy the file again")
        }
        return Int(space - stream.pointee.avail_out)
    }

    /// The packed bytes that zlib has used.
    private var packedPosition: Int { source.position - Int(stream.pointee.avail_in) }
}
