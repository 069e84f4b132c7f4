import ArrayFiles
import Arrays
import Support

/// IDX files: the format of MNIST, arrays with a header of big-endian integers.
///
/// Two zero bytes, the type of element, the number of axes, the length of each axis (4 bytes, the highest first), the
/// elements in row-major order, the highest byte first. All six types are read: 8, unsigned bytes; 9, signed bytes; 0x0B,
/// int16; 0x0C, int32; 0x0D, float32; 0x0E, float64.
///
/// Source: the MNIST database's own page, "The IDX file format" (LeCun, Cortes, Burges).
public enum IDX {
    /// The most bytes that a file's elements may have: 1 GiB. EMNIST's largest set has half of it.
    package static let largestCount = 1 << 30

    /// Reads the array of bytes in the file at `path`, gzipped or not.
    ///
    /// ```swift
    /// let images = try IDX.read("train-images-idx3-ubyte.gz", rank: 3)   // [60000, 28, 28]
    /// ```
    ///
    /// `rank`: the number of axes that there must be. Elements of another type are taken if each is a whole number from 0 to
    /// 255; whether 0.5 is a half or nothing at all, only their author knows.
    ///
    /// - Throws: `missingInput`, `inputOutput`; `badData` with the byte at which the file is not what it must
    ///   be. Sizes are checked against the file before memory is allocated.
    /// - Complexity: O(n); gzipped data are unpacked straight into the array.
    public static func read(_ path: String, rank: Int) throws -> NDArray<UInt8> {
        try read(ByteSource(path: path), rank: rank).array
    }

    /// Reads the array in the file at `path`, gzipped or not, of whatever type and number of axes; int8 and int16
    /// become `Int32`.
    ///
    /// - Throws: as `read(_:rank:)`.
    public static func readArray(_ path: String) throws -> StoredArray {
        try readArray(ByteSource(path: path)).array
    }

    /// Whether the file at `path`, gzipped or not, begins as an IDX file does, of whatever type and number of axes.
    ///
    /// - Throws: `missingInput`, `inputOutput`; `badData` when the gzip data end or break before the fifth byte.
    /// - Complexity: O(1).
    public static func isIDX(_ path: String) throws -> Bool {
        try Kind(firstBytes(of: UnpackingReader(ByteSource(path: path)))) != nil
    }

    /// Returns the shape in the header of the file at `path`, checked as `read` does; the elements are not read.
    package static func shape(of path: String, rank: Int) throws -> [Int] {
        try IDXHeader(UnpackingReader(ByteSource(path: path)), rank: rank).shape
    }

    /// Checks the whole file at `path` without keeping its elements.
    static func check(_ path: String) throws {
        let reader = try UnpackingReader(ByteSource(path: path))
        let header = try IDXHeader(reader)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
        defer { buffer.deallocate() }
        var left = header.byteCount
        while left > 0 {
            let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(left, buffer.count)])
            try reader.readExactly(into: part)
            left -= part.count
        }
        try header.expectEnd(reader)
    }

    /// Returns the array, and the CRC-32 of the whole unpacked file.
    static func read(_ source: ByteSource, rank: Int) throws -> (array: NDArray<UInt8>, crc32: UInt32) {
        let (stored, crc32) = try readArray(source, rank: rank)
        if case .uint8(let array) = stored { return (array, crc32) }
        let numbers: NDArray<Double> = stored.converted()
        let wrong = numbers.withUnsafeElements { elements in
            elements.firstIndex { !($0 >= 0 && $0 <= 255 && $0.rounded() == $0) }.map { ($0, elements[$0]) }
        }
        if let (index, value) = wrong {
            throw DescentError(
                .badData, "an IDX file of \(stored.elementType.rawValue) where bytes are needed",
                at: "\(source.path), element \(index)", expected: "whole numbers from 0 to 255",
                got: "\(value)",
                advice: "scale the numbers to bytes, or read them as they are with IDX.readArray")
        }
        return (stored.converted(), crc32)
    }

    static func readArray(_ source: ByteSource, rank: Int? = nil) throws -> (
        array: StoredArray, crc32: UInt32
    ) {
        let reader = try UnpackingReader(source)
        let header = try IDXHeader(reader, rank: rank)
        let place = "\(source.path), byte \(reader.position)"
        let array = try header.kind.type.array(shape: header.shape, isFortran: false, place: place) {
            try reader.readExactly(into: $0)
        }
        try header.expectEnd(reader)
        return (array, reader.crc32)
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
        require(array.ndim <= 255, "an IDX file has at most 255 axes, got \(array.ndim)")
        require(
            array.shape.allSatisfy { $0 <= Int(UInt32.max) }, "too long for an IDX file: \(array.shape)")
        let lengths = array.shape.flatMap { length in
            [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) }
        }
        return [0, 0, 8, UInt8(array.ndim)] + lengths + array.elements
    }
}
