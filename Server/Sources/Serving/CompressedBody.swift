import CServerZlib

/// Bodies that a client has packed: gzip or deflate.
enum CompressedBody {
    /// Returns a body without its encoding.
    ///
    /// - Throws: `ServingError`: 415 for an unknown encoding, 400 for bytes that are none, 413 where more than `limit` come out.
    static func unpacked(_ body: [UInt8], encoding: String, limit: Int) throws(ServingError) -> [UInt8] {
        switch encoding.lowercased() {
        case "identity": return body
        // 32 more than the window: zlib finds out whether it is gzip or zlib.
        case "gzip", "x-gzip": return try inflated(body, windowBits: 15 + 32, limit: limit)
        case "deflate":
            // The name means zlib's format, but some clients send the bare stream.
            do { return try inflated(body, windowBits: 15 + 32, limit: limit) } catch {
                guard error.status == 400 else { throw error }
                return try inflated(body, windowBits: -15, limit: limit)
            }
        default: throw ServingError(415, "the encoding '\(encoding)' is unknown; gzip and deflate are not")
        }
    }

    private static func inflated(_ body: [UInt8], windowBits: Int32, limit: Int) throws(ServingError)
        -> [UInt8]
    {
        var stream = z_stream()
        guard inflateInit2_(&stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else {
            throw ServingError(500, "no memory to unpack the body")
        }
        defer { inflateEnd(&stream) }
        var body = body
        var unpacked: [UInt8] = []
        var status = Z_OK
        body.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(clamping: input.count)
            var piece = [UInt8](repeating: 0, count: 1 << 16)
            while status == Z_OK, unpacked.count <= limit {
                let count = piece.withUnsafeMutableBufferPointer { output -> Int in
                    stream.next_out = output.baseAddress
                    stream.avail_out = UInt32(output.count)
                    status = inflate(&stream, Z_NO_FLUSH)
                    return output.count - Int(stream.avail_out)
                }
                unpacked += piece[..<count]
                if count == 0, status == Z_OK { status = Z_BUF_ERROR }
            }
        }
        guard unpacked.count <= limit else {
            throw ServingError(413, "a body of more than \(limit) bytes when unpacked")
        }
        guard status == Z_STREAM_END else {
            throw ServingError(400, "the body is damaged, or not packed as it says")
        }
        return unpacked
    }
}
