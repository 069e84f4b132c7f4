import Arrays
import Support

/// Bytes that are read from front to back and whose number is known before: a file, memory, a member of an archive.
///
/// A header can be held against `size` before memory is asked for.
package protocol ByteInput: AnyObject {
    /// What the errors call it.
    var path: String { get }
    /// All bytes, those already read too.
    var size: Int { get }
    /// The bytes read so far.
    var position: Int { get }
    /// Reads at most as many bytes as `target` holds; 0 at the end.
    func read(into target: UnsafeMutableRawBufferPointer) throws -> Int
}

extension ByteInput {
    /// The bytes that are left.
    package var remaining: Int { max(0, size - position) }

    /// Fills `target`.
    ///
    /// - Throws: `badData` when the bytes end before; `inputOutput` when the system cannot read.
    package func readExactly(into target: UnsafeMutableRawBufferPointer) throws {
        let start = position
        var filled = 0
        while filled < target.count {
            let count = try read(into: UnsafeMutableRawBufferPointer(rebasing: target[filled...]))
            guard count > 0 else {
                throw DescentError(
                    .badData, "truncated", at: place(position),
                    expected: "\(target.count) bytes from byte \(start)", got: "\(filled)")
            }
            filled += count
        }
    }

    /// The next `count` bytes.
    package func bytes(_ count: Int) throws -> [UInt8] {
        // The check comes before the memory: a count from a header may be anything.
        guard count >= 0, count <= remaining else {
            throw DescentError(
                .badData, "truncated", at: place(position), expected: "\(count) bytes", got: "\(remaining)")
        }
        return try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            try readExactly(into: UnsafeMutableRawBufferPointer(buffer))
            filled = count
        }
    }

    /// The place of a byte, for an error.
    package func place(_ byte: Int) -> String { "\(path), byte \(byte)" }
}

/// How much memory the contents of a file may take.
package enum MemoryLimit {
    /// What any file may take, however small: 256 MiB.
    private static let floor = 1 << 28
    /// How many times its own size a larger file may take. Weights and images are packed to a half or a tenth; a file that
    /// unpacks to more than this is made of repetitions.
    private static let ratio = 128
    /// What no file may take unless the caller says so: 4 GiB.
    private static let ceiling = 1 << 32

    /// The bytes that a packed file, or sparse text, of `size` bytes may become.
    package static func bytes(forFileOf size: Int) -> Int {
        let (product, overflow) = max(0, size).multipliedReportingOverflow(by: ratio)
        return max(floor, overflow ? ceiling : min(product, ceiling))
    }
}
