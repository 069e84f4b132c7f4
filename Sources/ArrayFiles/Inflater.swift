import Arrays
import CZlib
import Support

/// A streaming decompressor of a part of a source, by zlib.
final class Inflater {
    /// The outcome of one call of zlib.
    enum Outcome {
        /// The number of bytes made; more may follow.
        case made(Int)
        /// The number of bytes made, at the end of the data.
        case ended(Int)
        /// The packed bytes ended early.
        case exhausted
        /// Corrupt data, with zlib's message.
        case corrupt(String)
    }

    let source: ByteSource
    /// The packed bytes that may still be read from the source.
    private var left: Int
    // zlib keeps the address of the stream, so the stream is allocated separately.
    private let stream: UnsafeMutablePointer<z_stream>
    private let input: UnsafeMutableRawBufferPointer

    /// Unpacks `packedSize` bytes from the position of `source`.
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

    /// Unpacks into `target`, which is not empty.
    func unpack(into target: UnsafeMutableRawBufferPointer) throws -> Outcome {
        guard try refill() else { return .exhausted }
        // avail_out has 32 bits; callers call again for the rest.
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

    /// The next packed byte that zlib has not used, without consuming it; nil at the end.
    func peek() throws -> UInt8? {
        guard try refill() else { return nil }
        return stream.pointee.next_in?.pointee
    }

    /// Skips zero bytes; `peek` then returns another byte, or nil.
    func skipZeros() throws {
        while try peek() == 0 {
            stream.pointee.next_in = stream.pointee.next_in?.advanced(by: 1)
            stream.pointee.avail_in -= 1
        }
    }

    /// Restarts with the packed bytes that follow.
    func restart() { inflateReset(stream) }

    /// The CRC-32 and the length of the data unpacked since the last start, with gzip wrapping.
    var checked: (crc32: UInt32, count: Int) {
        (UInt32(truncatingIfNeeded: stream.pointee.adler), Int(stream.pointee.total_out))
    }

    /// zlib's position in the source.
    var packedPosition: Int { source.position - Int(stream.pointee.avail_in) }

    /// Supplies zlib with packed bytes; returns false at the end.
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
