import CZlib

/// A running CRC-32 (ISO 3309): it detects damage, not tampering.
package struct Checksum {
    /// The checksum of all bytes so far.
    package private(set) var value: UInt32 = 0

    /// Creates the checksum of no bytes.
    package init() {}

    /// Adds more bytes.
    package mutating func add(_ bytes: UnsafeRawBufferPointer) {
        value = UInt32(
            truncatingIfNeeded: crc32_z(
                UInt(value), bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count))
    }

    /// Adds the UTF-8 of a text and a zero after it, so that two texts differ from their concatenation.
    package mutating func add(_ text: String) {
        (Array(text.utf8) + [0]).withUnsafeBytes { add($0) }
    }

    /// The checksum as eight hexadecimal digits.
    package var text: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
