import ArrayFiles
import Arrays
import Support

extension IDX {
    /// The meaning of the first four bytes: type of element and number of axes.
    struct Kind: Equatable {
        let type: NumPyType
        let rank: Int

        /// Nil for bytes that begin no IDX file.
        init?(_ bytes: [UInt8]) {
            guard bytes.count == 4, bytes[0] == 0, bytes[1] == 0, bytes[3] > 0,
                let type = NumPyType(idxCode: bytes[2])
            else { return nil }
            self.type = type
            rank = Int(bytes[3])
        }
    }

    /// Returns the first four bytes; fewer if there are fewer.
    static func firstBytes(of reader: UnpackingReader) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: 4) { buffer, count in
            count = try reader.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
    }
}

/// The header of an IDX file, held against the file's size.
struct IDXHeader {
    let kind: IDX.Kind
    let shape: [Int]
    /// Bytes of the elements.
    let byteCount: Int

    /// Reads the header.
    ///
    /// - Parameter rank: the number of axes that there must be; nil for any.
    init(_ reader: UnpackingReader, rank: Int? = nil) throws {
        let path = reader.source.path
        let magic = try IDX.firstBytes(of: reader)
        guard let kind = IDX.Kind(magic), rank == nil || kind.rank == rank else {
            let axes = IDX.Kind(magic)?.rank
            throw DescentError(
                .badData, axes != nil ? "an IDX file of another kind" : "not an IDX file",
                at: "\(path), byte 0",
                expected: rank.map {
                    "the magic number \(Self.hexadecimal([0, 0, magic.count > 2 && axes != nil ? magic[2] : 8, UInt8(clamping: $0)]))"
                }
                    ?? "two zero bytes, a type, a number of axes",
                got: magic.count < 4 ? "\(magic.count) bytes" : Self.hexadecimal(magic),
                advice: axes.map {
                    "it has \($0) \($0 == 1 ? "axis" : "axes") and \(rank ?? $0) \(rank == 1 ? "is" : "are") needed: are images and labels exchanged?"
                } ?? "give the file as it was published, unpacked or gzipped")
        }
        self.kind = kind
        var lengths = [UInt8](repeating: 0, count: 4 * kind.rank)
        try lengths.withUnsafeMutableBytes { try reader.readExactly(into: $0) }
        let shape = (0..<kind.rank).map { axis in
            lengths[(4 * axis)..<(4 * axis + 4)].reduce(0) { $0 << 8 | Int($1) }
        }
        // NumPy's own limit, and so that of an `NDArray`.
        guard shape.count <= 64 else {
            throw DescentError(
                .badData, "too many axes", at: "\(path), byte 3", expected: "at most 64",
                got: "\(shape.count)")
        }
        // Types that are widened take more memory than their bytes in the file.
        let widening = kind.type.element.size / kind.type.size
        let limit = min(IDX.largestCount, MemoryLimit.bytes(forFileOf: reader.packedSize) / widening)
        var size = kind.type.size
        for length in shape {
            // Lengths have 32 bits and `size` at most 30, so the product fits; an empty axis may not hide the
            // others, whose product is a stride.
            size *= max(1, length)
            guard size <= limit else {
                throw DescentError(
                    .badData, "too large", at: "\(path), byte 4",
                    expected: "at most \(limit) bytes"
                        + (limit < IDX.largestCount ? " for a file of \(reader.packedSize)" : ""),
                    got: "the shape \(Self.text(shape))")
            }
        }
        self.shape = shape
        byteCount = shape.contains(0) ? 0 : size
        let whole = reader.position + byteCount
        // Gzip does not give the size before the end, but the length of the packed bytes limits it.
        guard whole <= reader.largestPossibleSize else {
            throw DescentError(
                .badData, "truncated", at: "\(path), byte \(reader.packedSize)",
                expected: "\(whole) bytes for the shape \(Self.text(shape))",
                got: reader.isGzip ? "\(reader.packedSize) packed" : "\(reader.packedSize)",
                advice: "fetch or copy the file again")
        }
    }

    /// Checks that nothing follows the elements, which have been read, and with it the CRC of gzipped data.
    func expectEnd(_ reader: UnpackingReader) throws {
        try reader.expectEnd(expected: "\(reader.position) bytes for the shape \(Self.text(shape))")
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        "0x"
            + bytes.map { byte in
                let digits = String(byte, radix: 16, uppercase: true)
                return digits.count < 2 ? "0" + digits : digits
            }.joined()
    }

    private static func text(_ shape: [Int]) -> String {
        "(\(shape.map(String.init).joined(separator: ", "))\(shape.count == 1 ? "," : ""))"
    }
}
