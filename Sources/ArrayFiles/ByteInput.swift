import Arrays
import Support

/// A sequential input of known size: a file, memory, a member of an archive.
///
/// A header can be checked against `size` before memory is allocated.
package protocol ByteInput: AnyObject {
    /// The name of the input in errors.
    var path: String { get }
    /// The total number of bytes, those already read included.
    var size: Int { get }
    /// The number of bytes read so far.
    var position: Int { get }
    /// Reads at most as many bytes as `target` holds; 0 at the end.
    func read(into target: UnsafeMutableRawBufferPointer) throws -> Int
}

extension ByteInput {
    /// The number of bytes left.
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

    /// Reads the next `count` bytes.
    package func bytes(_ count: Int) throws -> [UInt8] {
        // The check precedes the allocation: a count from a header may be any number.
        guard count >= 0, count <= remaining else {
            throw DescentError(
                .badData, "truncated", at: place(position), expected: "\(count) bytes", got: "\(remaining)")
        }
        return try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            try readExactly(into: UnsafeMutableRawBufferPointer(buffer))
            filled = count
        }
    }

    /// The location of a byte, for an error.
    package func place(_ byte: Int) -> String { "\(path), byte \(byte)" }
}

/// The limits of the memory that the contents of a file may take.
package enum MemoryLimit {
    /// The memory that any file may take, however small: 256 MiB.
    private static let floor = 1 << 28
    /// The memory that a larger file may take, as a multiple of its size. Weights and images are compressed to a half
    /// or a tenth; a file that unpacks to more than this consists of repetitions.
    private static let ratio = 128
    /// The upper limit unless the caller gives another: 4 GiB.
    private static let ceiling = 1 << 32

    /// The limit of the unpacked size of a compressed file, or of sparse text, of `size` bytes.
    package static func bytes(forFileOf size: Int) -> Int {
        let (product, overflow) = max(0, size).multipliedReportingOverflow(by: ratio)
        return max(floor, overflow ? ceiling : min(product, ceiling))
    }
}
