import Glibc
import Support

extension TextStorage {
    /// Why a text could not be converted, and at which of its bytes.
    struct ConversionFault: Error {
        let byte: Int
    }

    /// The text from byte `start` on, in `encoding`, as UTF-8.
    ///
    /// - Throws: `ConversionFault` where a byte is not of that encoding; `unavailable` when the C library lacks it.
    func converted(from encoding: TextEncoding, start: Int = 0) throws -> TextStorage {
        guard let converter = iconv_open("UTF-8", encoding.converterName),
            converter != iconv_t(bitPattern: -1)
        else {
            throw DescentError(
                .unavailable, "the C library cannot convert \(encoding.rawValue)",
                advice: "install its converters (glibc-gconv-extra), or save the file as UTF-8")
        }
        defer { iconv_close(converter) }
        var count = count
        if encoding == .utf16LittleEndian || encoding == .utf16BigEndian, (count - start) % 2 == 1 {
            // The line feed that was put after the text, or of a last character that was cut in two.
            count -= 1
        }
        return try TextStorage.making { text in
            // iconv's input is not const in its declaration, but it is never written.
            var input: UnsafeMutablePointer<CChar>? = UnsafeMutableRawPointer(mutating: base + start)
                .assumingMemoryBound(to: CChar.self)
            var left = count - start
            while left > 0 {
                var reason: Int32 = 0
                let before = left
                let made = text.append(atMost: 1 << 16) { target in
                    var output = target.baseAddress?.assumingMemoryBound(to: CChar.self)
                    var room = target.count
                    if iconv(converter, &input, &left, &output, &room) == -1 { reason = errno }
                    return target.count - room
                }
                // E2BIG asks for more room, which the next round gives.
                if reason != 0, reason != E2BIG || (made == 0 && left == before) {
                    throw ConversionFault(byte: count - left)
                }
            }
        }
    }
}
