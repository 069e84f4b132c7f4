import CZlib

/// CRC-32 (ISO 3309) of bytes as they come: finds damage, not deceit.
package struct Checksum {
    /// Of all bytes so far.
    package private(set) var value: UInt32 = 0

    /// Of no bytes yet.
    package init() {}

    /// Takes in more bytes.
    package mutating func add(_ bytes: UnsafeRawBufferPointer) {
        value = UInt32(
            truncatingIfNeeded: crc32_z(
                UInt(value), bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count))
    }

    /// Takes in a text's UTF-8 and a zero behind it, so that two texts are not one.
    package mutating func add(_ text: String) {
        (Array(text.utf8) + [0]).withUnsafeBytes { add($0) }
    }

    /// Eight hexadecimal digits.
    package var text: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
