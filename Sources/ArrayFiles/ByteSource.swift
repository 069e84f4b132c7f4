import Arrays
import Glibc
import Support

/// Bytes that are read from front to back: a regular file, or an array in memory.
///
/// Every reader of this module takes one, so that each can be tested on bytes that never were a file. The
/// size is known before anything is read: a header can be held against it before memory is asked for.
package final class ByteSource: ByteInput {
    /// What the errors call it: the path, as the caller gave it.
    package let path: String
    /// All bytes, those already read too.
    package let size: Int
    /// The bytes read so far.
    package private(set) var position = 0

    private let memory: [UInt8]
    private let descriptor: Int32

    /// Opens the file at `path`; a pipe only by the name of its descriptor (`StreamInput`).
    ///
    /// - Throws: `missingInput` when it is not there, cannot be opened, or is no regular file.
    package init(path: String) throws {
        try StreamInput.settle(path)
        (descriptor, size) = try RegularFile.open(path)
        self.path = path
        memory = []
    }

    /// Reads from memory; `name` stands for the path.
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
