import Arrays
import CZlib
import Support

/// zlib's unpacking of a part of a source, fed as it goes.
final class Inflater {
    /// What one call of zlib came to.
    enum Outcome {
        /// So many bytes, and there may be more.
        case made(Int)
        /// So many bytes, and the data are at their end.
        case ended(Int)
        /// The packed bytes have run out before the end.
        case exhausted
        /// Zlib cannot make sense of them; its own words.
        case corrupt(String)
    }

    let source: ByteSource
    /// Packed bytes that may still be read from the source.
    private var left: Int
    // zlib keeps the address of the stream, so it has a place of its own in memory.
    private let stream: UnsafeMutablePointer<z_stream>
    private let input: UnsafeMutableRawBufferPointer

    /// Unpacks `packedSize` bytes from where `source` stands.
    ///
    /// - Parameter windowBits: zlib's: 31 for gzip, -15 for deflate without wrapping.
    init(_ source: ByteSource, packedSize: Int, windowBits: Int32) throws {
        self.source = source
        left = packedSize
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        input = .allocate(byteCount: 1 << 17, alignment: 64)
        let status = inflateInit2_(stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw DescentError(.inputOutput, "zlib: no memory", at: source.path) }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        input.deallocate()
    }

    /// Unpacks into `target`, which must not be empty.
    func unpack(into target: UnsafeMutableRawBufferPointer) throws -> Outcome {
        guard try refill() else { return .exhausted }
        // avail_out has 32 bits; callers come back for the rest.
        let space = UInt32(min(target.count, 1 << 30))
        stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = space
        let status = inflate(stream, Z_NO_FLUSH)
        let made = Int(space - stream.pointee.avail_out)
        switch status {
        case Z_OK, Z_BUF_ERROR: return .made(made)
        case Z_STREAM_END: return .ended(made)
        case Z_MEM_ERROR: throw DescentError(.inputOutput, "zlib: no memory", at: source.path)
        default: return .corrupt(stream.pointee.msg.map { String(cString: $0) } ?? "error \(status)")
        }
    }

    /// The next packed byte that zlib has not used, which stays; nil at the end.
    func peek() throws -> UInt8? {
        guard try refill() else { return nil }
        return stream.pointee.next_in?.pointee
    }

    /// Passes over zero bytes; what `peek` gives then is another, or nil.
    func skipZeros() throws {
        while try peek() == 0 {
            stream.pointee.next_in = stream.pointee.next_in?.advanced(by: 1)
            stream.pointee.avail_in -= 1
        }
    }

    /// Begins anew with the packed bytes that follow.
    func restart() { inflateReset(stream) }

    /// With gzip wrapping, the CRC-32 of what has been unpacked since the last start, and its length.
    var checked: (crc32: UInt32, count: Int) {
        (UInt32(truncatingIfNeeded: stream.pointee.adler), Int(stream.pointee.total_out))
    }

    /// The place in the source that zlib has come to.
    var packedPosition: Int { source.position - Int(stream.pointee.avail_in) }

    /// Sees to it that zlib has packed bytes; false when there are none.
    private func refill() throws -> Bool {
        guard stream.pointee.avail_in == 0 else { return true }
        let count = try source.read(
            into: UnsafeMutableRawBufferPointer(rebasing: input[..<min(input.count, left)]))
        left -= count
        stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = UInt32(count)
        return count > 0
    }
}
