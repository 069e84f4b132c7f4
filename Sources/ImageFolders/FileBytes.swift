import Glibc
import Support

/// Reading of files whose size is known beforehand.
enum FileBytes {
    /// The first bytes of a file, and whether they are all of it.
    ///
    /// - Throws: `missingInput`, `inputOutput`.
    static func read(_ path: String, limit: Int) throws -> (bytes: [UInt8], isWhole: Bool) {
        let (descriptor, size) = try RegularFile.open(path)
        defer { close(descriptor) }
        let bytes = try read(descriptor, at: 0, count: min(size, limit), path)
        return (bytes, size <= limit)
    }

    /// Bytes of an open file from a place on; fewer where it ends before.
    static func read(_ descriptor: Int32, at offset: Int, count: Int, _ path: String) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = try read(descriptor, at: offset, into: UnsafeMutableRawBufferPointer(buffer), path)
        }
    }

    /// Fills a buffer from a place of an open file on.
    ///
    /// - Returns: how many bytes there were.
    static func read(
        _ descriptor: Int32, at offset: Int, into buffer: UnsafeMutableRawBufferPointer, _ path: String
    ) throws -> Int {
        var filled = 0
        while filled < buffer.count, let base = buffer.baseAddress {
            let length = pread(descriptor, base + filled, buffer.count - filled, offset + filled)
            if length < 0 {
                if errno == EINTR { continue }
                throw Files.failure(.inputOutput, "cannot read", path)
            }
            if length == 0 { break }
            filled += length
        }
        return filled
    }

    /// Writes all bytes to a place of an open file.
    ///
    /// - Throws: `inputOutput` when the disk is full or fails.
    static func write(
        _ bytes: UnsafeRawBufferPointer, _ descriptor: Int32, at offset: Int, _ path: String
    ) throws {
        var written = 0
        while written < bytes.count, let base = bytes.baseAddress {
            let length = pwrite(descriptor, base + written, bytes.count - written, offset + written)
            if length < 0 {
                if errno == EINTR { continue }
                throw OutputFile.failure(errno, path, creating: false)
            }
            written += length
        }
    }
}
