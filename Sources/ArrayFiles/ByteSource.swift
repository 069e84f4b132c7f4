import Arrays
import Glibc
import Support

/// A sequential input of bytes: a regular file, or an array in memory.
///
/// Every reader of this module takes one, so that each can be tested on bytes in memory. The size is known before
/// anything is read: a header can be checked against it before memory is allocated.
package final class ByteSource: ByteInput {
    /// The name of the input in errors: the path, as the caller gave it.
    package let path: String
    /// The total number of bytes, those already read included.
    package let size: Int
    /// The number of bytes read so far.
    package private(set) var position = 0

    private let memory: [UInt8]
    private let descriptor: Int32

    /// Opens the file at `path`; a pipe only by the name of its descriptor (`StreamInput`).
    ///
    /// - Throws: `missingInput` when it does not exist, cannot be opened, or is not a regular file.
    package init(path: String) throws {
        try StreamInput.settle(path)
        (descriptor, size) = try RegularFile.open(path)
        self.path = path
        memory = []
    }

    /// Reads from memory; `name` is used as the path in errors.
    package init(bytes: [UInt8], name: String = "memory") {
        path = name
        size = bytes.count
        memory = bytes
        descriptor = -1
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Reads at most as many bytes as `target` holds; 0 at the end.
    ///
    /// - Throws: `inputOutput` when the system cannot read.
    package func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
        guard let base = target.baseAddress, !target.isEmpty else { return 0 }
        if descriptor < 0 {
            let count = min(target.count, memory.count - position)
            memory.withUnsafeBytes { source in
                target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[position..<position + count]))
            }
            position += count
            return count
        }
        while true {
            let count = Glibc.read(descriptor, base, target.count)
            if count >= 0 {
                position += count
                return count
            }
            if errno != EINTR {
                throw DescentError(
                    .inputOutput, "cannot read: \(systemMessage(errno))", at: place(position))
            }
        }
    }

    /// Moves to the byte at `offset`, which is at most `size`.
    package func seek(to offset: Int) throws {
        require((0...size).contains(offset), "byte \(offset) lies outside the \(size) bytes of a file")
        if descriptor >= 0, lseek(descriptor, offset, SEEK_SET) < 0 {
            throw DescentError(.inputOutput, "cannot seek: \(systemMessage(errno))", at: place(offset))
        }
        position = offset
    }
}
