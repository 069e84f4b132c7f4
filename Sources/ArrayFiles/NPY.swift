import Arrays
import Support

/// Reading and writing of npy files, NumPy's format of one array.
///
/// Read: versions 1.0, 2.0 and 3.0, row-major or Fortran order, either byte order. Written: version 1.0, the
/// same bytes as `numpy.save` writes. `numpy.save` may be called several times on one open file: `read` gives the first
/// array, as `numpy.load` does, `readAll` gives all.
///
/// ```swift
/// let weights = try NPY.read("w1.npy", as: Float.self)
/// try NPY.write(weights, to: "copy.npy")
/// ```
///
/// Source: NumPy reference, `numpy.lib.format`.
public enum NPY {
    /// Reads the array of the file at `path`.
    ///
    /// - Throws: `missingInput`, `inputOutput`; `badData` with the byte at which the file is invalid, or when its
    ///   elements are not numbers. Sizes are checked against the file before memory is allocated.
    public static func read(_ path: String) throws -> StoredArray {
        try read(ByteSource(path: path))
    }

    /// Reads all arrays of the file at `path`, in their order.
    ///
    /// - Throws: as `read`, also for the later ones.
    package static func readAll(_ path: String) throws -> [StoredArray] {
        try readAll(ByteSource(path: path))
    }

    static func readAll(_ source: ByteSource) throws -> [StoredArray] {
        var arrays: [StoredArray] = []
        repeat { arrays.append(try next(source)) } while source.remaining > 0
        return arrays
    }

    /// Reads the array of the file at `path`, whose elements must be of the given type.
    public static func read<Scalar: StoredScalar>(_ path: String, as type: Scalar.Type) throws -> NDArray<
        Scalar
    > {
        let stored = try read(path)
        guard let array = Scalar.load(stored) else {
            throw DescentError(
                .badData, "the array has another type", at: path, expected: Scalar.elementType.rawValue,
                got: stored.elementType.rawValue)
        }
        return array
    }

    /// Reads the first array, which may take `memory` bytes.
    static func read(_ source: some ByteInput, memory: Int = .max) throws -> StoredArray {
        let array = try self.next(source, memory: memory)
        let end = source.position
        let next = try source.bytes(min(6, source.remaining))
        guard next.isEmpty || next == magic else {
            throw DescentError(
                .badData, "too long", at: source.place(end),
                expected: "\(end) bytes for the shape \(array.shape), or another array behind them",
                got: "\(source.size)")
        }
        return array
    }

    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    /// Reads the array at the position of `source`.
    private static func next(_ source: some ByteInput, memory: Int = .max) throws -> StoredArray {
        let start = source.position
        let begun = try source.bytes(min(8, source.remaining))
        guard begun.count == 8, begun.starts(with: magic) else {
            throw DescentError(
                .badData, "not an npy file", at: source.place(start), expected: "\\x93NUMPY",
                advice: "is it an npz file or a pickle?")
        }
        guard (1...3).contains(begun[6]), begun[7] == 0 else {
            throw DescentError(
                .badData, "an unknown version of npy", at: source.place(start + 6),
                expected: "1.0, 2.0 or 3.0",
                got: "\(begun[6]).\(begun[7])")
        }
        let field = try source.bytes(begun[6] == 1 ? 2 : 4)
        let length = field.reversed().reduce(0) { $0 << 8 | Int($1) }
        // NumPy itself refuses more than 10,000 bytes by default.
        guard length <= 1 << 20 else {
            throw DescentError(
                .badData, "the header is too long", at: source.place(start + 8),
                expected: "at most \(1 << 20) bytes",
                got: "\(length)")
        }
        let origin = source.position
        var header = NPYHeader(bytes: try source.bytes(length), path: source.path, origin: origin)
        try header.parse()
        guard let count = StoredArray.checkedCount(header.shape) else {
            throw DescentError(
                .badData, "an impossible shape", at: source.place(origin), got: "\(header.shape)")
        }
        let size = count * header.type.size
        guard size <= source.remaining else {
            throw DescentError(
                .badData, "truncated", at: source.place(source.size),
                expected: "\(size) bytes for the shape \(header.shape)", got: "\(source.remaining)")
        }
        // Types that are widened take more than their bytes in the file.
        guard count * header.type.element.size <= memory else {
            throw DescentError(
                .badData, "too large when unpacked", at: source.place(origin),
                expected: "at most \(memory) bytes",
                got: "the shape \(header.shape)", advice: "give a higher limit")
        }
        return try header.type.array(
            shape: header.shape, isFortran: header.isFortran, place: source.place(source.position)
        ) { try source.readExactly(into: $0) }
    }

    /// Writes `array` to `path` atomically.
    ///
    /// - Throws: `cannotCreate`, `inputOutput`.
    public static func write<Scalar: StoredScalar>(_ array: NDArray<Scalar>, to path: String) throws {
        try write(StoredArray(array), to: path)
    }

    /// Writes an array of dynamic element type, such as one from another file.
    ///
    /// - Throws: `cannotCreate`, `inputOutput`.
    public static func write(_ stored: StoredArray, to path: String) throws {
        try AtomicFile.write(to: path) { file in
            try file.write(header(of: stored))
            try stored.withUnsafeBytes { try file.write($0) }
        }
    }

    /// Magic, version, length and header, padded so that the elements begin at a multiple of 64.
    static func header(of array: StoredArray) -> [UInt8] {
        let lengths = array.shape.map(String.init).joined(separator: ", ")
        let shape = "(\(lengths)\(array.shape.count == 1 ? "," : ""))"
        let dictionary =
            "{'descr': '\(NumPyType.text(array.elementType))', 'fortran_order': False, 'shape': \(shape), }"
        // NumPy leaves room for the first axis to grow to 21 digits when a file is appended to.
        let growth = array.shape.first.map { 21 - String($0).count } ?? 0
        var text = Array(dictionary.utf8) + [UInt8](repeating: UInt8(ascii: " "), count: growth)
        text += [UInt8](repeating: UInt8(ascii: " "), count: 64 - (text.count + 11) % 64)
        text.append(UInt8(ascii: "\n"))
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.count & 255), UInt8(text.count >> 8)] + text
    }
}
