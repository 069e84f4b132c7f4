import Glibc
import Support

/// The bytes of an image file for random access: those in memory, or those of an open file, read a few kilobytes at a time.
struct ImageBytes {
    private enum Source {
        case memory(UnsafeRawBufferPointer)
        case file(descriptor: Int32)
    }

    /// The number of bytes of the whole file.
    let count: Int
    private let source: Source
    /// What was read last of a file, and where it stands there.
    private var window: [UInt8] = []
    private var windowStart = 0

    /// Bytes that outlive this value.
    init(_ bytes: UnsafeRawBufferPointer) {
        (count, source) = (bytes.count, .memory(bytes))
    }

    /// An open file of `count` bytes, which outlives this value.
    init(descriptor: Int32, count: Int) {
        (self.count, source) = (count, .file(descriptor: descriptor))
    }

    /// The byte at `place`; nil behind the end. (A file that becomes shorter meanwhile has its end there.)
    mutating func byte(_ place: Int) -> UInt8? {
        guard place >= 0, place < count else { return nil }
        switch source {
        case .memory(let bytes): return bytes[place]
        case .file(let descriptor):
            if place < windowStart || place >= windowStart + window.count { fill(from: place, descriptor) }
            let index = place - windowStart
            return index >= 0 && index < window.count ? window[index] : nil
        }
    }

    private mutating func fill(from place: Int, _ descriptor: Int32) {
        windowStart = place
        window = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, filled in
            var count: Int
            repeat {
                count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(place))
            } while count < 0
                && errno == EINTR
            filled = max(0, count)
        }
    }

    /// The unsigned integer of `length` bytes at `place`; nil where it is not all there.
    mutating func integer(_ place: Int, _ length: Int, littleEndian: Bool = false) -> Int? {
        var value = 0
        for index in 0..<length {
            guard let byte = byte(littleEndian ? place + length - 1 - index : place + index) else {
                return nil
            }
            value = value << 8 | Int(byte)
        }
        return value
    }

    /// Returns whether the ASCII letters of `text` stand at `place`.
    mutating func has(_ text: String, at place: Int) -> Bool {
        for (index, letter) in text.utf8.enumerated() where byte(place + index) != letter { return false }
        return true
    }

    /// The first bytes, as many as there are up to `length`.
    mutating func prefix(_ length: Int) -> [UInt8] {
        (0..<min(length, count)).compactMap { byte($0) }
    }
}
