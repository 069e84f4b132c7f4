import Arrays
import CZlib
import Support

/// A sequential reader of a file that is decompressed on the fly if it is gzipped, directly into the caller's memory,
/// so that the data are never held twice.
///
/// Gzip is known by its first two bytes (1f 8b), not by the name: an unpacked file is read as it is. Several gzip
/// members one after another are one file, as RFC 1952 has it; zeros after a member, with which tapes and some
/// downloads are padded, are skipped as by gzip itself.
package final class UnpackingReader {
    /// Whether the file is gzipped.
    package let isGzip: Bool
    /// The number of unpacked bytes read so far.
    package private(set) var position = 0
    /// The CRC-32 of the unpacked bytes of all complete members: of the whole contents after `expectEnd`.
    package private(set) var crc32: UInt32 = 0

    package let source: ByteSource
    private let inflater: Inflater?
    private var memberEnded = false

    /// Creates a reader of a source at its beginning.
    package init(_ source: ByteSource) throws {
        self.source = source
        let first = try source.bytes(min(2, source.size))
        try source.seek(to: 0)
        isGzip = first == [0x1f, 0x8b]
        // 31: the largest window (15), and 16 for gzip, whose CRC and length zlib then checks.
        inflater = isGzip ? try Inflater(source, packedSize: source.size, windowBits: 31) : nil
    }

    /// The size of the file on the disk.
    package var packedSize: Int { source.size }

    /// The largest size that the file can unpack to: deflate makes at most 1,032 bytes of one (zlib, "technical
    /// details"), so that a size in a header can be rejected before memory is allocated.
    package var largestPossibleSize: Int {
        isGzip ? source.size.multipliedReportingOverflow(by: 1032).partialValue : source.size
    }

    /// Fills `target`, or as much of it as there are bytes left; returns their number.
    ///
    /// - Throws: `badData` when the packed data are truncated, corrupt or followed by something else.
    package func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
        var filled = 0
        while filled < target.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: target[filled...])
            let count = if let inflater { try unpack(inflater, into: rest) } else { try copy(into: rest) }
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
    /// - Parameter expected: the expected contents, for the error.
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

    /// The position of the reader, for an error: unpacked bytes.
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

    /// Calls zlib once and returns the number of bytes made; nil at the end of the last member.
    private func unpack(_ inflater: Inflater, into target: UnsafeMutableRawBufferPointer) throws -> Int? {
        if memberEnded {
            try inflater.skipZeros()
            guard let next = try inflater.peek() else { return nil }
            guard next == 0x1f else {
                throw DescentError(
                    .badData, "something follows the gzip data", at: source.place(inflater.packedPosition),
                    expected: "the end of the file")
            }
            inflater.restart()
            memberEnded = false
        }
        switch try inflater.unpack(into: target) {
        case .made(let count):
            return count
        case .ended(let count):
            memberEnded = true
            let (crc, length) = inflater.checked
            crc32 = UInt32(truncatingIfNeeded: crc32_combine(UInt(crc32), UInt(crc), length))
            return count
        case .exhausted:
            throw DescentError(
                .badData, "truncated gzip data", at: source.place(source.position),
                advice: "fetch or copy the file again")
        case .corrupt(let reason):
            throw DescentError(
                .badData, "corrupt gzip data: \(reason)", at: source.place(inflater.packedPosition),
                advice: "fetch or copy the file again")
        }
    }
}
