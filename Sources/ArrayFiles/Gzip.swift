import Arrays
import CZlib
import Support

/// Reading and writing of gzip files (RFC 1952), by zlib.
package enum Gzip {
    /// Reads the unpacked contents of the file at `path`, gzipped or not, if they are at most `limit` bytes.
    ///
    /// - Throws: `missingInput`, `inputOutput`; `badData` when the file is truncated, corrupt, followed by
    ///   something else, or larger than `limit` unpacked.
    /// - Complexity: O(n), with at most twice the contents in memory.
    package static func contents(ofFile path: String, limit: Int) throws -> [UInt8] {
        try contents(of: UnpackingReader(ByteSource(path: path)), limit: limit)
    }

    /// Reads the first `count` unpacked bytes of the file at `path`, gzipped or not; fewer where it ends before.
    ///
    /// - Throws: `missingInput`, `inputOutput`; `badData` when the data break before.
    package static func head(ofFile path: String, count: Int) throws -> [UInt8] {
        let reader = try UnpackingReader(ByteSource(path: path))
        return try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = try reader.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
    }

    static func contents(of reader: UnpackingReader, limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var step = 1 << 16
        while true {
            // The memory grows with the data read, never with the size that a header claims.
            let wanted = min(step, limit - bytes.count)
            guard wanted > 0 else { break }
            let chunk = try [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
                filled = try reader.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
            bytes += chunk
            if chunk.count < wanted { return bytes }
            step = max(step, bytes.count)
        }
        try reader.expectEnd(expected: "at most \(limit) bytes")
        return bytes
    }

    /// Compresses `bytes` to one gzip member, the same bytes each time (no time, no name).
    ///
    /// `level`: 1 (fast) to 9 (small).
    ///
    /// - Precondition: at most 4 GiB.
    package static func pack(_ bytes: [UInt8], level: Int = 6) -> [UInt8] {
        // 31: the largest window (15), and 16 for gzip instead of zlib's own wrapping.
        deflated(bytes, level: level, windowBits: 31)
    }

    /// Compresses `bytes`, by default to raw deflate data, as in zip.
    static func deflated(_ bytes: [UInt8], level: Int = 6, windowBits: Int32 = -15) -> [UInt8] {
        require((1...9).contains(level), "level must be 1 to 9, got \(level)")
        require(bytes.count <= Int(UInt32.max), "too long for one call of zlib: \(bytes.count) bytes")
        var stream = z_stream()
        let status = deflateInit2_(
            &stream, Int32(level), Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        require(status == Z_OK, "zlib: no memory")
        defer { deflateEnd(&stream) }
        let bound = Int(deflateBound(&stream, UInt(bytes.count)))
        return bytes.withUnsafeBufferPointer { source in
            [UInt8](unsafeUninitializedCapacity: bound) { target, count in
                // zlib's next_in is not const in its C declaration, but it is never written.
                stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(bound)
                let end = deflate(&stream, Z_FINISH)
                require(end == Z_STREAM_END, "zlib: the bound did not hold")
                count = Int(stream.total_out)
            }
        }
    }
}
