import ArrayFiles
import Arrays
import CDigest
import Glibc
import Support

/// The MD5 of bytes that arrive piece by piece (RFC 1321), by libmd: the checksum that data publishers list, against damage
/// on the way, not against an attacker.
struct MD5: Sendable {
    private var context = MD5_CTX()

    init() { MD5Init(&context) }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
        MD5Update(&context, base, bytes.count)
    }

    /// Returns the digest of all bytes so far: 32 small hexadecimal digits.
    func hexadecimal() -> String {
        var context = context
        var digest = [UInt8](repeating: 0, count: 16)
        MD5Final(&digest, &context)
        return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// A file that is being downloaded: the received bytes, kept from one try to the next.
struct PartFile: Sendable {
    let path: String
    /// The bytes that have arrived.
    private(set) var count: Int
    private let descriptor: Int32

    /// Opens the file at `path`, with the bytes of an earlier try in it.
    ///
    /// - Throws: `cannotCreate` when it cannot be made, or is not a regular file.
    init(path: String) throws {
        self.path = path
        (descriptor, count) = try RegularFile.open(path, flags: O_RDWR | O_CREAT, failing: .cannotCreate)
    }

    /// Returns the MD5 of the file as it is on the disk: another machine that shares it, and not the lock, may have
    /// written there too, so what this one has received says nothing about it.
    ///
    /// - Throws: `inputOutput` when it cannot be read.
    func md5() throws -> MD5 {
        var md5 = MD5()
        var place = 0
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
        defer { buffer.deallocate() }
        while true {
            let length = pread(descriptor, buffer.baseAddress, buffer.count, place)
            if length < 0, errno == EINTR { continue }
            guard length >= 0 else {
                throw DescentError(
                    .inputOutput, "cannot read: \(systemMessage(errno))", at: "\(path), byte \(place)")
            }
            if length == 0 { return md5 }
            md5.update(UnsafeRawBufferPointer(rebasing: buffer[..<length]))
            place += length
        }
    }

    /// Appends received bytes.
    ///
    /// - Throws: `inputOutput` when the disk is full or fails.
    mutating func append(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while let base = rest.baseAddress, !rest.isEmpty {
            let written = pwrite(descriptor, base, rest.count, count)
            if written < 0 {
                if errno == EINTR { continue }
                throw OutputFile.failure(errno, path, creating: false)
            }
            count += written
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
    }

    /// Discards the received bytes.
    mutating func restart() throws {
        guard ftruncate(descriptor, 0) == 0 else {
            throw OutputFile.failure(errno, path, creating: false)
        }
        count = 0
    }

    /// Gives the complete file its name.
    func rename(to destination: String) throws {
        guard fsync(descriptor) == 0 else { throw OutputFile.failure(errno, path, creating: false) }
        guard Glibc.rename(path, destination) == 0 else {
            throw OutputFile.failure(errno, destination, creating: true)
        }
    }

    func close() { Glibc.close(descriptor) }
}
