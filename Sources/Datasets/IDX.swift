import ArrayFiles
import Arrays

/// IDX files: the format of MNIST, arrays of bytes with a header of big-endian numbers.
///
/// Two zero bytes, the type of element (8: unsigned bytes, the only one read here), the number of axes, the
/// length of each axis (4 bytes, the highest first), the elements in row-major order.
///
/// Source: the MNIST database's own page, "The IDX file format" (LeCun, Cortes, Burges).
public enum IDX {
    /// The most elements that a file may have: 1 GiB of bytes. EMNIST's largest set has half of it.
    public static let largestCount = 1 << 30

    /// The array in the file at `path`, gzipped or not.
    ///
    /// ```swift
    /// let images = try IDX.read("train-images-idx3-ubyte.gz", rank: 3)   // [60000, 28, 28]
    /// ```
    ///
    /// `rank`: the number of axes that there must be.
    ///
    /// - Throws: `missingInput`, `inputOutput`; `badData` with the byte at which the file is not what it must
    ///   be. Sizes are checked against the file before memory is asked for.
    /// - Complexity: O(n); gzipped data are unpacked straight into the array.
    public static func read(_ path: String, rank: Int) throws -> NDArray<UInt8> {
        try read(ByteSource(path: path), rank: rank).array
    }

    /// Whether the file at `path`, gzipped or not, begins as an IDX file of bytes does, with whatever number of axes.
    ///
    /// - Throws: `missingInput`, `inputOutput`; `badData` when the gzip data end or break before the fifth byte.
    /// - Complexity: O(1).
    public static func isIDX(_ path: String) throws -> Bool {
        try isMagic(firstBytes(of: UnpackingReader(ByteSource(path: path))))
    }

    /// The first four bytes; fewer if there are fewer.
    private static func firstBytes(of reader: UnpackingReader) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: 4) { buffer, count in
            count = try reader.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
    }

    private static func isMagic(_ bytes: [UInt8]) -> Bool {
        bytes.count == 4 && bytes.starts(with: [0, 0, 8]) && (1...4).contains(bytes[3])
    }

    /// The shape that the header of the file at `path` tells, checked as `read` does; the elements are not read.
    package static func shape(of path: String, rank: Int) throws -> [Int] {
        try header(of: UnpackingReader(ByteSource(path: path)), rank: rank)
    }

    /// The array, and the CRC-32 of the whole unpacked file.
    static func read(_ source: ByteSource, rank: Int) throws -> (array: NDArray<UInt8>, crc32: UInt32) {
        let reader = try UnpackingReader(source)
        let shape = try header(of: reader, rank: rank)
        let array = try NDArray<UInt8>(shape: shape) { target in
            try reader.readExactly(into: UnsafeMutableRawBufferPointer(target))
        }
        let size = reader.position
        try reader.expectEnd(expected: "\(size) bytes for the shape \(text(shape))")
        return (array, reader.crc32)
    }

    private static func header(of reader: UnpackingReader, rank: Int) throws -> [Int] {
        let path = reader.source.path
        let magic = try firstBytes(of: reader)
        let expected: [UInt8] = [0, 0, 8, UInt8(rank)]
        guard magic == expected else {
            let isIDX = isMagic(magic)
            throw DescentError(
                .badData, isIDX ? "an IDX file of another kind" : "not an IDX file", at: "\(path), byte 0",
                expected: "the magic number \(hexadecimal(expected))",
                got: magic.count < 4 ? "\(magic.count) bytes" : hexadecimal(magic),
                advice: isIDX
                    ? "it has \(magic[3]) \(magic[3] == 1 ? "axis" : "axes") and \(rank) \(rank == 1 ? "is" : "are") needed: are images and labels exchanged?"
                    : "give the file as it was published, unpacked or gzipped")
        }

        var lengths = [UInt8](repeating: 0, count: 4 * rank)
        try lengths.withUnsafeMutableBytes { try reader.readExactly(into: $0) }
        let shape = (0..<rank).map { axis in
            lengths[(4 * axis)..<(4 * axis + 4)].reduce(0) { $0 << 8 | Int($1) }
        }
        var size = 1
        for length in shape {
            // Lengths have 32 bits and `size` at most 30, so the product fits; an empty axis may not hide the
            // others, whose product is a stride.
            size *= max(1, length)
            guard size <= largestCount else {
                throw DescentError(
                    .badData, "too large", at: "\(path), byte 4",
                    expected: "at most \(largestCount) elements", got: "the shape \(text(shape))")
            }
        }
        if shape.contains(0) { size = 0 }
        let whole = reader.position + size
        // Gzip does not tell the size before the end, but what the packed bytes can become has a limit.
        guard whole <= reader.largestPossibleSize else {
            throw DescentError(
                .badData, "truncated", at: "\(path), byte \(reader.packedSize)",
                expected: "\(whole) bytes for the shape \(text(shape))",
                got: reader.isGzip ? "\(reader.packedSize) packed" : "\(reader.packedSize)",
                advice: "fetch or copy the file again")
        }
        return shape
    }

    /// Writes `array` to `path`, whole or not at all; gzipped if the name ends with `.gz`.
    ///
    /// - Precondition: at most 255 axes, none longer than 2^32 - 1.
    /// - Throws: `cannotCreate`, `inputOutput`.
    public static func write(_ array: NDArray<UInt8>, to path: String) throws {
        let bytes = encode(array)
        try AtomicFile.write(path.hasSuffix(".gz") ? Gzip.pack(bytes) : bytes, to: path)
    }

    static func encode(_ array: NDArray<UInt8>) -> [UInt8] {
        precondition(array.ndim <= 255, "an IDX file has at most 255 axes, got \(array.ndim)")
        precondition(
            array.shape.allSatisfy { $0 <= Int(UInt32.max) }, "too long for an IDX file: \(array.shape)")
        let lengths = array.shape.flatMap { length in
            [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) }
        }
        return [0, 0, 8, UInt8(array.ndim)] + lengths + array.elements
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
